"""退货: which goods of a receipt come back, how many, opened or whole; points and cash as they were paid."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Static

from drivers.scanner.codes import Code
from pos.core.receipts import Receipt
from pos.core.refusals import GoodUnknown, QuantityOutOfRange, Refused, TicketEmpty
from pos.core.take_back import BackLine, Condition
from pos.counter import take_back
from pos.counter.take_back import Sale
from pos.tui.base import CounterScreen
from pos.tui.number import NumberDialog, whole
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row, Ticket


class ReturnScreen(CounterScreen):
    """The goods of one redemption, and what of them comes back now."""

    NAME = "return"
    CSS_PATH = "return_goods.tcss"

    def __init__(self, sale: Sale) -> None:
        super().__init__()
        self.sale = sale
        self.lines = [BackLine(line.good, 0, Condition.WHOLE) for line in sale.body.lines]
        self.chosen = 0
        self.written = False

    def body(self) -> ComposeResult:
        """Whose receipt, its lines, what is given back."""
        yield Static(id="whose", markup=False)
        yield Ticket(id="lines")
        yield Static(id="comes-to", markup=False)

    def on_mount(self) -> None:
        """Show what may come back."""
        household, words = self.sale.household, self.words
        who = words("household.who", short=household.short, name=household.masked, group=household.group)
        self.query_one("#whose", Static).update(f"{words('return.of', number=self.sale.entry.seq)}   {who}")
        self._show()

    def on_key(self, event: Key) -> None:
        """Up and down choose a line."""
        if event.key in ("up", "down"):
            event.stop()
            self.chosen = max(0, min(len(self.lines) - 1, self.chosen + (1 if event.key == "down" else -1)))
            self._show()

    def scanned(self, code: Code) -> None:
        """A good of this receipt: one more of it comes back."""
        good = self.sale.barcodes.get(code.text)
        if good is None:
            self.refuse(GoodUnknown(text=code.text))
            return
        self.chosen = next(place for place, line in enumerate(self.lines) if line.good == good)
        self.action_more()

    def action_more(self) -> None:
        """Enter: one more of the chosen good."""
        self._set(self.lines[self.chosen].quantity + 1)

    def action_fewer(self) -> None:
        """`-`: one fewer."""
        self._set(max(0, self.lines[self.chosen].quantity - 1))

    def action_quantity(self) -> None:
        """`*`: so many of the chosen good."""
        line, most = self.lines[self.chosen], self.sale.left[self.lines[self.chosen].good]
        wrong = self.words("refused.quantity-range", most=most)
        title = self.words("return.how-many", item=self.sale.goods[line.good].name)
        dialog = NumberDialog(title, self.words("unit.pieces"), whole(0, most), wrong)
        self.app.push_screen(dialog, lambda pieces: self._set(pieces) if pieces is not None else None)

    def action_opened(self) -> None:
        """F5: the chosen good comes back opened, to be written off; again for whole."""
        line = self.lines[self.chosen]
        other = Condition.WHOLE if line.condition is Condition.OPENED else Condition.OPENED
        self.lines[self.chosen] = replace(line, condition=other)
        self._show()

    def action_finish(self) -> None:
        """`+`: take them back."""
        if self.written:
            return
        lines = self._back
        try:
            self.sale.decide(lines)
        except Refused as no:
            self.refuse(no)
            return
        desk, seq = self.till.station.desk, self.sale.entry.seq
        self.commit(lambda by: take_back.take_back(desk, by, seq, lines), self._done)

    def _done(self, receipt: Receipt) -> None:
        self.written = True
        self.till.show_receipt(receipt)

    @property
    def _back(self) -> tuple[BackLine, ...]:
        return tuple(line for line in self.lines if line.quantity)

    def _set(self, pieces: int) -> None:
        line = self.lines[self.chosen]
        most = self.sale.left[line.good]
        if pieces > most:
            self.refuse(QuantityOutOfRange(most=most))
            return
        self.lines[self.chosen] = replace(line, quantity=pieces)
        self._show()
        self.say("")

    def _show(self) -> None:
        rows = tuple(self._row(place) for place in range(len(self.lines)))
        self.query_one("#lines", Ticket).show(rows, self.chosen)
        self.query_one("#comes-to", Static).update(self._comes_to())

    def _row(self, place: int) -> Row:
        sold, line, words = self.sale.body.lines[place], self.lines[place], self.words
        gone = sold.quantity - self.sale.left[line.good]
        counts = words("return.line", sold=sold.quantity, gone=gone)
        back = words(f"return.{line.condition}", pieces=line.quantity) if line.quantity else ""
        name = self.sale.goods[line.good].name
        figure = str(sold.points * line.quantity) if line.quantity else ""
        return Row(f"{left(name, 22)} {left(counts, 22)} {right(back, 16)}", figure)

    def _comes_to(self) -> str:
        try:
            body = self.sale.decide(self._back).body
        except TicketEmpty:
            return self.words("return.choose")
        except Refused:
            return ""
        return self.words("return.comes-to", points=body.points, cash=body.cash)
