"""What a scale says, judged: a weight that may be paid for, or why there is none. Values; `machine` makes them.

*Legal weight* is `Settled` alone, and only a `Settled` holds grams. *Live weight* is the figure in `Moving`: for the
eye, never for the books. Each value names its UnifiedPOS status event; `NotTaken` names the error of `ReadWeight`.
Source: UnifiedPOS 1.14 Scale (`ScaleConst`: SCAL_SUE_*, ESCAL_*).

In the words of the usual state chart: `NoSignal` is NO_SIGNAL; `Moving` is WAIT_ZERO (`zero-first`), LOADING, or
WAIT_UNLOAD (`return-to-zero`, behind COMMITTED, which is a take); `Settled` is EMPTY at zero, else STABLE; `OutOfRange`
is FAULT.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Literal

from catalog.units import Grams
from drivers.scale.line import LineProfile
from drivers.scale.reading import DummyZeros, Mode


class Status(IntEnum):
    """UnifiedPOS status update events of a scale, by their numbers."""

    STABLE = 11
    UNSTABLE = 12
    ZERO = 13
    OVERWEIGHT = 14
    NOT_READY = 15
    """No signal, a fault, or the scale must be emptied first."""
    UNDER_ZERO = 16
    UNDERWEIGHT = 17
    """Stable, above zero, below the minimum load."""


class ReadError(IntEnum):
    """UnifiedPOS extended result codes of `ReadWeight`."""

    OVERWEIGHT = 201
    UNDER_ZERO = 202
    SAME_WEIGHT = 203


_STATUSES = {
    "overload": Status.OVERWEIGHT,
    "under-zero": Status.UNDER_ZERO,
    "below-minimum": Status.UNDERWEIGHT,
}
_ERRORS = {
    "overload": ReadError.OVERWEIGHT,
    "under-zero": ReadError.UNDER_ZERO,
    "return-to-zero": ReadError.SAME_WEIGHT,
}


@dataclass(frozen=True, slots=True)
class ScaleProfile:
    """A scale as it was set up: what its plate says and what the keeper confirmed.

    `unit` is a key of `reading.GRAMS`; `division` is the verification interval e; `checksum`, `line`, `poll`, `address`
    and `dummy_zeros` are the protocol's options (None: find out; not described; as usual; "": the usual one; refused).
    """

    id: str
    protocol: str
    unit: str
    minimum: Grams
    maximum: Grams
    division: Grams
    checksum: bool | None = None
    line: LineProfile | None = None
    poll: bool | None = None
    address: str = ""
    dummy_zeros: DummyZeros | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A still, fresh weight inside the scale's range. `value` in `unit` is the figure the scale itself shows.

    `criterion`: `flag` if the scale called it stable, `window` if it was judged from one second of frames.
    `at` is the newest frame's time in monotonic seconds, `raw` its bytes. `tare` is what the scale has taken off.
    `is_light`: above zero, but below the minimum load, so that nothing is paid for it.
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
    is_light: bool = False

    @property
    def text(self) -> str:
        """The figure with exactly the decimals the scale shows, without its unit."""
        return f"{self.value:f}"

    @property
    def status(self) -> Status:
        """Its status event."""
        return Status.ZERO if self.is_zero else Status.UNDERWEIGHT if self.is_light else Status.STABLE


@dataclass(frozen=True, slots=True)
class Moving:
    """Not to be used yet. `value` in `unit` is for the eye only; it is None while the scale holds its figure back.

    `reason`: `loading` while it moves; `return-to-zero` if the load that was taken must come off first; `zero-first` if
    the scale must show zero once, since the load may have been changed unseen while it was silent.
    """

    value: Decimal | None
    unit: str | None
    reason: Literal["loading", "return-to-zero", "zero-first"] = "loading"

    @property
    def status(self) -> Status:
        """Its status event."""
        return Status.UNSTABLE if self.reason == "loading" else Status.NOT_READY


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """The scale speaks but its weight may not be used: a `reading.Fault`, `unit-unconfirmed` or `fraction`."""

    code: str

    @property
    def status(self) -> Status:
        """Its status event."""
        return _STATUSES.get(self.code, Status.NOT_READY)


@dataclass(frozen=True, slots=True)
class NoSignal:
    """Nothing fresh from the scale. `code` of a `DriverError`; `since` is the last frame's time, None without any."""

    code: str
    since: float | None

    @property
    def status(self) -> Status:
        """Its status event."""
        return Status.NOT_READY


Weighing = Settled | Moving | OutOfRange | NoSignal
"""What the scale says now. Only `Settled` holds grams."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Why there is no weight to pay for.

    `code`: `moving`, `return-to-zero`, `zero-first`, `below-minimum`, `changed` (no longer what was shown), or the code
    of `OutOfRange` or `NoSignal`.
    """

    code: str

    @property
    def error(self) -> ReadError | None:
        """Its extended result code, None where UnifiedPOS has none."""
        return _ERRORS.get(self.code)
