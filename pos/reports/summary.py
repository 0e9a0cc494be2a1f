"""日报, 月报, 年报: a period on one sheet, for the screen, for paper, for a spreadsheet."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.materials import Material
from catalog.units import Fen, Points
from pos.core.accounts import CASH
from pos.core.closing import Flow, Pool
from pos.core.entries import Signatures
from pos.core.sheets import Cell, Count, Day, Fact, Label, Money, Score, Share, Sheet, Table
from pos.counter import paper, stock
from pos.counter.desk import Desk
from pos.counter.recyclables import figure
from pos.counter.stock import OnShelf
from pos.counter.z import side
from pos.reports import figures as figures_of
from pos.reports import moved
from pos.reports.figures import Figures
from pos.reports.moved import Moved
from pos.reports.period import Period, Span
from pos.storage import catalogue
from pos.storage import wanted as wishes

TITLES = {Span.DAY: "daily-report", Span.MONTH: "monthly-report", Span.YEAR: "yearly-report"}
MOST_TOP = 10


@dataclass(frozen=True, slots=True)
class Report:
    """A period, with what its figures are about."""

    figures: Figures
    goods: dict[str, str]
    """Name of each good by code."""
    offered: frozenset[str]
    """Goods that have a price today."""
    materials: dict[str, Material]
    near: tuple[OnShelf, ...]
    """Lots near their last day or past it, as of now; none for a period that is over."""
    asked: tuple[tuple[str, int], ...]
    """What households asked for that the store does not have, and how often; the most often first."""

    def name(self, code: str) -> str:
        """What a good or a material is called."""
        found = self.materials.get(code)
        return found.name if found is not None else self.goods.get(code, code)


def read(desk: Desk, period: Period) -> Report:
    """The report of a period as the books have it now."""
    found = figures_of.read(desk, period)
    with desk.store.read() as connection:
        goods = {good.code: good.name for good in catalogue.all_goods(connection)}
        offered, materials = _offered(desk, connection), catalogue.materials(connection)
        asked = Counter(wishes.words(connection, figures_of.entries(desk, connection, period.first, period.last)))
    near = stock.on_shelf(desk, desk.stock_policy.near_days) if desk.today() in period else []
    return Report(found, goods, offered, materials, tuple(near), tuple(asked.most_common()))


def sheet(desk: Desk, by: Signatures, report: Report) -> Sheet:
    """The same as a paper."""
    figures = report.figures
    tables = (
        _documents(figures),
        _flows("report-points", figures.flows(Pool.POINTS), lambda amount: Score(Points(amount))),
        _bars(figures),
        _flows("report-drawer", figures.flows(Pool.DRAWER, CASH), lambda amount: Money(Fen(amount))),
        _fund(figures),
        _top(report),
        _goods(report),
        _materials(report),
        _wanted(report),
        Table(("item", "how-many"), tuple((words, Count(n)) for words, n in report.asked), title="report-asked"),
        _near(report),
        _noted(figures),
    )
    title = TITLES[figures.period.span]
    return paper.report(desk, by, title, facts(figures), tuple(table for table in tables if table.rows))


def wanted(report: Report) -> list[tuple[str, int]]:
    """Goods that have a price and were gone, by code, with at how many closes; the longest gone first."""
    gone = ((code, days) for code, days in report.figures.days_out.items() if code in report.offered)
    return sorted(gone, key=lambda each: (-each[1], each[0]))


def _offered(desk: Desk, connection: Connection) -> frozenset[str]:
    return frozenset(catalogue.good_prices(connection, catalogue.book_in_force(connection, desk.today())))


def facts(figures: Figures) -> tuple[Fact, ...]:
    """What a period comes to, in a few figures."""
    period = figures.period
    came, went = figures.total(Pool.POINTS, "pt")
    days = (
        (Fact("date", Day(period.first)),)
        if period.span is Span.DAY
        else (Fact("first-day", Day(period.first)), Fact("last-day", Day(period.last)))
    )
    return (
        *days,
        Fact("days-closed", Count(figures.closed)),
        *([Fact("day-running", Label("not-closed"))] if figures.running else []),
        Fact("households-served", Count(figures.households)),
        Fact("outstanding-before", Score(figures.before)),
        Fact("report-came", Score(Points(came))),
        Fact("report-went", Score(Points(went))),
        Fact("outstanding", Score(figures.outstanding)),
        Fact("coverage", Label("none") if figures.coverage is None else Share(figures.coverage)),
    )


def _documents(figures: Figures) -> Table:
    found = ((kind, n) for kind, n in figures.counts.items() if not kind.startswith(("noted-", "day-")))
    known = tuple((Label(f"kind-{kind}"), Count(n)) for kind, n in found if kind not in ("ask", "refdata"))
    return Table(("what", "how-many"), known, title="z-documents")


def _noted(figures: Figures) -> Table:
    rows = tuple((Label(what), Count(n)) for what, n in figures.counts.items() if what.startswith("noted-"))
    return Table(("what", "how-many"), rows, title="z-noted")


def _flows(title: str, flows: Iterable[Flow], cell: Callable[[int], Cell]) -> Table:
    found = list(flows)
    rows = tuple((side(flow), cell(flow.came), cell(flow.went)) for flow in found)
    total = (Label("total"), cell(sum(flow.came for flow in found)), cell(sum(flow.went for flow in found)))
    return Table(("item", "came", "went"), rows, total, title=title)


def _fund(figures: Figures) -> Table:
    """The fund by source: its other side would not tell the village's money from a gift."""
    sums: dict[str, list[Fen]] = {}
    for move in figures.moves:
        for place, account in enumerate((move.destination, move.source)):
            if account.kind == "fund":
                sums.setdefault(account.subject, [Fen(0), Fen(0)])[place] += Fen(move.quantity)
    rows = tuple((Label(f"source-{source}"), Money(came), Money(went)) for source, (came, went) in sorted(sums.items()))
    return Table(("source", "came-in", "went-out"), rows, title="report-fund")


def _bars(figures: Figures) -> Table:
    column = "day" if figures.period.span is Span.MONTH else "month"
    rows = tuple((bar.label, Score(bar.came), Score(bar.went)) for bar in figures.bars)
    return Table((column, "report-came", "report-went"), rows, title="report-course")


def _top(report: Report) -> Table:
    found = moved.most_wanted(report.figures)[:MOST_TOP]
    rows = tuple((report.name(each.code), Count(each.out)) for each in found)
    return Table(("good", "handed-out"), rows, title="report-top")


def _goods(report: Report) -> Table:
    rows = tuple(
        (report.name(each.code), *_counts(each.opening, each.came, each.out, each.lost, each.closing))
        for each in moved.goods(report.figures)
        if not each.still
    )
    return Table(("good", "z-opening", "came-goods", "handed-out", "lost-goods", "left"), rows, title="report-goods")


def _counts(*pieces: int) -> tuple[Cell, ...]:
    return tuple(map(Count, pieces))


def _materials(report: Report) -> Table:
    rows = tuple(_material(report, each) for each in moved.materials(report.figures) if not each.still)
    columns = ("material", "z-opening", "brought", "sold", "lost", "loss-share", "left")
    return Table(columns, rows, title="report-materials")


def _material(report: Report, each: Moved) -> tuple[Cell, ...]:
    material = report.materials.get(each.code)
    quantities = (each.opening, each.came, each.out, each.lost)
    cells = [figure(material, n) if material else Count(n) for n in (*quantities, each.closing)]
    return (report.name(each.code), *cells[:-1], Share(each.loss_share), cells[-1])


def _wanted(report: Report) -> Table:
    handed = {each.code: each.out for each in moved.goods(report.figures)}
    rows = tuple(
        (report.name(code), Count(days), Count(handed.get(code, 0)), Count(_left(report, code)))
        for code, days in wanted(report)
    )
    return Table(("good", "days-out", "handed-out", "left"), rows, title="report-wanted")


def _left(report: Report, code: str) -> int:
    return report.figures.closing.get((Pool.STOCK, f"g:{code}"), 0)


def _near(report: Report) -> Table:
    rows = tuple(
        (
            each.name,
            Count(each.pieces),
            Day(each.expiry) if each.expiry else "",
            Label("expired") if each.expired else "",
        )
        for each in report.near
    )
    return Table(("good", "pieces", "expiry", "remark"), rows, title="report-near")
