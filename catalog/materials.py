"""Recyclables that the store takes in by weight or by the piece."""

from dataclasses import dataclass
from enum import StrEnum

from catalog.units import Grams


class ScaleClass(StrEnum):
    """Which scale a material needs; dear ones need the finer counter scale, counted ones none."""

    FLOOR = "floor"
    COUNTER = "counter"
    COUNT = "count"


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
