"""One scale in one line: its figure while it is true, or the reason why there is none."""

from textual.content import Content

from drivers.scale.weighing import Moving, OutOfRange, Settled, Status, Weighing
from pos.i18n import Words
from pos.tui.weight_words import DASHES, code_of, decimals, kilograms, why_not
from pos.tui.widgets.cells import left, right

_NAME, _FIGURE = 6, 8
"""Cells of the name and of the figure."""
_SETTLED = {Status.ZERO: "scale.zero", Status.UNDERWEIGHT: "scale.light", Status.STABLE: "scale.settled"}


def scale_line(words: Words, name: str, weighing: Weighing) -> Content:
    """Name, figure, sign and words; the sign and the words say what the colour says."""
    match weighing:
        case Settled(status=status):
            figure = kilograms(weighing.grams, decimals(weighing))
            state = (f"● {words(_SETTLED[status])}", "$waiting" if status is Status.UNDERWEIGHT else "$settled")
        case Moving() | OutOfRange(code="below-minimum"):
            figure, state = DASHES, ("○ " + why_not(words, code_of(weighing)), "$waiting")
        case _:
            figure, state = DASHES, ("× " + why_not(words, code_of(weighing)), "$refusing")
    unit = words("unit.kilogram")
    return Content.assemble(left(name, _NAME), (right(figure, _FIGURE), "bold"), f" {unit}  ", state)
