"""对账单: a household's month as a page of its passbook, to look at and to print."""

from datetime import UTC, date, datetime, timedelta

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import POINTS
from pos.core.entries import Signatures
from pos.core.local_time import local_date
from pos.core.refusals import HouseholdUnknown
from pos.core.sheets import Cell, Fact, Label, Score, Sheet, Table
from pos.counter import paper
from pos.counter.desk import Desk
from pos.storage import passbook, registry
from pos.storage.passbook import Page

_DID = frozenset(
    {
        "weigh",
        "redeem",
        "reverse",
        "take-back",
        "opening",
        "award",
        "voucher",
        "confirm",
        "accept",
        "give-back",
        "merge",
    }
)
"""Kinds of entries that a statement has a word for."""


def statement(desk: Desk, by: Signatures, number: str, month: date) -> Sheet:
    """The calendar month that `month` lies in, of household `number`. Raises `HouseholdUnknown`.

    One that wants no balance on paper sees what came and went, and no balance.
    """
    identity = desk.store.identity
    start, end = (_wall(first, identity.utc_offset_minutes) for first in (month, _next(month)))
    with desk.store.read() as connection:
        household = registry.household(connection, number)
        if household is None:
            raise HouseholdUnknown(household=number[-4:])
        page = passbook.page(connection, accounts.points(number, identity.writer), POINTS, start, end)
    facts = (
        Fact("household", f"{household.short} {household.masked}"),
        Fact("group", household.group),
        Fact("month", month.isoformat()[:7]),
        *([] if household.quiet else [Fact("opening-balance", Score(Points(page.opening)))]),
        Fact("points-in", Score(_sum(page, 1))),
        Fact("points-out", Score(_sum(page, -1))),
        *([] if household.quiet else [Fact("closing-balance", Score(Points(page.closing)))]),
    )
    return paper.report(desk, by, "statement", facts, (_table(page, identity.utc_offset_minutes, household.quiet),))


def _table(page: Page, offset: int, quiet: bool) -> Table:
    rows: list[tuple[Cell, ...]] = []
    balance = page.opening
    for move in page.movements:
        balance += move.points
        what = Label(f"did-{move.kind}" if move.kind in _DID else "did-other")
        day = f"{local_date(move.wall, offset).day:02d}"
        rows.append((what, day, Score(Points(move.points)), *([] if quiet else [Score(Points(balance))])))
    return Table(("what", "day", "points", *([] if quiet else ["balance"])), tuple(rows))


def _sum(page: Page, sign: int) -> Points:
    return Points(sum(move.points for move in page.movements if move.points * sign > 0))


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _wall(day: date, offset: int) -> int:
    """Wall clock (ms) at which the month of `day` begins at a fixed offset from UTC."""
    first = datetime(day.year, day.month, 1, tzinfo=UTC) - timedelta(minutes=offset)
    return (first - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
