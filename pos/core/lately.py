"""What a household took lately, read off its own entries: nothing is counted beside the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import POINTS
from pos.core.entries import Entry
from pos.core.redemption import Redeem
from pos.core.reversal import Reverse
from pos.core.take_back import TakeBack


@dataclass(frozen=True, slots=True)
class Took:
    """Pieces of each good that a household kept, and the points it spent for goods and services."""

    pieces: dict[str, int]
    points: Points


def took(household: str, entries: Iterable[Entry], by: str) -> Took:
    """What its `entries`, oldest first, left a household with; what they take back of earlier ones does not count."""
    pieces: dict[str, int] = {}
    seen: dict[int, Redeem] = {}
    spent = 0
    for entry in entries:
        spent += _spent(entry, household, by)
        lines: Iterable[Any] = ()
        sign = 1
        match entry.body:
            case Redeem() as body:
                seen[entry.seq], lines = body, body.lines
            case Reverse(ref=ref) if ref in seen:
                lines, sign = seen[ref].lines, -1
            case TakeBack(ref=ref, lines=back) if ref in seen:
                lines, sign = back, -1
            case _:
                pass
        for line in lines:
            pieces[line.good] = pieces.get(line.good, 0) + sign * line.quantity
    return Took(pieces, Points(max(0, spent)))


def _spent(entry: Entry, household: str, by: str) -> int:
    purse = accounts.points(household, by)
    total = 0
    for move in entry.transfers:
        if move.commodity == POINTS and move.source == purse and move.destination.kind == "spent":
            total += move.quantity
        elif move.commodity == POINTS and move.destination == purse and move.source.kind == "spent":
            total -= move.quantity
    return total
