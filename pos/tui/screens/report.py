"""日报, 月报, 年报: a period's figures on the left, one chart of it on the right; `+` is the sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from catalog.units import Grams, Points
from pos.core.closing import Flow, Pool
from pos.core.sheets import Day
from pos.counter.z import side
from pos.printing.figures import plain
from pos.printing.tables import shown
from pos.reports import moved, summary
from pos.reports.period import Period, Span, period
from pos.reports.summary import Report
from pos.tui.base import CounterScreen
from pos.tui.widgets.bars import Bars
from pos.tui.widgets.cells import spread

_CELLS = 36
_MOST_BARS = 8


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn: bars with their names; `figure` words a value."""

    about: str
    """What it is about: `report.<about>`."""
    names: tuple[str, ...]
    values: tuple[int, ...]
    figure: Callable[[int], str]
    numbered: bool = False
    """Whether the bars have numbers, which the list on the left explains."""


class ReportScreen(CounterScreen):
    """This month at first; 1, 2 and 3 are the day, the month and the year, left and right go through time."""

    NAME = "report"
    CSS_PATH = "report.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.period: Period | None = None
        self.report: Report | None = None
        self.place = 0

    def body(self) -> ComposeResult:
        """Title, figures, chart."""
        yield Static(id="title", markup=False)
        with Horizontal():
            yield Static(id="figures", markup=False)
            with Vertical(id="right"):
                yield Static(id="about", markup=False)
                yield Bars(id="chart")
                yield Static(self.words("report.nothing"), id="none", markup=False)

    def on_mount(self) -> None:
        """This month."""
        self._go(period(Span.MONTH, self.till.station.desk.today()))

    def action_day(self) -> None:
        """1: a day."""
        self._span(Span.DAY)

    def action_month(self) -> None:
        """2: a month."""
        self._span(Span.MONTH)

    def action_year(self) -> None:
        """3: a year."""
        self._span(Span.YEAR)

    def action_earlier(self) -> None:
        """Left: the period before."""
        if self.period is not None:
            self._go(self.period.previous())

    def action_later(self) -> None:
        """Right: the period after, as far as today."""
        if self.period is not None and self.period.next().first <= self.till.station.desk.today():
            self._go(self.period.next())

    def action_chart(self) -> None:
        """Down: another chart."""
        self.place += 1
        self._show()

    def action_finish(self) -> None:
        """`+`: the whole report as a sheet, to print and to take away."""
        if self.report is not None:
            self.till.show_paper(summary.sheet(self.till.station.desk, self.till.by, self.report))

    def _span(self, span: Span) -> None:
        if self.period is not None and self.period.span is not span:
            today = self.till.station.desk.today()
            self._go(period(span, min(self.period.last, today)))

    def _go(self, wanted: Period) -> None:
        desk = self.till.station.desk
        self.period = wanted
        self.ask(lambda: summary.read(desk, wanted), self._came)

    def _came(self, report: Report) -> None:
        if report.figures.period == self.period:
            self.report = report
            self._show()

    def _show(self) -> None:
        if self.report is None:
            return
        charts = self._charts(self.report)
        chart = charts[self.place % len(charts)]
        text = self.report.figures.period.text
        self.query_one("#title", Static).update(
            f"{self.words(f'report.of-{self.report.figures.period.span}')}   {text}"
        )
        self.query_one("#figures", Static).update("\n".join((*self._stated(self.report), "", *_legend(chart))))
        self.query_one("#about", Static).update(self.words(f"report.{chart.about}"))
        drawn = any(value > 0 for value in chart.values)
        self.query_one("#chart").display = drawn
        self.query_one("#none").display = not drawn
        if drawn:
            names = [str(place) for place, _ in enumerate(chart.names, 1)] if chart.numbered else chart.names
            self.query_one("#chart", Bars).show(names, chart.values, chart.figure)

    def _stated(self, report: Report) -> Sequence[str]:
        """What it comes to; its days stand in the title."""
        return [
            spread(self.words(f"sheet.{fact.label}"), shown(fact.cell, self.words), _CELLS)
            for fact in summary.facts(report.figures)
            if not isinstance(fact.cell, Day)
        ]

    def _charts(self, report: Report) -> tuple[Chart, ...]:
        goods = [(report.name(each.code), each.out) for each in moved.most_wanted(report.figures)]
        weighed = [each for each in moved.materials(report.figures) if not self._counted(report, each.code)]
        weighed.sort(key=lambda each: -each.came)
        brought = [(report.name(each.code), each.came) for each in weighed if each.came > 0]
        return (
            *self._points(report),
            _numbered("goods", goods, lambda pieces: f"{pieces:,}"),
            _numbered("materials", brought, lambda grams: str(Grams(grams))),
        )

    def _counted(self, report: Report, code: str) -> bool:
        """Whether a material is counted in pieces: no bar beside kilograms."""
        found = report.materials.get(code)
        return found is not None and found.scale == "count"

    def _points(self, report: Report) -> tuple[Chart, Chart]:
        """Points in and out: of a day by where they came from, else along the time."""
        figures = report.figures
        if figures.period.span is Span.DAY:
            flows = figures.flows(Pool.POINTS)
            gained = [(self._side(flow), flow.came) for flow in flows if flow.came]
            spent = [(self._side(flow), flow.went) for flow in flows if flow.went]
            return _numbered("came", gained, _score), _numbered("went", spent, _score)
        bars = {bar.label: bar for bar in figures.bars}
        parts = figures.period.last.day if figures.period.span is Span.MONTH else figures.period.last.month
        names = tuple(str(part) for part in range(1, parts + 1))
        came = tuple(bars[name].came.amount if name in bars else 0 for name in names)
        went = tuple(bars[name].went.amount if name in bars else 0 for name in names)
        return Chart("came", names, came, _score), Chart("went", names, went, _score)

    def _side(self, flow: Flow) -> str:
        return shown(side(flow), self.words)


def _numbered(about: str, rows: Sequence[tuple[str, int]], figure: Callable[[int], str]) -> Chart:
    first = rows[:_MOST_BARS]
    return Chart(about, tuple(name for name, _ in first), tuple(n for _, n in first), figure, numbered=True)


def _legend(chart: Chart) -> Sequence[str]:
    """The bars by their numbers, where they have any."""
    rows = zip(chart.names, chart.values, strict=True) if chart.numbered else ()
    return [spread(f"{place} {name}", chart.figure(value), _CELLS) for place, (name, value) in enumerate(rows, 1)]


def _score(amount: int) -> str:
    return plain(Points(amount))
