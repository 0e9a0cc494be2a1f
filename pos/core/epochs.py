"""The end of an installation's life: its goods and cash go to its successor at once, its points after a decision.

What a campaign has left to pay goes along with the goods: no household holds it yet.

After a close the ledger writes for the closed epoch; nobody else does. The successor's journal pins the delivery by
the feed position in a `refdata` entry, and posts the same transfers to its own books.
"""

from dataclasses import dataclass
from typing import ClassVar

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS, Account
from pos.core.transfers import MOST_AN_ENTRY, Books, Decision, Transfer, moved

_HANDED_ON = frozenset({"stock", "way", "bin", "drawer", "fund", "due", "vch", "budget"})


@dataclass(frozen=True, slots=True)
class Close:
    """The body of a delivery from the epoch `closed` to the epoch `successor` (writers)."""

    KIND: ClassVar[str] = "close"
    closed: str
    successor: str


@dataclass(frozen=True, slots=True)
class Release:
    """The body of a household's points freed from the epoch `closed`, which takes no posting after."""

    KIND: ClassVar[str] = "release"
    closed: str
    household: str


@dataclass(frozen=True, slots=True)
class Shortage:
    """The body of points spent on a fork or in a tail that came after the release; `device` bears them."""

    KIND: ClassVar[str] = "shortage"
    device: str
    paper: str
    """Number on paper of the entry that spent them."""
    points: Points


def close(closed: str, successor: str, books: Books) -> list[Decision[Close]]:
    """What the closed epoch holds to its successor, in as many entries as it takes. Debts of others to it stay."""
    moves = [
        Transfer(account, account._replace(writer=successor), commodity, balance)
        for (account, commodity), balance in sorted(books.balances.items())
        if account.writer == closed and account.kind in _HANDED_ON and balance > 0
    ]
    body = Close(closed, successor)
    return [Decision(body, tuple(moves[at : at + MOST_AN_ENTRY])) for at in range(0, len(moves), MOST_AN_ENTRY)]


def release(closed: str, household: str, books: Books) -> Decision[Release]:
    """A household's spendable, pending and granted points back to the ledger, debt at the closed epoch paid first."""
    debt, ledger = accounts.debt(household, closed), accounts.points(household, LEDGER)
    owed = -books.of(debt, POINTS)
    moves: list[Transfer] = []
    for source in (accounts.points, accounts.pending, accounts.moving):
        account = source(household, closed)
        held = books.of(account, POINTS)
        paid = min(held, owed)
        owed -= paid
        moves.extend((*moved(account, debt, POINTS, paid), *moved(account, ledger, POINTS, held - paid)))
    return Decision(Release(closed, household), tuple(moves))


def shortage(device: str, paper: str, points: Points) -> Decision[Shortage]:
    """Points that were spent twice, at the device's cost and not the household's."""
    source, bearer = Account("issue", "shortage", LEDGER), Account("gone", f"shortage-{device}", LEDGER)
    return Decision(Shortage(device, paper, points), moved(source, bearer, POINTS, points.amount))
