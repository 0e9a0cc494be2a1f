"""What happened without moving anything: cards, reprints, overrides, the clock, and edits of reference data.

An act holds codes and hashes, never a name or free text: the journal can never be erased, and a person's data must be.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Points


class ActCode(StrEnum):
    """What was done."""

    CARD_ISSUED = "card-issued"
    CARD_PRINTED = "card-printed"
    CARD_LOST = "card-lost"
    CARD_FOUND = "card-found"
    REPRINT = "reprint"
    DRAWER = "drawer"
    CLOCK = "clock"
    LOOKUP = "lookup"
    REFERENCE = "reference"
    OVERRIDE = "override"
    MANUAL = "manual"
    DISPUTE = "dispute"
    INSPECTION = "inspection"
    REPORT = "report"
    CANCELLED = "cancelled"
    COUNTERSIGNED = "countersigned"
    FROZEN = "item-frozen"
    RELEASED = "item-released"
    BANNED = "banned"
    RESTORED = "restored"
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class Act:
    """The body of an act: about `subject` (a code or number), and the entry `ref` it refers to, if any."""

    KIND: ClassVar[str] = "act"
    code: ActCode
    subject: str = ""
    ref: int | None = None
    digest: str = ""
    """SHA-256 (hex) of what cannot stand in the journal itself, such as the canonical rows of an edit."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefData:
    """The body of reference data taken over from the feed: its position, and the hash (hex) of the signed record."""

    KIND: ClassVar[str] = "refdata"
    feed: int
    digest: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The body of an opening balance: points, stock, bins or cash that were there before the journal began."""

    KIND: ClassVar[str] = "opening"
    source: str
    """SHA-256 (hex) of the list it was taken from."""


@dataclass(frozen=True, slots=True)
class FileAward:
    """The body of an award, or of a deduction below zero, from an approved file, in a store that runs alone."""

    KIND: ClassVar[str] = "opening"
    household: str
    batch: str
    points: Points
    source: str
    """SHA-256 (hex) of the file's rows."""
