"""兑换: scan or find goods, line by line; the ticket is confirmed with one key, the balance after it in big digits."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.widgets import Static

from catalog.goods import Good
from catalog.units import Fen, Points
from drivers.scanner.codes import Code, Kind
from pos.core import cards as card_rules
from pos.core import codec
from pos.core.entries import Signatures
from pos.core.receipts import Receipt
from pos.core.redemption import MOST_LINES, MOST_PIECES, Collector, Draft, PickedGood, Redeem, Shortfall
from pos.core.refusals import GoodUnknown, PointsShort, Refused, TicketEmpty, TooManyLines
from pos.counter import redeem as counter
from pos.counter import shelf
from pos.counter.cards import HouseholdView
from pos.counter.shelf import Shelf
from pos.tui.base import CounterScreen, Tone
from pos.tui.leaving import leave_ticket, other_card
from pos.tui.lines import good_row, offer_row
from pos.tui.number import NumberDialog, whole
from pos.tui.open_tickets import REDEEM
from pos.tui.typed import Typed
from pos.tui.widgets.cells import spread
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.search import find
from pos.tui.widgets.ticket import Ticket

_TYPED = "abcdefghijklmnopqrstuvwxyz0123456789"
_MOST_DIGITS = len(str(MOST_PIECES))


class RedeemScreen(CounterScreen):
    """One household's open redemption ticket."""

    NAME = "redeem"
    CSS_PATH = "redeem.tcss"

    def __init__(self, view: HouseholdView, draft: Draft | None = None) -> None:
        super().__init__()
        self.view = view
        self.draft = draft or Draft(view.household.number, view.card.number, view.read.read_as)
        self.shelf: Shelf | None = None
        self.typed = Typed(_TYPED)
        self.times = 1
        """Pieces that the next good counts."""
        self.matches: list[Good] = []
        self.match = 0
        self.chosen: int | None = None
        """The line that `-` and `*` are about; the last one when none was chosen."""
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

    def _offer(self, held: Shelf, good: Good) -> object:
        price = held.rules.book.goods.get(good.code)
        taken = held.rules.taken.get(good.code, 0)
        return offer_row(self.words, good, price.points if price else None, held.on_hand(good), taken)
