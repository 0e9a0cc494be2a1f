"""Recyclables that the store takes in by weight or by the piece."""

from dataclasses import dataclass
from enum import StrEnum

from catalog.units import Grams


class ScaleClass(StrEnum):
    """Which scale a material needs; dear ones need the finer counter scale, counted ones none."""

    FLOOR = "floor"
    COUNTER = "counter"
    COUNT = "count"


USUAL_TOLERANCE = 250
"""Loss between bin and dealer that passes without a word, in hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class Material:
    """One recyclable; `code` is its identity in the books (`p01`)."""

    code: str
    name: str
    scale: ScaleClass
    minimum: Grams
    """Least net weight that is taken in one line."""
    hazardous: bool
    note: str
    """What the keeper should look for, shown when the material is chosen."""
    metal: bool = False
    """Whether stolen goods are of it, so that the keeper is asked about them."""
    daily_limit: int | None = None
    """Most that one household may bring on one business day: grams, or pieces where it is counted."""
    tolerance: int = USUAL_TOLERANCE
    """Most that may be lost of it on the way to the dealer, in hundredths of a per cent of the book."""
    paused: bool = False
    """Whether it is not taken in for the time being."""
    campaign: str = ""
    """Code of the campaign that pays for it; empty for an ordinary material."""

    def quantity(self, amount: int) -> Grams | int:
        """So much of it as the books count it: grams, or pieces where it is counted."""
        return amount if self.scale is ScaleClass.COUNT else Grams(amount)
