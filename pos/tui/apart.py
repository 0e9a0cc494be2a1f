"""What libraries in C write on the error stream, kept off the screen that Textual paints there."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FILE = "stderr.log"
_MOST_BYTES = 1_000_000
_STDERR = 2


@contextmanager
def stderr(folder: Path) -> Iterator[None]:
    """Send file descriptor 2 to a file in `folder`; Python's own stream goes on where it was, and so does Textual.

    Without a file there, as for a folder that does not exist yet, it is thrown away. What is too long starts over.
    """
    if sys.__stderr__ is None or sys.__stderr__.fileno() != _STDERR:
        yield
        return
    sys.__stderr__.flush()
    kept = os.dup(_STDERR)
    terminal = open(kept, "w", encoding=sys.__stderr__.encoding, errors=sys.__stderr__.errors, closefd=False)  # noqa: SIM115 - closed below
    sink = _sink(folder / FILE)
    os.dup2(sink, _STDERR)
    os.close(sink)
    before = sys.stderr, sys.__stderr__
    sys.stderr, sys.__stderr__ = (terminal if sys.stderr is sys.__stderr__ else sys.stderr), terminal  # type: ignore[misc]
    try:
        yield
    finally:
        with suppress(OSError):
            terminal.close()
        sys.stderr, sys.__stderr__ = before  # type: ignore[misc]
        os.dup2(kept, _STDERR)
        os.close(kept)


def _sink(path: Path) -> int:
    with suppress(OSError):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        if path.exists() and path.stat().st_size > _MOST_BYTES:
            flags |= os.O_TRUNC
        return os.open(path, flags, 0o600)
    return os.open(os.devnull, os.O_WRONLY)
