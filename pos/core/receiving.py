"""入库: an open receiving note, and what may stand on it.

Packs are turned into pieces here, and what a pack cost is owed to the fen. A note names one party and one owner; goods
that come back from the road keep the owners they left with.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from catalog.goods import OWNERS_FIRST_OUT, Good
from catalog.prices import GoodPrice
from catalog.units import Fen
from pos.core.refusals import GoodUnknown, PriceMissing, QuantityOutOfRange, TicketEmpty, TooManyLines
from pos.core.reversal import ReversalReason, Reverse
from pos.core.stock import Origin, ReceivedLine, priced
from pos.core.stock_refusals import DatesWrong, GoodsExpired, LotTouched, OwnerUnknown, SlipMissing, SupplierMissing
from pos.core.transfers import Books, Decision, Transfer

MOST_LINES = 25
MOST_PACKS = 9_999
SLIP = re.compile(r"[a-z0-9-]{1,24}")
"""What the number of a paper looks like: it may be part of an account's name."""

VILLAGE, DONATED = "village", "donated"
_OWNER = re.compile(r"k-[a-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Line:
    """So many packs of one good that came in; a good by the piece is packs of one."""

    good: str
    packs: int
    pack_of: int
    pack_cost: Fen | None
    """What one pack cost, or is valued at; none is valued by the price book."""
    expiry: date | None = None
    produced: date | None = None
    batch: str = ""
    """The maker's lot number, as it stands on the pack."""
    noted: int | None = None
    """Pieces that the delivery note says, where they are others."""
    owner: str = ""
    """Empty: the note's."""

    @property
    def pieces(self) -> int:
        """Pieces that came in."""
        return self.packs * self.pack_of


@dataclass(frozen=True, slots=True)
class Draft:
    """An open receiving note: a value that the screen holds and the drafts file keeps."""

    origin: Origin = Origin.PURCHASE
    owner: str = VILLAGE
    supplier: str = ""
    slip: str = ""
    giver: str = ""
    """Who gave or brought it, for the erasable row: never in the journal."""
    lines: tuple[Line, ...] = ()
    funding: str = ""
    """Which source of the fund is to pay for it (`pos.core.fund.Source`); of what the village bought alone."""

    def without(self, place: int) -> "Draft":
        """The note without its line number `place`."""
        return replace(self, lines=self.lines[:place] + self.lines[place + 1 :])


@dataclass(frozen=True, slots=True)
class Rules:
    """What a note is judged by."""

    goods: Mapping[str, Good]
    prices: Mapping[str, GoodPrice]
    suppliers: Collection[str]
    today: date


def short_dated(line: Line, today: date, near_days: int) -> bool:
    """Whether a good comes in late in its life: near expiry already, or two thirds of it gone."""
    if line.expiry is None:
        return False
    left = (line.expiry - today).days
    life = (line.expiry - line.produced).days if line.produced else 0
    return left < near_days or 3 * left < life


def near_expiry(expiry: date | None, today: date, near_days: int) -> bool:
    """Whether a good's last day is past, or less than so many days away."""
    return expiry is not None and expiry < today + timedelta(days=near_days)


def cost(line: Line, origin: Origin, rules: Rules) -> Fen:
    """What the line cost; a gift without a value is valued at the price on the shelf. Raises `PriceMissing`."""
    if line.pack_cost is not None:
        return line.pack_cost * line.packs
    price = rules.prices.get(line.good)
    if origin is not Origin.DONATION or price is None:
        raise PriceMissing(item=rules.goods[line.good].name)
    return price.shelf * line.pieces


def check_line(line: Line, draft: Draft, rules: Rules) -> Fen:
    """What the line costs. Raises a `Refused` for one that may not stand on the note."""
    good = rules.goods.get(line.good)
    if good is None:
        raise GoodUnknown(text=line.good)
    if not 1 <= line.packs <= MOST_PACKS or not 1 <= line.pack_of <= MOST_PACKS:
        raise QuantityOutOfRange(most=MOST_PACKS)
    if line.expiry is not None and line.expiry < rules.today:
        raise GoodsExpired(item=good.name, expiry=line.expiry)
    if line.produced is not None and (
        line.produced > rules.today or (line.expiry is not None and line.produced >= line.expiry)
    ):
        raise DatesWrong(item=good.name)
    return cost(line, draft.origin, rules)


def check(draft: Draft, rules: Rules) -> Fen:
    """What the whole note costs. Raises a `Refused` for one that cannot be written."""
    if not draft.lines:
        raise TicketEmpty()
    if len(draft.lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    check_head(draft, rules)
    return sum((check_line(line, draft, rules) for line in draft.lines), Fen(0))


def check_head(draft: Draft, rules: Rules) -> None:
    """Raises a `Refused` for a head that names nobody, or a paper without a number that it needs."""
    if draft.slip and not SLIP.fullmatch(draft.slip):
        raise SlipMissing()
    if draft.origin is Origin.SHIPPED and not draft.slip:
        raise SlipMissing()
    if draft.owner not in OWNERS_FIRST_OUT and not _OWNER.fullmatch(draft.owner):
        raise OwnerUnknown(owner=draft.owner)
    if draft.supplier and draft.supplier not in rules.suppliers:
        raise SupplierMissing()
    if draft.origin is Origin.PURCHASE and draft.owner == VILLAGE and not draft.supplier:
        raise SupplierMissing()


def received(draft: Draft, rules: Rules) -> tuple[tuple[Line, ReceivedLine], ...]:
    """The lots that the note brings, each beside its line. Raises a `Refused` as `check` does."""
    check(draft, rules)
    return tuple(
        (line, lot)
        for line in draft.lines
        for lot in priced(
            line.good, line.pieces, cost(line, draft.origin, rules), line.owner or draft.owner, line.expiry
        )
    )


def send_back(
    seq: int, transfers: Sequence[Transfer], reason: ReversalReason, books: Books, names: Mapping[str, str]
) -> Decision[Reverse]:
    """Receiving note number `seq`, which moved these, taken back whole: sent back, or booked wrongly.

    Raises `LotTouched` once anything has left one of its lots: what is left of it goes out by a stocktake or a
    write-off.
    """
    for move in transfers:
        if move.destination.kind == "stock" and books.of(move.destination, move.commodity) < move.quantity:
            raise LotTouched(item=names[move.commodity.partition(":")[2]])
    turned = tuple(move.turned_round() for move in reversed(transfers))
    return Decision(Reverse(seq, reason, ""), turned)
