"""Points that the ledger lays aside: for the bank to pay out, or until a dispute is settled."""

from dataclasses import dataclass
from typing import ClassVar

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS, Account
from pos.core.rights import credit
from pos.core.transfers import Books, Decision, moved


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
