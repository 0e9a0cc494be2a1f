"""The figures of a period: what its closed days came to, with the open day where it lies in it.

They are those of the day closes: a month is the sum of its Z documents, a year that of its months.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from catalog.units import Points
from pos.core import closing as rules_of
from pos.core import day_figures as days_of
from pos.core.accounts import POINTS
from pos.core.closing import Flow, Held, Pool
from pos.core.day_figures import DayFigures
from pos.core.refusals import DayNotOpen
from pos.core.sheets import Share
from pos.core.transfers import Transfer
from pos.counter.coverage import coverage, outstanding
from pos.counter.desk import Desk
from pos.reports.period import Period, Span
from pos.storage import books, catalogue, closes, day_figures


@dataclass(frozen=True, slots=True)
class Bar:
    """Points that came in and went out in one part of the period: a day of a month, a month of a year."""

    label: str
    came: Points
    went: Points


@dataclass(frozen=True, slots=True)
class Figures:
    """A period in the books of one store."""

    period: Period
    writer: str
    closed: int
    """Day closes in it."""
    running: bool
    """Whether the day that is not closed yet is part of it."""
    opening: Held
    closing: Held
    moves: tuple[Transfer, ...]
    counts: Mapping[str, int]
    households: int
    """Households that anything was done for."""
    coverage: int | None
    """兑付保障率 at its end, in hundredths of a per cent; None while no points were outstanding."""
    bars: tuple[Bar, ...]
    days_out: Mapping[str, int]
    """By good, at how many of its closes none was left."""

    @property
    def before(self) -> Points:
        """Points outstanding when it began."""
        return outstanding(self.opening)

    @property
    def outstanding(self) -> Points:
        """Points outstanding at its end."""
        return outstanding(self.closing)

    def flows(self, pool: Pool, commodity: str = "") -> tuple[Flow, ...]:
        """What came into a pool and left it by its other side; of one commodity where it is named."""
        return rules_of.flows((m for m in self.moves if commodity in ("", m.commodity)), pool, self.writer)

    def total(self, pool: Pool, commodity: str) -> tuple[int, int]:
        """What came into a pool in all, and what left it."""
        found = self.flows(pool, commodity)
        return sum(flow.came for flow in found), sum(flow.went for flow in found)


@dataclass(frozen=True, slots=True)
class _Running:
    """What has happened since the last day close, and the day that it belongs to."""

    day: date
    entries: range
    kept: DayFigures


def read(desk: Desk, period: Period) -> Figures:
    """The figures of a period as the books have them now."""
    writer = desk.store.identity.writer
    with desk.store.read() as connection:
        found = day_figures.days(connection, period.first, period.last)
        summed = day_figures.summed(connection, period.first, period.last)
        running = _running(desk, connection)
        within = running if running is not None and running.day in period else None
        first = found[0].number if found else day_figures.next_after(connection, period.first)
        began, opening = day_figures.close(connection, first - 1)
        last = found[-1].number if found else first - 1
        ended, closing = day_figures.close(connection, last)
        moves, counts = summed.moves, Counter(summed.counts)
        if within is not None:
            ended, closing = within.entries.stop - 1, closes.held(connection, writer)
            moves = days_of.folded((*moves, *within.kept.moves))
            counts.update(within.kept.counts)
        return Figures(
            period,
            writer,
            len(found),
            within is not None,
            opening,
            closing,
            moves,
            dict(counts),
            day_figures.served(connection, range(began + 1, ended + 1)),
            _coverage(desk, connection, last, closing, running=within is not None),
            tuple(_bars(connection, period, writer, within)),
            _days_out(connection, period, closing if within else None),
        )


def entries(desk: Desk, connection: Connection, first: date, last: date) -> range:
    """The entries of business dates `first` to `last`, as their day closes have them."""
    before = day_figures.next_after(connection, first) - 1
    ends = [before, *(each.number for each in day_figures.days(connection, first, last))]
    start, stop = (day_figures.close(connection, number)[0] + 1 for number in (before, ends[-1]))
    running = _running(desk, connection)
    return range(start, running.entries.stop if running and first <= running.day <= last else stop)


def _running(desk: Desk, connection: Connection) -> _Running | None:
    before = closes.last(connection)
    since = list(closes.entries_after(connection, before.seq))
    if not since:
        return None
    try:
        day = books.day(connection).business_date
    except DayNotOpen:
        day = desk.today()
    handed = closes.handed_over(connection, before.seq, desk.store.identity.writer)
    return _Running(day, range(before.seq + 1, since[-1].seq + 1), days_of.figures(since, handed))


def _coverage(desk: Desk, connection: Connection, last: int, closing: Held, *, running: bool) -> int | None:
    """Now, or what the last Z document of the period said of it."""
    if running:
        terms = catalogue.terms_in_force(connection, desk.today())
        return coverage(connection, closing, terms.fen_per_point)
    facts = closes.sheet(connection, last).facts if last else ()
    cells = [fact.cell for fact in facts if fact.label == "coverage"]
    return next((cell.hundredths for cell in cells if isinstance(cell, Share)), None)


def _bars(connection: Connection, period: Period, writer: str, running: _Running | None) -> Iterator[Bar]:
    """A bar for each part of a month or of a year in which anything was done."""
    if period.span is Span.DAY:
        return
    parts: dict[str, list[Transfer]] = {}
    for day, move in _each_day(connection, period.first, period.last, POINTS, running):
        parts.setdefault(_part(period, day), []).append(move)
    for label, moved in parts.items():
        flows = rules_of.flows(moved, Pool.POINTS, writer)
        yield Bar(label, Points(sum(flow.came for flow in flows)), Points(sum(flow.went for flow in flows)))


def goods_moved(desk: Desk, connection: Connection, first: date, last: date) -> Iterator[tuple[date, Transfer]]:
    """What moved of each good on business dates `first` to `last`."""
    running = _running(desk, connection)
    within = running if running is not None and first <= running.day <= last else None
    return _each_day(connection, first, last, "g:", within)


def _each_day(
    connection: Connection, first: date, last: date, of: str, running: _Running | None
) -> Iterator[tuple[date, Transfer]]:
    yield from day_figures.by_day(connection, first, last, of)
    if running is not None:
        yield from ((running.day, move) for move in running.kept.moves if move.commodity.startswith(of))


def _part(period: Period, day: date) -> str:
    return f"{day.day if period.span is Span.MONTH else day.month}"


def _days_out(connection: Connection, period: Period, now: Held | None) -> dict[str, int]:
    """How often a good that has ever been in the catalogue was gone at the end of a day; now counts as one."""
    goods = [good.code for good in catalogue.all_goods(connection)]
    found: Counter[str] = Counter()
    for held in _ends(connection, period, now):
        found.update(good for good in goods if held.get((Pool.STOCK, f"g:{good}"), 0) <= 0)
    return dict(found)


def _ends(connection: Connection, period: Period, now: Held | None) -> Iterable[Held]:
    yield from day_figures.closings(connection, period.first, period.last)
    if now is not None:
        yield now
