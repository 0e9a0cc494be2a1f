"""Materials leave their bins: sold to a dealer, or handed over when they are hazardous.

The store weighs first, on its own scale; the dealer pays by his figure. What lies between the two is lost, and what is
missing in a bin that was emptied, too: both are held against the book, with a tolerance for each material.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.materials import Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, weight_amount
from catalog.units import Fen, Grams, round_half_up
from pos.core import accounts
from pos.core.accounts import CASH, Account
from pos.core.refusals import MaterialUnknown, QuantityOutOfRange, TicketEmpty, TicketRefused, TooManyLines
from pos.core.scales import Evidence
from pos.core.transfers import Books, Decision, Transfer, moved

MOST_LINES = 12
MOST_LOADS = 40
MOST_QUANTITY = 10**9


class HazardNotSold(TicketRefused):
    """Hazardous: handed to a licensed collector, never sold to a dealer."""

    code = "hazard-not-sold"


class NotHazardous(TicketRefused):
    """Only what is hazardous is handed over without income."""

    code = "not-hazardous"


class UnderContract(TicketRefused):
    """Less than the buyer's contract says, and no reason given."""

    code = "under-contract"


class LossOverTolerance(TicketRefused):
    """More was lost than the material's tolerance lets pass, and no reason given."""

    code = "loss-over-tolerance"


class PaidInto(StrEnum):
    """Where a dealer's money goes."""

    DRAWER = "drawer"
    FUND = "fund"


class Extent(StrEnum):
    """How much of a bin goes: some of it, or all, so that what is missing against the book is lost."""

    PART = "part"
    ALL = "all"


class Basis(StrEnum):
    """Where the store's own figure comes from."""

    SCALE = "scale"
    COUNTED = "counted"
    SLIP = "slip"
    """Nobody weighed here: the dealer's slip, typed."""


@dataclass(frozen=True, slots=True)
class Load:
    """One load on the store's own scale on its way out."""

    material: str
    gross: Grams
    tare: Grams
    evidence: Evidence

    @property
    def net(self) -> Grams:
        """What goes."""
        return self.gross - self.tare


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A material as the store weighed or counted it, and as the dealer did; grams, or pieces when paid by the piece."""

    material: str
    own: int
    dealer: int
    price: ByWeight | ByPiece
    contract: int | None = None
    """What the contract says: fen per kilogram or piece; None where there is none."""
    extent: Extent = Extent.PART
    basis: Basis = Basis.SCALE
    price_reason: str = ""
    loss_reason: str = ""

    @property
    def amount(self) -> Fen:
        """What the dealer pays: by his own figure, rounded half-up to a fen once."""
        match self.price:
            case ByWeight():
                return weight_amount(Grams(self.dealer), 0, self.price)
            case ByPiece():
                return Fen(self.price.fen_per_piece * self.dealer)

    @property
    def unit_fen(self) -> int:
        """Fen per kilogram or piece."""
        return self.price.fen_per_kg if isinstance(self.price, ByWeight) else self.price.fen_per_piece

    def lost(self, book: int) -> int:
        """What is lost of a bin that holds `book` of it."""
        return max(0, (book if self.extent is Extent.ALL else self.own) - self.dealer)

    def loss_share(self, book: int) -> int:
        """The loss in hundredths of a per cent of what should have arrived, rounded half-up."""
        lost = self.lost(book)
        return round_half_up(lost * 10_000, self.dealer + lost) if lost else 0


@dataclass(frozen=True, slots=True)
class SellMaterial:
    """The body of a sale of materials."""

    KIND: ClassVar[str] = "sell-material"
    taker: str
    """Salted SHA-256 (hex) of the buyer and the plate."""
    lines: tuple[SaleLine, ...]
    amount: Fen
    paid_into: PaidInto
    voucher: str = ""
    """Number of the income's accounting voucher."""
    loads: tuple[Load, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """The body of hazardous materials handed to a licensed collector, without income."""

    KIND: ClassVar[str] = "hand-over"
    taker: str
    """Salted SHA-256 (hex) of the collector."""


def check_sale(lines: tuple[SaleLine, ...], materials: Mapping[str, Material], books: Books, by: str) -> bool:
    """Whether a second person must agree, since more than the tolerance was lost for a reason. Raises `TicketRefused`.

    Each material stands on one line.
    """
    if not lines:
        raise TicketEmpty()
    if len(lines) > MOST_LINES or len({line.material for line in lines}) != len(lines):
        raise TooManyLines(most=MOST_LINES)
    over = False
    for line in lines:
        material = _known(line.material, line.dealer, materials)
        if line.own < 0 or line.own > MOST_QUANTITY:
            raise QuantityOutOfRange(most=MOST_QUANTITY)
        if material.hazardous:
            raise HazardNotSold(item=material.name)
        if line.contract is not None and line.unit_fen < line.contract and not line.price_reason:
            raise UnderContract(item=material.name, contract=Fen(line.contract), material=material.code)
        share = line.loss_share(books.of(accounts.bin_(by), f"m:{line.material}"))
        if share > material.tolerance:
            if not line.loss_reason:
                raise LossOverTolerance(
                    item=material.name,
                    share=percent(share),
                    tolerance=percent(material.tolerance),
                    material=material.code,
                )
            over = True
    return over


def check_hazards(load: Mapping[str, int], materials: Mapping[str, Material]) -> None:
    """Raises a `TicketRefused` for what may not be handed over."""
    if not load:
        raise TicketEmpty()
    if len(load) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    for code, quantity in load.items():
        if not _known(code, quantity, materials).hazardous:
            raise NotHazardous(item=materials[code].name)


def sell(
    taker: str,
    lines: tuple[SaleLine, ...],
    paid_into: PaidInto,
    books: Books,
    by: str,
    voucher: str = "",
    loads: tuple[Load, ...] = (),
) -> Decision[SellMaterial]:
    """Materials out, moisture lost, money in; what the bin does not hold was found first."""
    amount = sum((line.amount for line in lines), Fen(0))
    held = Books(books.keeper, books.balances)
    moves: list[Transfer] = []
    for line in lines:
        lost = line.lost(held.of(accounts.bin_(by), f"m:{line.material}"))
        out = tuple(_out(line.material, (("sold", line.dealer), ("loss", lost)), held, by))
        held.post(by, out)
        moves.extend(out)
    into = accounts.drawer(by) if paid_into is PaidInto.DRAWER else accounts.fund("material", by)
    moves.extend(moved(Account("world", "dealer", by), into, CASH, amount.amount))
    return Decision(SellMaterial(taker, lines, amount, paid_into, voucher, loads), tuple(moves))


def hand_over(taker: str, load: Iterable[tuple[str, int]], books: Books, by: str) -> Decision[HandOver]:
    """Hazardous materials out, each named once with its grams or pieces."""
    moves = (move for material, quantity in load for move in _out(material, (("hazard", quantity),), books, by))
    return Decision(HandOver(taker), tuple(moves))


def percent(hundredths: int) -> str:
    """Hundredths of a per cent (not negative) as text, without the sign."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _known(code: str, quantity: int, materials: Mapping[str, Material]) -> Material:
    material = materials.get(code)
    if material is None:
        raise MaterialUnknown(material=code)
    if not 1 <= quantity <= MOST_QUANTITY:
        raise QuantityOutOfRange(most=MOST_QUANTITY)
    return material


def price_of(material: Material, fen: int) -> ByWeight | ByPiece:
    """What a dealer pays for a kilogram or a piece, as the material is measured."""
    return ByPiece(fen) if material.scale is ScaleClass.COUNT else ByWeight(fen)


def _out(material: str, ways: tuple[tuple[str, int], ...], books: Books, by: str) -> Iterable[Transfer]:
    bin_, commodity = accounts.bin_(by), f"m:{material}"
    short = sum(quantity for _, quantity in ways) - books.of(bin_, commodity)
    yield from moved(Account("in", "found", by), bin_, commodity, max(0, short))
    for way, quantity in ways:
        yield from moved(bin_, Account("out", way, by), commodity, quantity)
