"""One sale from confirm to commit, against what SQLite alone would ask for it; all sides interleaved in one run.

The sale is `pos.counter.redeem` of one good: people, card, household, day, prices and stock looked up, the rules'
decision, canonical bytes and hash, transfers, guarded balances, monthly count, print job, commit. Beside it:

* the very same statements with the same values, replayed on a copy by the bare sqlite3 module;
* the least that a durable redemption could be there: one journal row, two transfers, one guarded balance;
* the same sale in a store with a million earlier entries;
* one page appended to a file and synced: the disk's own share.

    python -m tests.bench.sale [FOLDER]      goals: 3.2 x, 6 x, 1.25 x
"""

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from catalog.units import Points
from pos.counter import setup
from pos.counter.redeem import redeem
from pos.storage.store import FILE
from tests.bench import history
from tests.bench.measure import Probe, percentile, timed
from tests.shop import Shop, connect_as, opened, reopened

SALES, WARM_UP = 1500, 100
HISTORY = 1_000_000
GOALS = {"same": 3.2, "four rows": 6.0, "million": 1.25}


class Replay:
    """A copy of a store, kept in step by replaying on bare sqlite3 what the counter said to SQLite."""

    def __init__(self, folder: Path, shop: Shop) -> None:
        self._connection = _bare(folder / FILE)
        self._said: list[tuple[str, Any, bool]] = []
        listen(shop, self._said)

    @property
    def statements(self) -> int:
        """Statements of the sale just recorded, `BEGIN` included."""
        return len(self._said)

    def __call__(self) -> None:
        for sql, values, many in self._said:
            (self._connection.executemany if many else self._connection.execute)(sql, values).fetchall()
        self._connection.execute("COMMIT")

    def forget(self) -> None:
        """Make room for the next sale."""
        self._said.clear()

    def close(self) -> None:
        """Close the copy."""
        self._connection.close()


def listen(shop: Shop, said: list[tuple[str, Any, bool]]) -> None:
    """Have the store's writing connection note each statement before it runs; it must not be open yet."""

    class Listening(sqlite3.Connection):
        def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
            said.append((sql, values, False))
            return super().execute(sql, values)

        def executemany(self, sql: str, values: Any) -> sqlite3.Cursor:
            said.append((sql, values, True))
            return super().executemany(sql, values)

    connect_as(shop.desk.store, Listening)


class FourRows:
    """The least durable redemption: a journal row, two transfers, and a balance that may not go below zero."""

    def __init__(self, path: Path) -> None:
        self._connection = _bare(path)
        self._connection.executescript(
            "CREATE TABLE journal (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
            "CREATE TABLE transfers (seq, n, account TEXT, amount INTEGER, PRIMARY KEY (seq, n));"
            "CREATE TABLE balances (account TEXT PRIMARY KEY, amount INTEGER CHECK (amount >= 0)) STRICT;"
            "INSERT INTO balances VALUES ('household', 1000000000)"
        )
        self._seq = 0

    def __call__(self) -> None:
        self._seq += 1
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        run("INSERT INTO journal VALUES (?, ?)", (self._seq, b"0" * 400))
        for place, account, amount in ((1, "household", -1000), (2, "spent", 1000)):
            run("INSERT INTO transfers VALUES (?, ?, ?, ?)", (self._seq, place, account, amount))
        moved = run("UPDATE balances SET amount = amount - 1000 WHERE account = 'household' AND amount >= 1000")
        assert moved.rowcount == 1
        run("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _stocked(folder: Path) -> None:
    """A closed store with stock and points for every sale of the run."""
    with opened(folder, day_open=True) as shop:
        setup.open_points(shop.desk, shop.two, {shop.household("0042"): Points(10**9)})
        setup.open_stock(shop.desk, shop.two, [setup.OpeningLot("g013", 10**6, "donated", 0)])


def measure(folder: Path) -> dict[str, list[int]]:
    """Run everything side by side in `folder`: nanoseconds of each call by what was called."""
    for name in ("shop", "old"):
        _stocked(folder / name)
    shutil.copytree(folder / "shop", folder / "copy")
    history.write(folder / "old", HISTORY)
    shop, old = reopened(folder / "shop"), reopened(folder / "old")
    replay, four, probe = Replay(folder / "copy", shop), FourRows(folder / "four.db"), Probe(folder / "probe")
    ticket, old_ticket = shop.basket({"g013": 1}), old.basket({"g013": 1})
    sides: dict[str, Callable[[], object]] = {
        "sale": lambda: redeem(shop.desk, shop.by, ticket),
        "same": replay,
        "four rows": four,
        "million": lambda: redeem(old.desk, old.by, old_ticket),
        "sync": probe,
    }
    times: dict[str, list[int]] = {name: [] for name in sides}
    with closing(shop), closing(old), closing(replay), closing(four), closing(probe):
        for turn in range(WARM_UP + SALES):
            for name, side in sides.items():
                spent = timed(side)
                if turn >= WARM_UP:
                    times[name].append(spent)
            statements = replay.statements
            replay.forget()
    print(f"{statements} statements a sale, {SALES} sales, {HISTORY} earlier entries in the old store")
    return times


def main(folder: Path) -> int:
    """Print the figures; 1 when a goal is missed."""
    times = measure(folder)
    for name, each in times.items():
        print(f"{name:10} p50 {percentile(each, 50):6} us   p99 {percentile(each, 99):6} us")
    p50 = {name: percentile(each, 50) for name, each in times.items()}
    ratios = {
        "same": p50["sale"] / p50["same"],
        "four rows": p50["sale"] / p50["four rows"],
        "million": p50["million"] / p50["sale"],
    }
    missed = [name for name, ratio in ratios.items() if ratio > GOALS[name]]
    figures = ", ".join(f"{name} {ratio:.2f} (goal {GOALS[name]})" for name, ratio in ratios.items())
    print(
        f"sale: p50 {p50['sale']} us, p99 {percentile(times['sale'], 99)} us, sync {p50['sync']} us; ratio to {figures}"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        sys.exit(main(Path(name)))
