"""A line that is chosen from with the arrow keys or a digit: one of a few values, its word shown between angles."""

from collections.abc import Sequence

from rich.text import Text
from textual.events import Key
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

MOST_BY_DIGIT = 9
"""Choices that have a digit each."""


class Pick(Widget, can_focus=True):
    """Holds one of `choices`, (value, label) pairs."""

    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, choices: Sequence[tuple[str, str]], value: str, *, id: str) -> None:
        super().__init__(id=id)
        self.choices = tuple(choices)
        self.set_reactive(Pick.value, value)

    def step(self, by: int) -> None:
        """Go to the next or the previous choice; after the last comes the first."""
        values = [value for value, _ in self.choices]
        self.value = values[(values.index(self.value) + by) % len(values)]

    def on_key(self, event: Key) -> None:
        """A digit: the choice of this number."""
        if self._numbered and event.key in map(str, range(1, len(self.choices) + 1)):
            event.stop()
            self.value = self.choices[int(event.key) - 1][0]

    def watch_value(self) -> None:
        """Tell the form."""
        self.post_message(self.Changed())

    def render(self) -> Text:
        """The word of the value."""
        place = next(place for place, (value, _) in enumerate(self.choices, 1) if value == self.value)
        number = f"{place} " if self._numbered else ""
        return Text(f"< {number}{self.choices[place - 1][1]} >", no_wrap=True)

    @property
    def _numbered(self) -> bool:
        """Whether a digit is enough to choose."""
        return 1 < len(self.choices) <= MOST_BY_DIGIT
