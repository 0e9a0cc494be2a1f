"""兑换: scan or find goods, line by line; the ticket is confirmed with one key, the balance after it in big digits."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.widgets import Static

from catalog.goods import Good, Service
from catalog.units import Points
from drivers.scanner.codes import Code, Kind
from pos.core.cards import is_number
from pos.core.redemption import (
    MOST_LINES,
    MOST_PIECES,
    Draft,
    OverrideReason,
    PickedGood,
    PickedService,
)
from pos.core.refusals import (
    CardUnknown,
    GoodUnknown,
    OutOfStock,
    Refused,
    SoldByPiece,
    TooManyLines,
)
from pos.counter import shelf
from pos.counter.cards import HouseholdView
from pos.counter.shelf import Shelf
from pos.tui.base import Tone
from pos.tui.lines import good_row, offer_row, service_offer_row, service_row
from pos.tui.number import NumberDialog, whole
from pos.tui.open_tickets import REDEEM
from pos.tui.paying import PayingScreen
from pos.tui.redeem_dialogs import called, slot_dialog
from pos.tui.redeem_sums import sums_of
from pos.tui.typed import Typed
from pos.tui.wanted_form import WantedForm
from pos.tui.widgets.cells import spread
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.search import find
from pos.tui.widgets.ticket import Row, Ticket

_TYPED = "abcdefghijklmnopqrstuvwxyz0123456789"
_MOST_DIGITS = len(str(MOST_PIECES))


class RedeemScreen(PayingScreen):
    """One household's open redemption ticket."""

    NAME = "redeem"
    CSS_PATH = "redeem.tcss"
    SLOT = REDEEM

    def __init__(self, view: HouseholdView, draft: Draft | None = None, early: Sequence[Code] = ()) -> None:
        fresh = Draft(view.household.number, view.card.number, view.read.read_as)
        super().__init__(view, draft or fresh, resumed=draft is not None)
        self.typed = Typed(_TYPED)
        self.times = 1
        """Pieces that the next good counts."""
        self.matches: list[Good | Service] = []
        self.match = 0
        self.short: tuple[Draft, int] | None = None
        """The ticket that was refused last for want of stock, and its line."""
        self._early = list(early)
        """Goods scanned before the shelf was read."""

    def body(self) -> ComposeResult:
        """Household, search, offers, lines, sums with the balance after."""
        yield Static(id="household", markup=False)
        yield Static(id="search", markup=False)
        yield Ticket(id="offers")
        yield Ticket(id="lines")
        with Horizontal(id="foot"):
            yield Static(id="sums", markup=False)
            with Vertical(id="after"):
                yield Static(id="after-label", markup=False)
                yield BigDigits(id="balance")

    def on_mount(self) -> None:
        """Read what is on the shelf."""
        desk = self.till.station.desk
        self.ask(lambda: shelf.open_shelf(desk, self.draft.household), self._opened)

    def on_resize(self) -> None:
        """Lines are laid out by the width there is."""
        self.call_after_refresh(self.show_ticket)

    def _opened(self, opened: Shelf) -> None:
        self.shelf = opened
        self.show_ticket()
        if not opened.open_now:
            self.say(self.words("redeem.outside-hours"), Tone.WAIT)
        early, self._early = self._early, []
        for code in early:
            self.scanned(code)

    # What is on screen

    def show_ticket(self) -> None:
        """Bring everything up to date."""
        self._show_search()
        if self.shelf is not None:
            self._show_lines(self.shelf)
            self._show_sums(self.shelf)

    def _show_search(self) -> None:
        line = self.query_one("#search", Static)
        many = self.words("redeem.times", times=self.times)
        line.update(spread(f"{self.words('redeem.search')} {self.typed.text}_", many, line.size.width))
        held = self.shelf
        rows = () if held is None else tuple(self._offer(held, each) for each in self.matches)
        if self.typed.text and not rows:
            self.query_one("#offers", Ticket).show((Row(self.words("redeem.nothing-found"), ""),), None)
        else:
            self.query_one("#offers", Ticket).show(rows, self.match if rows else None)

    def _offer(self, held: Shelf, good: Good | Service) -> Row:
        if isinstance(good, Service):
            return service_offer_row(self.words, good, held.rules.book.services.get(good.code))
        price = held.rules.book.goods.get(good.code)
        taken = held.rules.taken.get(good.code, 0)
        return offer_row(self.words, good, price.points if price else None, held.on_hand(good), taken)

    def _show_lines(self, held: Shelf) -> None:
        if self.chosen is not None and self.chosen >= self._many():
            self.chosen = None
        served = (service_row(held.rules, picked) for picked in self.draft.services)
        rows = (*(self._line(held, line) for line in self.draft.lines), *served)
        self.query_one("#lines", Ticket).show(rows, self._place() if rows and not self.matches else None)

    def _line(self, held: Shelf, line: PickedGood) -> Row:
        price = held.rules.book.goods.get(line.good)
        tone = "refused" if held.refusal(line, self.draft.overridden) else ""
        points = price.points if price else None
        return good_row(self.words, held.rules.goods.get(line.good), line.good, line.quantity, points, tone)

    def _show_sums(self, held: Shelf) -> None:
        draft, found = self.draft, sums_of(self.words, held, self.draft)
        kinds = len(draft.lines) + len(draft.services)
        pieces = sum(line.quantity for line in draft.lines) + len(draft.services)
        who = called(self.words, (draft.collector, draft.member), self.view.members)
        child = f"   {self.words(f'note.{draft.note}')}" if draft.note else ""
        sums = (
            self.words("redeem.total", kinds=kinds, pieces=pieces, points=found.total),
            found.note,
            self.words("redeem.collector", who=who) + child,
        )
        self.query_one("#sums", Static).update("\n\n".join(sums))
        self.query_one("#after-label", Static).update(found.label)
        balance = self.query_one("#balance", BigDigits)
        balance.value = "-" if self.view.household.quiet else str(found.after)
        balance.set_classes([found.tone])
        self._show_household(held.available, found.total)

    def _show_household(self, available: Points, total: Points) -> None:
        head, household = self.query_one("#household", Static), self.view.household
        who = self.words("ticket.household", short=household.short, name=household.masked, group=household.group)
        head.update(spread(who, self.held(available, str(-total)), head.size.width))

    def _many(self) -> int:
        return len(self.draft.lines) + len(self.draft.services)

    def _place(self) -> int:
        return self._many() - 1 if self.chosen is None else self.chosen

    # What is picked

    def scanned(self, code: Code) -> None:
        """A good counts one more; another household's card asks."""
        if self.busy:
            self.refuse_scan(self.words("ticket.writing"))
        elif self.shelf is None:
            self._early.append(code)
        else:
            good = self.shelf.barcodes.get(code.text)
            if code.kind in (Kind.CARD, Kind.SIGNED_CARD) and (good is None or is_number(code.text)):
                # Twelve digits may be a card or a barcode: the table of cards is asked first.
                self.other_card(code, lambda no: self._no_card(no, good))
            elif good is None:
                self.refuse(GoodUnknown(text=code.text))
            elif code.measure is not None:
                self.refuse(SoldByPiece(item=self._called(good)))
            else:
                self._add(good, self.times)

    def _no_card(self, no: Refused, good: str | None) -> None:
        if good is not None and isinstance(no, CardUnknown):
            self._add(good, self.times)
        else:
            self.refuse(no)

    def _add(self, good: str, pieces: int) -> None:
        """Put so many more of `good` on the ticket, or say why not and change nothing."""
        draft = self.draft.adding(good, pieces)
        place = next(place for place, line in enumerate(draft.lines) if line.good == good)
        if self._may_stand(draft, place):
            self.typed.clear()
            self.times, self.matches, self.match = 1, [], 0
            self.chosen = place
            self.change(draft)
            self._say_added(good, draft.lines[place].quantity)

    def _say_added(self, good: str, pieces: int) -> None:
        near = self.shelf.near_expiry(good) if self.shelf else None
        if near is None:
            self.say(self.words("redeem.added", item=self._called(good), pieces=pieces), Tone.GOOD)
        else:
            self.say(self.words("redeem.near-expiry", item=self._called(good), day=near.isoformat()), Tone.WAIT)

    def _serve(self, service: Service) -> None:
        """Put a service on the ticket, on a day that is asked for where it is booked."""
        if self.shelf is None or self.busy:
            return
        if not service.places:
            self._put(PickedService(service.code))
            return
        dialog = slot_dialog(self.words, service, self.shelf.rules.today)
        self.app.push_screen(dialog, lambda day: self._put(PickedService(service.code, slot=day)) if day else None)

    def _put(self, picked: PickedService) -> None:
        if self.shelf is None or self.busy:
            return
        draft = replace(self.draft, services=(*self.draft.services, picked))
        try:
            self.shelf.total(replace(draft, lines=()))
        except Refused as no:
            self.refuse(no)
            return
        self.typed.clear()
        self.times, self.matches, self.match, self.chosen = 1, [], 0, None
        self.change(draft)
        self.say(self.words("redeem.added", item=self.shelf.rules.services[picked.service].name, pieces=1), Tone.GOOD)

    def _may_stand(self, draft: Draft, place: int) -> bool:
        if self.shelf is None or self.busy:
            return False
        no = self.shelf.refusal(draft.lines[place], draft.overridden)
        if no is None and len(draft.lines) > MOST_LINES:
            no = TooManyLines(most=MOST_LINES)
        if no is not None:
            self.refuse(no)
        self.short = (draft, place) if isinstance(no, OutOfStock) else None
        return no is None

    def _called(self, code: str) -> str:
        good = self.shelf.rules.goods.get(code) if self.shelf else None
        return good.name if good else code

    # Keys

    def on_key(self, event: Key) -> None:
        """Letters and digits search; up and down choose among what was found, else among the lines."""
        if event.key in ("up", "down"):
            event.stop()
            self._move(-1 if event.key == "up" else 1)
        elif self.typed.take(event):
            event.stop()
            self.matches, self.match = find(self.shelf.everything, self.typed.text) if self.shelf else [], 0
            self.show_ticket()

    def _move(self, step: int) -> None:
        if self.matches:
            self.match = min(len(self.matches) - 1, max(0, self.match + step))
        elif not self.draft.empty:
            self.chosen = min(self._many() - 1, max(0, self._place() + step))
        self.show_ticket()

    def action_enter(self) -> None:
        """Enter: put the good that was found on the ticket."""
        found = self.matches[self.match] if self.matches else None
        if isinstance(found, Service):
            self._serve(found)
        elif found is not None:
            self._add(found.code, self.times)
        elif self.typed.text:
            self.refuse(GoodUnknown(text=self.typed.text))
        else:
            self.say(self.words("redeem.hint"), Tone.WAIT)

    def action_quantity(self) -> None:
        """`*`: digits before it say how many the next good counts; else ask for the good found or the line chosen."""
        text = self.typed.text
        if text.isdecimal() and len(text) <= _MOST_DIGITS and int(text):
            self.typed.clear()
            self.times, self.matches = int(text), []
            self.show_ticket()
        elif self.matches and isinstance(self.matches[self.match], Good):
            code = self.matches[self.match].code
            self._ask_pieces(code, lambda pieces: self._add(code, pieces))
        elif not self.matches and (place := self._place()) in range(len(self.draft.lines)):
            self._ask_pieces(self.draft.lines[place].good, lambda pieces: self._set(place, pieces))
        else:
            self.say(self.words("redeem.hint"), Tone.WAIT)

    def _ask_pieces(self, good: str, then: Callable[[int], None]) -> None:
        wrong = self.words("refused.quantity-range", most=MOST_PIECES)
        title = self.words("redeem.how-many", item=self._called(good))
        dialog = NumberDialog(title, self.words("unit.pieces"), whole(1, MOST_PIECES), wrong)
        self.app.push_screen(dialog, lambda pieces: then(pieces) if pieces is not None else None)

    def _set(self, place: int, pieces: int) -> None:
        lines = self.draft.lines
        line = replace(lines[place], quantity=pieces)
        draft = replace(self.draft, lines=(*lines[:place], line, *lines[place + 1 :]))
        if self._may_stand(draft, place):
            self.change(draft)

    def action_remove(self) -> None:
        """`-`: take the chosen line off the ticket."""
        if not self.draft.empty and not self.busy:
            place, self.chosen = self._place(), None
            self.change(self.draft.without(place))
            self.say(self.words("ticket.removed"))

    def action_override(self) -> None:
        """F7: what was refused for want of stock lies on the shelf all the same; a second person is asked at `+`."""
        if self.short is None or self.busy:
            self.say(self.words("redeem.nothing-short"), Tone.WAIT)
            return
        draft, place = self.short
        good = draft.lines[place].good
        reasons = [(reason.value, self.words(f"override.{reason}")) for reason in OverrideReason]

        def chosen(reason: str) -> None:
            overridden = (*(code for code in draft.overridden if code != good), good)
            given = replace(draft, overridden=overridden, override_reason=OverrideReason(reason))
            if self._may_stand(given, place):
                self.typed.clear()
                self.times, self.matches, self.match = 1, [], 0
                self.change(given)
                self.say(self.words("redeem.overridden", item=self._called(good)), Tone.WAIT)

        self.till.choose(self.words("redeem.why-override", item=self._called(good)), reasons, chosen)

    def action_wanted(self) -> None:
        """F8: note what they ask for and the store does not have."""
        self.app.push_screen(WantedForm())

    def action_back(self) -> None:
        """Esc: give the search up, or the ticket, the latter only after asking."""
        if self.busy:
            return
        if self.typed.clear() or self.times != 1:
            self.times, self.matches = 1, []
            self.show_ticket()
        else:
            self.leave()
