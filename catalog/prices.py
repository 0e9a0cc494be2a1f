"""The price book and the arithmetic of a ticket: amounts, points, the carried fraction, points and cash.

Rules: a line's amount is rounded half-up to a fen once; points are worked out once a ticket; what is left over is
carried to the household. Worked examples W1-W4 and R1-R3 of the domain reference are the tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from catalog.units import Fen, Grams, Points, round_half_up

POINT = Points(100)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a point is worth, from a business date on. Raises `ValueError` for terms that could not be kept exactly."""

    effective: date
    fen_per_point: int
    step: Points
    """Rounding step: weigh-ins pay in multiples of it, and so does a household whose points fall short of a price."""

    def __post_init__(self) -> None:
        if self.fen_per_point <= 0 or self.step.amount <= 0 or POINT.amount % self.step.amount:
            raise ValueError("fen per point and step must be positive, and the step must divide one point")
        if self.step.amount * self.fen_per_point % POINT.amount:
            raise ValueError("a rounding step must be worth a whole number of fen")

    @property
    def fen_per_step(self) -> int:
        """Fen that one rounding step is worth; a whole number by construction."""
        return self.step.amount * self.fen_per_point // POINT.amount

    def whole_steps(self, carried: Fen) -> tuple[Points, Fen]:
        """Points that `carried` fen pay in whole steps, and the fen used up for them; nothing when below one step."""
        steps = max(0, carried.amount // self.fen_per_step)
        return self.step * steps, Fen(steps * self.fen_per_step)

    def worth(self, points: Points) -> Fen:
        """What non-negative `points` are worth, rounded half-up to a fen."""
        return Fen(round_half_up(points.amount * self.fen_per_point, POINT.amount))


@dataclass(frozen=True, slots=True)
class ByWeight:
    """Paid by the kilogram."""

    fen_per_kg: int


@dataclass(frozen=True, slots=True)
class ByPiece:
    """Paid by the piece."""

    fen_per_piece: int


@dataclass(frozen=True, slots=True)
class EveryPieces:
    """One point for every so many pieces; the rest is carried in pieces."""

    pieces: int


MaterialPrice = ByWeight | ByPiece | EveryPieces


@dataclass(frozen=True, slots=True)
class GoodPrice:
    """Price of one piece of a good: what the card pays, and what the shelf says in money."""

    points: Points
    shelf: Fen


@dataclass(frozen=True, slots=True)
class PriceBook:
    """One version of all prices; never changed once published."""

    version: int
    effective: date
    goods: Mapping[str, GoodPrice]
    materials: Mapping[str, MaterialPrice]
    services: Mapping[str, Points] = field(default_factory=dict)


def weight_amount(net: Grams, deduction_percent: int, price: ByWeight) -> Fen:
    """What a weighed line is worth: `net x (100 - deduction %) x fen/kg / 100,000`, rounded half-up once."""
    return Fen(round_half_up(net.amount * (100 - deduction_percent) * price.fen_per_kg, 100_000))


def piece_points(pieces: int, price: EveryPieces) -> tuple[Points, int]:
    """Points that `pieces` (carried ones included) pay, and the pieces used up for them."""
    whole = max(0, pieces // price.pieces)
    return POINT * whole, whole * price.pieces


def discounted(price: Points, percent: int) -> Points:
    """`price` less a discount of `percent` (0-100), rounded half-up to 1/100 point."""
    return Points(round_half_up(price.amount * (100 - percent), 100))


def priced_by_rule(cost: Fen, markup_percent: int, terms: Terms) -> GoodPrice:
    """What a new good that cost `cost` a piece should sell for: shelf price with the markup, and points of equal value.

    Both rounded up: the shelf price to 10 fen, the points to whole steps, so that the store never gives below its rule.
    """
    shelf = -(-cost.amount * (100 + markup_percent) // 1000) * 10
    steps = -(-shelf // terms.fen_per_step)
    return GoodPrice(terms.step * steps, Fen(shelf))


@dataclass(frozen=True, slots=True)
class Tender:
    """How a redemption is paid: points first, cash for the rest."""

    points: Points
    cash: Fen

    @classmethod
    def split(cls, price: Points, available: Points, terms: Terms) -> "Tender":
        """Pay `price` with `available` points in whole steps and the rest in cash at the terms' value."""
        if price <= available:
            return cls(price, Fen(0))
        points = Points(max(0, available.amount) // terms.step.amount * terms.step.amount)
        return cls(points, terms.worth(price - points))
