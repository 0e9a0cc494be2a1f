"""The first day of a new epoch: what the ledger handed over stands in the day's equations, and in its report."""

from pos.core.sheets import Count, Label
from pos.counter import day
from pos.reports import figures, moved
from pos.reports.period import Period, Span
from pos.storage import closes
from pos.storage.verify import verify
from tests.sync.pair import Pair
from tests.sync.test_joining import join


def test_goods_that_were_handed_over_are_no_difference(alone: Pair) -> None:
    day.open_day(alone.shop.desk, alone.shop.by)
    day.close_day(alone.shop.desk, alone.shop.two)
    join(alone)
    desk = alone.shop.desk
    opened = day.open_day(desk, alone.shop.by)
    alone.spend()
    period = Period(Span.DAY, opened.business_date)
    running = [each for each in moved.goods(figures.read(desk, period)) if each.code == "g001"]
    day.close_day(desk, alone.shop.two)
    with desk.store.read() as connection:
        (z,) = closes.newest(connection, 1)
        sheet = closes.sheet(connection, z.number)
    facts = {fact.label: fact.cell for fact in sheet.facts}
    assert facts["equations-differ"] == Label("none")
    shelf = {row[0]: row[1:] for table in sheet.tables if table.title == "z-stock" for row in table.rows}
    assert shelf["食盐 400g"] == (Count(0), Count(30), Count(1), Count(29))
    (closed,) = [each for each in moved.goods(figures.read(desk, period)) if each.code == "g001"]
    assert [closed] == running
    assert (closed.opening, closed.came, closed.out, closed.lost, closed.closing) == (0, 30, 1, 0, 29)
    assert verify(alone.shop.folder).wrong is None
