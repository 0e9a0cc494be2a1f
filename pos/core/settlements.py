"""月度结算: the lines that a party's settlement consists of, read from the entries that changed what it is owed.

A line belongs to the one settlement whose entries it lies among: what comes back later is a negative line of the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from catalog.units import Fen
from pos.core.accounts import Account
from pos.core.entries import Entry
from pos.core.fund import Settle
from pos.core.refusals import JournalRefused
from pos.core.reversal import Reverse
from pos.core.transfers import Transfer


class NothingDue(JournalRefused):
    """Nothing is owed, or what came back is worth more: it waits for the next month."""

    code = "nothing-due"


@dataclass(frozen=True, slots=True)
class Due:
    """What one entry did to what a party is owed: for so many pieces of what; below zero for what came back."""

    seq: int
    household: str
    item: str
    """Commodity of a good (`g:`) or a service (`v:`); empty for a whole delivery."""
    pieces: int
    fen: Fen


def lines(entry: Entry, party: Account) -> list[Due]:
    """What an entry did to what `party` is owed, line by line; nothing for the settlements themselves.

    A transfer of `due` stands right behind the goods or the voucher it is for; right before them in a reversal, which
    turns everything round.
    """
    if isinstance(entry.body, Settle):
        return []
    order = entry.transfers[::-1] if isinstance(entry.body, Reverse) else entry.transfers
    found = []
    for before, move in pairwise((None, *order)):
        assert move is not None
        if move.commodity == "due" and party in (move.source, move.destination):
            sign = 1 if move.destination == party else -1
            given = "discount" in (move.source.subject, move.destination.subject)
            item, pieces = ("", 0) if given else _item(before)
            found.append(Due(entry.seq, entry.household or "", item, sign * pieces, Fen(sign * move.quantity)))
    return found


def total(found: Iterable[Due]) -> Fen:
    """What they come to."""
    return sum((line.fen for line in found), Fen(0))


def _item(move: Transfer | None) -> tuple[str, int]:
    if move is None or move.commodity[:2] not in ("g:", "v:") or "way" in (move.source.kind, move.destination.kind):
        return "", 0
    delivered = "in" in (move.source.kind, move.destination.kind)
    return ("", 0) if delivered else (move.commodity, move.quantity)
