"""有害交接: hazards in their bins; fill in what goes, and hand it to a licensed collector without income."""

from collections.abc import Sequence

from catalog.materials import Material, ScaleClass
from catalog.units import Grams
from pos.core.refusals import TicketEmpty
from pos.core.sheets import Sheet
from pos.counter import buyers, recyclables
from pos.counter.recyclables import Yard
from pos.storage.buyers import Buyer
from pos.tui.base import Tone
from pos.tui.list_screen import ListScreen
from pos.tui.load_dialogs import ask_kilograms, ask_pieces
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row


class HandOverScreen(ListScreen[Material]):
    """Every hazardous material, with what the books say is there and what goes."""

    NAME = "hand-over"
    TOPIC = "hand-over"

    def __init__(self) -> None:
        super().__init__()
        self.yard: Yard | None = None
        self.load: dict[str, int] = {}

    def read(self) -> Sequence[Material]:
        """All of them."""
        self.yard = recyclables.open_yard(self.till.station.desk)
        return [each for each in self.yard.materials.values() if each.hazardous]

    def row(self, item: Material) -> Row:
        """A material: in the bin, and what goes."""
        book = self.yard.book(item.code) if self.yard else 0
        goes = self.load.get(item.code, 0)
        text = f"{left(item.name, 20)} {self.words('hand-over.book')} {right(_figure(item, book), 10)}"
        return Row(text, _figure(item, goes) if goes else "-")

    def summary(self) -> str:
        """What to do."""
        return self.words("hand-over.how", kinds=len(self.load))

    def opened(self, item: Material) -> None:
        """Enter: how much of it goes."""
        if item.scale is ScaleClass.COUNT:
            ask_pieces(self, item, lambda pieces: self._put(item, pieces))
        else:
            ask_kilograms(
                self, self.words("weigh.how-heavy", item=item.name), lambda grams: self._put(item, grams.amount)
            )

    def _put(self, item: Material, quantity: int) -> None:
        self.load[item.code] = quantity
        self.show()

    def action_remove(self) -> None:
        """`-`: nothing of the chosen one goes."""
        if self.current is not None:
            self.load.pop(self.current.code, None)
            self.show()

    def action_finish(self) -> None:
        """`+`: to whom, then write it."""
        desk = self.till.station.desk
        if not self.load:
            self.refuse(TicketEmpty())
        else:
            self.ask(lambda: buyers.everyone(desk, buyers.COLLECTOR), self._ask_whom)

    def _ask_whom(self, known: list[Buyer]) -> None:
        if not known:
            self.say(self.words("hand-over.no-collector"), Tone.REFUSED)
            return
        choices = [(each.code, f"{each.name} {each.licence}") for each in known[:9]]
        self.till.choose(self.words("hand-over.whom"), choices, self._write)

    def _write(self, collector: str) -> None:
        desk, load = self.till.station.desk, dict(self.load)
        self.commit(lambda by: recyclables.hand_over(desk, by, collector, load), self._done)

    def _done(self, sheet: Sheet) -> None:
        till = self.till
        self.dismiss()
        till.show_paper(sheet)


def _figure(material: Material, quantity: int) -> str:
    return str(quantity) if material.scale is ScaleClass.COUNT else str(Grams(quantity))
