"""户: what a household has, right after its card was read."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from catalog.units import Points
from drivers.scanner.codes import Code, Kind
from pos.core.acts import Act
from pos.core.cards import ReadAs
from pos.core.households import HouseholdState
from pos.core.local_time import local_time
from pos.core.refusals import Refused
from pos.counter.cards import HouseholdView
from pos.printing.figures import signed
from pos.tui import household_jobs, sync_jobs
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
        self.shown = True
        self._goods: list[Code] = []
        """Scanned since the first good asked for a redemption, which is about to stand."""

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
        self._show_points(not self.view.household.quiet)
        if self.view.household.quiet:
            self.say(self.words("household.quiet"), Tone.WAIT)
        elif self.view.household.state is HouseholdState.AWAY:
            self.say(self.words("household.away"), Tone.WAIT)
        elif self.view.read.read_as is ReadAs.TYPED:
            self.say(self.words("household.typed"), Tone.WAIT)
        else:
            self.say(self.words("household.what-next"))

    def on_screen_resume(self) -> None:
        """After a question in front of it, whether a redemption began or not, the next good is a first one."""
        super().on_screen_resume()
        self._goods = []

    def refuse(self, refused: Refused) -> None:
        """The same when no redemption may begin."""
        self._goods = []
        super().refuse(refused)

    def scanned(self, code: Code) -> None:
        """Another card opens its household; a good is the first of a redemption."""
        if code.kind in (Kind.CARD, Kind.SIGNED_CARD):
            self.till.open_card(code.text)
        elif code.kind is Kind.RECEIPT:
            self.till.open_receipt(code.text)
        else:
            self._goods.append(code)
            if len(self._goods) == 1:
                self.till.start_redeem(self.view, self._goods)

    def action_redeem(self) -> None:
        """F2: goods for points."""
        self.till.start_redeem(self.view)

    def action_weigh_in(self) -> None:
        """F3: recyclables for points."""
        self.till.start_weigh_in(self.view)

    def action_ask_points(self) -> None:
        """F4: points that lie at another store, while the ledger can be asked."""
        sync_jobs.ask_points(self, self.view.household, lambda: self.till.open_card(self.view.card.number))

    def action_statement(self) -> None:
        """F5: a month of it."""
        household_jobs.open_statement(self, self.view.household)

    def action_cards(self) -> None:
        """F6: its cards."""
        household_jobs.open_cards(self, self.view.household)

    def action_journal(self) -> None:
        """F8: everything of this household."""
        self.till.show_journal(self.view.household.number)

    def action_show(self) -> None:
        """F9: the figures of a household that wants them hidden, or hide them again."""
        self._show_points(not self.shown)

    def action_menu(self) -> None:
        """F11: everything else that is done for a household."""
        household_jobs.ask(self, self.view.household)

    def action_back(self) -> None:
        """Esc: wait for the next card."""
        self.till.go_home()

    def _show_points(self, shown: bool) -> None:
        self.shown = shown
        self.query_one("#points", BigDigits).value = str(self.view.points) if shown else "-"
        self.query_one("#also", Static).display = shown
        self.query_one("#movements", Static).display = shown

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
        people = " ".join(f"{member.place} {member.masked}" for member in view.members)
        return "\n".join(
            [
                "    ".join(parts),
                words("household.lies-here" if self.till.sync and self.till.sync.enrolled else "household.alone"),
                *([words("household.members", people=people)] if people else []),
            ]
        )

    def _movements(self) -> str:
        offset = self.till.station.store.identity.utc_offset_minutes
        lines = [
            f"{local_time(move.wall, offset)[5:16]}  {left(kind_word(self.words, move.kind), 10)}"
            f"{right(signed(Points(move.points)), 12)}"
            for move in self.view.movements
            if move.kind != Act.KIND
        ]
        return "\n".join([self.words("household.lately"), *(lines or [self.words("household.nothing-yet")])])
