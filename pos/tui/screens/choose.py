"""选择: up to nine choices, each on its digit."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Static

from pos.tui.base import Dialog

MOST = 9


class Choose(Dialog[str]):
    """Dismissed with the value chosen; with None on Esc."""

    NAME = "choose"
    CSS_PATH = "choose.tcss"

    def __init__(self, question: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        assert len(choices) <= MOST
        self.question = question
        self.choices = choices

    def body(self) -> ComposeResult:
        """The question, and a line for each choice."""
        yield Static(self.question, id="question", markup=False)
        for place, (_, text) in enumerate(self.choices, 1):
            yield Static(f"{place}  {text}", classes="choice", markup=False)

    def on_key(self, event: Key) -> None:
        """A digit chooses."""
        if event.character and event.character.isdecimal():
            event.stop()
            place = int(event.character)
            if 1 <= place <= len(self.choices):
                self.dismiss(self.choices[place - 1][0])
