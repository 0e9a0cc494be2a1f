"""What the database itself refuses, whatever the program asks of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import tables
from pos.storage.migrations.versions.v0001_first import APPEND_ONLY
from pos.storage.store import FILE, SCHEMA
from tests.counter.village_policy import offer
from tests.shop import Shop, opened, template


@pytest.fixture
def file(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The file of a shop that has taken in, handed out and closed its day's books."""
    with opened(tmp_path / "shop") as shop:
        weigh_in(shop.desk, shop.by, shop.bag())
        redeem(shop.desk, shop.by, shop.basket())
        offer(shop)
        with shop.desk.store.write() as tx:
            shop.desk.store.sign_head(tx, "export")
    with closing(sqlite3.connect(tmp_path / "shop" / FILE, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        yield connection


def column_of(file: sqlite3.Connection, table: str) -> str:
    name: str = file.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchone()[0]
    return name


_FILLED = {
    "predecessor": "INSERT INTO predecessor VALUES (1, 'k7q2md', 0, 0, x'', 0, 1)",
    "fund_vouchers": "INSERT INTO fund_vouchers VALUES ('s-2026-0001', 1)",
    "z_documents": "INSERT INTO z_documents VALUES (1, 1, x'', x'')",
    "policies": "INSERT INTO policies VALUES (1, '2026-01-16', x'')",
    "enrolment": "INSERT INTO enrolment VALUES (1, '990101', '', '', x'', zeroblob(64))",
    "feed_records": ("INSERT INTO feed_records VALUES (1, 1, 1, zeroblob(32), x'', zeroblob(32), zeroblob(64))"),
    "checkpoints": "INSERT INTO checkpoints VALUES (0, 0, x'', zeroblob(64))",
    "award_batches": "INSERT INTO award_batches VALUES ('b1', '2026-01', '考评', '', 0)",
}
"""A row for a table that the busy store leaves empty."""


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only(file: sqlite3.Connection, table: str) -> None:
    column = column_of(file, table)
    file.execute(_FILLED.get(table, ""))
    assert file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        file.execute(f"UPDATE {table} SET {column} = {column}")
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        file.execute(f"DELETE FROM {table}")


def test_replacing_is_no_way_round(file: sqlite3.Connection) -> None:
    file.execute("PRAGMA recursive_triggers=OFF")
    with pytest.raises(sqlite3.IntegrityError, match="without a gap"):
        file.execute("INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 1")


def test_journal_has_no_gap(file: sqlite3.Connection) -> None:
    (head,) = file.execute("SELECT max(seq) FROM journal").fetchone()
    for seq in (head + 2, head, 0, -1):
        with pytest.raises(sqlite3.IntegrityError, match="without a gap"):
            file.execute("INSERT INTO journal VALUES (?, 'act', 0, NULL, NULL, x'', zeroblob(32))", (seq,))


def test_first_number_is_one(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as empty:
        for (sql,) in statements("journal"):
            empty.execute(sql)
        with pytest.raises(sqlite3.IntegrityError, match="without a gap"):
            empty.execute("INSERT INTO journal VALUES (2, 'act', 0, NULL, NULL, x'', zeroblob(32))")
        empty.execute("INSERT INTO journal VALUES (1, 'act', 0, NULL, NULL, x'', zeroblob(32))")


def statements(table: str) -> list[tuple[str]]:
    with closing(sqlite3.connect(template() / FILE)) as file:
        sql = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
        return file.execute(sql, (table,)).fetchall()


def test_reversed_once(file: sqlite3.Connection) -> None:
    insert = "INSERT INTO journal VALUES ((SELECT max(seq) + 1 FROM journal), 'reverse', 0, NULL, 5, x'', zeroblob(32))"
    file.execute(insert)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE.*journal.ref"):
        file.execute(insert)


def test_balances_are_never_deleted_nor_unbound(file: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        file.execute("DELETE FROM balances")
    for column, value in {"low": None, "high": None, "account": "pts:1@x.0", "commodity": "cash"}.items():
        with pytest.raises(sqlite3.IntegrityError, match="only the quantity"):
            file.execute(f"UPDATE balances SET {column} = ?", (value,))


@pytest.mark.parametrize("account", ["pts:9901011012000042@k7q2md.0", "stock:shop/village/0@k7q2md.0"])
def test_floors(file: sqlite3.Connection, account: str) -> None:
    file.execute("UPDATE balances SET quantity = 0 WHERE account = ?", (account,))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        file.execute("UPDATE balances SET quantity = -1 WHERE account = ?", (account,))


def test_debt_has_a_ceiling(file: sqlite3.Connection) -> None:
    file.execute("INSERT INTO balances VALUES ('debt:9901011012000042@k7q2md.0', 'pt', -5, NULL, 0)")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        file.execute("UPDATE balances SET quantity = 1 WHERE account LIKE 'debt:%'")


@pytest.mark.parametrize(
    "insert",
    [
        "INSERT INTO balances VALUES ('a', 'pt', '12abc', NULL, NULL)",
        "INSERT INTO balances VALUES ('a', 'pt', 1.5, NULL, NULL)",
        "INSERT INTO balances VALUES (x'00', 'pt', 1, NULL, NULL)",
        "INSERT INTO taken VALUES ('h', 'g', '2026-01', NULL)",
        "INSERT INTO goods VALUES ('g', 'name', 'unit', 'n', 'many')",
    ],
)
def test_wrong_types(file: sqlite3.Connection, insert: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"cannot store|NOT NULL"):
        file.execute(insert)


@pytest.mark.parametrize(
    "insert",
    [
        "INSERT INTO transfers VALUES (1, 65, 'a', 'b', 'pt', 1)",
        "INSERT INTO transfers VALUES (1, 60, 'a', 'a', 'pt', 1)",
        "INSERT INTO transfers VALUES (1, 60, 'a', 'b', 'pt', 0)",
        "INSERT INTO transfers VALUES (1, 60, 'a', 'b', 'pt', 1000000000001)",
        "INSERT INTO taken VALUES ('h', 'g', '2026-01', -1)",
        "INSERT INTO terms VALUES ('2027-01-01', 50, 1)",
        "INSERT INTO terms VALUES ('2027-01-01', 0, 100)",
        "INSERT INTO heads VALUES (1, 'export', x'00')",
        "INSERT INTO cards VALUES ('1', '9901011012000042', 9, 'stolen')",
        "INSERT INTO installation VALUES (2, 's', 'n', 'v', 't', 'd', 0, 480, x'', x'')",
    ],
)
def test_checks(file: sqlite3.Connection, insert: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        file.execute(insert)


@pytest.mark.parametrize(
    "insert",
    [
        "INSERT INTO transfers VALUES (9999, 1, 'a', 'b', 'pt', 1)",
        "INSERT INTO heads VALUES (9999, 'export', zeroblob(64))",
        "INSERT INTO cards VALUES ('1', 'nobody', 1, 'active')",
        "INSERT INTO print_jobs VALUES (1000, 9999, 0, 'receipt', x'', 'zh_CN', 1, '02', 0, 'queued', '', 0, NULL)",
    ],
)
def test_links(file: sqlite3.Connection, insert: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        file.execute(insert)


def test_every_table_is_strict(file: sqlite3.Connection) -> None:
    strict = dict(file.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"))
    ours = {name: is_strict for name, is_strict in strict.items() if not name.startswith(("sqlite_", "alembic_"))}
    assert ours == dict.fromkeys(tables.metadata.tables, 1)


def test_queries_see_the_columns_that_are_there(file: sqlite3.Connection) -> None:
    for name, table in tables.metadata.tables.items():
        stored = file.execute("SELECT name, type FROM pragma_table_info(?) ORDER BY cid", (name,)).fetchall()
        assert stored == [(column.name, str(column.type)) for column in table.columns], name


def test_version(file: sqlite3.Connection) -> None:
    assert file.execute("PRAGMA user_version").fetchone() == (SCHEMA,)


def test_runs_as_wal_and_full(shop: Shop) -> None:
    with shop.desk.store.write() as tx:
        found = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "mmap_size")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "wal_autocheckpoint": 1000,
        "mmap_size": 0,
    }


def test_readers_neither_write_nor_checkpoint(shop: Shop) -> None:
    with shop.desk.store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one() == 0
        assert connection.exec_driver_sql("PRAGMA query_only").scalar_one() == 1
