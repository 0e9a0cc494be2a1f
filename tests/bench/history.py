"""A long history, written by bulk SQL: redemptions with their transfers and receipts, as a busy store has them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pos.storage.store import FILE

_HOUSEHOLDS = 400

_LINE = (
    '{"s":%d,"k":"redeem","t":1768430520000,"m":1000,"b":"7f3a91c2","o":null,"till":1,"op":"02","ap":null,'
    '"household":"990101101200%04d","card":"475746561423","read_as":"signed","collector":"self","book":7,'
    '"fen_per_point":100,"lines":[{"good":"g001","quantity":1,"points":200,"shelf":200}],"discount":null,'
    '"price":200,"points":200,"cash":0,"services":[],"x":[["pts:9901011012000042@k7q2md.0",'
    '"spent:goods@k7q2md.0","pt",200],["stock:shop/village/0@k7q2md.0","out:handed@k7q2md.0","g:g001",1]]}'
)

_NUMBERS = "WITH RECURSIVE n(s) AS (SELECT :first UNION ALL SELECT s + 1 FROM n WHERE s < :last) "
_HOUSEHOLD = "printf('990101101200%04d', s % :households)"

_ROWS = {
    "journal": f"s, 'redeem', 1768430520000, {_HOUSEHOLD}, NULL,"
    " CAST(printf(:line, s, s % :households) AS BLOB), randomblob(32)",
    "transfers": f"s, 1, 'pts:' || {_HOUSEHOLD} || '@k7q2md.0', 'spent:goods@k7q2md.0', 'pt', 200",
    "transfers (seq, n, source, destination, commodity, quantity)": "s, 2, 'stock:shop/village/0@k7q2md.0',"
    " 'out:handed@k7q2md.0', 'g:g001', 1",
    "print_jobs (seq, copy, purpose, facts, language, template, by, made, state)": "s, 0, 'receipt', zeroblob(700),"
    " 'zh_CN', 1, '02', 1768430520000, 'confirmed'",
}


def write(folder: Path, entries: int) -> None:
    """Lengthen the journal of the closed store in `folder` by so many entries; its chain is not meant to verify."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=OFF")
        (head,) = connection.execute("SELECT max(seq) FROM journal").fetchone()
        values = {"first": head + 1, "last": head + entries, "households": _HOUSEHOLDS, "line": _LINE}
        connection.execute("BEGIN")
        for table, row in _ROWS.items():
            statement = f"{_NUMBERS} INSERT INTO {table} SELECT {row} FROM n"
            connection.execute(statement, {name: values[name] for name in values if f":{name}" in statement})
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
