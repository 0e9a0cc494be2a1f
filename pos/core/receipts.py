"""The facts that a receipt states; `pos.printing` words them and lays them out.

Stored with the print job as first written, so that a reprint in ten years equals the first paper.
"""

from dataclasses import dataclass, field
from datetime import date

from catalog.units import Fen, Grams, Points
from pos.core.redemption import Collector, Discount, Note
from pos.core.reversal import ReversalReason
from pos.core.take_back import Condition
from pos.core.weigh_in import Payout, TareFrom


@dataclass(frozen=True, slots=True)
class News:
    """An award, or a deduction below zero, that the household has not been told of."""

    title: str
    points: Points


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
    quiet: int = 0
    """1 for a household that wants no balance on its paper."""
    news: tuple[News, ...] = ()


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
    refused: Points = Points(0)  # noqa: RUF009 - frozen
    """What the campaign's cap did not pay."""


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
    payout: Payout = Payout.POINTS
    checked: tuple[str, ...] = ()
    """Each of them that was ever checked with a known weight, with the day of its last check."""


@dataclass(frozen=True, slots=True)
class GoodFact:
    """A good handed out."""

    name: str
    quantity: int
    unit: str
    points: Points
    total: Points


@dataclass(frozen=True, slots=True)
class VoucherFact:
    """A service, and the voucher for it; `slot` is the day that it is booked for."""

    name: str
    unit: str
    points: Points
    number: str
    provider: str
    until: date
    slot: date | None


@dataclass(frozen=True, slots=True)
class RedeemFacts:
    """A redemption: goods and services, price after discount, and how it was paid."""

    lines: tuple[GoodFact, ...]
    pieces: int
    discount: Discount | None
    price: Points
    points: Points
    cash: Fen
    collector: Collector
    book: int
    member: str = ""
    """Masked name of the member who collected, where somebody said which."""
    vouchers: tuple[VoucherFact, ...] = ()
    given: Fen = field(default=Fen(0))
    """Money that lay on the counter; none where nobody counted it in."""
    note: Note = Note.NONE
    stub: int = 0
    """1 where the store keeps a copy that the collector signs."""


@dataclass(frozen=True, slots=True)
class ReverseFacts:
    """A reversal: of which receipt, why, and what it takes back."""

    original: str
    reason: ReversalReason
    taken_back: WeighFacts | RedeemFacts


@dataclass(frozen=True, slots=True)
class BackFact:
    """A good brought back: its price when it was handed out, and the state that it came back in."""

    name: str
    quantity: int
    unit: str
    points: Points
    total: Points
    condition: Condition


@dataclass(frozen=True, slots=True)
class TakeBackFacts:
    """A return: of which receipt, what came back, and what was given back for it."""

    original: str
    lines: tuple[BackFact, ...]
    percent: int
    """The discount that the goods were handed out at."""
    points: Points
    cash: Fen


Facts = WeighFacts | RedeemFacts | ReverseFacts | TakeBackFacts


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt's whole content."""

    slip: Slip
    facts: Facts

    @property
    def number(self) -> str:
        """The number on the paper."""
        return self.slip.number

    @property
    def time(self) -> str:
        """Local time of the entry."""
        return self.slip.local_time

    @property
    def hand_out(self) -> Fen:
        """Cash that the keeper gives the household with it; below zero for cash that comes back from them."""
        match self.facts:
            case RedeemFacts(cash=cash, given=given) if given:
                return given - cash
            case TakeBackFacts(cash=cash) | ReverseFacts(taken_back=RedeemFacts(cash=cash)):
                return cash
            case WeighFacts(payout=Payout.CASH, amount=amount):
                return amount
            case ReverseFacts(taken_back=WeighFacts(payout=Payout.CASH, amount=amount)):
                return -amount
            case _:
                return Fen(0)
