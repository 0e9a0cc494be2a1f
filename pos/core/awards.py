"""上账: points from the village committee, and the ledger's corrections of single households' points."""

from dataclasses import dataclass
from typing import ClassVar

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS, Account
from pos.core.acts import FileAward
from pos.core.rights import credit, pay_debt
from pos.core.transfers import Books, Decision, Transfer, moved


@dataclass(frozen=True, slots=True)
class Award:
    """The body of an award of the approved `batch`; negative for a deduction."""

    KIND: ClassVar[str] = "award"
    household: str
    batch: str
    points: Points


@dataclass(frozen=True, slots=True)
class Sweep:
    """The body of a debt paid from what the ledger holds."""

    KIND: ClassVar[str] = "sweep"
    household: str


@dataclass(frozen=True, slots=True)
class Forgive:
    """The body of a debt that is forgiven."""

    KIND: ClassVar[str] = "forgive"
    household: str
    points: Points


@dataclass(frozen=True, slots=True)
class Remedy:
    """The body of points made good to a household whose paper shows them; `paper` is the entry's number on it."""

    KIND: ClassVar[str] = "remedy"
    household: str
    paper: str
    points: Points


@dataclass(frozen=True, slots=True)
class Undo:
    """The body of an entry of another store or of a closed epoch taken back online; `paper` is its number on paper."""

    KIND: ClassVar[str] = "undo"
    household: str
    paper: str
    lines: tuple[int, ...]
    """Places of the lines taken back, from 1."""
    points: Points


def posted(household: str, points: Points, books: Books, by: str) -> tuple[Transfer, ...]:
    """The transfers of an award, by the ledger or by a store that runs alone.

    A deduction takes the points that are there; the rest is owed, and later credits pay it first.
    """
    issue, here = Account("issue", "award", by), accounts.points(household, by)
    if points.amount >= 0:
        return credit(issue, household, points, books, by)
    drawn = min(-points.amount, books.of(here, POINTS))
    rest = -points.amount - drawn
    return (*moved(here, issue, POINTS, drawn), *moved(accounts.debt(household, by), issue, POINTS, rest))


def award(household: str, batch: str, points: Points, books: Books) -> Decision[Award]:
    """An award by the ledger."""
    return Decision(Award(household, batch, points), posted(household, points, books, LEDGER))


def from_file(body: FileAward, books: Books, by: str) -> Decision[FileAward]:
    """An award or a deduction by a store that runs alone."""
    return Decision(body, posted(body.household, body.points, books, by))


def sweep(household: str, books: Books) -> Decision[Sweep]:
    """Debt at the ledger paid from points that have come back to it."""
    return Decision(Sweep(household), tuple(pay_debt(household, 0, books, LEDGER)))


def forgive(household: str, points: Points, by: str) -> Decision[Forgive]:
    """A debt, or part of it, forgiven."""
    source = Account("gone", "forgiven", by)
    return Decision(Forgive(household, points), moved(source, accounts.debt(household, by), POINTS, points.amount))


def remedy(household: str, paper: str, points: Points, books: Books) -> Decision[Remedy]:
    """Points made good by the ledger, debt paid first."""
    moves = credit(Account("issue", "award", LEDGER), household, points, books, LEDGER)
    return Decision(Remedy(household, paper, points), moves)


def undo(body: Undo, books: Books, author: str = LEDGER) -> Decision[Undo]:
    """Points given back by the ledger, debt paid first; written for a closed epoch, from what was spent there."""
    if author == LEDGER:
        return Decision(body, credit(Account("issue", "award", LEDGER), body.household, body.points, books, LEDGER))
    spent, ledger = Account("spent", "goods", author), accounts.points(body.household, LEDGER)
    return Decision(body, moved(spent, ledger, POINTS, body.points.amount))
