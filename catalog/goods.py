"""Goods and services that households take for points."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Good:
    """One good of the catalogue; `code` is its identity in the books (`g016`)."""

    code: str
    name: str
    unit: str
    barcodes: tuple[str, ...]
    initials: str
    """Pinyin initials of the name, for the keypad search (`xyy`)."""
    monthly_limit: int | None
    """Most pieces a household may take in one calendar month; none when nothing is said."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the catalogue, given on a voucher; `code` is its identity in the books."""

    code: str
    name: str
    provider: str
    """The party that is owed for each voucher used."""
    cost_fen: int
    """What the provider is owed for one voucher; fen."""
    unit: str = ""
    initials: str = ""
    """Pinyin initials of the name, for the keypad search."""
    places: int = 0
    """Vouchers for one day, where it is booked for a day; 0 for a service that needs no booking."""

    @property
    def barcodes(self) -> tuple[str, ...]:
        """A service carries none."""
        return ()


@dataclass(frozen=True, slots=True)
class Lot:
    """Pieces of one good that came in together and lie in one place."""

    place: str
    owner: str
    """`donated`, `village` or the keeper's code: donated stock leaves first, the keeper's own last."""
    lot: str
    good: str
    expiry: date | None
    cost_fen: int
    """What one piece is owed for when the stock is a keeper's own; fen."""
    on_hand: int


OWNERS_FIRST_OUT = ("donated", "village")
"""Order in which owners' stock leaves at equal expiry; any other owner (a keeper) comes last."""


def first_out(lots: list[Lot]) -> list[Lot]:
    """Lots in the order they leave the shelf: earliest expiry, then donated, village, keeper, then oldest lot."""

    def order(lot: Lot) -> tuple[date, int, str, tuple[int, ...]]:
        owner = OWNERS_FIRST_OUT.index(lot.owner) if lot.owner in OWNERS_FIRST_OUT else len(OWNERS_FIRST_OUT)
        return lot.expiry or date.max, owner, lot.owner, tuple(int(part) for part in lot.lot.split("-"))

    return sorted(lots, key=order)
