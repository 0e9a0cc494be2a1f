"""Questions to a printer and its answers, over one open line. Every method may raise `PortError`.

Epson ESC/POS reference: DLE EOT, GS r, GS I and GS ( H.
"""

import time
from collections import deque
from dataclasses import dataclass
from typing import TypeVar

from drivers.printer.connect import Line
from drivers.printer.escpos import PAPER_STATUS, TAGGED_STATUS
from drivers.printer.status import Block, Queued, RealTime, Replies, Reply, Trouble, paper_low, trouble

MODEL_NAME = b"\x1dI\x43"
"""GS I 67."""

MAX_STALE_READS = 64

_NAME_HEADER, _TAG_HEADER, _TAG_MARK = ord("_"), ord("7"), b'"'

_Kind = TypeVar("_Kind", RealTime, Queued, Block)


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What a printer says about itself; `answers` is False where it says nothing."""

    answers: bool
    trouble: Trouble | None = None
    paper_low: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: to connect, for a real-time answer, for the answer after a job, for quiet after an answer.

    The time the bytes themselves take at the line's speed is added.
    """

    connect: float = 5
    status: float = 1
    answer: float = 10
    quiet: float = 0.1


class Conversation:
    """What is said over one line, from its opening to its closing."""

    def __init__(self, line: Line, patience: Patience) -> None:
        self._line = line
        self._patience = patience
        self._replies = Replies()
        self._waiting: deque[Reply] = deque()
        self._unanswered = 0

    def forget(self) -> None:
        """Drop what lies in the line from before."""
        for _ in range(MAX_STALE_READS):
            if not self._line.read(0):
                return

    def state(self) -> PrinterState:
        """Ask DLE EOT 1, 2 and 4, one after another, for an answer does not say what it answers."""
        answers: list[int] = []
        for question in (1, 2, 4):
            self._ask(b"\x10\x04" + bytes([question]))
            answer = self._wait(RealTime, self._patience.status)
            if answer is None:
                return PrinterState(answers=False)
            answers.append(answer.byte)
        printer, offline, paper = answers
        return PrinterState(True, trouble(printer, offline, paper), paper_low(paper))

    def settle(self) -> bool:
        """Ask GS r 1 and let the answers to earlier jobs come in, so that none is taken for the next job's.

        Whether there was any answer.
        """
        asked = time.monotonic()
        self._ask(PAPER_STATUS)
        if self._wait(Queued, self._patience.status) is None:
            self._unanswered = 1
            return False
        # what came may have been an earlier question's answer, and ours be as late as that
        pause = max(self._patience.quiet, time.monotonic() - asked)
        for _ in range(MAX_STALE_READS):
            if self._wait(Queued, pause) is None:
                break
        return True

    def model(self) -> str:
        """Ask GS I 67 for the model's name; empty where there is none."""
        self._ask(MODEL_NAME)
        name = self._block(_NAME_HEADER, b"", self._patience.status)
        return "" if name is None else name.decode("ascii").strip()

    def tagged(self, tag: bytes) -> bool:
        """Whether GS ( H brings back the tag of 4 characters. A printer that does not know the command may print it."""
        self._ask(TAGGED_STATUS + tag)
        return self._block(_TAG_HEADER, _TAG_MARK + tag, self._patience.status) is not None

    def write(self, data: bytes) -> None:
        """The job, in one piece."""
        self._line.write(data, self._patience.answer + self._travel(len(data)))

    def answer(self, size: int) -> Queued | None:
        """The answer to the GS r 1 that ends a job of `size` bytes; None if it does not come in time."""
        end = time.monotonic() + self._patience.answer + self._travel(size)
        for _ in range(self._unanswered + 1):
            answer = self._wait(Queued, end - time.monotonic())
            if answer is None:
                return None
        return answer

    def tag_came_back(self, size: int, tag: bytes) -> bool:
        """Whether the answer to the GS ( H that ends a job of `size` bytes came in time."""
        seconds = self._patience.answer + self._travel(size)
        return self._block(_TAG_HEADER, _TAG_MARK + tag, seconds) is not None

    def linger(self) -> None:
        """Stay on the line a moment: some print servers drop a short job when it is closed at once."""
        end = time.monotonic() + self._patience.status
        while (left := end - time.monotonic()) > 0:
            self._line.read(left)

    def _ask(self, question: bytes) -> None:
        """Send a few bytes that want an answer."""
        self._line.write(question, self._patience.status)

    def _block(self, header: int, start: bytes, seconds: float) -> bytes | None:
        """What the next block with this header and start holds, passing over all others."""
        end = time.monotonic() + seconds
        while block := self._wait(Block, end - time.monotonic()):
            if block.header == header and block.data.startswith(start):
                return block.data
        return None

    def _wait(self, kind: type[_Kind], seconds: float) -> _Kind | None:
        """The next reply of this kind, passing over the others; None if it does not come in time."""
        end = time.monotonic() + seconds
        while True:
            while self._waiting:
                if isinstance(reply := self._waiting.popleft(), kind):
                    return reply
            left = end - time.monotonic()
            if left <= 0:
                return None
            self._waiting.extend(self._replies.feed(self._line.read(left)))

    def _travel(self, size: int) -> float:
        """Seconds that bytes take on a serial line of ten bits a byte."""
        return size * 10 / self._line.baud if self._line.baud else 0
