"""The atom of the books: so much of one commodity leaves one account and enters another.

Balanced by construction: there is nothing that must sum to zero for anyone to forget.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from pos.core import accounts
from pos.core.accounts import Account
from pos.core.refusals import BelowFloor

MOST = 10**12
"""Largest quantity of one transfer."""

MOST_AN_ENTRY = 64
"""Largest number of transfers in one entry."""

BALANCE_LIMIT = 2**62

Key = tuple[Account, str]
"""What a balance belongs to: account and commodity."""


class BooksError(AssertionError):
    """Transfers that no correct program writes: wrong author, commodity, quantity or range, or a debt above zero."""


class Transfer(NamedTuple):
    """`quantity` (1 to 10^12) of `commodity` leaves `source` and enters `destination`."""

    source: Account
    destination: Account
    commodity: str
    quantity: int

    def turned_round(self) -> "Transfer":
        """The same quantity on its way back."""
        return Transfer(self.destination, self.source, self.commodity, self.quantity)


def moved(source: Account, destination: Account, commodity: str, quantity: int) -> tuple[Transfer, ...]:
    """One transfer, or none when there is nothing to move: zero quantities are left out of the books."""
    return (Transfer(source, destination, commodity, quantity),) if quantity else ()


class Amount(NamedTuple):
    """So much of one commodity in one account: a line of what is shipped, written off or handed on."""

    account: Account
    commodity: str
    quantity: int


B = TypeVar("B", covariant=True)


@dataclass(frozen=True, slots=True)
class Decision(Generic[B]):
    """What the rules decided: the entry's body, and everything that moves with it."""

    body: B
    transfers: tuple[Transfer, ...]


class Books:
    """Balances as `keeper` sees them: the fold of all transfers posted to them.

    May be filled with only those balances that an entry touches; an account not named holds nothing.
    """

    def __init__(self, keeper: str, balances: Mapping[Key, int] | None = None) -> None:
        self.keeper = keeper
        self.balances: dict[Key, int] = dict(balances or {})

    def of(self, account: Account, commodity: str) -> int:
        """The balance of one account in one commodity."""
        return self.balances.get((account, commodity), 0)

    def post(self, author: str, transfers: Iterable[Transfer]) -> dict[Key, int]:
        """Post one entry's transfers, all or none, and return the new balances of what they touched.

        Raises `BelowFloor` when an account would fall below its floor at any prefix, `BooksError` when a source is
        not the author's, a commodity does not belong in an account, or a number is out of range.
        """
        changed: dict[Key, int] = {}
        count = 0
        for transfer in transfers:
            count += 1
            _check(transfer, author)
            for account, delta in ((transfer.source, -transfer.quantity), (transfer.destination, transfer.quantity)):
                key = (account, transfer.commodity)
                balance = changed.get(key, self.balances.get(key, 0)) + delta
                low, high = accounts.bounds(account, self.keeper)
                if low is not None and balance < low:
                    raise BelowFloor(account=str(account), commodity=transfer.commodity, balance=balance)
                if (high is not None and balance > high) or abs(balance) > BALANCE_LIMIT:
                    raise BooksError(f"balance of {account} out of range")
                changed[key] = balance
        if count > MOST_AN_ENTRY:
            raise BooksError(f"{count} transfers in one entry")
        self.balances.update(changed)
        return changed


def _check(transfer: Transfer, author: str) -> None:
    source, destination, commodity, quantity = transfer
    if source.writer != author:
        raise BooksError(f"{author} may not take from {source}")
    if type(quantity) is not int or not 1 <= quantity <= MOST:
        raise BooksError(f"quantity {quantity!r} out of range")
    if source == destination:
        raise BooksError(f"{source} to itself")
    for account in (source, destination):
        if not accounts.holds(account.kind, commodity):
            raise BooksError(f"{account} does not hold {commodity}")


def touched(transfers: Iterable[Transfer]) -> set[Key]:
    """The balances that these transfers change."""
    return {(account, t.commodity) for t in transfers for account in (t.source, t.destination)}
