"""The facts that a receipt states; `pos.printing` words them and lays them out.

Stored with the print job as first written, so that a reprint in ten years equals the first paper.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from catalog.units import Fen, Grams, Points
from pos.core.redemption import Collector, Discount
from pos.core.reversal import ReversalReason
from pos.core.weigh_in import TareFrom


@dataclass(frozen=True, slots=True)
class Slip:
    """What every receipt says: whose shop, which entry, when, who."""

    store_name: str
    number: str
    check: str
    mark: str
    local_time: str
    """`2026-01-15 06:42:10` at the store's fixed offset from UTC."""
    operator: str
    approver: str
    till: int
    household: str
    """The serial that people say (last four digits)."""
    household_name: str
    """Masked; emptied when the person's data is erased."""
    group: str
    before: Points
    after: Points
    owed: Points
    """What the household still owes after this entry; zero for nearly all."""
    telephone: str


@dataclass(frozen=True, slots=True)
class WeighedFact:
    """A weighed line."""

    name: str
    gross: Grams
    tare: Grams
    net: Grams
    tare_from: TareFrom
    deduction: int
    fen_per_kg: Fen
    amount: Fen
    manual_reason: str
    """Why the weight was typed; empty when a scale said it."""


@dataclass(frozen=True, slots=True)
class CountedFact:
    """A line paid by the piece."""

    name: str
    pieces: int
    fen_per_piece: Fen
    amount: Fen


@dataclass(frozen=True, slots=True)
class PooledFact:
    """A line of "every N pieces one point"."""

    name: str
    pieces: int
    every: int
    points: Points
    carried_pieces: int


WeighFact = WeighedFact | CountedFact | PooledFact


@dataclass(frozen=True, slots=True)
class WeighFacts:
    """A weigh-in: lines, what they are worth, what became points and what is carried."""

    lines: tuple[WeighFact, ...]
    amount: Fen
    points: Points
    carried: Fen
    fen_per_point: int
    book: int
    book_effective: date
    scales: tuple[str, ...]
    """Each scale used, with its verification date: `FS-1 2026-09-30`."""


@dataclass(frozen=True, slots=True)
class GoodFact:
    """A good handed out."""

    name: str
    quantity: int
    unit: str
    points: Points
    total: Points


@dataclass(frozen=True, slots=True)
class RedeemFacts:
    """A redemption: goods, price after discount, and how it was paid."""

    lines: tuple[GoodFact, ...]
    pieces: int
    discount: Discount | None
    price: Points
    points: Points
    cash: Fen
    collector: Collector
    book: int


@dataclass(frozen=True, slots=True)
class ReverseFacts:
    """A reversal: of which receipt, why, and what it takes back."""

    original: str
    reason: ReversalReason
    taken_back: WeighFacts | RedeemFacts


Facts = WeighFacts | RedeemFacts | ReverseFacts


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt's whole content."""

    slip: Slip
    facts: Facts


def local_time(wall: int, utc_offset_minutes: int) -> str:
    """Wall clock `wall` (ms since 1970 UTC) as text at a fixed offset."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall, minutes=utc_offset_minutes)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def local_date(wall: int, utc_offset_minutes: int) -> date:
    """Calendar date of wall clock `wall` (ms since 1970 UTC) at a fixed offset."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall, minutes=utc_offset_minutes)).date()
