"""上账 and what the ledger does with single households' points: awards, corrections, debt, holds, merging, splitting."""

from dataclasses import dataclass
from typing import ClassVar

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS, Account
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


@dataclass(frozen=True, slots=True)
class Hold:
    """The body of points laid aside, for the bank or a dispute."""

    KIND: ClassVar[str] = "hold"
    household: str
    points: Points


@dataclass(frozen=True, slots=True)
class CashOut:
    """The body of held points that the bank paid out."""

    KIND: ClassVar[str] = "cash-out"
    household: str
    points: Points


@dataclass(frozen=True, slots=True)
class Unhold:
    """The body of held points given back."""

    KIND: ClassVar[str] = "unhold"
    household: str
    points: Points


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


def undo(body: Undo, closed: str | None, books: Books) -> tuple[Decision[Undo], str]:
    """An undo by the ledger, and the writer it is posted as: the `closed` epoch, or the ledger for an open one."""
    if closed is None:
        return Decision(body, credit(Account("issue", "award", LEDGER), body.household, body.points, books, LEDGER)), LEDGER
    spent, here = Account("spent", "goods", closed), accounts.points(body.household, LEDGER)
    return Decision(body, moved(spent, here, POINTS, body.points.amount)), closed


def hold(household: str, points: Points) -> Decision[Hold]:
    """Points laid aside; the target is lowered first and the return awaited."""
    here, held = accounts.points(household, LEDGER), Account("hold", household, LEDGER)
    return Decision(Hold(household, points), moved(here, held, POINTS, points.amount))


def cash_out(household: str, points: Points) -> Decision[CashOut]:
    """Held points out of the books: the bank has paid for them."""
    held, bank = Account("hold", household, LEDGER), Account("gone", "bank", LEDGER)
    return Decision(CashOut(household, points), moved(held, bank, POINTS, points.amount))


def unhold(household: str, points: Points, books: Books) -> Decision[Unhold]:
    """Held points back to the household, debt paid first."""
    moves = credit(Account("hold", household, LEDGER), household, points, books, LEDGER)
    return Decision(Unhold(household, points), moves)


def merge(household: str, successor: str, books: Books, by: str) -> Decision[Merge]:
    """All of a household's points at `by` to its successor, whose debt they pay first."""
    source = accounts.points(household, by)
    points = Points(books.of(source, POINTS))
    return Decision(Merge(household, successor, points), credit(source, successor, points, books, by))


def split(household: str, part: str, points: Points, books: Books) -> Decision[Split]:
    """Some of what the ledger holds for a household to a part of it."""
    moves = credit(accounts.points(household, LEDGER), part, points, books, LEDGER)
    return Decision(Split(household, part, points), moves)
