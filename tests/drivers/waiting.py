"""Wait for a condition with a generous deadline: tests never sleep for a guessed time."""

import time
from collections.abc import Callable

DEADLINE = 20.0


def until(condition: Callable[[], bool], what: str = "") -> None:
    """Return when `condition` holds; fail after `DEADLINE` seconds."""
    ends = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < ends, f"never happened: {what}"
        time.sleep(0.005)


def gather(read: Callable[[], bytes], count: int) -> bytes:
    """What `read` gives until there are at least `count` bytes of it."""
    data = b""
    ends = time.monotonic() + DEADLINE
    while len(data) < count:
        assert time.monotonic() < ends, f"only {len(data)} of {count} bytes"
        data += read()
    return data
