"""帮助: what the screen below is for, and what its keys do."""

from textual.app import ComposeResult
from textual.widgets import Static

from pos.tui import keys
from pos.tui.base import Dialog
from pos.tui.widgets.cells import folded, left

_WIDTH = 60
"""Cells of a line of text."""
_CAP = 10
"""Cells of a key's cap."""


class Help(Dialog[None]):
    """Explains one screen."""

    NAME = "help"
    CSS_PATH = "help.tcss"

    def __init__(self, screen: str, topic: str, *, of_dialog: bool) -> None:
        super().__init__()
        self.of = screen
        self.topic = topic
        self.of_dialog = of_dialog

    def body(self) -> ComposeResult:
        """The text, then a line for each key, in two columns where there are many."""
        yield Static(folded(self.words(f"help.{self.topic}"), _WIDTH), id="text", markup=False)
        lines = [
            f"{left(key.cap, _CAP)}{self.words(key.label)}" for key in keys.keys_of(self.of, dialog=self.of_dialog)
        ]
        half = (len(lines) + 1) // 2
        rows = [f"{left(one, 28)}{two}" for one, two in zip(lines[:half], [*lines[half:], ""], strict=False)]
        yield Static("\n".join(rows), id="table", markup=False)
