"""公示: each household's total, with no more of a name than the profile allows.

Number, masked name and one total unless something else is chosen; whole names only of those who agreed to it. Sorted
by number: it is a notice and no ranking. Who has nothing, or less than nothing, is not on it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import POINTS
from pos.core.closing import Pool, pool_of
from pos.core.entries import Signatures
from pos.core.households import Household
from pos.core.people import SERVES
from pos.core.sheets import Cell, Count, Day, Fact, Label, Score, Sheet, Table
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.reports import figures
from pos.storage import books, consents, periods, registry

_MOST = 100_000
"""Households of one store."""


class Profile(StrEnum):
    """How much of a name is shown."""

    MASKED = "masked"
    NUMBER = "number"
    NAMED = "named"
    """Whole names of the households that agreed; the others masked."""


class Total(StrEnum):
    """Which figure of a household is published."""

    EARNED = "earned"
    SPENT = "spent"
    HELD = "held"
    """What it has now. A household that wants its balance seen by nobody is left out."""


def notice(desk: Desk, by: Signatures, first: date, last: date, total: Total, profile: Profile) -> Sheet:
    """The list to hang out, of business dates `first` to `last`. Raises `NotPermitted` for whole names."""
    with desk.store.read() as connection:
        if profile is Profile.NAMED:
            check_signatures(connection, by, roles=SERVES)
        known = {row.number: row for row in registry.find_households(connection, "", _MOST)}
        if total is Total.HELD:
            points = _held(desk, connection, (each for each in known.values() if not each.quiet))
        else:
            points = _moved(desk, connection, first, last, total)
        agreed = consents.given(connection, "household") if profile is Profile.NAMED else frozenset()
    listed = {number: amount for number, amount in sorted(points.items()) if amount > 0 and number in known}
    rows = tuple(_row(known[number], amount, profile, agreed) for number, amount in listed.items())
    facts = (
        *([] if total is Total.HELD else [Fact("first-day", Day(first)), Fact("last-day", Day(last))]),
        Fact("notice-total", Label(f"notice-{total}")),
        Fact("notice-households", Count(len(rows))),
    )
    name = () if profile is Profile.NUMBER else ("head-name",)
    sums: tuple[Cell, ...] = (Label("total"), *("" for _ in name), Score(Points(sum(listed.values()))))
    table = Table(("household", *name, "points"), rows, sums)
    made = paper.report(desk, by, "notice", facts, (table,))
    return replace(made, notes=("notice-objection",), signatures=("clerk", "supervisor"))


def _row(household: Household, points: int, profile: Profile, agreed: Iterable[str]) -> tuple[Cell, ...]:
    score = Score(Points(points))
    if profile is Profile.NUMBER:
        return household.short, score
    return household.short, household.head if household.number in agreed else household.masked, score


def _held(desk: Desk, connection: Connection, households: Iterable[Household]) -> dict[str, int]:
    writer = desk.store.identity.writer
    numbers = [each.number for each in households]
    kinds = (accounts.points, accounts.pending, accounts.debt)
    held = books.peek(connection, writer, [(kind(number, writer), POINTS) for number in numbers for kind in kinds])
    return {number: sum(held.of(kind(number, writer), POINTS) for kind in kinds) for number in numbers}


def _moved(desk: Desk, connection: Connection, first: date, last: date, total: Total) -> dict[str, int]:
    """What each household earned, or spent, less what was taken back of it."""
    writer, sides = desk.store.identity.writer, _SIDES[total]
    found: Counter[str] = Counter()
    span = figures.entries(desk, connection, first, last)
    for names in periods.points_of_households(connection, span):
        source, destination = accounts.parse(names[0]), accounts.parse(names[1])
        if source.kind in sides and pool_of(destination, writer) is Pool.POINTS:
            found[destination.subject] += names[2]
        elif destination.kind in sides and pool_of(source, writer) is Pool.POINTS:
            found[source.subject] -= names[2]
    sign = 1 if total is Total.EARNED else -1
    return {number: sign * amount for number, amount in found.items()}


_SIDES = {Total.EARNED: frozenset({"issue", "budget"}), Total.SPENT: frozenset({"spent"})}
