"""出库: goods loaded for the road or for another store; `+` takes them off the shelf and prints the slip."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pos.core.entries import Signatures
from pos.core.redemption import MOST_PIECES, PickedGood
from pos.core.sheets import Sheet
from pos.counter import stock
from pos.counter.desk import Desk
from pos.counter.receiving import Stockroom
from pos.counter.stock import Load
from pos.tui import goods_part, parts
from pos.tui.form import FormScreen, Values
from pos.tui.note_screen import NoteScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row

_NAME = 30


class ShipScreen(NoteScreen[Load, PickedGood]):
    """The load that is open."""

    TOPIC = "ship"
    SLOT = "ship"

    def __init__(self) -> None:
        super().__init__(Load())

    def ask_head(self) -> None:
        """Where it goes."""
        self.till.push_screen(ShipHead(self.draft, self.keep))

    def ask_line(self, good: str = "") -> None:
        """One good and how many."""
        if self.room is not None:
            self.till.push_screen(ShipLine(self.room, self.draft, good, self.keep))

    def lines_of(self, draft: Load) -> Sequence[PickedGood]:
        """The lines of the load."""
        return draft.lines

    def write(self, desk: Desk, by: Signatures, draft: Load) -> Sheet:
        """Take it off the shelf."""
        return stock.ship(desk, by, draft)

    def row(self, item: PickedGood) -> Row:
        """A good and its pieces."""
        good = self.room.goods.get(item.good) if self.room else None
        name, unit = (good.name, good.unit) if good else (item.good, "")
        return Row(left(name, _NAME), f"{item.quantity} {unit}")

    def summary(self) -> str:
        """Where it goes."""
        to = self.draft.receiver or self.words("sheet.receiver-own")
        return self.words("ship.to", receiver=to, pieces=sum(line.quantity for line in self.draft.lines))


class ShipHead(FormScreen):
    """Where goods go: another terminal, or the road."""

    TOPIC = "ship-head"

    def __init__(self, draft: Load, then: Callable[[Load], object]) -> None:
        super().__init__()
        self.draft, self.then = draft, then

    def parts(self) -> Sequence[Part[Any]]:
        """The receiving terminal."""
        return (parts.text("receiver", initial=self.draft.receiver, optional=True, most=32),)

    def finished(self, values: Values) -> None:
        """Give it back to the load."""
        self.dismiss()
        self.then(replace(self.draft, receiver=values["receiver"] or ""))


class ShipLine(FormScreen):
    """One good of a load."""

    TOPIC = "ship-line"

    def __init__(self, room: Stockroom, draft: Load, good: str, then: Callable[[Load], object]) -> None:
        super().__init__()
        self.room, self.draft, self.good, self.then = room, draft, good, then

    def parts(self) -> Sequence[Part[Any]]:
        """Good and pieces."""
        return goods_part.good(self.room.goods, self.good), parts.whole("pieces", 1, MOST_PIECES)

    def on_mount(self) -> None:
        """A good that was scanned is not asked for."""
        if self.good:
            self.call_after_refresh(self.action_enter)

    def finished(self, values: Values) -> None:
        """Give it back to the load."""
        self.dismiss()
        self.then(self.draft.adding(values["good"].code, values["pieces"]))
