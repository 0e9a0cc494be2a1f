"""A store with something of everything in it, made once a worker and copied; and how to alter one behind its back."""

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from pos.core.redemption import Shortfall
from pos.core.reversal import ReversalReason
from pos.counter import cards, day, reverse
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage.export import export
from pos.storage.store import FILE
from tests.shop import counted, open_shop, weighed

LAST = 33
"""Number of the newest entry."""


@cache
def made() -> Path:
    """Two days of business."""
    folder = Path(tempfile.mkdtemp(prefix="busy-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shop = open_shop(folder)
    desk, by = shop.desk, shop.by
    weigh_in(desk, by, shop.bag())
    weigh_in(desk, by, shop.bag(counted("s03", 37), counted("h01", 5), of="0006"))
    sold = seq_of(redeem(desk, by, shop.basket()).slip.number)
    reverse.reprint(desk, by, sold)
    reverse.reverse(desk, by, sold, ReversalReason.WRONG_ITEM)
    redeem(desk, by, shop.basket({"g016": 2, "g017": 3}))
    redeem(desk, by, shop.basket({"g006": 1}, shortfall=Shortfall.CASH))
    cards.report_lost(desk, by, shop.cards["0015"].number)
    day.close_day(desk, by)
    shop.clock.advance(86_400_000)
    day.open_day(desk, by)
    weigh_in(desk, by, shop.bag(weighed("m04", 850), of="0002"))
    redeem(desk, by, shop.basket({"g016": 1}, of="0002"))
    export(desk.store, folder / "export.ndjson")
    shop.close()
    return folder


def seq_of(number: str) -> int:
    """The entry's number out of a receipt's."""
    return int(number.rpartition("-")[2])


def copied(folder: Path) -> Path:
    """A copy of the busy store, to be altered."""
    shutil.copytree(made(), folder, dirs_exist_ok=True)
    return folder


@contextmanager
def altering(folder: Path, *, leave_traces: bool = False) -> Iterator[sqlite3.Connection]:
    """The file with every guard off; the triggers are put back afterwards, as somebody clever would."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous=OFF")
        file.execute("PRAGMA ignore_check_constraints=ON")
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {name}")
        yield file
        for _, sql in () if leave_traces else triggers:
            file.execute(sql)
