"""校秤: the register of scales, their daily check with a known weight, and whether each may weigh for the shop today.

The tolerance of a check is the error that OIML R 76 class III allows in service: 1 e up to 500 e, 2 e up to 2,000 e,
3 e above.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from catalog.materials import ScaleClass
from catalog.units import Grams
from pos.core.acts import Act, ActCode
from pos.core.refusals import BelowMinimum, OverMaximum, WeighingRefused
from pos.core.transfers import Decision


class ScaleExpired(WeighingRefused):
    """Its verification has run out."""

    code = "scale-expired"


class ScaleCheckFailed(WeighingRefused):
    """It was wrong when it was checked last."""

    code = "scale-check-failed"


class ScaleCheckDue(WeighingRefused):
    """It has not been checked today."""

    code = "scale-check-due"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a weight is believed: which scale, by which criterion, its last frame (hex) and when (wall clock, ms)."""

    scale: str
    criterion: str
    frame: str
    at: int
    reason: str = ""
    """Why it was typed; only when the criterion is `manual`."""


@dataclass(frozen=True, slots=True)
class ScaleFacts:
    """What the register says of one scale: its plate, its seal and its verification sticker."""

    name: str
    scale_class: ScaleClass
    minimum: Grams
    maximum: Grams
    division: Grams
    verified_until: date | None = None
    """Last day of its verification; None where nobody has put it in."""
    model: str = ""
    serial: str = ""
    seal: str = ""
    check_weight: Grams | None = None
    """The known weight that is kept beside it; None where the keeper says each time."""

    def takes(self, needed: ScaleClass) -> bool:
        """Whether a material that needs such a scale may be weighed on this one: a counter scale is the finer."""
        return needed in (self.scale_class, ScaleClass.FLOOR)


class WhenExpired(StrEnum):
    """What happens to a scale whose verification has run out."""

    BLOCK = "block"
    WARN = "warn"


class CheckRule(StrEnum):
    """Whether a scale is to be checked each day before it weighs."""

    OFF = "off"
    REMIND = "remind"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class Policy:
    """The store's settings about its scales."""

    warn_days: int = 30
    """Days before the end of its verification from which a scale warns."""
    expired: WhenExpired = WhenExpired.BLOCK
    check: CheckRule = CheckRule.REMIND


@dataclass(frozen=True, slots=True)
class ScaleCheck:
    """The body of an act of inspection with its figures: a `known` weight was put on, and the scale said `reading`."""

    KIND: ClassVar[str] = Act.KIND
    code: ActCode
    known: Grams
    reading: Grams
    tolerance: Grams
    evidence: Evidence

    def __post_init__(self) -> None:
        if self.code is not ActCode.INSPECTION:
            raise ValueError("a check is an inspection")

    @property
    def difference(self) -> Grams:
        """What the scale says too much; negative when too little."""
        return self.reading - self.known

    @property
    def passed(self) -> bool:
        """Whether the scale is right within the tolerance."""
        return -self.tolerance.amount <= self.difference.amount <= self.tolerance.amount


@dataclass(frozen=True, slots=True)
class LastCheck:
    """A scale's newest check: whether it holds today, and whether two people let the scale go on after it."""

    check: ScaleCheck
    today: bool
    released: bool
    on: date | None = None
    """The calendar day of it."""


class Concern(StrEnum):
    """What the keeper should know about a scale before weighing on it, the gravest first."""

    EXPIRED = "expired"
    CHECK_FAILED = "check-failed"
    CHECK_DUE = "check-due"
    EXPIRES_SOON = "expires-soon"
    NO_DATE = "no-date"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a scale stands today."""

    scale: ScaleFacts
    days_left: int | None
    """Days of its verification after today, negative when it has run out."""
    concerns: tuple[Concern, ...]
    bar: Concern | None
    """Why nothing may be paid by it."""
    checked: date | None = None
    """The day of its newest check."""

    def admit(self) -> None:
        """Raises `ScaleExpired`, `ScaleCheckFailed` or `ScaleCheckDue` when nothing may be paid by it."""
        match self.bar:
            case Concern.EXPIRED:
                raise ScaleExpired(scale=self.scale.name, date=self.scale.verified_until)
            case Concern.CHECK_FAILED:
                raise ScaleCheckFailed(scale=self.scale.name)
            case Concern.CHECK_DUE:
                raise ScaleCheckDue(scale=self.scale.name)
            case _:
                pass


def judge(scale: ScaleFacts, today: date, policy: Policy, last: LastCheck | None) -> Standing:
    """How `scale` stands on calendar day `today` after its `last` check."""
    left = (scale.verified_until - today).days if scale.verified_until else None
    expired = left is not None and left < 0
    failed = last is not None and not last.check.passed
    due = policy.check is not CheckRule.OFF and (last is None or not last.today)
    found = {
        Concern.EXPIRED: expired,
        Concern.CHECK_FAILED: failed,
        Concern.CHECK_DUE: due,
        Concern.EXPIRES_SOON: left is not None and 0 <= left <= policy.warn_days,
        Concern.NO_DATE: left is None,
    }
    bars = {
        Concern.EXPIRED: expired and policy.expired is WhenExpired.BLOCK,
        Concern.CHECK_FAILED: failed and last is not None and not last.released,
        Concern.CHECK_DUE: due and policy.check is CheckRule.REQUIRE,
    }
    return Standing(
        scale,
        left,
        tuple(concern for concern, holds in found.items() if holds),
        next((concern for concern, holds in bars.items() if holds), None),
        last.on if last else None,
    )


def tolerance(known: Grams, division: Grams) -> Grams:
    """How far a scale with verification interval `division` may be off a known weight in service."""
    steps = -(-known.amount // division.amount)
    return division * (1 if steps <= 500 else 2 if steps <= 2_000 else 3)


def check_known(scale: ScaleFacts, known: Grams) -> None:
    """Raises `BelowMinimum` or `OverMaximum` for a check weight that this scale does not weigh."""
    if known < scale.minimum:
        raise BelowMinimum(item=scale.name, minimum=scale.minimum)
    if known > scale.maximum:
        raise OverMaximum(scale=scale.name, maximum=scale.maximum)


def decide(scale: ScaleFacts, known: Grams, reading: Grams, evidence: Evidence) -> Decision[ScaleCheck]:
    """The entry of a check. Raises as `check_known` does."""
    check_known(scale, known)
    allowed = tolerance(known, scale.division)
    return Decision(ScaleCheck(ActCode.INSPECTION, known, reading, allowed, evidence), ())
