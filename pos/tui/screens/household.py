"""户: what a household has, right after its card was read."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from catalog.units import Points
from drivers.scanner.codes import Code, Kind
from pos.core.cards import ReadAs
from pos.core.households import HouseholdState
from pos.core.receipts import local_time
from pos.counter.cards import HouseholdView
from pos.printing.figures import signed
from pos.tui.base import CounterScreen, Tone
from pos.tui.kinds import kind_word
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.digits import BigDigits


class HouseholdScreen(CounterScreen):
    """One household: points in the largest figures, then what else belongs to it."""

    NAME = "household"
    CSS_PATH = "household.tcss"

    def __init__(self, view: HouseholdView) -> None:
        super().__init__()
        self.view = view

    def body(self) -> ComposeResult:
        """Who, how much, what lately."""
        yield Static(self._who(), id="who", markup=False)
        with Horizontal(id="figures"):
            yield Static(self.words("household.points"), id="points-label", markup=False)
            yield BigDigits(id="points")
        yield Static(self._also(), id="also", markup=False)
        yield Static(self._movements(), id="movements", markup=False)

    def on_mount(self) -> None:
        """Show the points, and say what is unusual about the card or the household."""
        digits = self.query_one("#points", BigDigits)
        digits.value = str(self.view.points)
        if self.view.household.state is HouseholdState.AWAY:
            self.say(self.words("household.away"), Tone.WAIT)
        elif self.view.read.read_as is ReadAs.TYPED:
            self.say(self.words("household.typed"), Tone.WAIT)
        else:
            self.say(self.words("household.what-next"))

    def scanned(self, code: Code) -> None:
        """Another card opens its household; for a good, redeeming has to be chosen first."""
        if code.kind in (Kind.CARD, Kind.SIGNED_CARD):
            self.till.open_card(code.text)
        else:
            self.refuse_scan(self.words("household.redeem-first"))

    def action_redeem(self) -> None:
        """F2: goods for points."""
        self.till.start_redeem(self.view)

    def action_weigh_in(self) -> None:
        """F3: recyclables for points."""
        self.till.start_weigh_in(self.view)

    def action_journal(self) -> None:
        """F8: everything of this household."""
        self.till.show_journal(self.view.household.number)

    def action_back(self) -> None:
        """Esc: wait for the next card."""
        self.till.go_home()

    def _who(self) -> str:
        household, card = self.view.household, self.view.card
        name = self.words("household.who", short=household.short, name=household.masked, group=household.group)
        state = self.words(f"card.{card.state}", version=card.version)
        read = self.words(f"read-as.{self.view.read.read_as}")
        return f"{name}   {self.words('household.persons', persons=household.persons)}   {state} {read}"

    def _also(self) -> str:
        view, words = self.view, self.words
        parts = [words("household.pending", points=view.pending), words("household.carried", yuan=view.carried)]
        if view.debt:
            parts.append(words("household.debt", points=view.debt))
        return "    ".join(parts)

    def _movements(self) -> str:
        offset = self.till.station.store.identity.utc_offset_minutes
        lines = [
            f"{local_time(move.wall, offset)[5:16]}  {left(kind_word(self.words, move.kind), 10)}"
            f"{right(signed(Points(move.points)), 12)}"
            for move in self.view.movements
        ]
        return "\n".join([self.words("household.lately"), *(lines or [self.words("household.nothing-yet")])])
