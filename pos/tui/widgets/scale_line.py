"""One scale in one line: its figure while it is true, or the reason why there is none."""

from textual.content import Content

from drivers.scale.weighing import Moving, Settled, Weighing
from pos.i18n import Words
from pos.tui.load import decimals, kilograms
from pos.tui.widgets.cells import left, right
from pos.tui.widgets.readout import DASHES, code_of, why_not

_NAME, _FIGURE = 6, 8
"""Cells of the name and of the figure."""


def scale_line(words: Words, name: str, weighing: Weighing) -> Content:
    """Name, figure, sign and words; the sign and the words say what the colour says."""
    match weighing:
        case Settled(is_zero=zero):
            figure = kilograms(weighing.grams, decimals(weighing))
            state = ("● " + words("scale.zero" if zero else "scale.settled"), "$settled")
        case Moving():
            figure, state = DASHES, ("○ " + why_not(words, code_of(weighing)), "$waiting")
        case _:
            figure, state = DASHES, ("× " + why_not(words, code_of(weighing)), "$refusing")
    unit = words("unit.kilogram")
    return Content.assemble(left(name, _NAME), (right(figure, _FIGURE), "bold"), f" {unit}  ", state)
