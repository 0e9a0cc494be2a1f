"""The keys that work here, each with its word, on as few lines as they take."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

_GAP = "  "


class KeyLine(Widget):
    """Wrapped between keys only: a cap and its word stay together."""

    keys: tuple[tuple[str, str], ...] = ()

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show these caps and words."""
        self.keys = tuple(keys)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the keys take."""
        return max(1, len(self._rows(width)))

    def render(self) -> Text:
        """The rows."""
        rows = [
            Text(_GAP).join([Text.assemble((cap, "bold"), f" {word}") for cap, word in row])
            for row in self._rows(self.size.width)
        ]
        return Text("\n", no_wrap=True).join(rows)

    def _rows(self, width: int) -> list[list[tuple[str, str]]]:
        rows: list[list[tuple[str, str]]] = []
        room = 0
        for cap, word in self.keys:
            cells = cell_len(f"{cap} {word}") + len(_GAP)
            if not rows or cells - len(_GAP) > room:
                rows.append([])
                room = width
            rows[-1].append((cap, word))
            room -= cells
        return rows
