"""兑换: scan or find goods, line by line; the ticket is confirmed with one key, the balance after it in big digits."""

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.widgets import Static

from catalog.goods import Good
from catalog.units import Fen, Points
from drivers.scanner.codes import Code, Kind
from pos.core.cards import is_number
from pos.core.redemption import MOST_LINES, MOST_PIECES, Collector, Draft, PickedGood, Shortfall
from pos.core.refusals import CardUnknown, GoodUnknown, PointsShort, Refused, TicketEmpty, TooManyLines
from pos.counter import redeem as counter
from pos.counter import shelf
from pos.counter.cards import HouseholdView
from pos.counter.shelf import Shelf
from pos.tui.base import Tone
from pos.tui.lines import good_row, offer_row
from pos.tui.number import NumberDialog, whole
from pos.tui.open_tickets import REDEEM
from pos.tui.ticket_screen import TicketScreen
from pos.tui.typed import Typed
from pos.tui.widgets.cells import spread
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.search import find
from pos.tui.widgets.ticket import Row, Ticket

_TYPED = "abcdefghijklmnopqrstuvwxyz0123456789"
_MOST_DIGITS = len(str(MOST_PIECES))


class RedeemScreen(TicketScreen[Draft]):
    """One household's open redemption ticket."""

    NAME = "redeem"
    CSS_PATH = "redeem.tcss"
    SLOT = REDEEM

    def __init__(self, view: HouseholdView, draft: Draft | None = None) -> None:
        fresh = Draft(view.household.number, view.card.number, view.read.read_as)
        super().__init__(view, draft or fresh, resumed=draft is not None)
        self.shelf: Shelf | None = None
        self.typed = Typed(_TYPED)
        self.times = 1
        """Pieces that the next good counts."""
        self.matches: list[Good] = []
        self.match = 0
        self._early: list[Code] = []
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
        self.call_after_refresh(self._show)

    def _opened(self, opened: Shelf) -> None:
        self.shelf = opened
        self._show()
        early, self._early = self._early, []
        for code in early:
            self.scanned(code)

    # What is on screen

    def _show(self) -> None:
        self._show_search()
        if self.shelf is not None:
            self._show_lines(self.shelf)
            self._show_sums(self.shelf)

    def _show_search(self) -> None:
        line = self.query_one("#search", Static)
        many = self.words("redeem.times", times=self.times)
        line.update(spread(f"{self.words('redeem.search')} {self.typed.text}_", many, line.size.width))
        held = self.shelf
        rows = () if held is None else tuple(self._offer(held, good) for good in self.matches)
        self.query_one("#offers", Ticket).show(rows, self.match if rows else None)

    def _offer(self, held: Shelf, good: Good) -> Row:
        price = held.rules.book.goods.get(good.code)
        taken = held.rules.taken.get(good.code, 0)
        return offer_row(self.words, good, price.points if price else None, held.on_hand(good), taken)

    def _show_lines(self, held: Shelf) -> None:
        lines = self.draft.lines
        if self.chosen is not None and self.chosen >= len(lines):
            self.chosen = None
        rows = tuple(self._line(held, line) for line in lines)
        self.query_one("#lines", Ticket).show(rows, self._place() if lines and not self.matches else None)

    def _line(self, held: Shelf, line: PickedGood) -> Row:
        price = held.rules.book.goods.get(line.good)
        tone = "refused" if held.refusal(line) else ""
        points = price.points if price else None
        return good_row(self.words, held.rules.goods.get(line.good), line.good, line.quantity, points, tone)

    def _show_sums(self, held: Shelf) -> None:
        total, after, cash, note = Points(0), held.available, Fen(0), ""
        label, tone = self.words("redeem.after"), "points"
        try:
            body = held.quote(self.draft)
            total, after, cash = body.price, held.available - body.points, body.cash
        except TicketEmpty:
            pass
        except PointsShort as no:
            total = held.total(self.draft)
            short, tone = held.total(self.draft) - held.available, "refused"
            after, label = -short, self.words("redeem.short")
            note = self.words("redeem.short-cash", cash=no.fields["cash"])
        except Refused:
            label, tone = self.words("redeem.cannot"), "refused"
        pieces = sum(line.quantity for line in self.draft.lines)
        if cash:
            note = self.words("redeem.cash-due", cash=cash)
        sums = (
            self.words("redeem.total", kinds=len(self.draft.lines), pieces=pieces, points=total),
            note,
            self.words("redeem.collector", who=self.words(f"collector.{self.draft.collector}")),
        )
        self.query_one("#sums", Static).update("\n\n".join(sums))
        self.query_one("#after-label", Static).update(label)
        balance = self.query_one("#balance", BigDigits)
        balance.value = str(after)
        balance.set_classes([tone])
        self._show_household(held.available, total)

    def _show_household(self, available: Points, total: Points) -> None:
        head, household = self.query_one("#household", Static), self.view.household
        who = self.words("ticket.household", short=household.short, name=household.masked, group=household.group)
        head.update(spread(who, self.words("ticket.held", points=available, change=-total), head.size.width))

    def _place(self) -> int:
        return len(self.draft.lines) - 1 if self.chosen is None else self.chosen

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
            self._change(draft)
            line = draft.lines[place]
            self.say(self.words("redeem.added", item=self._called(good), pieces=line.quantity), Tone.GOOD)

    def _may_stand(self, draft: Draft, place: int) -> bool:
        if self.shelf is None or self.busy:
            return False
        no = self.shelf.refusal(draft.lines[place])
        if no is None and len(draft.lines) > MOST_LINES:
            no = TooManyLines(most=MOST_LINES)
        if no is not None:
            self.refuse(no)
        return no is None

    def _change(self, draft: Draft) -> None:
        self.keep(draft)
        self._show()

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
            goods = self.shelf.rules.goods.values() if self.shelf else ()
            self.matches, self.match = find(goods, self.typed.text), 0
            self._show()

    def _move(self, step: int) -> None:
        if self.matches:
            self.match = min(len(self.matches) - 1, max(0, self.match + step))
        elif self.draft.lines:
            self.chosen = min(len(self.draft.lines) - 1, max(0, self._place() + step))
        self._show()

    def action_enter(self) -> None:
        """Enter: put the good that was found on the ticket."""
        if self.matches:
            self._add(self.matches[self.match].code, self.times)
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
            self._show()
        elif self.matches:
            code = self.matches[self.match].code
            self._ask_pieces(code, lambda pieces: self._add(code, pieces))
        elif self.draft.lines:
            place = self._place()
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
            self._change(draft)

    def action_remove(self) -> None:
        """`-`: take the chosen line off the ticket."""
        if self.draft.lines and not self.busy:
            place, self.chosen = self._place(), None
            self._change(self.draft.without(place))
            self.say(self.words("ticket.removed"))

    def action_cash(self) -> None:
        """F5: the rest in cash, or not."""
        if not self.busy:
            to_cash = self.draft.shortfall is Shortfall.REFUSE
            self._change(replace(self.draft, shortfall=Shortfall.CASH if to_cash else Shortfall.REFUSE))
            self.say(self.words("redeem.with-cash") if to_cash else self.words("redeem.without-cash"))

    def action_collector(self) -> None:
        """F6: who takes the goods away."""
        choices = [(who.value, self.words(f"collector.{who}")) for who in Collector]

        def chosen(value: str) -> None:
            if not self.busy:
                self._change(replace(self.draft, collector=Collector(value)))

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
        self.write(counter.redeem)

    def action_back(self) -> None:
        """Esc: give the search up, or the ticket, the latter only after asking."""
        if self.busy:
            return
        if self.typed.clear() or self.times != 1:
            self.times, self.matches = 1, []
            self._show()
        else:
            self.leave()
