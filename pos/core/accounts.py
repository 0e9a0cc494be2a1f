"""The chart of accounts: names, who writes them, and how low or high each may go.

`account = kind ":" subject ("/" sub)* "@" writer`, each part `[a-z0-9-]{1,24}`; `writer = "L" | device "." epoch`.
Every account has exactly one writer, named in it: only that writer's entries may take from it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

LEDGER = "L"
"""The writer of the village ledger's own accounts."""

PLACE = "shop"
"""The one place a store keeps its shelf, bins and drawer in."""

_ACCOUNT = re.compile(r"([a-z]{2,7}):([a-z0-9-]{1,24}(?:/[a-z0-9-]{1,24})*)@(L|[a-z0-9-]{1,24}\.(?:0|[1-9][0-9]{0,8}))")

POINTS, FRACTION, CASH, OWED = "pt", "frac", "cash", "due"
"""Commodities that stand alone: 1/100 point, fen of weigh-in value, fen of cash, fen owed."""

_COMMODITY = re.compile(r"pt|frac|cash|due|[ngvm]:[a-z0-9-]{1,24}")

_HOLDS: dict[str, str] = {
    **dict.fromkeys(("pts", "pend", "move", "hold", "debt", "issue", "budget", "spent", "gone"), "pt"),
    **dict.fromkeys(("carry", "value", "paid"), "frac n"),
    **dict.fromkeys(("vch", "vout"), "v"),
    **dict.fromkeys(("stock", "way"), "g"),
    "in": "g m cash",
    "out": "g m",
    "bin": "m",
    "brought": "m",
    **dict.fromkeys(("drawer", "fund", "world"), "cash"),
    **dict.fromkeys(("due", "cost"), "due"),
}
_NEVER_BELOW_ZERO = frozenset({"pts", "pend", "hold", "budget", "vch"})
_NEVER_BELOW_ZERO_AT_DEVICE = frozenset({"stock", "bin", "drawer", "fund"})
_NEVER_BELOW_ZERO_AT_LEDGER = frozenset({"move"})
_NEVER_ABOVE_ZERO = frozenset({"debt"})


class Account(NamedTuple):
    """One account; `str()` gives its canonical name."""

    kind: str
    subject: str
    writer: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject}@{self.writer}"


@lru_cache(maxsize=4096)
def parse(name: str) -> Account:
    """The account of a canonical name. Raises `ValueError` for a name outside the grammar or the chart."""
    found = _ACCOUNT.fullmatch(name)
    if found is None or found[1] not in _HOLDS:
        raise ValueError(f"not an account: {name!r}")
    return Account(found[1], found[2], found[3])


@lru_cache(maxsize=4096)
def holds(kind: str, commodity: str) -> bool:
    """Whether accounts of `kind` may hold `commodity`."""
    return _COMMODITY.fullmatch(commodity) is not None and commodity.partition(":")[0] in _HOLDS[kind].split()


def bounds(account: Account, keeper: str) -> tuple[int | None, int | None]:
    """Lowest and highest balance of `account` in the books that `keeper` (a writer) keeps; `None` is unbounded.

    Points and vouchers are bounded at the ledger and at the device that writes them; shelf, bins and cash at the device
    alone. `move` is bounded at the ledger alone: a device journals the accept, not the grant that filled the account.
    Of other writers' accounts a device knows only what went through it, so they are not bounded there.
    """
    if keeper not in (LEDGER, account.writer):
        return None, None
    if account.kind in _NEVER_ABOVE_ZERO:
        return None, 0
    alone = _NEVER_BELOW_ZERO_AT_LEDGER if keeper == LEDGER else _NEVER_BELOW_ZERO_AT_DEVICE
    return (0 if account.kind in _NEVER_BELOW_ZERO or account.kind in alone else None), None


def writer(device: str, epoch: int) -> str:
    """The writer's name of one installation's life."""
    return f"{device}.{epoch}"


def points(household: str, by: str) -> Account:
    """Points a household may spend at `by`."""
    return Account("pts", household, by)


def pending(household: str, by: str) -> Account:
    """Points earned that somebody must still confirm."""
    return Account("pend", household, by)


def moving(household: str, by: str) -> Account:
    """Points granted to `by` and not yet accepted there."""
    return Account("move", household, by)


def debt(household: str, by: str) -> Account:
    """What a household owes after a deduction or a reversal; later credits pay it first."""
    return Account("debt", household, by)


def carry(household: str, by: str) -> Account:
    """Value or pieces of weigh-ins not yet paid in points."""
    return Account("carry", household, by)


def stock(owner: str, lot: str, by: str, place: str = PLACE) -> Account:
    """Pieces of one lot on the shelf."""
    return Account("stock", f"{place}/{owner}/{lot}", by)


def voucher(number: str, by: str) -> Account:
    """One voucher: holds 1 until it is used, cancelled or expired, so that it burns once."""
    return Account("vch", number, by)


def bin_(by: str, place: str = PLACE) -> Account:
    """Materials taken in and not yet sold."""
    return Account("bin", place, by)


def drawer(by: str, place: str = PLACE) -> Account:
    """Cash in the drawer."""
    return Account("drawer", place, by)


def budget(campaign: str, by: str) -> Account:
    """Points that a campaign may still give away."""
    return Account("budget", campaign, by)


def fund(source: str, by: str) -> Account:
    """The store's money from one source, kept outside the drawer."""
    return Account("fund", source, by)
