"""The business day: opened with the prices and terms that hold until it is closed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from catalog.units import Points
from pos.core.refusals import JournalRefused


class DayNotClosed(JournalRefused):
    """An earlier business day is still open: it is closed before anybody is served."""

    code = "day-not-closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """The store's settings about its days."""

    spot_goods: int = 3
    """How many of the dearest goods are counted at each close."""
    ahead_hours: int = 72
    """Hours since the last entry after which the opening asks whether the clock has jumped ahead."""
    sync_hours: int = 48
    """Hours without a sync after which the opening warns, in a store that belongs to a ledger."""


class Review(StrEnum):
    """Whether somebody has still to look at a day close."""

    SIGNED = "signed"
    """A clerk signed it with the keeper, or on another day."""
    PENDING = "pending"
    """待复核: closed without a clerk, or without the cash having been counted."""


@dataclass(frozen=True, slots=True)
class DayOpen:
    """The body of an opening: the business date, and the price book and terms in force until close."""

    KIND: ClassVar[str] = "day-open"
    business_date: date
    book: int
    terms: date
    fen_per_point: int
    step: Points
    warnings: tuple[str, ...] = ()
    """Codes of the checks that were not green (`pos.core.opening`)."""


@dataclass(frozen=True, slots=True)
class DayClose:
    """The body of a day close; the journal's head right after it is signed."""

    KIND: ClassVar[str] = "day-close"
    business_date: date
    opened: int
    """Number of the entry that opened the day."""
    entries: int
    """Entries written since the day close before, this one included: the numbers have no gap."""
    z: int
    """Number of its Z document, which counts the day closes."""
    digest: str
    """SHA-256 (hex) of the Z document's figures in canonical form."""
    review: Review


@dataclass(frozen=True, slots=True)
class Day:
    """The open business day as the counter sees it."""

    business_date: date
    opened: int
    book: int
    fen_per_point: int
    step: Points
    terms: date


def check_current(day: Day, today: date) -> None:
    """Raises `DayNotClosed` when the open day is not the calendar's."""
    if day.business_date != today:
        raise DayNotClosed(date=day.business_date.isoformat())
