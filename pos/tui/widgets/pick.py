"""A line that is chosen from with the arrow keys: one of a few values, its word shown between angles."""

from collections.abc import Sequence

from rich.text import Text
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


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

    def watch_value(self) -> None:
        """Tell the form."""
        self.post_message(self.Changed())

    def render(self) -> Text:
        """The word of the value."""
        return Text(f"< {dict(self.choices)[self.value]} >", no_wrap=True)
