"""确认: one question, `+` or Esc."""

from textual.app import ComposeResult
from textual.widgets import Static

from pos.tui.base import Dialog


class Confirm(Dialog[bool]):
    """Dismissed with True after `+`."""

    NAME = "confirm"
    CSS_PATH = "confirm.tcss"

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def body(self) -> ComposeResult:
        """The question."""
        yield Static(self.question, id="question", markup=False)

    def action_finish(self) -> None:
        """`+`: yes."""
        self.dismiss(True)
