"""Points that may be spent at one place without asking anybody, how they get there and back, and debt.

A grant is two hops: the ledger moves points to `move:<household>@D.e`, the device's accept takes them from there. One
figure per household and device, the target, travels with the grants: the device gives back what exceeds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS
from pos.core.transfers import Books, Decision, Transfer, moved


@dataclass(frozen=True, slots=True)
class Ask:
    """The body of a request for points to be granted here; it moves nothing."""

    KIND: ClassVar[str] = "ask"
    household: str
    points: Points


@dataclass(frozen=True, slots=True)
class Grant:
    """The body of a grant by the ledger: number `feed` of the device's feed. No points when only the target changes."""

    KIND: ClassVar[str] = "grant"
    household: str
    device: str
    """The writer it is granted to."""
    feed: int
    points: Points
    target: Points


@dataclass(frozen=True, slots=True)
class Accept:
    """The body of a device's acceptance of a grant: its number in the feed, and the hash (hex) of the signed record."""

    KIND: ClassVar[str] = "accept"
    household: str
    feed: int
    digest: str
    points: Points
    target: Points


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The body of a return to the ledger of what exceeds `target`."""

    KIND: ClassVar[str] = "give-back"
    household: str
    target: Points
    points: Points


@dataclass(frozen=True, slots=True)
class Confirm:
    """The body of a confirmation of pending weigh-ins `refs`: by the clerk, or by number `feed` of the feed."""

    KIND: ClassVar[str] = "confirm"
    household: str
    refs: tuple[int, ...]
    points: Points
    feed: int | None = None


def pay_debt(household: str, arriving: int, books: Books, by: str) -> Iterable[Transfer]:
    """What of a household's points, `arriving` ones (1/100 point) included, goes to its debt at `by`."""
    points, debt = accounts.points(household, by), accounts.debt(household, by)
    available = books.of(points, POINTS) + arriving
    yield from moved(points, debt, POINTS, min(available, -books.of(debt, POINTS)))


def credit(source: accounts.Account, household: str, points: Points, books: Books, by: str) -> tuple[Transfer, ...]:
    """`points` from `source` to a household at `by`, debt paid from them first."""
    arriving = moved(source, accounts.points(household, by), POINTS, points.amount)
    return (*arriving, *pay_debt(household, points.amount, books, by))


def grant(household: str, device: str, feed: int, points: Points, target: Points) -> Decision[Grant]:
    """The ledger's hop of a grant. Raises `BelowFloor` at posting when the ledger does not hold as much."""
    source, moving = accounts.points(household, LEDGER), accounts.moving(household, device)
    return Decision(Grant(household, device, feed, points, target), moved(source, moving, POINTS, points.amount))


def accept(granted: Grant, digest: str, books: Books) -> Decision[Accept]:
    """The device's hop of a grant, debt paid first."""
    household, by = granted.household, granted.device
    body = Accept(household, granted.feed, digest, granted.points, granted.target)
    return Decision(body, credit(accounts.moving(household, by), household, granted.points, books, by))


def give_back(household: str, target: Points, books: Books, by: str) -> Decision[GiveBack]:
    """What a household holds at `by` beyond `target` back to the ledger; no transfer when there is no excess."""
    here = accounts.points(household, by)
    excess = max(0, books.of(here, POINTS) - target.amount)
    moves = moved(here, accounts.points(household, LEDGER), POINTS, excess)
    return Decision(GiveBack(household, target, Points(excess)), moves)


def confirm(
    household: str, refs: tuple[int, ...], earned: Points, books: Books, by: str, feed: int | None = None
) -> Decision[Confirm]:
    """The points `earned` by pending weigh-ins `refs` to spend from now on, debt paid first.

    Less is confirmed when a reversal has drawn on the pending points meanwhile.
    """
    pending = accounts.pending(household, by)
    points = Points(min(earned.amount, books.of(pending, POINTS)))
    return Decision(Confirm(household, refs, points, feed), credit(pending, household, points, books, by))
