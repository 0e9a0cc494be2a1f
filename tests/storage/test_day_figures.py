"""What closed days came to, altered: `pos verify` finds it, and says of which day."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pos.counter import day
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage.store import FILE
from pos.storage.verify import verify
from tests.shop import Shop, opened


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """The folder of a store with one day closed and another begun."""
    with opened(tmp_path / "shop") as shop:
        _serve(shop)
        day.close_day(shop.desk, shop.two)
        shop.clock.advance(86_400_000)
        day.open_day(shop.desk, shop.by)
        weigh_in(shop.desk, shop.by, shop.bag())
    return shop.folder


def _serve(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    redeem(shop.desk, shop.by, shop.basket())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE day_flows SET quantity = quantity + 1 WHERE commodity = 'pt'",
        "UPDATE day_flows SET source = 'issue:award@k7q2md.0' WHERE source = 'issue:weigh@k7q2md.0'",
        "UPDATE day_flows SET source = 'no account' WHERE source = 'issue:weigh@k7q2md.0'",
        "DELETE FROM day_flows WHERE commodity = 'g:g001'",
        "INSERT INTO day_flows VALUES (1, 'issue:award@k7q2md.0', 'pts:all@k7q2md.0', 'pt', 5)",
        "UPDATE day_counts SET entries = entries + 1 WHERE what = 'weigh'",
        "DELETE FROM day_counts WHERE what = 'redeem'",
        "UPDATE closed_days SET day = '2026-01-16'",
        "UPDATE closed_days SET day = 'today'",
        "DELETE FROM closed_days",
    ],
)
def test_altered(closed: Path, sql: str) -> None:
    assert verify(closed).wrong is None
    with closing_file(closed) as file:
        assert file.execute(sql).rowcount > 0
    wrong = verify(closed).wrong
    assert wrong is not None
    assert (wrong.code, wrong.detail) in (("day", "1"), ("reference", "day_counts"), ("reference", "day_flows"))


def closing_file(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(folder / FILE, isolation_level=None))
