"""盘点: a count that goes on for days, blind, while the store goes on serving.

What was counted is held against the books as they stood right after the entry at which it was counted, so that nothing
sold since is missed or counted twice. Goods that differ are counted a second time, and somebody else approves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from catalog.goods import Lot
from catalog.units import Fen, Points
from pos.core import accounts
from pos.core.refusals import QuantityOutOfRange, ReasonMissing
from pos.core.stock import Count, CountLine, VarianceReason, spread
from pos.core.stock_refusals import CounterApproves

MOST_COUNTED = 1_000_000
LINES_AN_ENTRY = 80
"""Lines of one count entry; its bytes are limited."""


class Phase(StrEnum):
    """How far a stocktake is: the first count, the second one of what differs, and the differences to be approved."""

    FIRST = "first"
    SECOND = "second"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Counted:
    """Pieces of a good that were counted when the journal's newest entry was number `at`."""

    good: str
    at: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Why a good differs, as far as anybody knows."""

    good: str
    reason: VarianceReason


@dataclass(frozen=True, slots=True)
class Session:
    """A stocktake under way: a value that the drafts file keeps. What was closed stands in the journal, as `refs`."""

    started: int
    """The journal's newest entry when it began: the snapshot that says which goods it is about."""
    goods: tuple[str, ...]
    """Goods to be counted now: all of them at first, those that differ the second time."""
    phase: Phase = Phase.FIRST
    counted: tuple[Counted, ...] = ()
    refs: tuple[int, ...] = ()
    reasons: tuple[Reasoned, ...] = ()

    def of(self, good: str) -> Counted | None:
        """What was counted of a good in this round."""
        return next((each for each in self.counted if each.good == good), None)

    @property
    def uncounted(self) -> tuple[str, ...]:
        """Goods that nobody has counted in this round."""
        done = {each.good for each in self.counted}
        return tuple(good for good in self.goods if good not in done)

    def with_count(self, good: str, pieces: int, at: int) -> "Session":
        """The session with so many pieces of a good, the newest counted last. Raises `QuantityOutOfRange`."""
        if not 0 <= pieces <= MOST_COUNTED:
            raise QuantityOutOfRange(most=MOST_COUNTED)
        return replace(self, counted=(*self.without(good).counted, Counted(good, at, pieces)))

    def without(self, good: str) -> "Session":
        """The session in which this good still has to be counted."""
        return replace(self, counted=tuple(each for each in self.counted if each.good != good))

    def because(self, good: str, reason: VarianceReason) -> "Session":
        """The session with the reason of one difference."""
        others = tuple(each for each in self.reasons if each.good != good)
        return replace(self, reasons=(*others, Reasoned(good, reason)))


def count_lines(counted: Counted, lots: list[Lot], by: str) -> list[CountLine]:
    """A counted good as lines of a count entry, lot by lot as the books had them at its entry."""
    book = {accounts.stock(lot.owner, lot.lot, by, lot.place): lot.on_hand for lot in lots}
    found = dict(book)
    for account, part in spread(counted.good, counted.pieces - sum(book.values()), lots, by):
        found[account] = found.get(account, 0) + part
    return [
        CountLine(str(account), f"g:{counted.good}", counted.at, book.get(account, 0), pieces)
        for account, pieces in found.items()
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """One good as its last count found it; `at` is the entry it was counted at."""

    good: str
    at: int
    book: int
    counted: int

    @property
    def difference(self) -> int:
        """Pieces more than the books say, below zero for fewer."""
        return self.counted - self.book


def tallies(counts: Iterable[Count]) -> dict[str, Tally]:
    """What counts found, by good; a later count of a good stands for an earlier one."""
    found: dict[str, Tally] = {}
    for count in counts:
        own: dict[str, Tally] = {}
        for line in count.lines:
            good = line.commodity.partition(":")[2]
            before = own.get(good, Tally(good, line.at, 0, 0))
            own[good] = replace(before, book=before.book + line.book, counted=before.counted + line.counted)
        found |= own
    return found


def to_recount(found: Mapping[str, Tally], points: Mapping[str, Points], above: Points) -> tuple[str, ...]:
    """Goods to be counted again: those whose difference is worth more than so many points, and any without a price."""
    return tuple(
        good
        for good, tally in found.items()
        if tally.difference and (good not in points or points[good] * abs(tally.difference) > above)
    )


def check_approval(session: Session, found: Mapping[str, Tally], counters: Iterable[str], approver: str) -> None:
    """Raises `CounterApproves` for somebody who counted, `ReasonMissing` for a difference nobody gave a reason for."""
    if approver in counters:
        raise CounterApproves()
    reasoned = {each.good for each in session.reasons}
    if any(tally.difference and tally.good not in reasoned for tally in found.values()):
        raise ReasonMissing()


def value(difference: int, lots: list[Lot]) -> Fen:
    """What a difference cost: of the lots that it falls to, or nothing where there is none."""
    costs = {(lot.place, lot.owner, lot.lot): lot.cost_fen for lot in lots}
    good = lots[0].good if lots else ""
    total = Fen(0)
    for account, part in spread(good, difference, lots, "-.0"):
        place, owner, lot = account.subject.split("/")
        total += Fen(costs.get((place, owner, lot), 0)) * part
    return total
