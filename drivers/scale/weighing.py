"""From readings to a weight that may be paid for: the weighing state machine, pure; time is an argument in seconds.

Behaviour: UnifiedPOS Scale (`ReadWeight` waits for a settled weight and never gives the same load twice), OIML R 76-1
4.4.2 (stable equilibrium) and 4.2.3 (indication ends at Max + 9 e).
"""

from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Literal

from catalog.units import Grams
from drivers.scale.reading import GRAMS, Mode, Reading

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


@dataclass(frozen=True, slots=True)
class ScaleProfile:
    """A scale as it was set up: what its plate says and what the keeper confirmed.

    `unit` is a key of `reading.GRAMS`; `division` is the verification interval e; `verified_until` is an ISO date or
    empty; `checksum` is the decoder's option (None: find out).
    """

    id: str
    protocol: str
    unit: str
    minimum: Grams
    maximum: Grams
    division: Grams
    cls: Literal["counter", "floor"] = "counter"
    verified_until: str = ""
    checksum: bool | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A still, fresh weight inside the scale's range. `value` in `unit` is the figure the scale itself shows.

    `criterion`: `flag` if the scale called it stable, `window` if it was judged from one second of frames.
    `at` is the newest frame's time in monotonic seconds, `raw` its bytes. `tare` is what the scale has taken off.
    """

    grams: Grams
    value: Decimal
    unit: str
    mode: Mode
    tare: Decimal | None
    criterion: Literal["flag", "window"]
    is_zero: bool
    raw: bytes
    at: float

    @property
    def text(self) -> str:
        """The figure with exactly the decimals the scale shows, without its unit."""
        return f"{self.value:f}"


@dataclass(frozen=True, slots=True)
class Moving:
    """Not to be used yet. `value` in `unit` is for the eye only; it is None while the scale holds its figure back.

    `reason`: `loading` while it moves, `return-to-zero` if the scale must be emptied (and after a fault zeroed) first.
    """

    value: Decimal | None
    unit: str | None
    reason: Literal["loading", "return-to-zero"] = "loading"


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """The scale speaks but its weight may not be used: a `reading.Fault`, `unit-unconfirmed` or `fraction`."""

    code: str


@dataclass(frozen=True, slots=True)
class NoSignal:
    """Nothing fresh from the scale. `code` of a `DriverError`; `since` is the last frame's time, None without any."""

    code: str
    since: float | None


Weighing = Settled | Moving | OutOfRange | NoSignal
"""What the scale says now. Only `Settled` holds grams."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why there is no weight to pay for.

    `code`: `moving`, `return-to-zero`, `below-minimum`, `changed` (no longer what was shown), or the code of
    `OutOfRange` or `NoSignal`.
    """

    code: str


class WeighingMachine:
    """Judges the readings of one scale: `feed` it every reading, tell it what is `lost`, ask for `state` or `take`.

    It starts, and resumes after every loss, by waiting for the scale to show zero, since the load may have been changed
    unseen; after a `take` it waits for the load to come off (below the minimum load, or the scale's own zero mark).
    """

    def __init__(self, profile: ScaleProfile) -> None:
        self._profile = profile
        self._frames: deque[tuple[float, Reading]] = deque(maxlen=KEPT)
        self._newest: Reading | None = None
        self._heard: float | None = None
        self._period = 0.0
        self._lost = "device-silent"
        self._awaits: Literal["zero", "unload"] | None = "zero"

    def feed(self, reading: Reading, now: float) -> None:
        """Take in one reading that came at `now`."""
        if self._heard is not None:
            if not self._fresh(now):
                self.lost("device-silent")
            self._period = (3 * self._period + min(now - self._heard, SLOWEST)) / 4
        self._heard, self._newest = now, reading
        if self._frames and _kind(self._frames[-1][1]) != _kind(reading):
            self._frames.clear()
        if reading.fault:
            if reading.fault == "not-zeroed":
                self._awaits = "zero"
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
        self._awaits = "zero"

    def state(self, now: float) -> Weighing:
        """What the scale says at `now`."""
        reading = self._newest
        if reading is None:
            return NoSignal(self._lost, self._heard)
        if not self._fresh(now):
            return NoSignal("device-silent", self._heard)
        if code := self._range_code(reading):
            return OutOfRange(code)
        if self._awaits:
            return Moving(reading.value, reading.unit, "return-to-zero")
        criterion = self._criterion()
        if criterion is None or reading.grams is None or reading.value is None or reading.unit is None:
            return Moving(reading.value, reading.unit)
        if reading.grams != reading.grams.to_integral_value():
            return OutOfRange("fraction")
        return Settled(
            grams=Grams(int(reading.grams)),
            value=reading.value,
            unit=reading.unit,
            mode=reading.mode,
            tare=reading.tare,
            criterion=criterion,
            is_zero=self._is_zero(reading),
            raw=reading.raw,
            at=self._frames[-1][0],
        )

    def take(self, expected: Settled, now: float) -> Settled | NotTaken:
        """The settled weight, once per load; `expected` is what the customer was shown and must still stand."""
        state = self.state(now)
        match state:
            case NoSignal(code=code) | OutOfRange(code=code):
                return NotTaken(code)
            case Moving(reason=reason):
                return NotTaken("moving" if reason == "loading" else reason)
            case Settled():
                if (state.value, state.unit, state.mode) != (expected.value, expected.unit, expected.mode):
                    return NotTaken("changed")
                if state.is_zero or state.grams < self._profile.minimum:
                    return NotTaken("below-minimum")
                self._awaits = "unload"
                return state

    def _fresh(self, now: float) -> bool:
        return self._heard is not None and now - self._heard <= max(FRESH, FRESH_PERIODS * self._period)

    def _range_code(self, reading: Reading) -> str | None:
        """Why the reading may not be used whatever else holds; None if it may, or is merely in motion."""
        if reading.fault:
            return None if reading.fault == "motion" else reading.fault
        assert reading.grams is not None
        if reading.unit != self._profile.unit:
            return "unit-unconfirmed"
        if reading.grams < 0:
            return "under-zero"
        limit = self._profile.maximum + self._profile.division * ABOVE_MAXIMUM
        return "overload" if _gross(reading) > limit.amount else None

    def _is_zero(self, reading: Reading) -> bool:
        assert reading.grams is not None
        # the zero mark is outside every checksum, so a load that counts overrules it
        marked = reading.zero is True and reading.grams < self._profile.minimum.amount
        return marked or abs(reading.grams) * 2 <= self._profile.division.amount

    def _watch_return(self, reading: Reading) -> None:
        """See whether the pan is empty enough for the next load."""
        assert reading.grams is not None
        if reading.stable is False:
            return
        unloaded = self._awaits == "unload" and reading.grams < self._profile.minimum.amount
        if unloaded or self._is_zero(reading):
            self._awaits = None

    def _criterion(self) -> Literal["flag", "window"] | None:
        """By which rule the kept frames are settled, None if they are not."""
        if not self._frames:
            return None
        ended, newest = self._frames[-1]
        if newest.stable is False:
            return None
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


def _gross(reading: Reading) -> Decimal:
    """Grams on the pan as far as the frame tells: the scale's own tare added back."""
    assert reading.grams is not None
    if reading.mode != "net" or reading.tare is None or reading.unit is None:
        return reading.grams
    return reading.grams + reading.tare * GRAMS[reading.unit]
