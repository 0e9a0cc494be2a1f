"""The business day: opened with the prices and terms that hold until it is closed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from catalog.units import Points


@dataclass(frozen=True, slots=True)
class DayOpen:
    """The body of an opening: the business date, and the price book and terms in force until close."""

    KIND: ClassVar[str] = "day-open"
    business_date: date
    book: int
    terms: date
    fen_per_point: int
    step: Points


@dataclass(frozen=True, slots=True)
class DayClose:
    """The body of a day close; the journal's head right after it is signed."""

    KIND: ClassVar[str] = "day-close"
    business_date: date
    opened: int
    """Number of the entry that opened the day."""
    entries: int
    """Entries written from the opening to this close, both included: the numbers have no gap."""


@dataclass(frozen=True, slots=True)
class Day:
    """The open business day as the counter sees it."""

    business_date: date
    opened: int
    book: int
    fen_per_point: int
    step: Points
    terms: date
