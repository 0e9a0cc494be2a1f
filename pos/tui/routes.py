"""Which screen comes next: the screens ask here, since they do not know each other.

The stack is the splash, home, at most one full screen over it, what was opened over that, and dialogs.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from pos.core.refusals import ClockBack, DayAlreadyOpen, Refused
from pos.i18n import Words
from pos.tui import open_tickets
from pos.tui.base import Front, Tone
from pos.tui.ears import ListeningApp
from pos.tui.open_tickets import OpenTickets

if TYPE_CHECKING:
    from pos.core.day import Day
    from pos.core.entries import Signatures
    from pos.core.receipts import Receipt
    from pos.counter.cards import HouseholdView
    from pos.station import Station
    from pos.storage.people import Keeper

T = TypeVar("T")

_HOME = 2
"""How many screens the stack holds with home in front: the splash, and home."""


class Routes(ListeningApp):
    """The part of the app that puts screens up. Screens over home replace each other; dialogs stand on top."""

    words: Words
    keeper: "Keeper | None"

    @property
    def station(self) -> "Station":
        """The open counter."""
        raise NotImplementedError

    @property
    def by(self) -> "Signatures":
        """The signature of whoever is logged in."""
        raise NotImplementedError

    def do(
        self,
        use_case: Callable[[], T],
        then: Callable[[T], object],
        refused: Callable[[Refused], object] | None = None,
        always: Callable[[], object] | None = None,
    ) -> None:
        """Run a counter call on the counter's thread."""
        raise NotImplementedError

    # Full screens

    def go_home(self) -> None:
        """Back to waiting for a card."""
        self.call_later(self._stand, None)

    def open_card(self, text: str, *, typed: bool = False) -> None:
        """Open the household of a card that was scanned, or whose number was typed."""
        from pos.counter import cards

        desk = self.station.desk
        self.do(lambda: cards.open_household(desk, text, typed=typed), self.show_household)

    def show_household(self, view: "HouseholdView") -> None:
        """A household whose card was just read."""
        from pos.tui.screens.household import HouseholdScreen

        self.call_later(self._stand, partial(HouseholdScreen, view))

    def start_weigh_in(self, view: "HouseholdView") -> None:
        """Weigh in for a household, going on with its ticket that was left open."""
        self._start(view, "weigh-in", self._open_weigh_in)

    def _open_weigh_in(self, view: "HouseholdView", tickets: OpenTickets) -> None:
        from pos.tui.screens.weigh_in import WeighInScreen

        self.call_later(self._stand, partial(WeighInScreen, view, tickets.weigh_in))

    def start_redeem(self, view: "HouseholdView") -> None:
        """Redeem for a household, going on with its ticket that was left open."""
        self._start(view, "redeem", self._open_redeem)

    def _open_redeem(self, view: "HouseholdView", tickets: OpenTickets) -> None:
        from pos.tui.screens.redeem import RedeemScreen

        self.call_later(self._stand, partial(RedeemScreen, view, tickets.redeem))

    def _start(self, view: "HouseholdView", slot: str, start: "Callable[[HouseholdView, OpenTickets], None]") -> None:
        """Open a ticket; one of another household that was left open is not thrown away without asking."""
        drafts = self.station.drafts

        def found(tickets: OpenTickets) -> None:
            left = tickets.of(slot)
            if left is None or left.household == view.household.number:
                start(view, tickets)
                return
            text = self.words("ticket.discard", household=left.household[-4:], lines=len(left.lines))
            self.confirm(
                text, lambda: self.do(lambda: drafts.clear(slot), lambda _: start(view, tickets.without(slot)))
            )

        self.do(lambda: open_tickets.load(drafts), found)

    def resume_ticket(self, slot: str) -> None:
        """Go on with the ticket of `slot` that was left open."""
        from pos.counter import cards

        station = self.station

        def found() -> "HouseholdView | None":
            left = open_tickets.load(station.drafts).of(slot)
            return cards.open_household(station.desk, left.card) if left else None

        def resume(view: "HouseholdView | None") -> None:
            if view is not None:
                (self.start_weigh_in if slot == "weigh-in" else self.start_redeem)(view)

        self.do(found, resume)

    def show_receipt(self, receipt: "Receipt") -> None:
        """What was just written, with the new balance; the next card goes straight to its household."""
        from pos.tui.screens.receipt import ReceiptScreen

        self.call_later(self._stand, partial(ReceiptScreen, receipt, fresh=True))

    async def _stand(self, make: Callable[[], Screen[None]] | None) -> None:
        """Home with one screen over it, or alone, from anywhere; nothing moves while the till is locked."""
        if self.keeper is None:
            return
        while len(self.screen_stack) > _HOME + (1 if make else 0):
            await self.pop_screen()
        if make is None:
            return
        if len(self.screen_stack) > _HOME:
            await self.switch_screen(make())
        else:
            await self.push_screen(make())

    # Over whatever is in front, which is still there afterwards

    def show_old_receipt(self, receipt: "Receipt", copies: int = 0) -> None:
        """A receipt from the journal."""
        from pos.tui.screens.receipt import ReceiptScreen

        self.push_screen(ReceiptScreen(receipt, copies=copies))

    def show_journal(self, household: str | None = None) -> None:
        """The journal's list; of one household when its number is given."""
        from pos.tui.screens.journal import JournalScreen

        self.push_screen(JournalScreen(household))

    def show_devices(self) -> None:
        """The devices; pressing the key again changes nothing."""
        from pos.tui.screens.devices import DevicesScreen

        if not isinstance(self.screen, DevicesScreen):
            self.push_screen(DevicesScreen())

    def show_help(self, screen: str, *, dialog: bool = False) -> None:
        """What a screen is for, and its keys."""
        from pos.tui.screens.help import Help

        self.push_screen(Help(screen, of_dialog=dialog))

    def confirm(self, text: str, then: Callable[[], object]) -> None:
        """Ask before something that cannot be taken back; `then` runs after `+`."""
        from pos.tui.screens.confirm import Confirm

        self.push_screen(Confirm(text), lambda yes: _given(yes, lambda _: then()))

    def choose(self, title: str, choices: Sequence[tuple[str, str]], then: Callable[[str], object]) -> None:
        """Let a digit choose one of up to nine (value, text); nothing happens after Esc."""
        from pos.tui.screens.choose import Choose

        self.push_screen(Choose(title, choices), lambda value: _given(value, then))

    def approve(self, then: "Callable[[Signatures], object]", text: str = "", *, own: bool = False) -> None:
        """Ask a second person for number and PIN, or with `own` the keeper for the PIN again."""
        from pos.tui.screens.approve import Approve

        title = text or self.words("approve.second")
        self.push_screen(Approve(title, own=own), lambda by: _given(by, then))

    def confirm_clock(self, refused: ClockBack) -> None:
        """The clock stands before the last entry: go on once a second person says that it is right now."""
        from pos.core.receipts import local_time

        station = self.station
        now = local_time(station.desk.clock.wall(), station.store.identity.utc_offset_minutes)
        text = self.words("clock.ask", now=now[:16], seconds=refused.fields["seconds"])
        self.approve(self._set_clock, text)

    def _set_clock(self, by: "Signatures") -> None:
        from pos.counter import day

        self.do(lambda: day.confirm_clock(self.station.desk, by), lambda _: self._clock_is_set())

    def _clock_is_set(self) -> None:
        self.open_day()
        self._say(self.words("clock.set"), Tone.GOOD)

    def _say(self, text: str, tone: Tone) -> None:
        if isinstance(self.screen, Front):
            self.screen.say(text, tone)

    # Who serves

    def action_lock(self) -> None:
        """F12, or nobody there for a while: log in again. What is open stays as it is below."""
        from pos.tui.screens.login import Login

        self.keeper = None
        self.push_screen(Login(), self._signed_in)

    def _signed_in(self, keeper: "Keeper | None") -> None:
        self.keeper = keeper
        self.touched()
        self.show_pulse()
        self.open_day()

    def open_day(self) -> None:
        """Open the business day when none is open."""
        from pos.counter import day

        desk, by = self.station.desk, self.by

        def open_it() -> "Day | None":
            try:
                return day.open_day(desk, by)
            except DayAlreadyOpen:
                return None

        self.do(open_it, self._day_is_open)

    def _day_is_open(self, opened: "Day | None") -> None:
        if opened is not None:
            text = self.words("day.opened", date=opened.business_date.isoformat(), book=opened.book)
            self._say(text, Tone.GOOD)

    def show_pulse(self) -> None:
        """Bring the status line up to date."""
        raise NotImplementedError


def _given(answer: T | None, then: Callable[[T], object]) -> None:
    """Go on with a dialog's answer; Esc gives none."""
    if answer is not None:
        then(answer)
