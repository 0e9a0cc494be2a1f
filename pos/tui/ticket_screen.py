"""What both ticket screens do: keep each change, write once, and never drop a line without asking."""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from catalog.units import Points
from drivers.scanner.codes import Code
from pos.core import codec, redemption, weigh_in
from pos.core.entries import Signatures
from pos.core.journal import TicketRepeated
from pos.core.receipts import Receipt
from pos.core.refusals import Refused
from pos.counter import cards, shelf
from pos.counter.cards import HouseholdView
from pos.counter.desk import Desk
from pos.tui import open_tickets
from pos.tui.base import CounterScreen, Tone

D = TypeVar("D", weigh_in.Draft, redemption.Draft)


class TicketScreen(CounterScreen, Generic[D]):
    """One household's open ticket; `SLOT` is its place in the drafts file, `resumed` says that it came from there."""

    SLOT: ClassVar[str]

    def __init__(self, view: HouseholdView, draft: D, *, resumed: bool) -> None:
        super().__init__()
        self.view = view
        self.draft: D = draft
        self.resumed = resumed
        self.written = False
        self.chosen: int | None = None
        """The line that keys are about; the last one when none was chosen."""

    @property
    def busy(self) -> bool:
        """Whether the ticket is being written, or is: nothing may change on it any more."""
        return self.committing or self.written

    def held(self, points: Points, change: str) -> str:
        """What the household has and what the ticket changes; the change alone where it wants its balance hidden."""
        if self.view.household.quiet:
            return self.words("ticket.change", change=change)
        return self.words("ticket.held", points=points, change=change)

    def after(self, points: Points) -> str:
        """The balance after the ticket, unless the household wants it hidden."""
        return "" if self.view.household.quiet else self.words("ticket.after", points=points)

    def on_mount(self) -> None:
        """A ticket that came back after a restart may have been written in the last moment before it."""
        if self.resumed:
            desk, draft = self.till.station.desk, self.draft
            self.ask(lambda: shelf.written(desk, draft), self._found)

    def keep(self, draft: D) -> None:
        """Take over a change, on the screen's ticket and in the drafts file."""
        self.draft = draft
        drafts = self.till.station.drafts
        self.ask(lambda: drafts.save(self.SLOT, codec.dumps(codec.plain(draft))), lambda _: None)

    def write(
        self,
        use_case: Callable[[Desk, Signatures, D], Receipt],
        *,
        twice: bool = False,
        no: Callable[[Refused], object] | None = None,
    ) -> None:
        """Write the ticket, forget its draft, and show the receipt; unless `twice`, ask before the same one again.

        `no` hears why it was refused; else the screen says so.
        """
        station, draft = self.till.station, self.draft

        def written(by: Signatures) -> Receipt:
            if not twice and (earlier := shelf.repeated(station.desk, draft)):
                raise TicketRepeated(number=earlier)
            receipt = use_case(station.desk, by, draft)
            station.drafts.clear(self.SLOT)
            return receipt

        def refused(why: Refused) -> None:
            if isinstance(why, TicketRepeated):
                self.till.bell()
                text = self.words("ticket.twice", **why.fields)
                self.till.confirm(text, lambda: self.write(use_case, twice=True, no=no))
            else:
                (no or self.refuse)(why)

        self.commit(written, self._done, refused)

    def leave(self) -> None:
        """Back to waiting for a card; a ticket with lines is given up only after asking."""
        if self.empty:
            self.till.go_home()
        else:
            choices = [("stay", self.words("ticket.stay")), ("drop", self.words("ticket.drop"))]
            self.till.choose(self.words("ticket.leave"), choices, self._dropping(self.till.go_home))

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost."""
        return not self.draft.lines

    def forget(self) -> None:
        """The ticket is given up; runs on the counter's thread."""
        self.cancelled(self.draft)
        self.till.station.drafts.clear(self.SLOT)

    def cancelled(self, draft: D) -> None:
        """The journal remembers what was given up of a ticket; runs on the counter's thread."""
        open_tickets.cancelled(self.till.station.desk, self.till.by, draft)

    def other_card(self, code: Code, refused: Callable[[Refused], object] | None = None) -> None:
        """A card was scanned into the ticket: its own is welcome, another one asks unless nothing is lost by it."""
        desk = self.till.station.desk
        if not self.committing:
            self.ask(lambda: cards.open_household(desk, code.text), self._other, refused)

    def _other(self, view: HouseholdView) -> None:
        words, household = self.words, view.household
        if household.number == self.draft.household:
            self.say(words("ticket.same-card"), Tone.GOOD)
        elif self.empty:
            self.till.show_household(view)
        else:
            self.till.bell()
            title = words("ticket.other-card", short=household.short, name=household.masked)
            choices = [("stay", words("ticket.stay")), ("drop", words("ticket.drop-for-other"))]
            self.till.choose(title, choices, self._dropping(lambda: self.till.show_household(view)))

    def _found(self, written: bool) -> None:
        if written:
            self.till.bell()
            choices = [("drop", self.words("ticket.drop")), ("stay", self.words("ticket.again"))]
            self.till.choose(self.words("ticket.written"), choices, self._dropping(self.till.go_home))

    def _dropping(self, then: Callable[[], object]) -> Callable[[str], None]:
        def chosen(value: str) -> None:
            if value == "drop":
                self.ask(self.forget, lambda _: then())

        return chosen

    def _done(self, receipt: Receipt) -> None:
        self.written = True
        self.till.show_receipt(receipt)
