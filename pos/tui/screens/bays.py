"""粗盘: each bay's newest count; Enter counts one anew, or lets the books follow what was counted."""

from collections.abc import Sequence
from typing import Any

from catalog.units import Grams
from pos.core.sheets import Sheet
from pos.core.stock import VarianceReason
from pos.counter import bays
from pos.counter.bays import Bay, Found
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.ticket import Row

_BAGS = 9_999


class BaysScreen(ListScreen[Bay]):
    """Every bay; what the books say of one is shown after it was counted, never before."""

    TOPIC = "bays"

    def read(self) -> Sequence[Bay]:
        """All of them."""
        return bays.bays(self.till.station.desk)

    def row(self, item: Bay) -> Row:
        """The material, its newest count, and what that differs by."""
        found = item.found
        if found is None:
            return Row(left(item.material.name, 20), self.words("bays.never"))
        text = self.words(
            "bays.found", day=found.day, counted=_amount(item, found.counted), book=_amount(item, found.book)
        )
        state = "done" if found.approved else "agrees" if not found.difference else "open"
        figure = self.words(f"bays.{state}", difference=_amount(item, found.difference))
        return Row(f"{left(item.material.name, 14)} {text}", figure, "refused" if state == "open" else "")

    def opened(self, item: Bay) -> None:
        """Enter: count it; one whose count differs may be approved instead."""
        found = item.found
        if found is None or found.approved or not found.difference:
            self._count(item)
            return
        choices = [("count", self.words("bays.count")), ("approve", self.words("bays.approve"))]
        self.till.choose(item.material.name, choices, lambda job: self._do(job, item, found))

    def _do(self, job: str, item: Bay, found: Found) -> None:
        if job == "count":
            self._count(item)
            return
        reasons = [(reason.value, self.words(f"sheet.variance-{reason}")) for reason in VarianceReason]
        title = self.words("stocktake.why", item=item.material.name)
        self.till.choose(title, reasons, lambda reason: self._approve(found.seq, VarianceReason(reason)))

    def _approve(self, seq: int, reason: VarianceReason) -> None:
        desk = self.till.station.desk
        self.commit(lambda by: bays.approve(desk, by, seq, reason), self._approved)

    def _approved(self, sheet: Sheet) -> None:
        self.read_anew()
        self.till.show_paper(sheet)

    def _count(self, item: Bay) -> None:
        self.till.push_screen(BayForm(item))


class BayForm(FormScreen):
    """What lies in one bay: bags of about so much each, and what lies loose; pieces of what is counted."""

    TOPIC = "bay"

    def __init__(self, bay: Bay) -> None:
        super().__init__()
        self.bay = bay

    def parts(self) -> Sequence[Part[Any]]:
        """Bags and what one weighs, and the rest; or pieces."""
        if not self.bay.weighed:
            return (parts.whole("pieces", 0, bays.MOST),)
        return (
            parts.whole("bags", 0, _BAGS, optional=True),
            parts.kilograms("bag-weighs", optional=True),
            parts.kilograms("loose", optional=True),
        )

    def comes_to(self, values: Values) -> str:
        """What it is together."""
        return self.words(
            "bays.comes-to", item=self.bay.material.name, amount=_amount(self.bay, _counted(values)).strip()
        )

    def finished(self, values: Values) -> None:
        """Write the count; the list says what it differs by."""
        desk, code = self.till.station.desk, self.bay.material.code
        amount = _counted(values)
        self.commit(lambda by: bays.count(desk, by, code, amount), self._written)

    def _written(self, found: Found) -> None:
        till = self.till
        self.dismiss()
        if till.front is not None:
            said = "bays.counted" if found.difference else "bays.counted-agrees"
            till.front.say(self.words(said), Tone.WAIT if found.difference else Tone.GOOD)


def _counted(values: Values) -> int:
    if "pieces" in values:
        return int(values["pieces"])
    each, loose = values["bag-weighs"] or Grams(0), values["loose"] or Grams(0)
    return int((each * (values["bags"] or 0) + loose).amount)


def _amount(bay: Bay, amount: int) -> str:
    return right(str(Grams(amount)) if bay.weighed else str(amount), 9)
