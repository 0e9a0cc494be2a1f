"""How an open redemption ticket is paid, who collects, and who confirms it; its lines are the screen's own."""

from dataclasses import replace
from functools import partial

from catalog.units import Fen
from pos.core.redeem_refusals import HouseholdPinNeeded
from pos.core.redemption import Draft, Note, Shortfall
from pos.core.refusals import Refused
from pos.counter import redeem as counter
from pos.counter.cards import HouseholdView
from pos.counter.shelf import Shelf
from pos.tui.base import Tone
from pos.tui.redeem_dialogs import PinDialog, by_second_person, called, given_dialog, takers
from pos.tui.ticket_screen import TicketScreen


class PayingScreen(TicketScreen[Draft]):
    """The keys of a redemption that are about money and people."""

    def __init__(self, view: HouseholdView, draft: Draft, *, resumed: bool) -> None:
        super().__init__(view, draft, resumed=resumed)
        self.shelf: Shelf | None = None

    def show_ticket(self) -> None:
        """Bring the screen up to date after a change."""
        raise NotImplementedError

    def change(self, draft: Draft) -> None:
        """Take over a change; money that was counted in counts for the ticket as it was."""
        if (draft.lines, draft.services, draft.shortfall) != (
            self.draft.lines,
            self.draft.services,
            self.draft.shortfall,
        ):
            draft = replace(draft, given=Fen(0))
        self.keep(draft)
        self.show_ticket()

    def action_cash(self) -> None:
        """F5: the rest in cash, or not."""
        if not self.busy:
            to_cash = self.draft.shortfall is Shortfall.REFUSE
            self.change(replace(self.draft, shortfall=Shortfall.CASH if to_cash else Shortfall.REFUSE))
            self.say(self.words("redeem.with-cash") if to_cash else self.words("redeem.without-cash"))

    def action_given(self) -> None:
        """F9: count in the money on the counter, and see what goes back of it."""
        if self.shelf is None or self.busy:
            return
        try:
            cash = self.shelf.quote(replace(self.draft, given=Fen(0))).cash
        except Refused as no:
            self.refuse(no)
            return
        if not cash:
            self.say(self.words("redeem.no-cash-due"), Tone.WAIT)
            return

        def given(fen: Fen | None) -> None:
            if fen is not None and not self.busy:
                self.change(replace(self.draft, given=fen))

        self.app.push_screen(given_dialog(self.words, cash), given)

    def action_note(self) -> None:
        """F4: a child came alone, or not."""
        if not self.busy:
            alone = self.draft.note is not Note.CHILD_ALONE
            self.change(replace(self.draft, note=Note.CHILD_ALONE if alone else Note.NONE))

    def action_collector(self) -> None:
        """F6: who takes the goods away."""
        people = takers(self.view.members)
        choices = [(key, called(self.words, who, self.view.members)) for key, who in people.items()]

        def chosen(value: str) -> None:
            if not self.busy:
                collector, member = people[value]
                self.change(replace(self.draft, collector=collector, member=member))

        self.till.choose(self.words("redeem.who"), choices, chosen)

    def action_finish(self) -> None:
        """`+`: write the ticket."""
        if self.shelf is None or self.busy:
            return
        try:
            self.shelf.quote(self.draft)
        except Refused as no:
            self.refuse(no)
            return
        self.write(counter.redeem, no=self._refused)

    def _refused(self, no: Refused) -> None:
        """A dear ticket is confirmed by the household's PIN, or by a second person."""
        if not isinstance(no, HouseholdPinNeeded):
            self.refuse(no)
            return
        choices = [("pin", self.words("redeem.by-pin")), ("second", self.words("redeem.by-second"))]
        title = self.words("redeem.confirm-above", points=no.fields["points"])
        self.till.choose(title, choices, self._confirming)

    def _confirming(self, how: str) -> None:
        if how == "second":
            self.write(by_second_person, no=self._refused)
            return

        def typed(pin: str | None) -> None:
            if pin is not None:
                self.write(partial(counter.redeem, pin=pin), no=self._refused)

        self.app.push_screen(PinDialog(self.words("redeem.pin"), self.words("redeem.pin-digits")), typed)

    @property
    def empty(self) -> bool:
        """Whether nothing would be lost."""
        return self.draft.empty
