"""Money between drawer, fund and the world outside, counted, and paid to those who are owed.

The fund is kept by source, since a source may be bound to some uses. Each income and each expense has the number of its
accounting voucher; who gave or got the money stands in an erasable row, the journal holds its salted hash.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from catalog.units import Fen
from pos.core import accounts
from pos.core.accounts import CASH, OWED, Account
from pos.core.refusals import JournalRefused
from pos.core.transfers import Books, Decision, moved


class MoneyShort(JournalRefused):
    """Less money there than is to leave."""

    code = "money-short"


class UseRestricted(JournalRefused):
    """The source may not be spent on this."""

    code = "use-restricted"


class NothingMoved(JournalRefused):
    """An amount of nothing."""

    code = "nothing-moved"


class Source(StrEnum):
    """Where the fund's money came from."""

    MATERIAL = "material"
    """Recyclables sold."""
    DONATION = "donation"
    ENTERPRISE = "enterprise"
    VILLAGE = "village"
    """The village's own subsidy."""
    FISCAL = "fiscal"
    """Money of the township or the county."""


class Use(StrEnum):
    """What money of the fund is spent on."""

    GOODS = "goods"
    SERVICE = "service"
    RENT = "rent"
    WAGE = "wage"
    REPAIR = "repair"
    WEIGH = "weigh"
    """The drawer's cash, for weigh-ins that are paid in cash and for change."""
    OTHER = "other"


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
    use: str = ""
    """What it was spent on (`Use`); empty where nothing was spent."""
    voucher: str = ""
    """Number of its accounting voucher; empty where money only changes its place."""
    party: str = ""
    """Salted SHA-256 (hex) of who gave or got it, and of the note."""


@dataclass(frozen=True, slots=True)
class Settle:
    """The body of a party's settlement: all that came up to entry number `until` is paid with it."""

    KIND: ClassVar[str] = "settle"
    party: str
    cost_of: CostOf
    amount: Fen
    until: int
    voucher: str = ""


def move_cash(
    reason: CashReason,
    source: Account,
    destination: Account,
    amount: Fen,
    use: str = "",
    voucher: str = "",
    party: str = "",
) -> Decision[Cash]:
    """Money from one to another of drawer, fund and world. Raises `BelowFloor` at posting when it is not there."""
    body = Cash(reason, use=use, voucher=voucher, party=party)
    return Decision(body, moved(source, destination, CASH, amount.amount))


def check_spending(source: Account, amount: Fen, books: Books, use: Use | None, allowed: Collection[str]) -> None:
    """Raises `NothingMoved`, `MoneyShort`, or `UseRestricted` when `allowed` names uses and `use` is none of them."""
    if amount <= Fen(0):
        raise NothingMoved()
    if use is not None:
        check_use(source.subject, use, allowed)
    available = Fen(books.of(source, CASH))
    if available < amount:
        raise MoneyShort(available=available, amount=amount)


def check_use(source: str, use: Use, allowed: Collection[str]) -> None:
    """Raises `UseRestricted` when `allowed` names uses and `use` is none of them."""
    if allowed and use not in allowed:
        raise UseRestricted(source=source, use=use.value)


def count_drawer(counted: Fen, books: Books, by: str) -> Decision[Cash]:
    """The drawer as it was counted: what is too little or too much against the books."""
    drawer = accounts.drawer(by)
    difference = counted.amount - books.of(drawer, CASH)
    short = moved(drawer, Account("world", "short", by), CASH, max(0, -difference))
    over = moved(Account("world", "over", by), drawer, CASH, max(0, difference))
    return Decision(Cash(CashReason.COUNT, counted), (*short, *over))


def settle(
    party: str, cost_of: CostOf, amount: Fen, until: int, paid_from: Account, voucher: str = ""
) -> Decision[Settle]:
    """What `party` is owed, paid from drawer or fund."""
    by = paid_from.writer
    owed = moved(Account("due", party, by), Account("cost", cost_of.value, by), OWED, amount.amount)
    paid = moved(paid_from, Account("world", "supplier", by), CASH, amount.amount)
    return Decision(Settle(party, cost_of, amount, until, voucher), (*owed, *paid))
