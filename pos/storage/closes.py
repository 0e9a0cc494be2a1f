"""Z documents: one a day close, numbered without a gap, kept as it was and never worked out again."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert
from sqlalchemy.sql import text

from pos.core import accounts, codec, entries
from pos.core.closing import Held, Pool, pool_of
from pos.core.entries import Entry
from pos.core.epochs import Close
from pos.core.sheets import Sheet
from pos.core.transfers import Transfer
from pos.database import Prepared
from pos.storage import tables as t

_LAST = Prepared(text("SELECT number, seq, closing FROM z_documents ORDER BY number DESC LIMIT 1"))
_BALANCES = Prepared(text("SELECT account, commodity, quantity FROM balances WHERE quantity <> 0"))
_ENTRIES = Prepared(text("SELECT bytes FROM journal WHERE seq > :after ORDER BY seq"))
_TRANSFERS = Prepared(
    text("SELECT source, destination, commodity, quantity FROM transfers WHERE seq > :after ORDER BY seq, n")
)
_HANDED_OVER = Prepared(
    text(
        "SELECT line FROM feed_records WHERE seq > :after"
        ' AND instr(line, CAST(\'"k":"close"\' AS BLOB)) > 0 ORDER BY seq'
    )
)
_COUNTERSIGNED = Prepared(
    text(
        "SELECT bytes FROM journal WHERE ref = :seq AND kind = 'act'"
        ' AND instr(bytes, CAST(\'"code":"countersigned"\' AS BLOB)) > 0'
    )
)
_SHEET = Prepared(text("SELECT sheet FROM z_documents WHERE number = :number"))
_NEWEST = Prepared(text("SELECT number, seq FROM z_documents ORDER BY number DESC LIMIT :most"))


@dataclass(frozen=True, slots=True)
class LastClose:
    """The newest day close: its Z number and entry, 0 before the first, and what every pool closed with."""

    number: int
    seq: int
    closing: Held


@dataclass(frozen=True, slots=True)
class Z:
    """The number of a Z document, and the entry that closed its day."""

    number: int
    seq: int


def last(connection: Connection) -> LastClose:
    """The newest day close."""
    row = _LAST.row(connection)
    if row is None:
        return LastClose(0, 0, {})
    number, seq, closing = row
    return LastClose(number, seq, held_then(closing))


def held_then(closing: bytes) -> Held:
    """What a kept closing says that each pool held."""
    return {(Pool(pool), what): quantity for pool, what, quantity in codec.loads(closing)}


def keep(connection: Connection, number: int, seq: int, sheet: Sheet, closing: Held) -> None:
    """Write a Z document, for good."""
    held = [[pool.value, what, quantity] for (pool, what), quantity in sorted(closing.items()) if quantity]
    row = {
        "number": number,
        "seq": seq,
        "sheet": codec.dumps(codec.plain(sheet)),
        "closing": codec.dumps(held),
    }
    connection.execute(insert(t.z_documents), row)


def newest(connection: Connection, most: int) -> list[Z]:
    """Up to so many Z documents, the newest first."""
    rows = _NEWEST.rows(connection, most=most)
    return [Z(number, seq) for number, seq in rows]


def sheet(connection: Connection, number: int) -> Sheet:
    """Z document `number` as it was printed first; there is one."""
    row = _SHEET.row(connection, number=number)
    assert row is not None, "its number comes from the closed days"
    return codec.build(Sheet, codec.loads(row[0]))


def countersigned(connection: Connection, seq: int) -> Entry | None:
    """The entry by which somebody signed day close `seq` later."""
    row = _COUNTERSIGNED.row(connection, seq=seq)
    return entries.decode(row[0]) if row else None


def held(connection: Connection, by: str) -> Held:
    """What every pool of this writer holds now."""
    found: dict[tuple[Pool, str], int] = {}
    for name, commodity, quantity in _BALANCES.rows(connection):
        pool = pool_of(accounts.parse(name), by)
        if pool is not None:
            found[pool, commodity] = found.get((pool, commodity), 0) + quantity
    return found


def entries_after(connection: Connection, seq: int) -> Iterator[Entry]:
    """Every entry after number `seq`, in order."""
    return (entries.decode(line) for (line,) in _ENTRIES.rows(connection, after=seq))


def handed_over(connection: Connection, seq: int, by: str) -> list[Transfer]:
    """What came to this writer from its closed epochs after entry `seq`: in the ledger's records, in no entry."""
    found = (entries.decode(line) for (line,) in _HANDED_OVER.rows(connection, after=seq))
    return [
        move
        for record in found
        if isinstance(record.body, Close) and record.body.successor == by
        for move in record.transfers
    ]


def transfers_after(connection: Connection, seq: int) -> list[Transfer]:
    """Every transfer of the entries after number `seq`, in order."""
    return [
        Transfer(accounts.parse(source), accounts.parse(destination), commodity, quantity)
        for source, destination, commodity, quantity in _TRANSFERS.rows(connection, after=seq)
    ]
