"""开班: every check as a light, the cash counted, then the day is opened."""

from collections.abc import Sequence

from catalog.units import Fen
from pos.core.closing import Closing
from pos.core.day import Day
from pos.core.opening import Check, Colour, Light
from pos.core.refusals import ClockBack
from pos.core.scales import Concern
from pos.counter import opening_checks
from pos.printing.state import explain
from pos.tui import counts, scale_jobs
from pos.tui.base import Tone
from pos.tui.concerns import concern
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_SIGNS = {Colour.GREEN: "●", Colour.AMBER: "!", Colour.RED: "×"}


class OpeningScreen(ListScreen[Light]):
    """One line a light; Enter does something about it, `+` opens the day."""

    NAME = "opening"
    TOPIC = "opening"

    def __init__(self) -> None:
        super().__init__()
        self.counts = Closing()

    def read(self) -> Sequence[Light]:
        """The lights as they are now."""
        paper = self.till.paper
        return opening_checks.lights(self.till.station.desk, paper.cause if paper is not None else "")

    def read_anew(self) -> None:
        """Read the lights again, and stand on the first that is left to see to."""

        def show(lights: Sequence[Light]) -> None:
            self.items = lights
            self._go_on()

        self.ask(self.read, show)

    def _go_on(self) -> None:
        self.go(next((place for place, light in enumerate(self.items) if self._left(light)), self.chosen))

    def _left(self, light: Light) -> bool:
        """What nobody can do anything about here is left out, such as a verification that runs out soon."""
        match light.check:
            case Check.SCALE:
                return light.reason in (Concern.CHECK_DUE, Concern.CHECK_FAILED)
            case Check.CASH:
                return light.colour is not Colour.GREEN and self.counts.counted is None
            case _:
                return light.colour is not Colour.GREEN

    def row(self, item: Light) -> Row:
        """What was looked at, and how it is."""
        name = self.words(f"opening.{item.check}")
        text = f"{_SIGNS[item.colour]} {left(name, 10)} {self._said(item)}"
        return Row(text, "", "refused" if item.colour is Colour.RED else "")

    def _said(self, item: Light) -> str:
        words = self.words
        if item.check is Check.SCALE and item.about:
            good = item.colour is Colour.GREEN
            return f"{item.about} {words('light.ok') if good else concern(words, item.reason, item.day, item.figure)}"
        if item.check is Check.PAPER and item.about:
            return explain(item.about, words)
        if item.check is Check.CASH and self.counts.counted is not None:
            return words("light.cash-counted", yuan=self.counts.counted)
        if item.check is Check.SYNC and item.reason == "ok":
            return words("light.sync-ok", figure=item.figure) if item.figure else words("light.sync-now")
        if item.reason in ("ok", "none", "alone"):
            return words(f"light.{item.reason}")
        return words(f"light.{item.check}-{item.reason}", figure=item.figure, date=item.day)

    def opened(self, item: Light) -> None:
        """Enter: check a scale, count the cash, confirm the clock, close the day before, see to a device."""
        match item.check:
            case Check.CASH:
                counts.ask_cash(self, Fen(item.figure), self._counted)
            case Check.CLOCK if item.colour is Colour.RED:
                self.till.confirm_clock(ClockBack(seconds=item.figure))
            case Check.YESTERDAY if item.colour is Colour.RED:
                self.till.show_closing()
            case Check.SCALE if item.reason == Concern.CHECK_DUE:
                scale_jobs.check(self, self.till.station.desk.scales[item.about], self.read_anew)
            case Check.SCALE if item.about:
                scale_jobs.ask_scale(self, self.read_anew, item.about)
            case Check.SCALE | Check.PAPER:
                self.till.show_devices()
            case _:
                self.say(self._said(item))

    def _counted(self, counted: Fen, reason: str) -> None:
        self.counts = Closing(counted=counted, cash_reason=reason)
        self._go_on()

    def summary(self) -> str:
        """What the lights come to."""
        amber = sum(item.colour is Colour.AMBER for item in self.items)
        return self.words("opening.warned", warnings=amber) if amber else self.words("opening.all-green")

    def action_finish(self) -> None:
        """`+`: open the day; what is not green is written down with it."""
        desk, found, cash = self.till.station.desk, tuple(self.items), self.counts
        self.commit(lambda by: opening_checks.open_day(desk, by, found, cash), self._opened)

    def _opened(self, day: Day) -> None:
        self.till.go_home()
        text = self.words("day.opened", date=day.business_date.isoformat(), book=day.book)
        self.till.call_later(self.till.say, text, Tone.GOOD)

    def action_back(self) -> None:
        """Esc: home, where a card may be looked up before the day is open."""
        self.till.go_home()
