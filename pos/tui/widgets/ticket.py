"""The lines of an open ticket: what it is on the left, what it comes to on the right, one of them chosen."""

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget

from pos.tui.widgets.cells import spread


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `tone` is `refused` where it cannot stand as it is, `reversed` where it was taken back, else empty."""

    text: str
    figure: str
    tone: str = ""


class Ticket(Widget):
    """Rows of a ticket or of a list; as many as fit are shown, always the chosen one among them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"ticket--chosen", "ticket--refused", "ticket--reversed"}

    rows: tuple[Row, ...] = ()
    chosen: int | None = None

    def show(self, rows: tuple[Row, ...], chosen: int | None) -> None:
        """Put these rows on screen, row number `chosen` marked."""
        if (rows, chosen) != (self.rows, self.chosen):
            self.rows, self.chosen = rows, chosen
            self.refresh()

    def render(self) -> Text:
        """The rows that fit."""
        height, cells = max(1, self.size.height), self.size.width
        first = max(0, (len(self.rows) if self.chosen is None else self.chosen + 1) - height)
        lines = []
        for place, row in enumerate(self.rows[first : first + height], first):
            mark = "> " if place == self.chosen else "  "
            line = Text(spread(mark + row.text, row.figure + " ", cells), no_wrap=True)
            if row.tone:
                line.stylize(self.get_component_rich_style(f"ticket--{row.tone}"))
            if place == self.chosen:
                line.stylize(self.get_component_rich_style("ticket--chosen"))
            lines.append(line)
        return Text("\n", no_wrap=True).join(lines)
