"""What daily, monthly and yearly reports say of a store with some weeks behind it."""

from datetime import date

import pytest

from catalog.units import Points
from pos.core.closing import Closing, Pool
from pos.core.entries import Signatures
from pos.core.sheets import Cell, Count, Share, Sheet
from pos.counter import day
from pos.counter.redeem import redeem
from pos.reports import moved, summary
from pos.reports.period import Period, Span, parse, period
from pos.reports.summary import Report
from pos.storage import closes
from tests.reports.year import DAY_MS, OPEN_DAYS, TODAY
from tests.shop import STOCK, Shop, opened

BY = Signatures("02")


def read(shop: Shop, text: str) -> Report:
    found = parse(text)
    assert found is not None
    return summary.read(shop.desk, found)


def rows(sheet: Sheet, title: str) -> dict[Cell, tuple[Cell, ...]]:
    """A table's rows by their first cell."""
    return {row[0]: row[1:] for table in sheet.tables if table.title == title for row in table.rows}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31)),
        ("2026-01-31", date(2026, 1, 31), date(2026, 1, 31)),
    ],
)
def test_periods(text: str, first: date, last: date) -> None:
    found = parse(text)
    assert found is not None
    assert (found.first, found.last, found.text) == (first, last, text)
    assert found.next().previous() == found == found.previous().next()
    assert period(found.span, last) == found
    assert first in found
    assert last in found
    assert found.next().first not in found


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-00", "2026-02-30", "2026-2", "二〇二六", "0000", "2026-1-1"]
)
def test_no_period(text: str) -> None:
    assert parse(text) is None


def test_a_day(store: Shop) -> None:
    """W1 earns 47.82; 5.00 yuan of typed cardboard and 4.80 of iron beside it; two sales stand, one was reversed."""
    report = read(store, OPEN_DAYS[1].isoformat())
    figures = report.figures
    assert (figures.closed, figures.running, figures.households) == (1, False, 3)
    assert {"redeem": 3, "weigh": 3, "reverse": 1}.items() <= figures.counts.items()
    assert figures.counts["noted-manual"] == figures.counts["noted-reverse"] == 1
    goods = {each.code: each for each in moved.goods(figures)}
    assert (goods["g001"].came, goods["g001"].out, goods["g001"].lost) == (2, 3, 1)
    assert (goods["g013"].came, goods["g013"].out) == (3, 1)
    assert [each.code for each in moved.most_wanted(figures)] == ["g001", "g017", "g013"]
    materials = {each.code: each.came for each in moved.materials(figures)}
    assert materials == {"p01": 18_300 + 5_000, "l01": 4_000, "m01": 12_450 + 3_000}
    earned = next(flow.came for flow in figures.flows(Pool.POINTS) if flow.counterpart == "issue/weigh")
    assert earned == 47_82 + 5_00 + 4_80
    assert not report.near, "a day that is over says nothing of today's shelf"


def test_the_first_day_has_the_openings(store: Shop) -> None:
    figures = read(store, OPEN_DAYS[0].isoformat()).figures
    assert figures.before == Points(0)
    assert {each.code: each.opening for each in moved.goods(figures)}["g001"] == 0
    assert {each.code: each.came for each in moved.goods(figures)}["g001"] == STOCK + 2


def test_the_day_that_is_open(store: Shop) -> None:
    report = read(store, TODAY.isoformat())
    assert (report.figures.closed, report.figures.running) == (0, True)
    assert [each.good for each in report.near] == ["g005"]
    sheet = summary.sheet(store.desk, BY, report)
    assert "day-running" in [fact.label for fact in sheet.facts]
    assert sheet.title == "daily-report"


def test_months_and_year(store: Shop) -> None:
    january, february, year = (read(store, text).figures for text in ("2026-01", "2026-02", "2026"))
    assert (january.closed, february.closed, year.closed) == (2, 3, 5)
    assert not february.running
    assert year.running
    assert january.outstanding == february.before
    assert [bar.label for bar in february.bars] == ["4", "14", "24"]
    assert [bar.label for bar in year.bars] == ["1", "2", "3"]
    assert sum(bar.came.amount for bar in february.bars) == february.total(Pool.POINTS, "pt")[0]
    assert february.households == 3


@pytest.mark.parametrize("text", ["2025", "2025-12-31", "2027-05", "2026-02-05"])
def test_when_nothing_was_done(store: Shop, text: str) -> None:
    report = read(store, text)
    assert not report.figures.moves
    assert report.figures.before == report.figures.outstanding
    sheet = summary.sheet(store.desk, BY, report)
    assert sheet.tables == ()


def test_coverage_is_that_of_the_z(store: Shop) -> None:
    """Of a period that is over it is what its last Z document said, whatever goods cost today."""
    figures = read(store, "2026-02").figures
    with store.desk.store.read() as connection:
        stated = {fact.label: fact.cell for fact in closes.sheet(connection, 5).facts}
    assert stated["coverage"] == Share(figures.coverage or 0)


def test_goods_that_were_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    with opened(tmp_path_factory.mktemp("out") / "shop") as shop:
        redeem(shop.desk, shop.by, shop.basket({"g001": STOCK}, of="0002"))
        for _ in range(2):
            day.close_day(shop.desk, shop.two, Closing())
            shop.clock.advance(DAY_MS)
            day.open_day(shop.desk, shop.by)
        sheet = summary.sheet(shop.desk, shop.by, summary.read(shop.desk, Period(Span.MONTH, date(2026, 1, 1))))
        assert rows(sheet, "report-wanted") == {"食盐 400g": (Count(3), Count(STOCK), Count(0))}
