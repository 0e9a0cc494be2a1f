"""One printer: a job goes to paper once, and what became of it is said without guessing.

Nothing sent, done for certain, and unknown are three different things: only the first may be tried again by a program,
because a printer without paper takes a job at once and prints it, and every repetition, when the roll is changed.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from drivers.errors import PortBusy, PortDenied, PortError, PortInvalid
from drivers.printer.address import Folder, address
from drivers.printer.connect import Line, connect
from drivers.printer.escpos import PAPER_STATUS
from drivers.printer.folder import write_files
from drivers.printer.job import Job
from drivers.printer.profile import BLOCK_ROWS, PrinterProfile
from drivers.printer.status import Queued, RealTime, Replies, Reply, Trouble, paper_low, trouble

if TYPE_CHECKING:
    from drivers.printer.raster import Font

    FindFont = Callable[[], Font | None]

MAX_STALE_READS = 64

_Kind = TypeVar("_Kind", RealTime, Queued)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The printer answered the question that follows the job: it is on paper."""

    paper_low: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A printer known to be mute took the job. A person must look."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """No byte of the job left: it may be tried again. `detail` is the system's wording, for the log."""

    code: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The job may be on paper, in part, whole or later. Only a person may have it printed again."""

    code: Trouble
    detail: str = ""


Outcome = Confirmed | Sent | NotSent | Unknown


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


class Printer:
    """Sends one job at a time; may be called from any thread, and makes the others wait."""

    def __init__(
        self, profile: PrinterProfile, font: "FindFont" = lambda: None, patience: Patience | None = None
    ) -> None:
        """`font` finds what draws the pictures of a folder printer, when the first one is drawn."""
        self.profile = profile
        self._font = font
        self._patience = patience or Patience()
        self._lock = Lock()
        self._broken_off = False

    def send(self, job: Job, on_sending: Callable[[], None]) -> Outcome:
        """Open, ask, send, wait for the answer, close. `on_sending` is called before the first byte of the job leaves;
        if it raises, nothing is sent.
        """
        with self._lock:
            try:
                where = address(self.profile.url)
                if isinstance(where, Folder):
                    return self._save(where, job, on_sending)
                line = connect(where, self._patience.connect)
            except PortError as error:
                return NotSent(_unreached(error), error.detail)
            try:
                return self._converse(line, job.data, on_sending)
            finally:
                line.close()

    def state(self) -> PrinterState:
        """Ask the printer how it is, without printing; for the screen and for set-up. Waits for a job to end."""
        with self._lock:
            try:
                where = address(self.profile.url)
                if isinstance(where, Folder):
                    return PrinterState(answers=True)
                line = connect(where, self._patience.connect)
            except PortError as error:
                return PrinterState(answers=False, trouble=_unreached(error))
            talk = _Conversation(line, self._patience)
            try:
                talk.forget()
                return PrinterState(answers=False) if self.profile.status is False else talk.state()
            except PortError:
                return PrinterState(answers=False, trouble="printer-unreachable")
            finally:
                line.close()

    def _converse(self, line: Line, data: bytes, on_sending: Callable[[], None]) -> Outcome:
        """The job over an open line."""
        talk = _Conversation(line, self._patience)
        try:
            talk.forget()
            if self.profile.status is not False:
                state = talk.state()
                if state.trouble:
                    return NotSent(state.trouble)
                if state.answers:
                    talk.settle()
        except PortError as error:
            return NotSent("printer-unreachable", error.detail)
        on_sending()
        try:
            return self._deliver(talk, data)
        except PortError as error:
            return Unknown("printer-lost", error.detail)

    def _deliver(self, talk: "_Conversation", data: bytes) -> Outcome:
        """Write the job and learn what became of it."""
        if self._broken_off:
            # a printer left inside a picture takes the head of the next job for the picture's rest
            data = bytes(BLOCK_ROWS * self.profile.dots // 8) + data
        self._broken_off = True
        talk.write(data)
        self._broken_off = False
        if self.profile.status is False:
            talk.linger()
            return Sent()
        answer = talk.answer(len(data))
        if answer is None:
            return Unknown(talk.state().trouble or "printer-silent")
        return Unknown("paper-out") if answer.paper_out else Confirmed(answer.paper_low)

    def _save(self, where: Folder, job: Job, on_sending: Callable[[], None]) -> Outcome:
        """The job as files."""
        on_sending()
        try:
            write_files(where.path, job, self.profile.columns, self._font())
        except OSError as error:
            return NotSent("folder-unwritable", str(error))
        return Confirmed()


class _Conversation:
    """Questions and answers over one open line; every method may raise `PortError`."""

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
            self._line.write(b"\x10\x04" + bytes([question]), self._patience.status)
            answer = self._wait(RealTime, self._patience.status)
            if answer is None:
                return PrinterState(answers=False)
            answers.append(answer.byte)
        printer, offline, paper = answers
        return PrinterState(True, trouble(printer, offline, paper), paper_low(paper))

    def settle(self) -> None:
        """Let the answers to earlier jobs come in, so that none is taken for the next job's."""
        self._line.write(PAPER_STATUS, self._patience.status)
        if self._wait(Queued, self._patience.status) is None:
            self._unanswered = 1
        while self._wait(Queued, self._patience.quiet):
            self._unanswered = 0

    def write(self, data: bytes) -> None:
        """The job, in one piece."""
        self._line.write(data, self._patience.answer + self._travel(len(data)))

    def answer(self, size: int) -> Queued | None:
        """The answer to the question at the end of a job of `size` bytes; None if it does not come in time."""
        end = time.monotonic() + self._patience.answer + self._travel(size)
        for _ in range(self._unanswered + 1):
            answer = self._wait(Queued, end - time.monotonic())
            if answer is None:
                return None
        return answer

    def linger(self) -> None:
        """Stay on the line a moment: some print servers drop a short job when it is closed at once."""
        end = time.monotonic() + self._patience.status
        while (left := end - time.monotonic()) > 0:
            self._line.read(left)

    def _wait(self, kind: type[_Kind], seconds: float) -> _Kind | None:
        """The next reply of this kind, passing over the other; None if it does not come in time."""
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


def _unreached(error: PortError) -> Trouble:
    """Why no line could be opened."""
    match error:
        case PortBusy():
            return "printer-busy"
        case PortDenied():
            return "printer-denied"
        case PortInvalid():
            return "printer-invalid"
        case _:
            return "printer-unreachable"
