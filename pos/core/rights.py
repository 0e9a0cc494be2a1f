"""Points that may be spent at one place without asking anybody, how they get there and back, and debt.

A grant is two hops: the ledger moves points to `move:<household>@D.e`, the device's accept takes them from there. One
figure per household and device, the target, travels with the grants: the device gives back what exceeds it.
"""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a household's points may lie; all figures are 1/100 point."""

    writer: str
    held: int
    """Granted or earned there, as far as the ledger knows."""
    wanted: int
    """What should be there if there is enough."""
    told: int | None = None
    """Its newest target; none so far leaves it what it has."""
    room: int | None = None
    """Most that may still be granted there; none is no limit."""
    asks: bool = False
    """Whether what it lacks is fetched from the places behind it."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a place is granted, and its target from now on."""

    writer: str
    points: Points
    target: Points


def apportion(places: Sequence[Place], free: int, owed: int) -> list[Share]:
    """What to tell which of `places`, first come first served, the home store last.

    `free` (1/100 point) is at the ledger to be granted. What the household owes there (`owed`), and what places that
    ask still lack, is fetched by lowering targets, from the last place on: points move when a device gives them back.
    What is not there yet is fetched from what the household earns.
    """
    shares, missing = [], owed
    for place in places:
        lack = max(0, place.wanted - place.held)
        wished = lack if place.room is None else min(lack, place.room)
        points = min(wished, free)
        free -= points
        missing += (wished - points) if place.asks else 0
        shares.append(points)
    missing = max(0, missing - sum(max(0, place.held - place.wanted) for place in places))
    found = []
    for place, points in zip(reversed(places), reversed(shares), strict=True):
        target = place.wanted
        if missing and not (place.asks and place.held < place.wanted):
            target = min(place.wanted, max(0, place.held + points - missing))
            missing -= min(missing, place.held, place.wanted)
        silent = place.told is None and place.held + points <= target
        if points or not (silent or place.told == target):
            found.append(Share(place.writer, Points(points), Points(target)))
    return found[::-1]


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


def grant_again(granted: Grant, books: Books) -> Decision[Grant]:
    """A grant that a ledger restored from its backup knows only from its signed record.

    What the ledger does not hold any more is owed there, since the device may have spent it already.
    """
    household, moving = granted.household, accounts.moving(granted.household, granted.device)
    here, debt = accounts.points(household, LEDGER), accounts.debt(household, LEDGER)
    drawn = min(granted.points.amount, books.of(here, POINTS))
    rest = granted.points.amount - drawn
    return Decision(granted, (*moved(here, moving, POINTS, drawn), *moved(debt, moving, POINTS, rest)))


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
