"""Households: who holds points, in what state, how a name may be shown; merging and splitting them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS
from pos.core.refusals import HouseholdClosed, HouseholdFrozen
from pos.core.rights import credit
from pos.core.transfers import Books, Decision


class HouseholdState(StrEnum):
    """Where a household is in its life; one that is away is served like a normal one, and shown as away."""

    NORMAL = "normal"
    AWAY = "away"
    FROZEN = "frozen"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Household:
    """A household as the counter sees it; `number` (village 12 + serial 4 digits) is its identity in the books."""

    number: str
    head: str
    group: str
    persons: int
    state: HouseholdState
    home: str
    """Store that holds its rights."""

    @property
    def short(self) -> str:
        """The serial that people say: the last four digits."""
        return self.number[-4:]

    @property
    def masked(self) -> str:
        """The head's name as screen and paper may show it."""
        return mask(self.head)


@dataclass(frozen=True, slots=True)
class Merge:
    """The body of a household merged into its `successor`."""

    KIND: ClassVar[str] = "merge"
    household: str
    successor: str
    points: Points


@dataclass(frozen=True, slots=True)
class Split:
    """The body of points that part of a household takes with it, into the household `part`."""

    KIND: ClassVar[str] = "split"
    household: str
    part: str
    points: Points


def mask(name: str) -> str:
    """A name with its middle hidden: 张秀英 as 张*英, 胡春 as 胡*, 阿依古丽 as 阿*丽."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*{name[-1] if len(name) > 2 else ''}"


def admit(household: Household) -> Household:
    """The household, when it may be served. Raises `HouseholdClosed` or `HouseholdFrozen`."""
    match household.state:
        case HouseholdState.NORMAL | HouseholdState.AWAY:
            return household
        case HouseholdState.FROZEN:
            raise HouseholdFrozen(household=household.short)
        case HouseholdState.MERGED | HouseholdState.CLOSED:
            raise HouseholdClosed(household=household.short)


def merge(household: str, successor: str, books: Books, by: str) -> Decision[Merge]:
    """All of a household's points at `by` to its successor, whose debt they pay first."""
    source = accounts.points(household, by)
    points = Points(books.of(source, POINTS))
    return Decision(Merge(household, successor, points), credit(source, successor, points, books, by))


def split(household: str, part: str, points: Points, books: Books) -> Decision[Split]:
    """Some of what the ledger holds for a household to a part of it."""
    moves = credit(accounts.points(household, LEDGER), part, points, books, LEDGER)
    return Decision(Split(household, part, points), moves)
