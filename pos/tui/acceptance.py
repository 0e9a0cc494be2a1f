"""验收: the questions and checks that tell whether a counter's devices work, and the sheet of what was found.

No screen: the terminal asks the questions with dialogs, `pos devices acceptance` on the command line.
"""

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Queue
from typing import TYPE_CHECKING

from catalog.units import Grams
from drivers.scale.scale import Scale
from drivers.scale.weighing import OutOfRange, Settled, Weighing
from pos.core.entries import Signatures
from pos.core.local_time import local_time
from pos.core.refusals import Refused
from pos.core.scales import ScaleFacts, tolerance
from pos.counter import scales
from pos.counter.acceptance import Finding, drift, machine
from pos.counter.desk import Desk
from pos.counter.today import today
from pos.devices import evidence
from pos.i18n import Words
from pos.printing import self_test
from pos.printing.state import explain
from pos.station import Station
from pos.tui.device_log import SHOWN
from pos.tui.weight_words import code_of, why_not

if TYPE_CHECKING:
    from drivers.camera.camera import View

LOOK = 0.1
"""Seconds between two looks at something that is waited for."""
SETTLING, EMPTYING, PRINTING, READING = 100, 200, 600, 150
"""Most looks at: a known load that is to stand still, a scale that is to show zero, the test page, and a code in front
of the camera."""


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


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to ask; go on after `LOOK`, answered with None. No step waits by itself: other work goes on between."""


Question = Sure | Heavy | Scan | Say | Wait
Answer = bool | Grams | str | None

Plan = Generator[Question, Answer, tuple[Finding, ...]]
Part = Generator[Question, Answer, list[Finding]]
One = Generator[Question, Answer, Finding]


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
        """Ask and check everything, one thing after the other."""
        clock = self.desk.clock
        began = clock.wall(), clock.mono()
        found = [
            *machine(self.station.store.folder, camera=self.station.config.camera is not None),
            *(yield from self._clock()),
        ]
        for name, facts in self.desk.scales.items():
            found += yield from self._scale(self.station.devices.scales[name], facts)
        if not self.desk.scales:
            found.append(Finding("load", None))
        printed = yield from self._printer()
        found += printed
        came_out = any(each.right for each in printed)
        found += yield from self._scanner(came_out)
        found += yield from self._camera()
        return (*found, drift(clock, *began))

    def _clock(self) -> Part:
        back = today(self.desk).clock_back_s
        now = local_time(self.desk.clock.wall(), self.desk.store.identity.utc_offset_minutes)[:16]
        right = yield Sure(self.words("acceptance.clock", now=now))
        return [Finding("clock", bool(right) and not back, detail=now)]

    def _scale(self, scale: Scale, facts: ScaleFacts) -> Part:
        name = facts.name
        if not (yield Sure(self.words("acceptance.empty", scale=name))):
            return [Finding("zero", None, name), Finding("load", None, name)]
        found = [(yield from self._shows_zero(scale, "zero"))]
        known = facts.check_weight
        if known is None:
            typed = yield Heavy(self.words("acceptance.how-heavy"))
            known = typed if isinstance(typed, Grams) else None
        if known is None or not (yield Sure(self.words("acceptance.put-on", scale=name, known=known))):
            return [*found, Finding("load", None, name)]
        found.append((yield from self._loaded(scale, facts, known)))
        yield Sure(self.words("acceptance.take-off", scale=name))
        return [*found, (yield from self._shows_zero(scale, "return"))]

    def _shows_zero(self, scale: Scale, item: str) -> One:
        yield Say(self.words("check.reading"))
        empty = yield from until(lambda: _is_empty(scale.state()), EMPTYING)
        return Finding(item, empty, scale.profile.id, "" if empty else why_not(self.words, code_of(scale.state())))

    def _loaded(self, scale: Scale, facts: ScaleFacts, known: Grams) -> One:
        """Weigh the known load; it is kept as the scale's check, where the shop takes one now."""
        clock = self.desk.clock
        began = clock.mono()
        yield Say(self.words("check.reading"))
        yield from until(lambda: _is_weight(scale.state()), SETTLING)
        read = scale.read_weight(0)
        if not isinstance(read, Settled):
            return Finding("load", False, facts.name, why_not(self.words, read.code))
        if facts.minimum <= known <= facts.maximum:
            with suppress(Refused):
                seen = evidence(facts.name, read, clock.wall())
                scales.check(self.desk, self.by, known, read.grams, seen)
        off, tenths = read.grams - known, (clock.mono() - began) // 100
        right = abs(off.amount) <= tolerance(known, facts.division).amount
        return Finding("load", right, facts.name, f"{read.grams} / {known}  {tenths // 10}.{tenths % 10} s")

    def _printer(self) -> Part:
        if self.station.printing is None:
            return [Finding("printer", None)]
        yield Say(self.words("acceptance.printing"))
        answers: Queue[str] = Queue()
        self.station.printing.print_page(partial(self_test.page, words=self.words), answers.put)
        told = yield from until(lambda: not answers.empty(), PRINTING)
        if cause := answers.get() if told else "printer-silent":
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
        name = self.station.config.camera.name if self.station.config.camera else ""
        if camera is None or not (yield Sure(self.words("acceptance.show"))):
            return [Finding("camera", None, name)]
        yield Say(self.words("acceptance.looking"))
        texts: Queue[str] = Queue()

        def seen(view: "View") -> None:
            for code in view.finding.codes:
                texts.put(code.text)

        camera.arm(seen)
        try:
            read = yield from until(lambda: not texts.empty(), READING)
        finally:
            camera.disarm()
        return [Finding("camera", read, name, texts.get()[:SHOWN] if read else self._no_picture(name))]

    def _no_picture(self, name: str) -> str:
        cause = next(each.cause for each in self.station.devices.statuses() if each.name == name)
        return self.words(f"fault.{cause}") if cause else ""


def until(look: Callable[[], bool], looks: int) -> Generator[Question, Answer, bool]:
    """Look again and again; whether it came true."""
    for _ in range(looks):
        if look():
            return True
        yield Wait()
    return look()


def _is_weight(weighing: Weighing) -> bool:
    return isinstance(weighing, Settled) and not (weighing.is_zero or weighing.is_light)


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
