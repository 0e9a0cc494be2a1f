"""From readings to a weight that may be paid for: the weighing state machine, pure; time is an argument in seconds.

Behaviour: UnifiedPOS Scale (`ReadWeight` waits for a settled weight and never gives the same load twice), OIML R 76-1
4.4.2 (stable equilibrium), 4.2.3 (indication ends at Max + 9 e) and 4.5.1 (zero-setting within 4 % of Max).
"""

from collections import deque
from decimal import Decimal
from itertools import takewhile
from typing import Literal

from catalog.units import Grams
from drivers.scale.reading import GRAMS, Fault, Mode, Reading
from drivers.scale.weighing import Moving, NoSignal, NotTaken, OutOfRange, ScaleProfile, Settled, Weighing

FRESH = 1.0
"""Seconds a frame stays fresh, or `FRESH_PERIODS` frame periods if that is longer."""
FRESH_PERIODS = 4
FLAG_FRAMES, FLAG_SPAN = 2, 0.3
"""Frames called stable by the scale, equal and this many seconds apart, make it settled."""
WINDOW_FRAMES, WINDOW = 4, 1.0
"""Without a stability flag: at least this many frames in this many seconds, all within one division."""
SLOWEST = 1.0
"""Longest frame period, in seconds, that is believed; bounds how long a figure may stay fresh."""
KEPT = 4096
"""Most frames kept; more than any line sends in `WINDOW` seconds."""
ABOVE_MAXIMUM = 9
"""Divisions above Max up to which a scale indicates."""
ZERO_RANGE = 4
"""Per cent of Max within which zero may be set."""

Button = Literal["zero", "tare", "clear"]
"""What can be pressed on a scale; `clear` takes a tare back."""


class WeighingMachine:
    """Judges the readings of one scale: `feed` it every reading, tell it what is `lost`, ask for `state` or `take`.

    It starts, and resumes after every loss, by waiting for the scale to show zero, since the load may have been changed
    unseen; after a `take` it waits for the load to come off (below the minimum load, or the scale's own zero mark).

    `one_shot`: the scale itself waits for a still load and gives its weight once; that it has not moved since keeps the
    weight fresh. `patience`: seconds for which the scale may keep silent while the load moves.
    """

    def __init__(self, profile: ScaleProfile, *, one_shot: bool = False, patience: float = 0.0) -> None:
        self._profile = profile
        self._one_shot = one_shot
        self._patience = patience
        self._frames: deque[tuple[float, Reading]] = deque(maxlen=KEPT)
        self._newest: Reading | None = None
        self._heard: float | None = None
        self._period = 0.0
        self._lost = "device-silent"
        self._awaits: Literal["zero-first", "return-to-zero"] | None = "zero-first"
        self._taken_as: tuple[Mode, Decimal | None] | None = None
        """Mode and tare of the load taken last, while it has to come off."""

    def feed(self, reading: Reading, now: float) -> None:
        """Take in one reading that came at `now`."""
        if self._heard is not None:
            if not self._fresh(now):
                self._fell_silent(now)
            self._period = (3 * self._period + min(now - self._heard, SLOWEST)) / 4
        self._heard = now
        if reading.discarded:
            self._frames.clear()
        if self._one_shot and self._frames and reading.fault == "return-to-zero":
            return
        self._newest = reading
        if self._frames and _kind(self._frames[-1][1]) != _kind(reading):
            self._frames.clear()
        if reading.fault:
            self._learn_from(reading.fault)
            return
        if reading.unit == self._profile.unit:
            self._watch_return(reading)
            self._frames.append((now, reading))
        while len(self._frames) > 1 and self._frames[1][0] <= now - WINDOW:
            self._frames.popleft()

    def lost(self, code: str) -> None:
        """The line failed: forget the figure; the next weighing starts from zero. `code` is a `DriverError`'s."""
        self._frames.clear()
        self._newest = None
        self._lost = code
        self._await_zero()

    def vouch(self) -> None:
        """Somebody who may has looked at the scale: what stands on it now need not come off first, this once."""
        self._awaits = self._taken_as = None

    def state(self, now: float) -> Weighing:
        """What the scale says at `now`."""
        reading = self._newest
        if reading is None:
            return NoSignal(self._lost, self._heard)
        if not self._fresh(now):
            if self._waiting(now):
                return Moving(None, None, self._awaits or "loading")
            return NoSignal("device-silent", self._heard)
        if code := self._range_code(reading):
            return OutOfRange(code)
        if self._awaits:
            return Moving(reading.value, reading.unit, self._awaits)
        criterion = self._criterion()
        if criterion is None or reading.grams is None or reading.value is None or reading.unit is None:
            return Moving(reading.value, reading.unit)
        if reading.grams != reading.grams.to_integral_value():
            return OutOfRange("fraction")
        grams, is_zero = Grams(int(reading.grams)), self._is_zero(reading.grams, reading.zero)
        return Settled(
            grams=grams,
            value=reading.value,
            unit=reading.unit,
            mode=reading.mode,
            tare=reading.tare,
            criterion=criterion,
            is_zero=is_zero,
            raw=reading.raw,
            at=self._frames[-1][0],
            is_light=not is_zero and grams < self._profile.minimum,
        )

    def take(self, expected: Settled | None, now: float) -> Settled | NotTaken:
        """The settled weight, once per load; `expected` is what the customer was shown and must still stand, if any."""
        state = self.state(now)
        match state:
            case NoSignal(code=code) | OutOfRange(code=code):
                return NotTaken(code)
            case Moving(reason=reason):
                return NotTaken("moving" if reason == "loading" else reason)
            case Settled():
                figure = (state.value, state.unit, state.mode)
                if expected is not None and figure != (expected.value, expected.unit, expected.mode):
                    return NotTaken("changed")
                if state.is_zero or state.is_light:
                    return NotTaken("below-minimum")
                self._awaits, self._taken_as = "return-to-zero", (state.mode, state.tare)
                return state

    def refusal(self, button: Button, now: float) -> str | None:
        """Why `button` must not be pressed at `now`, None if it may.

        Zero and tare only on a still scale without tare and from which a load that was taken has come off; zero only
        within `ZERO_RANGE`. Codes: `tared`, `zero-range`, `nothing-to-tare`, or one of `NotTaken`.
        """
        reading = self._newest
        if reading is None:
            return self._lost
        if not self._fresh(now):
            return "moving" if self._waiting(now) else "device-silent"
        code = self._range_code(reading)
        if code and not (code == "under-zero" and reading.grams is not None):
            return code
        if self._criterion() is None or reading.grams is None:
            return "moving"
        if button == "clear":
            return None
        if self._awaits == "return-to-zero":
            return self._awaits
        if reading.mode == "net" or reading.tare:
            return "tared"
        if button == "tare":
            return "nothing-to-tare" if reading.grams < 0 or self._is_zero(reading.grams, reading.zero) else None
        return "zero-range" if abs(reading.grams) * 100 > self._profile.maximum.amount * ZERO_RANGE else None

    def _await_zero(self) -> None:
        self._awaits, self._taken_as = "zero-first", None

    def _fresh(self, now: float) -> bool:
        return self._heard is not None and now - self._heard <= max(FRESH, FRESH_PERIODS * self._period)

    def _waiting(self, now: float) -> bool:
        """Silent, but no longer than the scale may be while the load moves."""
        return self._heard is not None and now - self._heard <= self._patience

    def _fell_silent(self, now: float) -> None:
        if self._waiting(now):
            self._frames.clear()
        else:
            self.lost("device-silent")

    def _learn_from(self, fault: Fault) -> None:
        """A fault may tell that the pan is empty, or that nobody knows what lies on it."""
        if fault == "not-zeroed":
            self._await_zero()
        elif fault == "below-minimum":
            self._awaits = self._taken_as = None

    def _range_code(self, reading: Reading) -> str | None:
        """Why the reading may not be used whatever else holds; None if it may, or is merely in motion."""
        if reading.fault:
            return None if reading.fault == "motion" else reading.fault
        assert reading.grams is not None
        if reading.unit != self._profile.unit:
            return "unit-unconfirmed"
        if reading.grams < 0:
            return "under-zero"
        gross = _gross(reading)
        limit = self._profile.maximum + self._profile.division * ABOVE_MAXIMUM
        return "overload" if max(reading.grams, gross or 0) > limit.amount else None

    def _is_zero(self, grams: Decimal, marked: bool | None) -> bool:
        """Whether `grams` are zero within half a division, or `marked` as zero by the scale."""
        # the zero mark is outside every checksum, so a load that counts overrules it
        return (marked is True and grams < self._profile.minimum.amount) or (
            abs(grams) * 2 <= self._profile.division.amount
        )

    def _watch_return(self, reading: Reading) -> None:
        """See whether the pan is empty enough for the next load.

        A tare key brings the figure to zero with the load still on, so a net figure proves nothing unless the tare was
        there already when the load was taken.
        """
        if self._awaits is None or reading.stable is False or reading.grams is None:
            return
        unchanged = (reading.mode, reading.tare) == self._taken_as
        on_pan = reading.grams if unchanged else _gross(reading)
        if on_pan is None:
            return
        unloaded = self._taken_as is not None and on_pan < self._profile.minimum.amount
        if unloaded or self._is_zero(on_pan, reading.zero):
            self._awaits = self._taken_as = None

    def _criterion(self) -> Literal["flag", "window"] | None:
        """By which rule the kept frames are settled, None if they are not."""
        if not self._frames:
            return None
        ended, newest = self._frames[-1]
        if newest.stable is False:
            return None
        if newest.stable and self._one_shot:
            return "flag"
        if newest.stable:
            equal = list(takewhile(lambda frame: frame[1].value == newest.value, reversed(self._frames)))
            return "flag" if len(equal) >= FLAG_FRAMES and ended - equal[-1][0] >= FLAG_SPAN else None
        grams = [reading.grams for _, reading in self._frames if reading.grams is not None]
        covered = len(grams) >= WINDOW_FRAMES and ended - self._frames[0][0] >= WINDOW
        still = covered and max(grams) - min(grams) <= self._profile.division.amount and grams[-1] == grams[-2]
        return "window" if still else None


def _kind(reading: Reading) -> tuple[object, ...]:
    """What must not change while a load settles."""
    return reading.fault, reading.stable, reading.mode, reading.unit, reading.tare


def _gross(reading: Reading) -> Decimal | None:
    """Grams on the pan, the scale's own tare added back; None for a net figure whose tare the frame does not tell."""
    assert reading.grams is not None
    if reading.mode != "net":
        return reading.grams
    if reading.tare is None or reading.unit is None:
        return None
    return reading.grams + reading.tare * GRAMS[reading.unit]
