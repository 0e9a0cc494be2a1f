"""The one thread that owns a printer: takes waiting jobs oldest first and says what became of each.

A job is marked as being sent, durably, before its first byte leaves. What was certainly not sent is tried again by
itself; what may be on paper never is, not even after a power cut: a person answers for it (`pos.counter.paper`).
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from threading import Event, Thread
from typing import TYPE_CHECKING, assert_never

from drivers.errors import DriverError
from drivers.printer.escpos import FontMissing
from drivers.printer.job import Job as PrinterJob
from drivers.printer.job import drawer_job, receipt_job
from drivers.printer.printer import Confirmed, NotSent, Printer, Sent, Unknown
from pos import i18n
from pos.clock import Clock
from pos.core.local_time import local_time
from pos.core.refusals import Refused
from pos.i18n import Words
from pos.printing.papers import paper_document
from pos.printing.state import PaperState
from pos.printing.wording import Copy
from pos.storage import jobs
from pos.storage.jobs import Job, JobState, Purpose
from pos.storage.store import Store

if TYPE_CHECKING:
    from drivers.printer.document import Document
    from drivers.printer.profile import PrinterProfile
    from drivers.printer.raster import Font

    _Page = tuple[Callable[[PrinterProfile], Document], Callable[[str], object]]

BACK_OFF = (2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds before each further try while the printer is down; the last one repeats."""

IDLE = 15.0
"""Seconds between looks at the job table when nobody calls `wake`."""

AT_ONCE_MS = 30_000
"""A drawer or a card that did not come in this time does not come any more: nobody would be standing there."""

AT_ONCE = frozenset({Purpose.DRAWER, Purpose.CARD})
"""What happens now or not at all. Everybody sees whether it did, and may ask for it again; nobody is asked."""

PAGE = "page"
"""Name of a page of no entry, where the printer is a folder."""

UNPRINTABLE, TOO_LATE, FAULT = "unprintable", "too-late", "print-fault"

_STOPPING_SECONDS = 1.0

log = logging.getLogger(__name__)


class _Left(Exception):
    """`stop` gave up waiting for this thread: the store may be closed, and a job in hand is unknown at next start."""


class PrintLoop:
    """Prints what the store has queued, on a daemon thread, until stopped.

    `on_change` is called on that thread with each new `PaperState`; it must neither block nor raise.
    """

    def __init__(
        self,
        store: Store,
        printer: Printer,
        on_change: Callable[[PaperState], object],
        *,
        font: "Callable[[], Font | None]" = lambda: None,
        clock: Clock | None = None,
        back_off: tuple[float, ...] = BACK_OFF,
        idle: float = IDLE,
    ) -> None:
        """`font` finds, on the loop's thread, what draws characters that the ROM lacks; else they are printed as 〓."""
        self._store = store
        self._printer = printer
        self._on_change = on_change
        self._font = font
        self._clock = clock or Clock()
        self._back_off = back_off
        self._idle = idle
        self._words: dict[str, Words] = {}
        self._tried: set[int] = set()
        self._pages: deque[_Page] = deque()
        self._cause = ""
        self._paper_low = False
        self._failures = 0
        self._said: PaperState | None = None
        self._stopping = Event()
        self._left = Event()
        self._wake = Event()
        self._thread = Thread(target=self._run, name="printing", daemon=True)

    def start(self) -> None:
        """Begin. A loop runs once."""
        self._thread.start()

    def wake(self) -> None:
        """A job was queued, or a person wants another try now; from any thread."""
        self._wake.set()

    def print_page(self, make: "Callable[[PrinterProfile], Document]", then: Callable[[str], object]) -> None:
        """Print a page that belongs to no entry, such as a test, once or not at all; from any thread.

        `make` draws it for the printer's profile. `then` is told why nobody knows that it came out, "" when it did;
        both run on the loop's thread and must neither block nor raise.
        """
        self._pages.append((make, then))
        self.wake()

    def stop(self) -> None:
        """End after the job in hand; returns within a moment even if the printer keeps the thread waiting."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_STOPPING_SECONDS)
        self._left.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._recover()
                while not self._stopping.is_set():
                    self._visit()
                    self._rest()
            except Exception:
                if self._stopping.is_set():
                    return
                log.exception("printing")
                self._failures += 1
                self._say(replace(self._said or PaperState(), cause=FAULT))
                self._rest()

    def _rest(self) -> None:
        pause = self._back_off[min(self._failures, len(self._back_off)) - 1] if self._failures else self._idle
        self._wake.wait(pause)
        self._wake.clear()

    def _open(self) -> Store:
        if self._left.is_set():
            raise _Left
        return self._store

    def _recover(self) -> None:
        """Nothing is being sent now, whatever the table says: it was, when the program or this loop broke off."""
        with self._open().write() as tx:
            if jobs.interrupted(tx.connection):
                self._printer.broken_off = True
            for job in jobs.doubtful(tx.connection):
                if job.purpose in AT_ONCE:
                    jobs.mark(tx.connection, job.id, JobState.SETTLED, job.cause)

    def _visit(self) -> None:
        """Print what waits, each job once, as far as the printer goes along."""
        while self._pages and not self._stopping.is_set():
            make, then = self._pages.popleft()
            then(self._print_page(make))
        while not self._stopping.is_set() and (job := self._next()):
            self._tried.add(job.id)
            if not self._print(job):
                break
        if self._cause and not self._tried:
            self._ask()
        # only here: a job that broke the loop is passed over once, so that it does not block the others
        self._tried.clear()
        self._look()
        self._failures = self._failures + 1 if self._said and self._said.cause else 0

    def _next(self) -> Job | None:
        return next((job for job in self._look() if job.id not in self._tried), None)

    def _look(self) -> list[Job]:
        """The waiting jobs; says how things stand."""
        with self._open().read() as connection:
            waiting = jobs.waiting(connection)
            doubtful = [job for job in jobs.doubtful(connection) if job.state is JobState.UNKNOWN]
        cause = self._cause or next((job.cause for job in waiting if job.cause), "")
        papers = sum(job.purpose is Purpose.RECEIPT for job in waiting)
        self._say(PaperState(papers, len(doubtful), cause, self._paper_low))
        return waiting

    def _say(self, state: PaperState) -> None:
        if state != self._said:
            self._said = state
            self._on_change(state)

    def _ask(self) -> None:
        """Whether the printer, with nothing to print, is still in trouble."""
        state = self._printer.state()
        self._cause = state.trouble or ""
        self._paper_low = state.paper_low

    def _print(self, job: Job) -> bool:
        """Send one job and write down what became of it; False when the printer is down, and for all others too."""
        if job.purpose in AT_ONCE and abs(self._clock.wall() - job.made) > AT_ONCE_MS:
            self._mark(job, JobState.SETTLED, TOO_LATE)
            return True
        try:
            made = self._render(job)
        except (DriverError, Refused, LookupError, ValueError) as error:
            log.exception("job %d", job.id)
            self._mark(job, JobState.NOT_SENT, error.code if isinstance(error, DriverError) else UNPRINTABLE)
            return True
        outcome = self._printer.send(made, lambda: self._mark(job, JobState.SENDING))
        self._cause = ""
        match outcome:
            case Confirmed(paper_low=low):
                self._paper_low = low
                self._mark(job, JobState.CONFIRMED)
            case Sent():
                self._mark(job, JobState.SENT)
            case Unknown(code=code, detail=detail):
                log.warning("job %d may be on paper: %s %s", job.id, code, detail)
                self._cause = code
                self._mark(job, JobState.SETTLED if job.purpose in AT_ONCE else JobState.UNKNOWN, code)
            case NotSent(code=code, detail=detail):
                log.info("job %d not sent: %s %s", job.id, code, detail)
                self._cause = code
                self._mark(job, JobState.SETTLED if job.purpose in AT_ONCE else JobState.NOT_SENT, code)
                return False
            case _ as never:
                assert_never(never)
        return True

    def _print_page(self, make: "Callable[[PrinterProfile], Document]") -> str:
        """Send a page of no entry; why nobody knows that it is on paper, or ""."""
        profile = self._printer.profile
        try:
            made = receipt_job(PAGE, make(profile), profile, self._font())
        except (DriverError, LookupError, ValueError) as error:
            log.exception("page")
            return error.code if isinstance(error, DriverError) else UNPRINTABLE
        outcome = self._printer.send(made, lambda: None)
        if isinstance(outcome, Confirmed):
            self._paper_low = outcome.paper_low
        self._cause = "" if isinstance(outcome, Confirmed | Sent) else outcome.code
        return self._cause

    def _mark(self, job: Job, state: JobState, cause: str = "") -> None:
        confirmed = self._clock.wall() if state is JobState.CONFIRMED else None
        with self._open().write() as tx:
            jobs.mark(tx.connection, job.id, state, cause, confirmed)

    def _render(self, job: Job) -> PrinterJob:
        """The whole job in bytes. Raises `FontMissing`, or an error of its values."""
        profile = self._printer.profile
        paper = job.paper
        if job.purpose is Purpose.CARD:
            return self._card(job, profile)
        if paper is None:
            return drawer_job(f"drawer-{job.seq}", profile)
        words = self._worded(job)
        names = [f"{paper.number}-{number}" if number else paper.number for number in range(job.copy + 1)]
        copy = None
        if job.copy:
            copy = Copy(job.copy, job.by, local_time(job.made, self._store.identity.utc_offset_minutes))
        made = paper_document(paper, words, copy, profile.columns)
        return receipt_job(names[-1], made, profile, self._font(), date=paper.time[:10], replaces=tuple(names[:-1]))

    def _card(self, job: Job, profile: "PrinterProfile") -> PrinterJob:
        """A card on the roll. Raises `FontMissing`, or a `CardRefused` for one that was replaced meanwhile."""
        # Most days no card is printed, and drawing one takes a while to load.
        from pos.counter.card_prints import face_of
        from pos.printing.sheets import cards, roll

        font = self._font()
        if font is None:
            raise FontMissing
        strip = cards.strip(face_of(self._store, job.seq), self._worded(job))
        return roll.job(f"card-{job.seq}", strip, profile, font)

    def _worded(self, job: Job) -> Words:
        if job.language not in self._words:
            self._words[job.language] = i18n.load(job.language)
        return self._words[job.language]
