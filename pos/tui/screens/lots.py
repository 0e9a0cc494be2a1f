"""临期 and 报损: lots on hand by their last day; what is of no use any more leaves the books with a reason."""

from collections.abc import Sequence
from typing import Any

from catalog.units import Points
from pos.core.stock import LossReason
from pos.counter import stock
from pos.counter.stock import OnShelf
from pos.tui import parts
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.owners import owner_word
from pos.tui.parts import Part
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row

_NAME, _OWNER = 22, 12


class WriteOffScreen(ListScreen[OnShelf]):
    """Every lot; Enter writes some of it off."""

    TOPIC = "write-off"

    def read(self) -> Sequence[OnShelf]:
        """All of them."""
        return stock.on_shelf(self.till.station.desk)

    def row(self, item: OnShelf) -> Row:
        """A lot: good, whose, pieces, last day."""
        words = self.words
        owner = owner_word(words, item.owner)
        day = words("stock.until", day=item.expiry) if item.expiry else ""
        text = f"{left(item.name, _NAME)} {left(owner, _OWNER)} {right(str(item.pieces), 5)} {left(item.unit, 4)} {day}"
        if item.expired:
            return Row(text, words("stock.expired"), "refused")
        near = item.days_left is not None and item.days_left < self.till.station.desk.stock_policy.near_days
        return Row(text, words("stock.days-left", days=item.days_left) if near else "")

    def opened(self, item: OnShelf) -> None:
        """Enter: how many of it, and why."""
        self.till.push_screen(WriteOffForm(item))


class ExpiryScreen(WriteOffScreen):
    """Only what is near its last day or past it; `+` shows the list to be hung out."""

    NAME = "report-list"
    TOPIC = "expiry"

    def read(self) -> Sequence[OnShelf]:
        """Those near it."""
        desk = self.till.station.desk
        return stock.on_shelf(desk, desk.stock_policy.near_days)

    def action_finish(self) -> None:
        """`+`: the list as a sheet."""
        desk, by = self.till.station.desk, self.till.by
        self.ask(lambda: stock.near_report(desk, by), self.till.show_paper)


class WriteOffForm(FormScreen):
    """Pieces of one lot, and why they are of no use."""

    TOPIC = "write-off-lot"

    def __init__(self, lot: OnShelf) -> None:
        super().__init__()
        self.lot = lot

    def parts(self) -> Sequence[Part[Any]]:
        """Pieces and reason."""
        reasons = [(reason.value, self.words(f"sheet.loss-{reason}")) for reason in LossReason]
        first = LossReason.EXPIRED if self.lot.expired else LossReason.DAMAGED
        return (
            parts.whole("pieces", 1, self.lot.pieces, initial=str(self.lot.pieces) if self.lot.expired else ""),
            parts.choice("reason", reasons, initial=first.value),
        )

    def comes_to(self, values: Values) -> str:
        """What is lost."""
        pieces, points = values["pieces"], self.lot.points or Points(0)
        return self.words(
            "write-off.comes-to", item=self.lot.name, pieces=pieces, cost=self.lot.cost * pieces, points=points * pieces
        )

    def finished(self, values: Values) -> None:
        """Write it off, and show the paper."""
        desk, lot = self.till.station.desk, self.lot
        pieces, reason = values["pieces"], LossReason(values["reason"])
        till = self.till

        def done(sheet: Any) -> None:
            self.dismiss()
            till.show_paper(sheet)

        self.commit(lambda by: stock.write_off(desk, by, lot, pieces, reason), done)
