"""退货: some of a redemption's goods come back, after its day is closed or because only part of it is meant.

Points, cash and what another bore of the price are given back in the proportion in which they were paid; whole lines
or single pieces, any number of times, never more than was handed out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Fen, Points, round_half_up
from pos.core import accounts
from pos.core.accounts import CASH, OWED, Account
from pos.core.redemption import GoodLine, Redeem
from pos.core.refusals import GoodUnknown, QuantityOutOfRange, TicketEmpty, TooManyLines
from pos.core.rights import credit
from pos.core.transfers import MOST_AN_ENTRY, Books, Decision, Transfer, moved


class Condition(StrEnum):
    """What state a good comes back in: whole, for the shelf again, or opened, to be written off."""

    WHOLE = "whole"
    OPENED = "opened"


@dataclass(frozen=True, slots=True)
class BackLine:
    """So many pieces of one good brought back."""

    good: str
    quantity: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The body of goods taken back from the redemption entry `ref`, with what was given back for them."""

    KIND: ClassVar[str] = "take-back"
    household: str
    ref: int
    lines: tuple[BackLine, ...]
    points: Points
    cash: Fen


def left_of(original: Redeem, earlier: Iterable[TakeBack]) -> dict[str, int]:
    """Pieces of each good of a redemption that the household may still bring back."""
    returned = [line for body in earlier for line in body.lines]
    return {line.good: line.quantity - _count(line.good, returned) for line in original.lines}


def back_whole(
    ref: int,
    original: Redeem,
    transfers: Sequence[Transfer],
    places: Iterable[int],
    earlier: Sequence[TakeBack],
    by: str,
) -> TakeBack:
    """What is left of the lines at these places (from 1), as the ledger takes them back whole: given back elsewhere.

    Raises as `decide` does.
    """
    left = left_of(original, earlier)
    goods = [original.lines[place - 1].good for place in places]
    lines = tuple(BackLine(good, left[good], Condition.WHOLE) for good in goods)
    return decide(ref, original, transfers, lines, earlier, Books(by), by).body


def worth(original: Redeem, lines: Iterable[BackLine]) -> Points:
    """What these lines of a redemption cost in points, before any discount and whatever they were paid in."""
    return sum((_on_ticket(line.good, original).points * line.quantity for line in lines), Points(0))


def decide(
    ref: int,
    original: Redeem,
    transfers: Sequence[Transfer],
    lines: tuple[BackLine, ...],
    earlier: Sequence[TakeBack],
    books: Books,
    by: str,
) -> Decision[TakeBack]:
    """`lines` of redemption `ref` (its body and transfers) back, after the `earlier` take-backs of the same.

    Raises `TicketEmpty`; `GoodUnknown` for a good that is not on it; `QuantityOutOfRange` for more pieces than are
    left of it.
    """
    if not lines:
        raise TicketEmpty()
    moves: list[Transfer] = []
    returned = [line for body in earlier for line in body.lines]
    before = worth(original, returned)
    for line in lines:
        _check(line, original, returned)
        moves.extend(_goods(line, _count(line.good, returned), transfers, by))
        returned.append(line)
    points, cash = _refund(original, returned, earlier)
    household = original.household
    refund = (
        *credit(Account("spent", "goods", by), household, points, books, by),
        *moved(accounts.drawer(by), Account("world", "customer", by), CASH, cash.amount),
        *_borne(original, before, worth(original, returned), transfers, by),
    )
    if len(refund) + len(moves) > MOST_AN_ENTRY:
        raise TooManyLines(most=MOST_AN_ENTRY)
    return Decision(TakeBack(household, ref, lines, points, cash), (*refund, *moves))


def _count(good: str, lines: Iterable[BackLine]) -> int:
    return sum(line.quantity for line in lines if line.good == good)


def _on_ticket(good: str, original: Redeem) -> GoodLine:
    for line in original.lines:
        if line.good == good:
            return line
    raise GoodUnknown(text=good)


def _check(line: BackLine, original: Redeem, returned: Iterable[BackLine]) -> None:
    left = _on_ticket(line.good, original).quantity - _count(line.good, returned)
    if not 1 <= line.quantity <= left:
        raise QuantityOutOfRange(most=left)


def _refund(original: Redeem, returned: Iterable[BackLine], earlier: Iterable[TakeBack]) -> tuple[Points, Fen]:
    full, served = original.full.amount, original.served
    back = worth(original, returned).amount
    if not full:
        return Points(0), Fen(0)
    points = (original.points - served).amount * back // full
    value = (original.price - served).amount * back // full
    # The cash that was paid, not what the points were worth: it may have been rounded to 0.1 yuan.
    in_cash = (original.price - original.points).amount
    cash = round_half_up((value - points) * original.cash.amount, in_cash) if in_cash else 0
    paid_points = sum(body.points.amount for body in earlier)
    paid_cash = sum(body.cash.amount for body in earlier)
    return Points(points - paid_points), Fen(max(0, cash - paid_cash))


def _borne(
    original: Redeem, before: Points, after: Points, transfers: Sequence[Transfer], by: str
) -> Iterator[Transfer]:
    """The bearer of the discount owes less: its share of the goods that are back now, to the fen in the end."""
    for given in transfers:
        if given.destination == Account("cost", "discount", by):
            share = given.quantity * after.amount // original.full.amount
            earlier = given.quantity * before.amount // original.full.amount
            yield from moved(given.destination, given.source, OWED, share - earlier)


def _goods(line: BackLine, before: int, transfers: Sequence[Transfer], by: str) -> Iterator[Transfer]:
    """Pieces back to the lots they came from, the last one handed out first; a keeper's own is no longer owed for."""
    handed, left, commodity = Account("out", "handed", by), line.quantity, f"g:{line.good}"
    for shelf, pieces, owed_each in _handed(commodity, transfers):
        skipped = min(before, pieces)
        taken = min(left, pieces - skipped)
        before, left = before - skipped, left - taken
        if line.condition is Condition.OPENED:
            yield from moved(handed, Account("out", "written-off", by), commodity, taken)
        else:
            owner = shelf.subject.split("/")[1]
            yield from moved(handed, shelf, commodity, taken)
            yield from moved(Account("due", owner, by), Account("cost", "goods", by), OWED, owed_each * taken)


def _handed(commodity: str, transfers: Sequence[Transfer]) -> list[tuple[Account, int, int]]:
    """Lots that a good was handed out from, last first: account, pieces, and fen owed to a keeper for each.

    A redemption writes what it owes for a lot right after the lot.
    """
    found = []
    for move, after in zip(transfers, [*transfers[1:], None], strict=True):
        if move.source.kind == "stock" and move.commodity == commodity:
            owed = after.quantity if after and (after.source.kind, after.source.subject) == ("cost", "goods") else 0
            found.append((move.source, move.quantity, owed // move.quantity))
    return found[::-1]
