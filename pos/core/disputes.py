"""重量异议: a weight that a household does not accept, with both readings, until an auditor closes it.

The journal keeps it, so that nobody can remove it. It holds figures and codes alone; its entry's number is the number
of the tag on the goods.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Grams
from pos.core.acts import Act, ActCode
from pos.core.refusals import JournalRefused, OverMaximum
from pos.core.transfers import Decision

HEAVIEST = Grams(1_000_000)
"""Most that either scale may have said."""


class DisputeClosed(JournalRefused):
    """An auditor has closed this dispute."""

    code = "dispute-closed"


class DisputeUnknown(JournalRefused):
    """No dispute with that number."""

    code = "dispute-unknown"


class Compared(StrEnum):
    """What the other reading comes from."""

    FAIR_SCALE = "fair-scale"
    OTHER_SCALE = "other-scale"
    KNOWN_LOAD = "known-load"


class Outcome(StrEnum):
    """How an auditor closed a dispute."""

    OURS_RIGHT = "ours-right"
    OTHER_RIGHT = "other-right"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Dispute:
    """The body of an act of dispute with its figures: our `scale` said `own`, something else said `other`.

    `ref` is the weigh-in it is about; None where the ticket was not written.
    """

    KIND: ClassVar[str] = Act.KIND
    household: str
    ref: int | None
    material: str
    scale: str
    own: Grams
    other: Grams
    compared: Compared
    code: ActCode = ActCode.DISPUTE

    def __post_init__(self) -> None:
        if self.code is not ActCode.DISPUTE:
            raise ValueError("an act of dispute")

    @property
    def difference(self) -> Grams:
        """What our scale said less than the other."""
        return self.other - self.own


def opened(dispute: Dispute) -> Decision[Dispute]:
    """A dispute. Raises `OverMaximum` for a reading that no scale has."""
    if not all(Grams(0) <= reading <= HEAVIEST for reading in (dispute.own, dispute.other)):
        raise OverMaximum(scale=dispute.scale, maximum=HEAVIEST)
    return Decision(dispute, ())


def closed(dispute: int, outcome: Outcome) -> Decision[Act]:
    """The end of dispute number `dispute`."""
    return Decision(Act(ActCode.DISPUTE, outcome.value, dispute), ())
