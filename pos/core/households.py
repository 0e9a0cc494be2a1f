"""Households: who holds points, in what state, how a name may be shown; merging and splitting them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS
from pos.core.refusals import HouseholdClosed, HouseholdFrozen, HouseholdRefused
from pos.core.rights import credit
from pos.core.transfers import Books, Decision


class HouseholdSame(HouseholdRefused):
    """A household merged into itself."""

    code = "household-same"


class HouseholdHolds(HouseholdRefused):
    """It still has points, and may not be closed."""

    code = "household-holds"


class HouseholdUnsettled(HouseholdRefused):
    """Points of it wait to be confirmed, or it owes some: it cannot be merged into another yet."""

    code = "household-unsettled"


class HouseholdServed(HouseholdRefused):
    """It is still served: only one that was closed or merged is erased."""

    code = "household-served"


class NameUnknown(HouseholdRefused):
    """Nobody of this name stands in the rows beside the journal."""

    code = "name-unknown"


class LedgerDecides(HouseholdRefused):
    """The village ledger merges households, as soon as there is one."""

    code = "ledger-decides"


class StateReason(StrEnum):
    """Why a household's state is set."""

    AWAY_LONG = "away-long"
    CAME_BACK = "came-back"
    QUARREL = "quarrel"
    CHECKING = "checking"
    MOVED_AWAY = "moved-away"
    DIED = "died"
    MISTAKE = "mistake"


class LookupReason(StrEnum):
    """Why a household is looked at without its card."""

    CARD_FORGOTTEN = "card-forgotten"
    CARD_LOST = "card-lost"
    CARD_NEW = "card-new"
    RECORDS = "records"
    INSPECTION = "inspection"


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
    quiet: bool = False
    """Whether it wants its balance neither on paper nor in large figures on the screen."""

    @property
    def short(self) -> str:
        """The serial that people say: the last four digits."""
        return self.number[-4:]

    @property
    def masked(self) -> str:
        """The head's name as screen and paper may show it."""
        return mask(self.head)


NOBODY = Household("", "", "", 0, HouseholdState.NORMAL, "")
"""Who brings a gift to the village without a card."""

MOST_MEMBERS = 7
"""People of a household with a number of their own: with the head and a stranger, one digit each at the counter."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a household other than its head; `place` (1 to `MOST_MEMBERS`) is all that the books say of them."""

    place: int
    name: str

    @property
    def masked(self) -> str:
        """The name as screen and paper may show it."""
        return mask(self.name)


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


def check_settled(household: str, books: Books, by: str) -> None:
    """Raises `HouseholdUnsettled` while points of it wait to be confirmed, or it owes some."""
    pending, debt = accounts.pending(household, by), accounts.debt(household, by)
    if books.of(pending, POINTS) or books.of(debt, POINTS):
        raise HouseholdUnsettled(household=household[-4:])


def check_state(household: Household, state: HouseholdState, books: Books, by: str) -> None:
    """Whether its state may be set to `state` by hand.

    Raises `HouseholdClosed` for one that was merged, or would be; `HouseholdHolds` for closing one with points.
    """
    if HouseholdState.MERGED in (household.state, state):
        raise HouseholdClosed(household=household.short)
    held = [accounts.points(household.number, by), accounts.pending(household.number, by)]
    points = Points(sum(books.of(account, POINTS) for account in held))
    if state is HouseholdState.CLOSED and points:
        raise HouseholdHolds(household=household.short, points=points)


def merge(household: str, successor: str, books: Books, by: str) -> Decision[Merge]:
    """All of a household's points at `by` to its successor, whose debt they pay first. Raises `HouseholdSame`."""
    if household == successor:
        raise HouseholdSame()
    source = accounts.points(household, by)
    points = Points(books.of(source, POINTS))
    return Decision(Merge(household, successor, points), credit(source, successor, points, books, by))


def split(household: str, part: str, points: Points, books: Books) -> Decision[Split]:
    """Some of what the ledger holds for a household to a part of it."""
    moves = credit(accounts.points(household, LEDGER), part, points, books, LEDGER)
    return Decision(Split(household, part, points), moves)
