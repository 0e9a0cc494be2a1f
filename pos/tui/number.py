"""The dialog that asks for one number: pieces, a percentage, kilograms."""

from collections.abc import Callable
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Static

from pos.tui.base import Dialog, Tone
from pos.tui.typed import Typed

N = TypeVar("N")


class NumberDialog(Dialog[N], Generic[N]):
    """Digits, then Enter; dismisses with the number, or with None on Esc.

    `parse` says what a text stands for, None where it stands for nothing that may be; `wrong` is said then.
    """

    NAME = "number"
    CSS_PATH = "number.tcss"

    def __init__(self, title: str, unit: str, parse: Callable[[str], N | None], wrong: str) -> None:
        super().__init__()
        self.title_text, self.unit, self.parse, self.wrong = title, unit, parse, wrong
        self.typed = Typed("0123456789.", 9)

    def body(self) -> ComposeResult:
        """The question and what is typed."""
        yield Static(self.title_text, id="question", markup=False)
        yield Static(self._line(), id="typed", markup=False)

    def on_key(self, event: Key) -> None:
        """Digits and backspace."""
        if self.typed.take(event):
            event.stop()
            self.query_one("#typed", Static).update(self._line())

    def action_enter(self) -> None:
        """Enter: give the number back."""
        found = self.parse(self.typed.text)
        if found is None:
            self.say(self.wrong, Tone.REFUSED)
        else:
            self.dismiss(found)

    def _line(self) -> str:
        return f"{self.typed.text}_ {self.unit}"


def whole(low: int, high: int) -> Callable[[str], int | None]:
    """Reads a whole number from `low` to `high`."""

    def parse(text: str) -> int | None:
        return int(text) if text.isdecimal() and low <= int(text) <= high else None

    return parse
