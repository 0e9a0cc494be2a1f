"""Campaigns, and the points of weigh-ins that wait to be confirmed: rows beside the journal."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.sql import text

from catalog.units import Points
from pos.core import accounts
from pos.core.campaigns import Campaign
from pos.core.reversal import Reverse
from pos.database import Prepared
from pos.storage import tables as t

_EARNED = Prepared(
    text(
        "SELECT sum(CASE t.source WHEN :budget THEN t.quantity ELSE -t.quantity END)"
        " FROM journal j JOIN transfers t ON t.seq = j.seq"
        " WHERE j.household = :household AND j.seq > :since AND :budget IN (t.source, t.destination)"
    )
)
_BROUGHT = Prepared(
    text(
        "SELECT t.commodity, sum(CASE t.source WHEN :brought THEN t.quantity ELSE -t.quantity END)"
        " FROM journal j JOIN transfers t ON t.seq = j.seq"
        " WHERE j.household = :household AND j.seq > :since AND :brought IN (t.source, t.destination)"
        " GROUP BY t.commodity"
    )
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A campaign, and the entry that gave it its points."""

    campaign: Campaign
    since: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A weigh-in whose points wait: its entry's number and wall clock (ms), and whose they are."""

    seq: int
    wall: int
    household: str
    points: Points


def campaigns(connection: Connection) -> list[Begun]:
    """Every campaign, the newest first."""
    query = select(t.campaigns).order_by(t.campaigns.c.since.desc())
    return [
        Begun(
            Campaign(row.code, row.name, date.fromisoformat(row.starts), date.fromisoformat(row.ends), Points(row.cap)),
            row.since,
        )
        for row in connection.execute(query)
    ]


def earned(connection: Connection, begun: Begun, household: str, writer: str) -> Points:
    """Points that a household has from a campaign, less those taken back."""
    budget = str(accounts.budget(begun.campaign.code, writer))
    ((points,),) = _EARNED.rows(connection, budget=budget, household=household, since=begun.since)
    return Points(points or 0)


def brought(connection: Connection, household: str, since: int, writer: str) -> dict[str, int]:
    """Grams or pieces of each material that a household brought after entry `since`, less what was taken back."""
    account = str(accounts.Account("brought", "weigh", writer))
    rows = _BROUGHT.rows(connection, brought=account, household=household, since=since)
    return {commodity.partition(":")[2]: quantity for commodity, quantity in rows}


def wait(connection: Connection, seq: int, household: str, points: Points) -> None:
    """The points of weigh-in `seq` wait."""
    connection.execute(insert(t.pending), {"seq": seq, "household": household, "points": points.amount})


def waiting(connection: Connection) -> list[Waiting]:
    """Weigh-ins that were neither confirmed nor taken back, oldest first."""
    reversals = t.journal.alias()
    query = (
        select(t.pending.c.seq, t.journal.c.wall, t.pending.c.household, t.pending.c.points)
        .join(t.journal, t.journal.c.seq == t.pending.c.seq)
        .outerjoin(reversals, (reversals.c.kind == Reverse.KIND) & (reversals.c.ref == t.pending.c.seq))
        .where(reversals.c.seq.is_(None))
        .order_by(t.pending.c.seq)
    )
    return [Waiting(seq, wall, household, Points(points)) for seq, wall, household, points in connection.execute(query)]


def confirmed(connection: Connection, seqs: tuple[int, ...]) -> None:
    """These wait no longer."""
    connection.execute(delete(t.pending).where(t.pending.c.seq.in_(seqs)))
