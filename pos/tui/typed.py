"""What a keeper types on screens without a field: letters and digits as they come, full-width ones made plain."""

from dataclasses import dataclass

from textual.events import Key

from pos.tui.widgets.cells import half_width

MOST = 16
"""Longest text."""


@dataclass(slots=True)
class Typed:
    """Collects keys; only characters of `allowed` are taken."""

    allowed: str
    most: int = MOST
    text: str = ""

    def take(self, event: Key) -> bool:
        """Use this key; whether it was used."""
        if event.key == "backspace":
            self.text = self.text[:-1]
            return True
        sign = plain(event)
        if sign is None or sign not in self.allowed:
            return False
        self.text = (self.text + sign)[: self.most]
        return True

    def clear(self) -> str:
        """Start anew; what was there."""
        text, self.text = self.text, ""
        return text


def plain(event: Key) -> str | None:
    """The character of a key as its ASCII twin in lower case; None for a key that has none."""
    return half_width(event.character).lower() if event.is_printable and event.character else None
