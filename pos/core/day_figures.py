"""What a day close keeps of its day for the reports: the day's transfers added up, and how much of what was done.

Accounts of one kind that only differ in the household, the lot or the voucher are one account here, with the subject
`all`: a year of these is added up in a moment, and every rule about transfers works on them as it stands.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pos.core.accounts import Account
from pos.core.closing import noted
from pos.core.transfers import Transfer

if TYPE_CHECKING:
    from pos.core.entries import Entry

ALL = "all"
"""Subject of an account that stands for all of its kind."""

_OF_ONE = frozenset({"pts", "pend", "move", "hold", "debt", "carry", "vch", "way"})


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of the entries of one day."""

    moves: tuple[Transfer, ...]
    counts: Mapping[str, int]
    """Entries by kind, acts aside, and what is to be looked at as `noted-<what>`."""


def figures(entries: Iterable["Entry"], handed_over: Iterable[Transfer] = ()) -> DayFigures:
    """What is kept of these entries, and of what closed epochs handed over meanwhile."""
    found = list(entries)
    counts = Counter(entry.kind for entry in found if entry.kind != "act")
    counts.update(f"noted-{note.what}" for note in noted(found))
    moves = chain(handed_over, (move for entry in found for move in entry.transfers))
    return DayFigures(folded(moves), dict(sorted(counts.items())))


def folded(transfers: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """Transfers added up by the sides they moved between, in order; what stays on one side is left out."""
    sums: Counter[tuple[Account, Account, str]] = Counter()
    for move in transfers:
        source, destination = side(move.source), side(move.destination)
        if source != destination:
            sums[source, destination, move.commodity] += move.quantity
    return tuple(Transfer(*key, quantity) for key, quantity in sorted(sums.items()))


def side(account: Account) -> Account:
    """The account that stands for this one: of all households, of all lots of one owner, or itself."""
    if account.kind in _OF_ONE:
        return account._replace(subject=ALL)
    if account.kind == "stock":
        return account._replace(subject=f"{account.subject.rpartition('/')[0]}/{ALL}")
    return account
