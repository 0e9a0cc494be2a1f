"""小票: as paper shows it, with the new balance large enough for the other side of the counter."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from catalog.units import Fen
from drivers.scanner.codes import Code, Kind
from pos.core.receipts import Receipt, RedeemFacts, ReverseFacts, TakeBackFacts, WeighFacts
from pos.counter import disputes, journal, reverse
from pos.printing.figures import signed
from pos.printing.preview import picture, preview
from pos.printing.state import explain
from pos.tui import household_jobs
from pos.tui.base import CounterScreen, Tone
from pos.tui.reversing import ask_reversal
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.picture import painter_behind

if TYPE_CHECKING:
    from PIL.Image import Image

COLUMNS = 32
"""Columns of the preview: narrow paper, so that the balance has its place beside it."""


class ReceiptScreen(CounterScreen):
    """One receipt; `fresh` right after it was written, when a card goes straight to its household."""

    NAME = "receipt"
    CSS_PATH = "receipt.tcss"

    def __init__(self, receipt: Receipt, *, fresh: bool = False, copies: int = 0) -> None:
        super().__init__()
        self.receipt = receipt
        self.fresh = fresh
        self.copies = copies

    def body(self) -> ComposeResult:
        """Paper on the left, balance on the right."""
        slip, words = self.receipt.slip, self.words
        with Horizontal(id="both"):
            with VerticalScroll(id="paper"):
                yield Static("\n".join(preview(self.receipt, words, COLUMNS)), id="text", markup=False)
            with Vertical(id="result"):
                yield Static(self._title(), id="title", markup=False)
                yield Static(f"{slip.household} {slip.household_name}  {slip.group}", id="who", markup=False)
                yield Static(words("done.change", points=signed(slip.after - slip.before)), id="change", markup=False)
                yield Static(words("done.balance"), classes="label", markup=False)
                yield BigDigits(id="balance")
                yield Static(id="printing", markup=False)
                yield Static(words("done.next") if self.fresh else "", id="next", markup=False)

    def on_mount(self) -> None:
        """Show the balance, and how the paper is."""
        slip = self.receipt.slip
        self.query_one("#balance", BigDigits).value = "-" if slip.quiet else str(slip.after)
        if said := self._to_say():
            self.say(said, Tone.WAIT)
        self.paper_changed()

    def paper_changed(self) -> None:
        """Say whether the receipt comes out."""
        self.query_one("#printing", Static).update(self._printing())

    def scanned(self, code: Code) -> None:
        """The next card."""
        if code.kind in (Kind.CARD, Kind.SIGNED_CARD):
            self.till.open_card(code.text)
        elif code.kind is Kind.RECEIPT:
            self.till.open_receipt(code.text)
        else:
            self.refuse_scan(self.words("home.card-first"))

    def action_return(self) -> None:
        """F5: goods of it come back."""
        self.till.start_return(journal.number_of(self.receipt))

    def action_dispute(self) -> None:
        """F6: a weight on it is not accepted."""
        desk, seq = self.till.station.desk, journal.number_of(self.receipt)
        household_jobs.dispute(self, lambda: disputes.doubted(desk, seq))

    def action_reprint(self) -> None:
        """Shift+F8: one more copy, marked as such."""
        desk, seq = self.till.station.desk, journal.number_of(self.receipt)
        self.commit(lambda by: reverse.reprint(desk, by, seq), self._reprinted)

    def action_reverse(self) -> None:
        """Delete: take it back."""
        if isinstance(self.receipt.facts, ReverseFacts | TakeBackFacts):
            self.say(self.words("refused.not-reversible"), Tone.REFUSED)
        else:
            ask_reversal(self, journal.number_of(self.receipt))

    def action_journal(self) -> None:
        """F8: everything that happened."""
        self.till.show_journal()

    def action_picture(self) -> None:
        """F9: the paper itself, where the terminal can show pictures; again for the text."""
        self.till.painter = self.till.painter or painter_behind(self.till)
        if self.till.painter is None:
            self.say(self.words("receipt-screen.text-only"), Tone.WAIT)
        elif self.query("#picture"):
            self.query("#picture").remove()
            self.query_one("#text").display = True
        else:
            self.ask(self._draw, self._show_picture)

    def action_back(self) -> None:
        """Esc: to the next card, or back to the list that this receipt was chosen from."""
        if self.fresh:
            self.till.go_home()
        else:
            self.dismiss()

    def _draw(self) -> "Image | None":
        from drivers.printer.raster import find_font

        font = find_font()
        return None if font is None else picture(self.receipt, self.words, COLUMNS, font)

    def _show_picture(self, drawn: "Image | None") -> None:
        if drawn is None:
            self.say(self.words("fault.font-missing"), Tone.REFUSED)
        elif self.till.painter is not None and not self.query("#picture"):
            self.query_one("#text").display = False
            self.query_one("#paper").mount(self.till.painter(drawn, id="picture"))

    def _to_say(self) -> str:
        """Cash that still changes hands, and what the household owes."""
        slip, cash, words = self.receipt.slip, self.receipt.hand_out, self.words
        said = []
        if self.fresh and cash:
            said.append(words("done.hand-out", yuan=cash) if cash > Fen(0) else words("done.take-in", yuan=-cash))
        if slip.owed and not slip.quiet:
            said.append(words("done.owed", points=slip.owed))
        return "  ".join(said)

    def _reprinted(self, copy: int) -> None:
        self.copies = copy
        self.say(self.words("done.reprinted", copy=copy), Tone.GOOD)

    def _title(self) -> str:
        match self.receipt.facts:
            case WeighFacts():
                what = self.words("done.weighed")
            case RedeemFacts():
                what = self.words("done.redeemed")
            case ReverseFacts():
                what = self.words("done.reversed")
            case TakeBackFacts():
                what = self.words("done.taken-back")
        return f"√ {what}" if self.fresh else what

    def _printing(self) -> str:
        words, paper = self.words, self.till.paper
        if not self.fresh:
            return words("done.copies", copies=self.copies)
        if self.till.station.config.printer is None:
            return words("done.no-printer")
        if paper is not None and paper.cause:
            return f"! {explain(paper.cause, words)}"
        if paper is not None and paper.doubtful:
            return f"! {words('done.doubtful')}"
        return words("done.printing") if paper is None or paper.waiting else words("done.printed")
