"""The till in a real terminal: another process on a pseudo-terminal, whose answers and keys a test gives."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.screens.conftest import DEADLINE

_PROGRAM = """
import sys
from pathlib import Path
from pos.tui.app import CounterApp
from tests import shop
before = shop.reopened(Path(sys.argv[1]))
before.close()
CounterApp(before.folder, before.clock.clock()).run()
"""
_ROOT = Path(__file__).parents[2]


class Terminal:
    """A terminal of 80 by 24 cells of 10 by 20 pixels; `answers` are what it says to a program that asks."""

    def __init__(self, folder: Path, answers: dict[bytes, bytes]) -> None:
        self.answers = answers
        self.written = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 800, 480))
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(folder)],
            cwd=_ROOT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(slave)

    def until(self, *texts: str) -> None:
        """Read on until one of these was written since the last call, and forget what came before it."""
        end = time.monotonic() + DEADLINE
        while not (found := [text.encode() for text in texts if text.encode() in self.written]):
            assert select.select([self._master], [], [], max(end - time.monotonic(), 0))[0], self.written[-3000:]
            self._read()
        self.written = self.written.partition(found[0])[2]

    def type(self, *keys: str) -> None:
        """Press keys, as slowly as a person."""
        for key in keys:
            os.write(self._master, key.encode())
            end = time.monotonic() + 0.1
            while (left := end - time.monotonic()) > 0:
                if select.select([self._master], [], [], left)[0]:
                    self._read()

    def close(self) -> None:
        """End the program."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)

    def _read(self) -> None:
        came = os.read(self._master, 65_536)
        self.written += came
        for question, answer in self.answers.items():
            for _ in range(came.count(question)):
                os.write(self._master, answer)


@contextmanager
def terminal(folder: Path, answers: dict[bytes, bytes] | None = None) -> Iterator[Terminal]:
    """The till of the shop in `folder`."""
    one = Terminal(folder, answers or {})
    try:
        yield one
    finally:
        one.close()
