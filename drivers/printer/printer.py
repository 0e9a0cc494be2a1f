"""One printer: a job goes to paper once, and what became of it is said without guessing.

Nothing sent, done for certain, and unknown are three different things: only the first may be tried again by a program,
because a printer without paper takes a job at once and prints it, and every repetition, when the roll is changed.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from drivers.errors import DeviceLost, PortBusy, PortDenied, PortError, PortInvalid
from drivers.printer.address import CupsQueue, Folder, Queue, WindowsQueue, address
from drivers.printer.connect import Line, connect
from drivers.printer.conversation import Conversation, Patience, PrinterState
from drivers.printer.folder import write_files
from drivers.printer.job import Job, tag_of
from drivers.printer.profile import BLOCK_ROWS, PrinterProfile
from drivers.printer.queues import Cups, QueueJob, SystemQueue, Windows
from drivers.printer.status import Trouble

if TYPE_CHECKING:
    from drivers.printer.raster import Font

    FindFont = Callable[[], Font | None]

_QUEUE_LOOK = 0.2
"""Seconds between looks at a job in the system's queue."""


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
class Abilities:
    """What a printer answered at its set-up; `trouble` says why nothing could be found out.

    real_time: DLE EOT. queued: GS r. tagged: GS ( H. model: the name it gives itself, or empty.
    """

    real_time: bool = False
    queued: bool = False
    tagged: bool = False
    model: str = ""
    trouble: Trouble | None = None


TAGGING_MODELS = re.compile(
    r"TM-(T20(II|III|X)?|T81III|T82(II|III|X)|T88(IV|V|VI|VII)|m30\S*|m50\S*|L90|P[2-8]0\S*|U2[23]0)", re.IGNORECASE
)
"""Models that Epson's reference lists for GS ( H; others may print its tag as text, so they are not asked."""


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
        self.broken_off = False
        """Whether the last job may have ended inside a picture: the printer takes what comes next for its rest."""
        self._held: dict[str, str] = {}

    def send(self, job: Job, on_sending: Callable[[], None]) -> Outcome:
        """Open, ask, send, wait for the answer, close. `on_sending` is called before the first byte of the job leaves;
        if it raises, nothing is sent.
        """
        with self._lock:
            try:
                match address(self.profile.url):
                    case Folder() as folder:
                        return self._save(folder, job, on_sending)
                    case WindowsQueue() | CupsQueue() as where:
                        return self._queue(_system_queue(where, self._patience), job, on_sending)
                    case wire:
                        line = connect(wire, self._patience.connect)
            except PortError as error:
                return NotSent(_unreached(error), error.detail)
            try:
                return self._converse(line, job, on_sending)
            finally:
                line.close()

    def state(self) -> PrinterState:
        """Ask the printer how it is, without printing; for the screen and for set-up. Waits for a job to end."""
        with self._lock:
            try:
                match address(self.profile.url):
                    case Folder():
                        return PrinterState(answers=True)
                    case WindowsQueue() | CupsQueue() as where:
                        return PrinterState(True, self._queue_trouble(_system_queue(where, self._patience)))
                    case wire:
                        line = connect(wire, self._patience.connect)
            except PortError as error:
                return PrinterState(answers=False, trouble=_unreached(error))
            talk = Conversation(line, self._patience)
            try:
                talk.forget()
                return PrinterState(answers=False) if self.profile.status is False else talk.state()
            except PortError:
                return PrinterState(answers=False, trouble="printer-unreachable")
            finally:
                line.close()

    def probe(self) -> Abilities:
        """Find out what it answers, for its set-up: what stands in the profile is not believed. Prints nothing on a
        printer that knows its commands. A folder and a queue answer nothing.
        """
        with self._lock:
            try:
                match address(self.profile.url):
                    case Folder() | WindowsQueue() | CupsQueue():
                        return Abilities()
                    case wire:
                        line = connect(wire, self._patience.connect)
            except PortError as error:
                return Abilities(trouble=_unreached(error))
            try:
                return _abilities(Conversation(line, self._patience))
            except PortError:
                return Abilities(trouble="printer-unreachable")
            finally:
                line.close()

    def _converse(self, line: Line, job: Job, on_sending: Callable[[], None]) -> Outcome:
        """The job over an open line."""
        talk = Conversation(line, self._patience)
        try:
            talk.forget()
            if self.broken_off:
                talk.write(bytes(BLOCK_ROWS * self.profile.dots // 8))
            answers = False
            if self.profile.status is not False:
                state = talk.state()
                if state.trouble:
                    return NotSent(state.trouble)
                answers = state.answers
            if self.profile.question == "gs_r" and (answers or self.profile.status is False):
                talk.settle()
        except PortError as error:
            return NotSent("printer-unreachable", error.detail)
        on_sending()
        try:
            return self._deliver(talk, job)
        except PortError as error:
            return Unknown("printer-lost", error.detail)

    def _deliver(self, talk: Conversation, job: Job) -> Outcome:
        """Write the job and learn what became of it."""
        self.broken_off = True
        talk.write(job.data)
        self.broken_off = False
        match self.profile.question:
            case "none":
                talk.linger()
                return Sent()
            case "gs_h" if talk.tag_came_back(len(job.data), job.tag):
                return Confirmed()
            case "gs_r" if answer := talk.answer(len(job.data)):
                return Unknown("paper-out") if answer.paper_out else Confirmed(answer.paper_low)
            case _:
                return Unknown(talk.state().trouble or "printer-silent")

    def _queue(self, queue: SystemQueue, job: Job, on_sending: Callable[[], None]) -> Outcome:
        """The job through the system's queue, behind nothing of ours: what a queue holds it prints by itself."""
        for name in job.replaces:
            if name in self._held:
                queue.cancel(self._held[name])
        if trouble := self._queue_trouble(queue):
            return NotSent(trouble)
        on_sending()
        try:
            number = queue.submit(job.name, job.data)
        except DeviceLost as error:
            return Unknown("printer-lost", error.detail)
        self._held[job.name] = number
        end = time.monotonic() + self._patience.answer
        try:
            while (state := queue.ask(number)) is QueueJob.HELD and time.monotonic() < end:
                time.sleep(_QUEUE_LOOK)
            if state is QueueJob.HELD:
                return Unknown(queue.trouble() or "queue-holding")
        except PortError as error:
            return Unknown("printer-silent", error.detail)
        del self._held[job.name]
        return Sent() if state is QueueJob.PASSED_ON else Unknown("queue-dropped")

    def _queue_trouble(self, queue: SystemQueue) -> Trouble | None:
        """Why a queue should not be given more."""
        trouble = queue.trouble()
        self._held = {name: number for name, number in self._held.items() if queue.ask(number) is QueueJob.HELD}
        return trouble or ("queue-holding" if self._held else None)

    def _save(self, where: Folder, job: Job, on_sending: Callable[[], None]) -> Outcome:
        """The job as files."""
        on_sending()
        try:
            write_files(where.path, job, self.profile.columns, self._font())
        except OSError as error:
            return NotSent("folder-unwritable", str(error))
        return Confirmed()


def _abilities(talk: Conversation) -> Abilities:
    """Ask everything that can be asked without harm, in this order."""
    talk.forget()
    state = talk.state()
    if state.trouble:
        return Abilities(trouble=state.trouble)
    queued = talk.settle()
    model = talk.model() if state.answers or queued else ""
    tagged = bool(TAGGING_MODELS.fullmatch(model)) and talk.tagged(tag_of(model))
    return Abilities(state.answers, queued, tagged, model)


def _system_queue(where: Queue, patience: Patience) -> SystemQueue:
    """The queue itself. Raises `PortInvalid` where this system has none."""
    return Windows(where.name) if isinstance(where, WindowsQueue) else Cups(where.name, patience.connect)


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
