"""验收: the questions and checks that tell whether a counter's devices work, and the sheet of what was found.

No screen: the terminal asks the questions with dialogs, `pos devices acceptance` on the command line.
"""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, Queue
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from catalog.units import Grams
from drivers.scale.scale import Scale
from drivers.scale.weighing import OutOfRange, Settled, Weighing
from pos.core.entries import Signatures
from pos.core.receipts import local_time
from pos.core.refusals import DayNotOpen
from pos.core.scales import ScaleFacts, tolerance
from pos.counter import journal, scales
from pos.counter.acceptance import Finding, drift, machine
from pos.counter.desk import Desk
from pos.devices import evidence
from pos.i18n import Words
from pos.printing import self_test
from pos.printing.state import explain
from pos.station import Station
from pos.tui.device_log import SHOWN
from pos.tui.widgets.readout import code_of, why_not

if TYPE_CHECKING:
    from drivers.camera.camera import View

T = TypeVar("T")

SETTLING = 10_000
"""Milliseconds that a known load may take to stand still."""
EMPTYING = 200
"""Looks, a tenth of a second apart, at whether a scale shows zero."""
LOOK = 0.1
PRINTING = 60
"""Seconds that a printer may take for the test page."""
LOOKING = 15
"""Seconds that a camera may take to read a code."""


@dataclass(frozen=True, slots=True)
class Sure:
    """A question answered with yes or no."""

    text: str


@dataclass(frozen=True, slots=True)
class Heavy:
    """A question answered with a mass."""

    text: str


@dataclass(frozen=True, slots=True)
class Scan:
    """A question answered with the text of a scan; None when there is no scanner."""

    text: str


@dataclass(frozen=True, slots=True)
class Say:
    """Something to know while it takes a while; answered with None."""

    text: str


Question = Sure | Heavy | Scan | Say
Answer = bool | Grams | str | None

Plan = Generator[Question, Answer, tuple[Finding, ...]]
Part = Generator[Question, Answer, list[Finding]]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One acceptance of a station, whose keeper signs as `by`."""

    station: Station
    words: Words
    by: Signatures

    @property
    def desk(self) -> Desk:
        """The station's counter."""
        return self.station.desk

    def plan(self) -> Plan:
        """Ask and check everything, one thing after the other. Blocks while a device is waited for."""
        clock = self.desk.clock
        began = clock.wall(), clock.mono()
        found = [
            *machine(self.station.store.folder, camera=self.station.config.camera is not None),
            *(yield from self._clock()),
        ]
        for name, facts in self.desk.scales.items():
            found += yield from self._scale(self.station.devices.scales[name], facts)
        printed = yield from self._printer()
        found += printed
        came_out = any(each.right for each in printed)
        found += yield from self._scanner(came_out)
        found += yield from self._camera()
        return (*found, drift(clock, *began))

    def _clock(self) -> Part:
        back = journal.today(self.desk).clock_back_s
        now = local_time(self.desk.clock.wall(), self.desk.store.identity.utc_offset_minutes)[:16]
        right = yield Sure(self.words("acceptance.clock", now=now))
        return [Finding("clock", bool(right) and not back, detail=now)]

    def _scale(self, scale: Scale, facts: ScaleFacts) -> Part:
        name = facts.name
        if not (yield Sure(self.words("acceptance.empty", scale=name))):
            return [Finding("zero", None, name), Finding("load", None, name)]
        zero = waited(lambda: scale.state() if _is_empty(scale.state()) else None)
        found = [Finding("zero", zero is not None, name, "" if zero else self._why(scale.state()))]
        known = facts.check_weight
        if known is None:
            typed = yield Heavy(self.words("check.how-heavy"))
            known = typed if isinstance(typed, Grams) else None
        if known is None or not (yield Sure(self.words("acceptance.put-on", scale=name, known=known))):
            return [*found, Finding("load", None, name)]
        yield Say(self.words("check.reading"))
        found.append(self._loaded(scale, facts, known))
        yield Sure(self.words("acceptance.take-off", scale=name))
        empty = waited(lambda: scale.state() if _is_empty(scale.state()) else None)
        return [*found, Finding("return", empty is not None, name, "" if empty else self._why(scale.state()))]

    def _loaded(self, scale: Scale, facts: ScaleFacts, known: Grams) -> Finding:
        """Weigh the known load; an open day keeps it as the scale's check."""
        clock = self.desk.clock
        began = clock.mono()
        read = scale.read_weight(SETTLING)
        if not isinstance(read, Settled):
            return Finding("load", False, facts.name, why_not(self.words, read.code))
        if facts.minimum <= known <= facts.maximum:
            with suppress(DayNotOpen):
                seen = evidence(facts.name, read, clock.wall())
                scales.check(self.desk, self.by, known, read.grams, seen)
        off, tenths = read.grams - known, (clock.mono() - began) // 100
        right = abs(off.amount) <= tolerance(known, facts.division).amount
        return Finding("load", right, facts.name, f"{read.grams} / {known}  {tenths // 10}.{tenths % 10} s")

    def _why(self, weighing: Weighing) -> str:
        return why_not(self.words, code_of(weighing))

    def _printer(self) -> Part:
        if self.station.printing is None:
            return [Finding("printer", None)]
        yield Say(self.words("acceptance.printing"))
        answers: Queue[str] = Queue()
        self.station.printing.print_page(partial(self_test.page, words=self.words), answers.put)
        try:
            cause = answers.get(timeout=PRINTING)
        except Empty:
            cause = "printer-silent"
        if cause:
            return [Finding("printer", False, detail=explain(cause, self.words))]
        return [Finding("printer", bool((yield Sure(self.words("acceptance.page")))))]

    def _scanner(self, printed: bool) -> Part:
        text = yield Scan(self.words("acceptance.scan-page" if printed else "acceptance.scan-any"))
        if not isinstance(text, str) or not text:
            return [Finding("scanner", None)]
        right = not printed or text in (self_test.QR_TEXT, self_test.BARCODE)
        return [Finding("scanner", right, detail=text[:SHOWN])]

    def _camera(self) -> Part:
        camera = self.station.devices.camera
        if camera is None:
            return []
        name = self.station.config.camera.name if self.station.config.camera else ""
        if not (yield Sure(self.words("acceptance.show"))):
            return [Finding("camera", None, name)]
        texts: Queue[str] = Queue()

        def seen(view: "View") -> None:
            for code in view.finding.codes:
                texts.put(code.text)

        camera.arm(seen)
        try:
            text = texts.get(timeout=LOOKING)
        except Empty:
            text = ""
        finally:
            camera.disarm()
        return [Finding("camera", bool(text), name, text[:SHOWN])]


def waited(look: Callable[[], T | None]) -> T | None:
    """What `look` finds, looked for a while."""
    pause = Event()
    for _ in range(EMPTYING):
        if (found := look()) is not None:
            return found
        pause.wait(LOOK)
    return None


def _is_empty(weighing: Weighing) -> bool:
    match weighing:
        case Settled(is_zero=is_zero):
            return is_zero
        case OutOfRange(code=code):
            return code == "below-minimum"
        case _:
            return False


def advance(plan: Plan, answer: Answer = None) -> Question | tuple[Finding, ...]:
    """Go on with the plan: the next question, or at its end what was found."""
    try:
        return plan.send(answer)
    except StopIteration as end:
        found: tuple[Finding, ...] = end.value
        return found
