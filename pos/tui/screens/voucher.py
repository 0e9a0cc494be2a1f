"""核销: service vouchers by their number, scanned or typed: used once, given back before use, or expired."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from drivers.scanner.codes import Code, Kind
from pos.counter import vouchers
from pos.counter.vouchers import VoucherView
from pos.storage.services import VoucherState
from pos.tui.base import CounterScreen, Tone
from pos.tui.list_screen import ListScreen
from pos.tui.number import NumberDialog
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_DIGITS = 12


class VouchersScreen(ListScreen[VoucherView]):
    """The vouchers issued last; a scan or a number opens one."""

    NAME = "voucher-list"
    TOPIC = "vouchers"

    def read(self) -> Sequence[VoucherView]:
        """The newest ones."""
        return vouchers.newest(self.till.station.desk)

    def row(self, item: VoucherView) -> Row:
        """Number, service, whose, until when, and what became of it."""
        found = item.voucher
        text = f"{found.number}  {left(item.service.name, 20)} {left(item.household, 14)} {found.until.isoformat()}"
        tone = "" if found.state is VoucherState.ISSUED else "reversed"
        return Row(text, self.words(f"voucher-state.{found.state}"), tone)

    def opened(self, item: VoucherView) -> None:
        """Enter: look at it."""
        self.till.push_screen(VoucherScreen(item))

    def scanned(self, code: Code) -> None:
        """A voucher's barcode or QR code."""
        if code.kind is Kind.CARD:
            self._find(code.text)
        else:
            self.refuse_scan(self.words("voucher.scan-one"))

    def action_by_hand(self) -> None:
        """F5: a number whose barcode cannot be read."""
        title, wrong = self.words("voucher.which"), self.words("refused.voucher-unknown")
        dialog = NumberDialog(
            title, "", lambda text: text if text.isdecimal() and len(text) == _DIGITS else None, wrong
        )
        dialog.typed.most = _DIGITS
        self.app.push_screen(dialog, lambda number: self._find(number) if number else None)

    def action_expire(self) -> None:
        """F6: take the overdue ones off the books."""
        desk = self.till.station.desk

        def asked(overdue: Sequence[VoucherView]) -> None:
            if overdue:
                text = self.words("voucher.expire-ask", count=len(overdue))
                self.till.confirm(
                    text, lambda: self.commit(lambda by: vouchers.expire_overdue(desk, by), self._expired)
                )
            else:
                self.say(self.words("voucher.none-overdue"), Tone.WAIT)

        self.ask(lambda: vouchers.overdue(desk), asked)

    def _expired(self, ended: Sequence[VoucherView]) -> None:
        self.read_anew()
        self.say(self.words("voucher.expired", count=len(ended)), Tone.GOOD)

    def _find(self, number: str) -> None:
        desk = self.till.station.desk
        self.ask(lambda: vouchers.look(desk, number), self.opened)


class VoucherScreen(CounterScreen):
    """One voucher, and what may be done with it."""

    NAME = "voucher"
    TOPIC = "voucher"
    CSS_PATH = "voucher.tcss"

    def __init__(self, view: VoucherView) -> None:
        super().__init__()
        self.view = view

    def body(self) -> ComposeResult:
        """What it is for, and where it is in its life."""
        yield Static(id="service", markup=False)
        yield Static(id="facts", markup=False)

    def on_mount(self) -> None:
        """Show it."""
        self._show()

    def scanned(self, code: Code) -> None:
        """Another voucher."""
        desk = self.till.station.desk
        if code.kind is Kind.CARD and not self.committing:
            self.ask(lambda: vouchers.look(desk, code.text), self._other)
        else:
            self.refuse_scan(self.words("voucher.scan-one"))

    def action_finish(self) -> None:
        """`+`: the service was given."""
        desk, number = self.till.station.desk, self.view.voucher.number
        self.commit(lambda by: vouchers.use(desk, by, number), lambda view: self._ended(view, "voucher.used"))

    def action_cancel(self) -> None:
        """Delete: not used; the points come back."""
        desk, number = self.till.station.desk, self.view.voucher.number
        text = self.words("voucher.cancel-ask", points=self.view.points)
        self.till.confirm(
            text,
            lambda: self.commit(
                lambda by: vouchers.cancel(desk, by, number), lambda view: self._ended(view, "voucher.given-back")
            ),
        )

    def _ended(self, view: VoucherView, said: str) -> None:
        self.view = view
        self._show()
        self.say(self.words(said), Tone.GOOD)

    def _other(self, view: VoucherView) -> None:
        self.view = view
        self._show()
        self.say("")

    def _show(self) -> None:
        view, words = self.view, self.words
        found = view.voucher
        self.query_one("#service", Static).update(view.service.name)
        booked = found.slot.isoformat() if found.slot else words("voucher.not-booked")
        facts = (
            ("number", found.number),
            ("state", words(f"voucher-state.{found.state}")),
            ("household", view.household),
            ("points", str(view.points)),
            ("provider", view.provider),
            ("issued", found.issued.isoformat()),
            ("until", found.until.isoformat()),
            ("slot", booked),
        )
        lines = (f"{left(words(f'voucher-fact.{name}'), 12)} {text}" for name, text in facts)
        self.query_one("#facts", Static).update("\n".join(lines))
