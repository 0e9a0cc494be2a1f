"""How long the till takes to paint, and to be ready for a scan, beside a bare Textual app with one label.

Each runs in its own interpreter on its own pty, in turn; a time is from the start of the process to the moment when
the text in question has been written to the terminal. The till is `pos till` on a store with a day open; ready for a
scan is the home screen, after a keeper whose number and PIN were typed as soon as the log-in was on screen.

    python -m tests.bench.startup
"""

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from dataclasses import replace
from pathlib import Path

from pos import i18n
from pos.clock import Clock
from pos.counter import day
from tests import shop

ROUNDS = 7
PAINT_GOAL, READY_GOAL = 1.5, 3.0
PATIENCE = 20.0
BUDGET = 45.0
"""Seconds after which no further round is begun."""

BARE = """
from textual.app import App
from textual.widgets import Label

class Bare(App):
    def compose(self):
        yield Label("one label")

Bare().run()
"""
TILL = "from pos.__main__ import main\nmain()\n"


class Terminal:
    """A program on a pty of 80 by 24, and what it wrote so far."""

    def __init__(self, code: str, *arguments: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.written = b""
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)

    def until(self, text: str) -> float:
        """Read on until `text` was written; seconds since the start."""
        while text.encode() not in self.written:
            left = self.started + PATIENCE - time.perf_counter()
            ready, _, _ = select.select([self.master], [], [], max(left, 0))
            if not ready:
                raise TimeoutError(f"{text!r} never came: {self.written[-2000:].decode(errors='replace')}")
            self.written += os.read(self.master, 65536)
        return time.perf_counter() - self.started

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.master, text.encode())

    def close(self) -> None:
        """End the program."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.master)


def bare() -> float:
    """Seconds to the first frame of a bare app."""
    terminal = Terminal(BARE)
    try:
        return terminal.until("one label")
    finally:
        terminal.close()


def till(folder: Path) -> tuple[float, float, float]:
    """Seconds to the till's first frame, to its log-in, and to the home screen waiting for a card."""
    words = i18n.load("zh_CN")
    terminal = Terminal(TILL, "till", "--home", str(folder))
    try:
        painted = terminal.until(words("app.opening"))
        asked = terminal.until(words("login.number"))
        terminal.type(f"{shop.KEEPER}\r{shop.PINS[shop.KEEPER]}\r")
        return painted, asked, terminal.until(words("home.card"))
    finally:
        terminal.close()


def main() -> int:
    """Measure, print, and say whether the goals are met."""
    end = time.perf_counter() + BUDGET
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "store"
        with shop.opened(folder, day_open=False) as opened:
            day.open_day(replace(opened.desk, clock=Clock()), opened.by)
        bare(), till(folder)
        bares: list[float] = []
        tills: list[tuple[float, float, float]] = []
        while len(bares) < ROUNDS and time.perf_counter() < end - 6:
            bares.append(bare())
            tills.append(till(folder))
    one = statistics.median(bares)
    painted, asked, ready = (statistics.median(times) for times in zip(*tills, strict=True))
    print(f"{len(bares)} rounds, medians, from the start of the process")
    print(f"bare Textual app, one label   {one * 1000:6.0f} ms")
    print(f"till, first frame             {painted * 1000:6.0f} ms")
    print(f"till, log-in                  {asked * 1000:6.0f} ms")
    print(f"till, ready for a scan        {ready * 1000:6.0f} ms")
    met = painted / one <= PAINT_GOAL and ready / one <= READY_GOAL
    print(
        f"startup {'ok' if met else 'MISSED'}: first frame {painted / one:.2f}x (goal {PAINT_GOAL}x), "
        f"ready for a scan {ready / one:.2f}x (goal {READY_GOAL}x) of a bare Textual app"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
