"""Batches of awards, posted from files or by the ledger, and which household has been told of its award."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_new
from sqlalchemy.sql import text

from catalog.units import Points
from pos.database import Prepared
from pos.storage import tables as t

_UNTOLD = Prepared(
    text(
        "SELECT l.seq, b.title, l.points FROM award_lines l JOIN award_batches b USING (batch)"
        " WHERE l.household = :household AND l.told = 0"
        " UNION ALL SELECT NULL, title, points FROM award_notices WHERE household = :household AND told = 0"
    )
)


@dataclass(frozen=True, slots=True)
class Batch:
    """A posted batch; `source` is the SHA-256 (hex) of its rows, `wall` when it was posted (ms)."""

    batch: str
    period: str
    title: str
    source: str
    wall: int


@dataclass(frozen=True, slots=True)
class AwardLine:
    """What one household got from a batch: entry `seq`."""

    seq: int
    household: str
    points: Points


def batches(connection: Connection) -> list[Batch]:
    """Every batch that was posted, newest first."""
    query = select(t.award_batches).order_by(t.award_batches.c.wall.desc(), t.award_batches.c.batch)
    return [Batch(*row) for row in connection.execute(query)]


def keep(connection: Connection, batch: Batch, lines: Iterable[AwardLine]) -> None:
    """Write a batch with its lines; nobody has been told yet."""
    row = {
        "batch": batch.batch,
        "period": batch.period,
        "title": batch.title,
        "source": batch.source,
        "wall": batch.wall,
    }
    connection.execute(insert(t.award_batches), row)
    rows = [
        {"seq": e.seq, "batch": batch.batch, "household": e.household, "points": e.points.amount, "told": 0}
        for e in lines
    ]
    connection.execute(insert(t.award_lines), rows)


def notify(connection: Connection, batch: str, title: str, points: Mapping[str, Points]) -> None:
    """Keep what households (by number) got of a batch that the ledger posted; told once, however often it comes."""
    rows = [
        {"batch": batch, "household": household, "title": title, "points": got.amount, "told": 0}
        for household, got in points.items()
    ]
    if rows:
        connection.execute(insert_new(t.award_notices).on_conflict_do_nothing(), rows)


def lines(connection: Connection, batch: str) -> list[AwardLine]:
    """The lines of a batch, in the file's order."""
    query = select(t.award_lines).where(t.award_lines.c.batch == batch).order_by(t.award_lines.c.seq)
    return [AwardLine(row.seq, row.household, Points(row.points)) for row in connection.execute(query)]


def tell(connection: Connection, household: str) -> list[tuple[str, Points]]:
    """Awards (title, points) that a household has not been told of; from now on it has."""
    found = _UNTOLD.rows(connection, household=household)
    for table in (t.award_lines, t.award_notices) if found else ():
        told = update(table).where(table.c.household == household, table.c.told == 0).values(told=1)
        connection.execute(told)
    return [(title, Points(points)) for _, title, points in found]
