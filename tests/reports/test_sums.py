"""Days sum to their month, months to their year, and a day is what its Z document says: over random days."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from hypothesis import given, settings

from catalog.units import Fen, Points
from pos.core import closing as rules_of
from pos.core.accounts import CASH, POINTS, Account
from pos.core.closing import Closing, Pool
from pos.core.refusals import Refused
from pos.core.sheets import Cell, Money, Score, Sheet
from pos.counter import day
from pos.counter.z import side
from pos.reports import figures, moved
from pos.reports.figures import Figures
from pos.reports.period import parse
from pos.storage import closes
from pos.storage.verify import verify
from tests.counter.stockroom import balance, with_supplier
from tests.counter.test_day_equations import DAYS, do
from tests.reports.year import DAY_MS
from tests.shop import Shop, opened

Sums = Counter[tuple[Account, Account, str]]


def sums(of: Iterable[Figures]) -> Sums:
    """Everything that moved, added up."""
    found: Sums = Counter()
    for each in of:
        found.update({(m.source, m.destination, m.commodity): m.quantity for m in each.moves})
    return found


def counts(of: Iterable[Figures]) -> Counter[str]:
    """Everything that was done, added up."""
    found: Counter[str] = Counter()
    for each in of:
        found.update(each.counts)
    # The opening of a day that is still open is on none of the days that are closed.
    del found["day-open"]
    return found


def read(shop: Shop, text: str) -> Figures:
    period = parse(text)
    assert period is not None
    return figures.read(shop.desk, period)


@settings(max_examples=12, deadline=None)
@given(days=DAYS)
def test_days_months_and_the_year(days: list[tuple[list[tuple[str, str, int]], int]]) -> None:
    with tempfile.TemporaryDirectory() as name, opened(Path(name) / "shop") as shop:
        with_supplier(shop)
        found, texts = [], []
        for acts, off in days:
            sold: list[int] = []
            for act in acts:
                shop.clock.advance()
                try:
                    do(shop, act, sold)
                except Refused:
                    continue
            text = shop.desk.today().isoformat()
            running = read(shop, text)
            sheet = close(shop, off)
            found.append(read(shop, text))
            texts.append(text)
            is_what_the_z_says(shop, found[-1], sheet)
            assert off or running.moves == found[-1].moves
            assert off or running.closing == found[-1].closing
            shop.clock.advance(12 * DAY_MS)
            day.open_day(shop.desk, shop.by)
        months = [read(shop, month) for month in sorted({text[:7] for text in texts})]
        year = read(shop, "2026")
        for part, whole in ((found, months), (months, [year])):
            assert sums(part) == sums(whole)
            assert counts(part) == counts(whole)
        assert (year.opening, year.closing) == (found[0].opening, found[-1].closing)
        assert sum(bar.came.amount for bar in year.bars) == year.total(Pool.POINTS, POINTS)[0]
        assert verify(shop.folder).wrong is None


def close(shop: Shop, off: int) -> Sheet:
    fen = max(0, balance(shop, "drawer:shop", CASH) + off)
    return day.close_day(shop.desk, shop.two, Closing(counted=Fen(fen), cash_reason="unknown"))


def is_what_the_z_says(shop: Shop, found: Figures, sheet: Sheet) -> None:
    facts = {fact.label: fact.cell for fact in sheet.facts}
    assert facts["outstanding"] == Score(found.outstanding)
    tables = {table.title: table.rows for table in sheet.tables}
    assert tables.get("z-points-flows", ()) == tuple(flows(found, Pool.POINTS))
    assert tables.get("z-cash-flows", ()) == tuple(flows(found, Pool.DRAWER))
    assert not [
        each for each in rules_of.equations(found.opening, found.moves, found.closing, found.writer) if each.difference
    ]
    with shop.desk.store.read() as connection:
        assert closes.last(connection).closing == found.closing
    for each in (*moved.goods(found), *moved.materials(found)):
        assert each.opening + each.came - each.out - each.lost == each.closing, each


def flows(found: Figures, pool: Pool) -> Iterable[tuple[Cell, ...]]:
    for flow in found.flows(pool):
        cells = (Score(Points(n)) if pool is Pool.POINTS else Money(Fen(n)) for n in (flow.came, flow.went))
        yield (side(flow), *cells)
