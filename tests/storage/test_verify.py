"""`pos verify` finds what was altered, says from which entry, and finds nothing in sound books."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos import i18n
from pos.counter.redeem import redeem
from pos.storage.store import FILE
from pos.storage.verify import verify
from tests.shop import Shop
from tests.storage.busy import LAST, altering, copied, made

EN = i18n.load("en")

ALTERED = [
    ("certificate", 0, "UPDATE installation SET certificate = CAST(replace(certificate, 'LT01', 'LT02') AS BLOB)"),
    ("certificate", 0, "UPDATE installation SET signature = zeroblob(64)"),
    ("certificate", 0, "UPDATE installation SET device = 'other'"),
    ("certificate", 0, "UPDATE installation SET epoch = 1"),
    ("certificate", 0, "DELETE FROM installation"),
    ("form", 23, "UPDATE journal SET bytes = CAST(replace(bytes, ',', ', ') AS BLOB) WHERE seq = 23"),
    ("form", 23, "UPDATE journal SET bytes = zeroblob(20) WHERE seq = 23"),
    (
        "chain",
        23,
        'UPDATE journal SET bytes = CAST(replace(bytes, \'"op":"02"\', \'"op":"01"\') AS BLOB) WHERE seq = 23',
    ),
    ("chain", 23, "UPDATE journal SET hash = zeroblob(32) WHERE seq = 23"),
    ("gap", 23, "UPDATE journal SET bytes = CAST(replace(bytes, '\"s\":23', '\"s\":24') AS BLOB) WHERE seq = 23"),
    ("gap", 9, "DELETE FROM journal WHERE seq = 9"),
    ("row", 23, "UPDATE journal SET wall = wall + 1 WHERE seq = 23"),
    ("row", 23, "UPDATE journal SET kind = 'weigh' WHERE seq = 23"),
    ("row", 23, "UPDATE journal SET household = NULL WHERE seq = 23"),
    ("row", 25, "UPDATE journal SET ref = NULL WHERE seq = 25"),
    ("transfers", 23, "UPDATE transfers SET quantity = quantity + 1 WHERE seq = 23 AND n = 1"),
    ("transfers", 23, "UPDATE transfers SET n = 60 WHERE seq = 23 AND n = 1"),
    ("transfers", 23, "DELETE FROM transfers WHERE seq = 23 AND n = 2"),
    ("transfers", 23, "INSERT INTO transfers VALUES (23, 60, 'a', 'b', 'pt', 1)"),
    ("transfers", 1, "INSERT INTO transfers VALUES (1, 1, 'a', 'b', 'pt', 1)"),
    ("balance", 27, "UPDATE balances SET quantity = quantity + 1 WHERE account LIKE 'pts:%0042@%'"),
    ("balance", 26, "DELETE FROM balances WHERE account LIKE 'due:k-02@%'"),
    ("balance", 0, "INSERT INTO balances VALUES ('pts:1@k7q2md.0', 'pt', 0, 0, NULL)"),
    ("balance", 0, "INSERT INTO balances VALUES ('cheat', 'pt', 0, 0, NULL)"),
    ("balance", 27, "UPDATE balances SET low = NULL WHERE account LIKE 'pts:%0042@%'"),
    ("balance", 27, "UPDATE balances SET high = 0 WHERE account LIKE 'pts:%0042@%' AND quantity = 0"),
    ("taken", 0, "UPDATE taken SET quantity = quantity - 1 WHERE good = 'g016'"),
    ("taken", 0, "DELETE FROM taken WHERE good = 'g006'"),
    ("taken", 0, "INSERT INTO taken VALUES ('9901011012000042', 'g005', '2026-01', 1)"),
    ("taken", 0, "UPDATE taken SET month = '2025-12' WHERE good = 'g006'"),
    ("signature", 30, "UPDATE heads SET signature = zeroblob(64) WHERE purpose = 'day-close'"),
    ("signature", 23, "INSERT INTO heads SELECT 23, purpose, signature FROM heads LIMIT 1"),
    ("unsigned", 30, "DELETE FROM heads WHERE purpose = 'day-close'"),
    ("unsigned", 30, "UPDATE heads SET purpose = 'export' WHERE purpose = 'day-close'"),
    (
        "paper",
        23,
        "UPDATE print_jobs SET facts = CAST(replace(facts, '-23', '-24') AS BLOB) WHERE seq = 23 AND copy = 0",
    ),
    ("paper", 23, "UPDATE print_jobs SET facts = x'00' WHERE seq = 23 AND copy = 0"),
    ("paper", 22, "UPDATE print_jobs SET seq = 22, copy = 7 WHERE seq = 23 AND copy = 0"),
    ("prices", 0, "UPDATE good_prices SET points = 1 WHERE good = 'g006'"),
    ("prices", 0, "UPDATE material_prices SET amount = 9000 WHERE material = 'm04'"),
    ("prices", 0, "UPDATE price_books SET effective = '2025-01-01'"),
    ("prices", 0, "INSERT INTO terms VALUES ('2026-02-01', 200, 1)"),
    ("reference", 0, "INSERT INTO barcodes VALUES ('1', 'nothing')"),
    ("reference", 0, "INSERT INTO transfers VALUES (99, 1, 'a', 'b', 'pt', 1)"),
    ("schema", 0, "PRAGMA user_version=0"),
    ("schema", 0, "DROP INDEX journal_of_days"),
    ("file", 0, "DROP TABLE alembic_version"),
    ("schema", 0, "UPDATE alembic_version SET version_num = '0002'"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path / "shop")


def test_sound(folder: Path) -> None:
    report = verify(folder)
    assert (report.entries, report.wrong) == (LAST, None)
    with closing(sqlite3.connect(folder / FILE)) as file:
        (facts,) = file.execute("SELECT facts FROM print_jobs WHERE seq = ?", (LAST,)).fetchone()
    assert f'"check":"{report.check}"' in facts.decode()
    assert report.line(EN) == f"The books are sound: {LAST} entries, check code of the last {report.check}."


@pytest.mark.parametrize(
    ("code", "entry", "sql"), ALTERED, ids=[f"{code}-{at}" for at, (code, *_) in enumerate(ALTERED)]
)
def test_altered(folder: Path, code: str, entry: int, sql: str) -> None:
    with altering(folder) as file:
        assert file.execute(sql).rowcount or sql.startswith(("PRAGMA", "DROP"))
    report = verify(folder)
    assert report.wrong is not None
    assert (report.wrong.code, report.wrong.entry) == (code, entry)
    for language in i18n.LANGUAGES:
        assert "\n" not in report.line(i18n.load(language))


@pytest.mark.parametrize("trigger", ["journal_no_update", "journal_no_delete", "journal_no_gap", "balances_no_delete"])
def test_missing_trigger(folder: Path, trigger: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as file:
        file.execute(f"DROP TRIGGER {trigger}")
    assert code_of(folder) == "schema"


def test_emptied_trigger(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as file:
        file.execute("DROP TRIGGER journal_no_update")
        file.execute("CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT 1; END")
    assert code_of(folder) == "schema"


def test_a_whole_entry_cut_off_the_end_shows_where_paper_says_more(folder: Path) -> None:
    with altering(folder) as file:
        for table in ("journal", "transfers", "heads"):
            file.execute(f"DELETE FROM {table} WHERE seq = {LAST}")
    assert code_of(folder) == "reference"


def code_of(folder: Path) -> str:
    wrong = verify(folder).wrong
    assert wrong is not None
    return wrong.code


def test_reads_beside_an_open_till(shop: Shop) -> None:
    for _ in range(3):
        redeem(shop.desk, shop.by, shop.basket({"g001": 1}))
        assert verify(shop.folder).wrong is None


def test_changes_nothing(folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    verify(folder)
    assert (folder / FILE).read_bytes() == before


def test_a_torn_page_is_named(folder: Path) -> None:
    path = folder / FILE
    with closing(sqlite3.connect(path)) as file:
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    whole = bytearray(path.read_bytes())
    whole[(root - 1) * size : root * size] = bytes(size)
    path.write_bytes(whole)
    wrong = verify(folder).wrong
    assert wrong is not None
    assert (wrong.code, wrong.entry) == ("file", 1)


def rows(folder: Path, sql: str) -> Iterator[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / FILE)) as file:
        yield from file.execute(sql)


def test_the_busy_store_has_something_of_everything() -> None:
    kinds = {kind for (kind,) in rows(made(), "SELECT kind FROM journal")}
    assert kinds == {"opening", "act", "day-open", "day-close", "weigh", "redeem", "reverse"}
    for table in ("heads", "taken", "print_jobs", "transfers", "balances"):
        assert any(count for (count,) in rows(made(), f"SELECT count(*) FROM {table}")), table
