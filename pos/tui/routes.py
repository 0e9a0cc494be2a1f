"""Which screen comes next: the screens ask here, since they do not know each other.

The stack is the splash, home, at most one full screen over it, what was opened over that, and dialogs.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from pos.core.refusals import CardForeign, CardUnknown, ClockBack, Refused
from pos.i18n import Words
from pos.tui import open_tickets, visitors
from pos.tui.base import Front, Tone
from pos.tui.ears import ListeningApp
from pos.tui.open_tickets import OpenTickets

if TYPE_CHECKING:
    from drivers.scanner.codes import Code
    from pos.backup.runner import Backups
    from pos.core.entries import Signatures
    from pos.core.receipts import Receipt
    from pos.core.sheets import Paper
    from pos.counter.cards import HouseholdView
    from pos.counter.today import Today
    from pos.counter.vouchers import VoucherView
    from pos.station import Station
    from pos.storage.people import Keeper
    from pos.sync.pulse import SyncPulse
    from pos.tui.device_words import Subject

T = TypeVar("T")

_HOME = 2
"""How many screens the stack holds with home in front: the splash, and home."""


class Routes(ListeningApp):
    """The part of the app that puts screens up. Screens over home replace each other; dialogs stand on top."""

    words: Words
    keeper: "Keeper | None"
    backups: "Backups | None" = None
    """Once one was begun: it goes on when the till is closed."""
    sync: "SyncPulse | None"

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
        from pos.counter import cards, vouchers

        desk = self.station.desk
        asked = self.screen

        def refuse(refused: Refused) -> None:
            front = asked if asked.is_attached else self.screen
            if isinstance(front, Front):
                front.refuse(refused)

        def stranger(refused: Refused) -> None:
            visitors.ask(self, text, refuse, refused)

        def no(refused: Refused) -> None:
            if isinstance(refused, CardUnknown):
                # Twelve digits may be a voucher's, too: the table of cards is asked first.
                self.do(lambda: vouchers.look(desk, text), self.show_voucher, lambda _: stranger(refused))
            elif isinstance(refused, CardForeign):
                stranger(refused)
            else:
                refuse(refused)

        self.do(lambda: cards.open_household(desk, text, typed=typed), self.show_household, no)

    def show_voucher(self, view: "VoucherView") -> None:
        """A service voucher whose number was read."""
        from pos.tui.screens.voucher import VoucherScreen

        self.call_later(self._stand, partial(VoucherScreen, view))

    def show_household(self, view: "HouseholdView") -> None:
        """A household whose card was just read."""
        from pos.tui.screens.household import HouseholdScreen

        self.call_later(self._stand, partial(HouseholdScreen, view))

    def show_camera(self) -> None:
        """Look for a card with the camera; says so where none is set up."""
        from pos.tui.screens.camera import CameraScreen

        if self.station.devices.camera is None:
            self.say(self.words("camera.none"), Tone.REFUSED)
        else:
            self.call_later(self._stand, CameraScreen)

    def start_weigh_in(self, view: "HouseholdView") -> None:
        """Weigh in for a household, going on with its ticket that was left open."""
        self._start(view, "weigh-in", self._open_weigh_in)

    def _open_weigh_in(self, view: "HouseholdView", tickets: OpenTickets) -> None:
        from pos.tui.screens.weigh_in import WeighInScreen

        self.call_later(self._stand, partial(WeighInScreen, view, tickets.weigh_in))

    def start_redeem(self, view: "HouseholdView", scanned: "Sequence[Code]" = ()) -> None:
        """Redeem for a household, going on with its ticket that was left open; what was `scanned` until then is on it.

        What is added to `scanned` before the ticket stands counts, too.
        """

        def open_it(view: "HouseholdView", tickets: OpenTickets) -> None:
            from pos.tui.screens.redeem import RedeemScreen

            self.call_later(self._stand, lambda: RedeemScreen(view, tickets.redeem, scanned))

        self._start(view, "redeem", open_it)

    def _start(self, view: "HouseholdView", slot: str, start: "Callable[[HouseholdView, OpenTickets], None]") -> None:
        """Open a ticket; one of another household that was left open is not thrown away without asking."""
        drafts, desk, by = self.station.drafts, self.station.desk, self.by

        def load() -> OpenTickets:
            from pos.counter import day

            day.check_serving(desk, by)
            return open_tickets.load(drafts)

        def found(tickets: OpenTickets) -> None:
            left = tickets.of(slot)
            if left is None or left.household == view.household.number:
                start(view, tickets)
                return
            text = self.words("ticket.discard", household=left.household[-4:], lines=len(left.lines))
            self.confirm(
                text, lambda: self.do(lambda: drafts.clear(slot), lambda _: start(view, tickets.without(slot)))
            )

        self.do(load, found)

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

    def show_paper(self, paper: "Paper", copies: int = 0) -> None:
        """A paper from the journal, or one that was just written."""
        from pos.core.receipts import Receipt

        if isinstance(paper, Receipt):
            from pos.tui.screens.receipt import ReceiptScreen

            self.push_screen(ReceiptScreen(paper, copies=copies))
        else:
            from pos.tui.screens.sheet import SheetScreen

            self.push_screen(SheetScreen(paper, copies=copies))

    def open_receipt(self, text: str) -> None:
        """The paper whose QR code was scanned."""
        from pos.counter import journal

        desk = self.station.desk
        self.do(lambda: journal.by_mark(desk, text), lambda filed: self.show_paper(filed.paper, filed.copies))

    def start_return(self, seq: int) -> None:
        """Take goods of redemption `seq` back."""
        from pos.counter import take_back
        from pos.tui.screens.return_goods import ReturnScreen

        desk = self.station.desk
        self.do(lambda: take_back.sale(desk, seq), lambda sale: self.push_screen(ReturnScreen(sale)))

    def show_journal(self, household: str | None = None) -> None:
        """The journal's list; of one household when its number is given."""
        from pos.tui.screens.journal import JournalScreen

        self.push_screen(JournalScreen(household))

    def show_joining(self) -> None:
        """Join the village ledger, or begin a new epoch where this store has joined already."""
        from pos.tui.screens.sync_join import JoinForm, RenewForm

        self.push_screen(RenewForm() if self.sync is not None and self.sync.enrolled else JoinForm())

    def reopen(self, text: str) -> None:
        """End here: what was just done holds from the next opening on."""
        self.exit(message=text)

    def show_devices(self) -> None:
        """The devices; pressing the key again changes nothing."""
        from pos.tui.screens.devices import DevicesScreen

        if not isinstance(self.screen, DevicesScreen):
            self.push_screen(DevicesScreen())

    def show_device(self, subject: "Subject") -> None:
        """One device: how it is, its test, its settings and what it said lately."""
        from pos.tui.screens.device import DeviceScreen

        self.push_screen(DeviceScreen(subject))

    def open_screen(self, make: Callable[[], Screen[None]]) -> None:
        """A screen that the menu names."""
        self.push_screen(make())

    def show_help(self, screen: str, topic: str, *, dialog: bool = False) -> None:
        """What a screen is for, and its keys."""
        from pos.tui.screens.help import Help

        self.push_screen(Help(screen, topic, of_dialog=dialog))

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
        from pos.core.local_time import local_time

        station = self.station
        now = local_time(station.desk.clock.wall(), station.store.identity.utc_offset_minutes)
        text = self.words("clock.ask", now=now[:16], seconds=refused.fields["seconds"])
        self.approve(self._set_clock, text)

    def _set_clock(self, by: "Signatures") -> None:
        from pos.counter import day

        self.do(lambda: day.confirm_clock(self.station.desk, by), lambda _: self._clock_is_set())

    def _clock_is_set(self) -> None:
        self.open_day()
        self.say(self.words("clock.set"), Tone.GOOD)

    def say(self, text: str, tone: Tone) -> None:
        """A line of text on the screen in front."""
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
        """Whoever may serve opens the day when none is open, and closes an earlier one first."""
        from pos.core.people import SERVES
        from pos.counter.today import today

        if self.keeper is not None and self.keeper.role in SERVES:
            self.do(lambda: today(self.station.desk), self._day_stands)

    def _day_stands(self, today: "Today") -> None:
        if today.day is None:
            self.show_opening()
        elif today.old:
            self.show_closing()

    def show_opening(self) -> None:
        """The checks before the day is opened."""
        from pos.tui.screens.opening import OpeningScreen

        self.call_later(self._stand, OpeningScreen)

    def show_closing(self) -> None:
        """Close the day that is open; the checks of the opening when none is."""
        from pos.tui.screens.close_day import CloseScreen

        self.call_later(self._stand, CloseScreen)

    def back_up(self) -> None:
        """Begin a backup where a folder is set up for them; the status line says how it goes."""
        if self.station.backups.folder is not None:
            self.backups = self.station.backups
            self.backups.start()

    def show_pulse(self) -> None:
        """Bring the status line up to date."""
        raise NotImplementedError


def _given(answer: T | None, then: Callable[[T], object]) -> None:
    """Go on with a dialog's answer; Esc gives none."""
    if answer is not None:
        then(answer)
