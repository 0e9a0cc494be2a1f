"""Materials on the number keys: nine a page, `0` turns the page."""

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.widget import Widget

from pos.tui.widgets.cells import left, spread

PAGE = 9
COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What one key chooses: its code, what it is called and what it costs."""

    code: str
    name: str
    price: str


class KeyGrid(Widget):
    """Three rows of keys: 1 to 9, and 0 for the next page."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--key", "grid--chosen"}

    cells: tuple[Cell, ...] = ()
    chosen: str | None = None
    page: int = 0
    more: str = ""

    def show(self, cells: tuple[Cell, ...], more: str) -> None:
        """Offer these from the first page on; `more` is the label of the page key."""
        self.cells, self.more, self.page = cells, more, 0
        self.refresh()

    def choose(self, code: str | None) -> None:
        """Mark one, or none."""
        self.chosen = code
        self.refresh()

    def turn(self) -> None:
        """The next page, the first after the last."""
        self.page = (self.page + 1) % max(1, -(-len(self.cells) // PAGE))
        self.refresh()

    def at(self, key: int) -> Cell | None:
        """What key 1 to 9 chooses on this page."""
        place = self.page * PAGE + key - 1
        return self.cells[place] if place < len(self.cells) else None

    def render(self) -> Text:
        """The page."""
        width = max(10, self.size.width // COLUMNS)
        rows = ((1, 2, 3, 4), (5, 6, 7, 8), (9, 0))
        return Text("\n", no_wrap=True).join(self._row(keys, width) for keys in rows)

    def _row(self, keys: tuple[int, ...], width: int) -> Text:
        row = Text(no_wrap=True)
        for key in keys:
            cell = self.at(key) if key else None
            if cell:
                row.append(f"{key} ", self.get_component_rich_style("grid--key"))
                style = self.get_component_rich_style("grid--chosen") if cell.code == self.chosen else None
                row.append(spread(cell.name, cell.price, width - 3), style)
                row.append(" ")
            elif not key and len(self.cells) > PAGE:
                row.append("0 ", self.get_component_rich_style("grid--key"))
                pages = -(-len(self.cells) // PAGE)
                row.append(left(f"{self.more} {self.page + 1}/{pages}", width - 2))
            else:
                row.append(" " * width)
        return row
