"""What a store without a ledger takes over from its own backup: the same balances, opened in a new installation's life.

Nobody else keeps its books, so that two people open them again from the copy. Where a ledger does, it hands goods and
cash over itself (`pos.core.epochs`), and nothing is opened here.
"""

from collections.abc import Mapping

from pos.core.accounts import POINTS, Account
from pos.core.acts import Opening
from pos.core.transfers import MOST_AN_ENTRY, Decision, Key, Transfer

_TAKEN_OVER = frozenset(
    {"pts", "debt", "carry", "budget", "stock", "way", "bin", "drawer", "fund", "due"},
)
_FROM = {
    "pt": ("issue", "opening"),
    "g": ("in", "opening"),
    "m": ("in", "opening"),
    "cash": ("in", "opening"),
    "due": ("cost", "opening"),
    "frac": ("value", "opening"),
    "n": ("value", "opening"),
}
"""Where an opening balance comes from, by the first word of its commodity."""


def carried(account: Account, writer: str) -> Account:
    """The account of `writer` that stands for another one's. Lots are told from those that will come in here."""
    place, slash, lot = account.subject.rpartition("/")
    if account.kind == "stock" and lot != "0":
        return Account(account.kind, f"{place}{slash}{carried_lot(lot)}", writer)
    return account._replace(writer=writer)


def carried_lot(lot: str) -> str:
    """The name of a lot of the books before; a lot is the entry that it came in with, and a line of it."""
    return lot if lot == "0" else f"0-{lot}"


def reopen(closed: str, new: str, balances: Mapping[Key, int], source: str) -> list[Decision[Opening]]:
    """Openings of what the writer `closed` held, for the writer `new`, in as many entries as it takes.

    `source` is the SHA-256 (hex) of the copy they are taken from. Points that wait are `waiting`'s.
    """
    moves = [
        _opened(carried(account, new), commodity, balance)
        for (account, commodity), balance in sorted(balances.items())
        if account.writer == closed and account.kind in _TAKEN_OVER and balance
    ]
    body = Opening(source)
    return [Decision(body, tuple(moves[at : at + MOST_AN_ENTRY])) for at in range(0, len(moves), MOST_AN_ENTRY)]


def waiting(closed: str, new: str, balances: Mapping[Key, int], source: str) -> dict[str, Decision[Opening]]:
    """By household: its points that still wait to be confirmed, an entry each, for that entry to be confirmed."""
    return {
        account.subject: Decision(Opening(source), (_opened(account._replace(writer=new), commodity, balance),))
        for (account, commodity), balance in sorted(balances.items())
        if account.writer == closed and account.kind == "pend" and balance
    }


def _opened(account: Account, commodity: str, balance: int) -> Transfer:
    kind, subject = _FROM[commodity.partition(":")[0]]
    source = Account(kind, subject, account.writer)
    if balance > 0:
        return Transfer(source, account, commodity, balance)
    return Transfer(account, source, commodity, -balance)


def given_back(vouchers: Mapping[str, int], balances: Mapping[Key, int], closed: str) -> dict[Key, int]:
    """`balances` with the points (1/100) of vouchers that nobody used back at their households, by number.

    A voucher is taken against the redemption that issued it, which lies in the closed books.
    """
    found = dict(balances)
    for household, points in vouchers.items():
        key = (Account("pts", household, closed), POINTS)
        found[key] = found.get(key, 0) + points
    return found
