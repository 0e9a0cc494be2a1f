"""Figures that can be read from across the counter, in blocks of background colour: no sign of doubtful width."""

from rich.style import Style
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

ROWS = 5
_SHAPES = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": ("  #", "  #", "  #", "  #", "  #"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", "###", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "-": ("   ", "   ", "###", "   ", "   "),
    "+": ("   ", " # ", "###", " # ", "   "),
    ".": (" ", " ", " ", " ", "#"),
}
"""Each sign as five rows of dots; a dot is two cells wide where there is room, else one."""


def width(text: str, dot: int) -> int:
    """Cells that `text` takes with dots of `dot` cells and one cell between signs."""
    return sum(len(_SHAPES[sign][0]) * dot + 1 for sign in text) - 1


class BigDigits(Widget):
    """A figure of digits, point and signs, five rows high; anything else is not a figure and fails."""

    value: reactive[str] = reactive("-")

    def validate_value(self, value: str) -> str:
        """A figure that can be drawn."""
        assert value
        assert all(sign in _SHAPES for sign in value), value
        return value

    def render(self) -> Text:
        """The rows; each dot is written with its own sign in its own colour, so that it copies as a figure."""
        colour = self.rich_style.color
        ink = Style(color=colour, bgcolor=colour)
        dot = 2 if width(self.value, 2) <= self.size.width else 1
        rows = []
        for row in range(ROWS):
            line = Text(no_wrap=True)
            for place, sign in enumerate(self.value):
                line.append(" " if place else "")
                for mark in _SHAPES[sign][row]:
                    line.append(sign * dot if mark == "#" else " " * dot, ink if mark == "#" else None)
            rows.append(line)
        return Text("\n", no_wrap=True).join(rows)
