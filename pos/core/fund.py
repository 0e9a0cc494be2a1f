"""Money between drawer, fund and the world outside, counted, and paid to those who are owed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Fen
from pos.core import accounts
from pos.core.accounts import CASH, OWED, Account
from pos.core.transfers import Books, Decision, moved


class CashReason(StrEnum):
    """Why money moves without goods or materials."""

    FLOAT = "float"
    BANKED = "banked"
    GIFT = "gift"
    SPENT = "spent"
    COUNT = "count"


class CostOf(StrEnum):
    """What a party is owed for."""

    GOODS = "goods"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Cash:
    """The body of money moved; `counted` is what lay in the drawer when the reason is a count."""

    KIND: ClassVar[str] = "cash"
    reason: CashReason
    counted: Fen | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """The body of a party's settlement: all that came up to entry number `until` is paid with it."""

    KIND: ClassVar[str] = "settle"
    party: str
    cost_of: CostOf
    amount: Fen
    until: int


def move_cash(reason: CashReason, source: Account, destination: Account, amount: Fen) -> Decision[Cash]:
    """Money from one to another of drawer, fund and world. Raises `BelowFloor` at posting when it is not there."""
    return Decision(Cash(reason), moved(source, destination, CASH, amount.amount))


def count_drawer(counted: Fen, books: Books, by: str) -> Decision[Cash]:
    """The drawer as it was counted: what is too little or too much against the books."""
    drawer = accounts.drawer(by)
    difference = counted.amount - books.of(drawer, CASH)
    short = moved(drawer, Account("world", "short", by), CASH, max(0, -difference))
    over = moved(Account("world", "over", by), drawer, CASH, max(0, difference))
    return Decision(Cash(CashReason.COUNT, counted), (*short, *over))


def settle(party: str, cost_of: CostOf, amount: Fen, until: int, paid_from: Account) -> Decision[Settle]:
    """What `party` is owed, paid from drawer or fund."""
    by = paid_from.writer
    owed = moved(Account("due", party, by), Account("cost", cost_of.value, by), OWED, amount.amount)
    paid = moved(paid_from, Account("world", "supplier", by), CASH, amount.amount)
    return Decision(Settle(party, cost_of, amount, until), (*owed, *paid))
