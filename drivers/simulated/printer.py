"""A cheap Chinese ESC/POS printer at the other end of a cable, with its paper, its lid and its bad habits.

It answers DLE EOT at once, and GS r, GS I and GS ( H in their turn; it stands still without paper while it goes on
taking jobs, and prints all of them when the roll is changed (Epson ESC/POS reference; HPRT TP80K and Better BT-532C
manuals).
"""

import re
import time
from collections import deque
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Self

from drivers.simulated.cable import Cable
from drivers.simulated.paper import Command, Paper, next_command

_REAL_TIME_STATUS = re.compile(rb"\x10\x04([\x01-\x04])")
_REAL_TIME_PULSE = re.compile(rb"\x10\x14\x01[\x00\x01][\x01-\x08]")
_LONGEST_REAL_TIME = 5
_TICK = 0.01


@dataclass(frozen=True, slots=True)
class PrinterKind:
    """What was built: paper of so many columns, character ROM (gbk, gb2312, gb18030), Chinese mode at power-up, habits.

    model: what it answers to GS I 67, nothing if empty. tags: it knows GS ( H. mute: never answers. silent_offline:
    does not answer while it cannot print. noisy: sends automatic status (ASB) before each answer. late: seconds by
    which an answer is late, but for DLE EOT. dies_after: bytes of input after which it loses power, once.
    """

    columns: int = 48
    charset: str = "gbk"
    double_byte: bool = True
    model: str = ""
    tags: bool = False
    mute: bool = False
    silent_offline: bool = False
    noisy: bool = False
    late: float = 0
    dies_after: int | None = None


class SimulatedPrinter:
    """A printer on a cable, run by a thread of its own while in `with`; the methods may come from any thread."""

    def __init__(self, cable: Cable, kind: PrinterKind | None = None) -> None:
        self.cable = cable
        self._kind = kind or PrinterKind()
        self._lock = Lock()
        self._stop = Event()
        self._thread = Thread(target=self._run, name="simulated-printer", daemon=True)
        self._answers: deque[tuple[float, bytes]] = deque()
        self._lines_left: int | None = None
        self._lid_open = self._paper_low = self._deaf = False
        self._dies_after = self._kind.dies_after
        self._received = bytearray()
        self._finished: list[tuple[bytes, str]] = []
        self._pulses = 0
        self._buffer = bytearray()
        self._recent = b""
        self._strip = bytearray()
        self._paper = Paper(self._kind.columns, self._kind.charset, self._kind.double_byte)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Switch it off and pull the cable."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self.cable.close()

    @property
    def papers(self) -> list[bytes]:
        """The finished papers, oldest first: the bytes that made each of them."""
        with self._lock:
            return [data for data, _ in self._finished]

    @property
    def texts(self) -> list[str]:
        """What a person reads on the finished papers, oldest first."""
        with self._lock:
            return [text for _, text in self._finished]

    @property
    def received(self) -> bytes:
        """Every byte that came, printed or not."""
        with self._lock:
            return bytes(self._received)

    @property
    def pulses(self) -> int:
        """How often the cash drawer was opened."""
        with self._lock:
            return self._pulses

    def take_paper(self) -> str | None:
        """Take the oldest finished paper away, or tear off an unfinished one; its text, or None if there is none."""
        with self._lock:
            if not self._finished and self._strip:
                self._finish()
            return self._finished.pop(0)[1] if self._finished else None

    def paper_out(self, after_lines: int = 0) -> None:
        """Let the roll end, now or after so many lines."""
        with self._lock:
            self._lines_left = after_lines

    def paper_low(self) -> None:
        """Let the roll come near its end."""
        with self._lock:
            self._paper_low = True

    def refill(self) -> None:
        """Put a new roll in: everything that waits is printed."""
        with self._lock:
            self._lines_left = None
            self._paper_low = False

    def open_cover(self) -> None:
        """Open the lid."""
        with self._lock:
            self._lid_open = True

    def close_cover(self) -> None:
        """Close the lid: everything that waits is printed."""
        with self._lock:
            self._lid_open = False

    def stop_reading(self, deaf: bool = True) -> None:
        """Leave what is sent in the cable, or begin to read again."""
        with self._lock:
            self._deaf = deaf

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                deaf = self._deaf
            data = b"" if deaf else self.cable.read(_TICK)
            if deaf:
                self._stop.wait(_TICK)
            with self._lock:
                dies = self._take(data)
                self._work()
                answers = self._due()
            for answer in answers:
                self.cable.write(answer)
            if dies:
                self.cable.unplug()
                self.cable.plug()

    def _power_up(self) -> None:
        """Switched on again: nothing is in the buffer; what is on the paper stays there."""
        self._buffer.clear()
        self._recent = b""
        self._paper.reset()
        self._answers.clear()

    def _take(self, data: bytes) -> bool:
        """Put what came into the buffer, after a look for real-time commands in it; True if the power went."""
        self._received += data
        if self._dies_after is not None and len(self._received) > self._dies_after:
            self._dies_after = None
            self._power_up()
            return True
        self._buffer += data
        seen = self._recent + data
        for found in _REAL_TIME_STATUS.finditer(seen):
            if found.end() > len(self._recent):
                self._answer(self._status(found[1][0]), 0)
        self._pulses += sum(found.end() > len(self._recent) for found in _REAL_TIME_PULSE.finditer(seen))
        self._recent = seen[-_LONGEST_REAL_TIME + 1 :]
        return False

    def _work(self) -> None:
        """Carry out what is in the buffer, as far as it is whole and the printer can print."""
        while not self._stopped() and (command := next_command(bytes(self._buffer))):
            del self._buffer[: len(command.raw)]
            self._do(command)

    def _do(self, command: Command) -> None:
        """Carry out one command."""
        match command.name:
            case b"\x1dr":
                self._answer(self._queued_status(command.arguments[0]), self._kind.late)
            case b"\x1dI":
                if self._kind.model and command.arguments == b"\x43":
                    self._answer(b"_" + self._kind.model.encode("ascii") + b"\0", self._kind.late)
            case b"\x1d(" if command.arguments[:1] == b"H":
                if self._kind.tags:
                    self._answer(b'7"' + command.arguments[5:9] + b"\0", self._kind.late)
            case b"\x1bp":
                self._pulses += 1
            case b"\x10\x04" | b"\x10\x05" | b"\x10\x14" | b"\0":
                pass
            case b"\x1dV":
                self._strip += command.raw
                self._finish()
            case _:
                self._strip += command.raw
                self._paper.put(command)
                if self._lines_left and command.name in (b"\n", b"\x1bd"):
                    self._lines_left -= 1

    def _finish(self) -> None:
        """The paper leaves the printer."""
        self._finished.append((bytes(self._strip), self._paper.tear()))
        self._strip.clear()

    def _stopped(self) -> bool:
        return self._lid_open or self._lines_left == 0

    def _answer(self, data: bytes, late: float) -> None:
        """Queue an answer, unless this printer has the habit not to."""
        if self._kind.mute or (self._kind.silent_offline and self._stopped()):
            return
        noise = self._automatic_status() if self._kind.noisy else b""
        self._answers.append((time.monotonic() + late, noise + data))

    def _due(self) -> list[bytes]:
        """The answers whose time has come; they keep their order."""
        due = []
        while self._answers and self._answers[0][0] <= time.monotonic():
            due.append(self._answers.popleft()[1])
        return due

    def _status(self, question: int) -> bytes:
        """The answer to DLE EOT 1 to 4; drawer contact high."""
        out = self._lines_left == 0
        near = self._paper_low or out
        bits = {
            1: 0x04 | 0x08 * self._stopped(),
            2: 0x04 * self._lid_open | 0x20 * out,
            3: 0,
            4: 0x0C * near | 0x60 * out,
        }
        return bytes([0x12 | bits[question]])

    def _queued_status(self, question: int) -> bytes:
        """The answer to GS r 1 (paper) or 2 (drawer contact)."""
        return b"\x01" if question in (2, 50) else bytes([0x03 * self._paper_low])

    def _automatic_status(self) -> bytes:
        """The four bytes of ASB."""
        out = self._lines_left == 0
        return bytes([0x14 | 0x08 * self._stopped() | 0x20 * self._lid_open, 0, 0x03 * self._paper_low | 0x0C * out, 0])
