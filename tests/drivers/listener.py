"""A reader of the tests' own, and what it hears and says."""

from drivers.events import Event
from drivers.port import LineSettings, Poll
from drivers.reader import Reader

FAST = (0.02,)
"""Seconds between two attempts to open a port, in tests."""


class Listener:
    """Collects what a reader hears and says; a line break makes what came valid."""

    def __init__(self) -> None:
        self.data = b""
        self.events: list[Event] = []
        self.fail = False

    def hear(self, data: bytes) -> bool:
        if self.fail and data:
            self.fail = False
            raise RuntimeError("a bug in a decoder")
        self.data += data
        return b"\n" in data


def reader(url: str, listener: Listener, *, silence: float | None = None, poll: Poll | None = None) -> Reader:
    """A reader that tells `listener`, not yet started."""
    return Reader(
        "gun", url, LineSettings(), listener.hear, listener.events.append, silence=silence, poll=poll, backoff=FAST
    )
