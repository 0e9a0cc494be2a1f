"""Materials leave their bins: sold to a dealer, or handed over when they are hazardous."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.prices import ByPiece, ByWeight, weight_amount
from catalog.units import Fen, Grams
from pos.core import accounts
from pos.core.accounts import CASH, Account
from pos.core.transfers import Books, Decision, Transfer, moved


class PaidInto(StrEnum):
    """Where a dealer's money goes."""

    DRAWER = "drawer"
    FUND = "fund"


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A material as the store weighed or counted it, and as the dealer did; grams, or pieces when paid by the piece."""

    material: str
    own: int
    dealer: int
    price: ByWeight | ByPiece

    @property
    def amount(self) -> Fen:
        """What the dealer pays: by his own figure, rounded half-up to a fen once."""
        match self.price:
            case ByWeight():
                return weight_amount(Grams(self.dealer), 0, self.price)
            case ByPiece():
                return Fen(self.price.fen_per_piece * self.dealer)


@dataclass(frozen=True, slots=True)
class SellMaterial:
    """The body of a sale of materials."""

    KIND: ClassVar[str] = "sell-material"
    taker: str
    """Salted SHA-256 (hex) of the buyer and the plate."""
    lines: tuple[SaleLine, ...]
    amount: Fen
    paid_into: PaidInto


@dataclass(frozen=True, slots=True)
class HandOver:
    """The body of hazardous materials handed to a licensed collector, without income."""

    KIND: ClassVar[str] = "hand-over"
    taker: str
    """Salted SHA-256 (hex) of the collector."""


def sell(taker: str, lines: tuple[SaleLine, ...], paid_into: PaidInto, books: Books, by: str) -> Decision[SellMaterial]:
    """Materials out, moisture lost, money in; what the bin does not hold was found first."""
    amount = sum((line.amount for line in lines), Fen(0))
    moves: list[Transfer] = []
    for material, own, dealer in _by_material(lines):
        lost = max(0, own - dealer)
        moves.extend(_out(material, (("sold", dealer), ("loss", lost)), books, by))
    into = accounts.drawer(by) if paid_into is PaidInto.DRAWER else accounts.fund("material", by)
    moves.extend(moved(Account("world", "dealer", by), into, CASH, amount.amount))
    return Decision(SellMaterial(taker, lines, amount, paid_into), tuple(moves))


def hand_over(taker: str, load: Iterable[tuple[str, int]], books: Books, by: str) -> Decision[HandOver]:
    """Hazardous materials out, each named once with its grams or pieces."""
    moves = (move for material, quantity in load for move in _out(material, (("hazard", quantity),), books, by))
    return Decision(HandOver(taker), tuple(moves))


def _by_material(lines: Iterable[SaleLine]) -> list[tuple[str, int, int]]:
    total: dict[str, tuple[int, int]] = {}
    for line in lines:
        own, dealer = total.get(line.material, (0, 0))
        total[line.material] = own + line.own, dealer + line.dealer
    return [(material, own, dealer) for material, (own, dealer) in total.items()]


def _out(material: str, ways: tuple[tuple[str, int], ...], books: Books, by: str) -> Iterable[Transfer]:
    bin_, commodity = accounts.bin_(by), f"m:{material}"
    short = sum(quantity for _, quantity in ways) - books.of(bin_, commodity)
    yield from moved(Account("in", "found", by), bin_, commodity, max(0, short))
    for way, quantity in ways:
        yield from moved(bin_, Account("out", way, by), commodity, quantity)
