"""What the closed days came to, a few rows a day: reports add these up and never read a year of the journal.

The rows are worked out from the journal when a day is closed; `pos verify` works them out anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.sql import text

from pos.core import accounts
from pos.core.closing import Held
from pos.core.day_figures import DayFigures
from pos.core.transfers import Transfer
from pos.database import Prepared
from pos.storage import tables as t
from pos.storage.closes import held_then

_DAYS = Prepared(text("SELECT number, day FROM closed_days WHERE day >= :first AND day <= :last ORDER BY number"))
_BEFORE = Prepared(text("SELECT coalesce(max(number), 0) FROM closed_days WHERE day < :first"))
_MOVES = Prepared(
    text(
        "SELECT f.source, f.destination, f.commodity, sum(f.quantity)"
        " FROM closed_days d JOIN day_flows f USING (number)"
        " WHERE d.day >= :first AND d.day <= :last GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
)
_BY_DAY = Prepared(
    text(
        "SELECT d.day, f.source, f.destination, f.commodity, f.quantity"
        " FROM closed_days d JOIN day_flows f USING (number)"
        " WHERE d.day >= :first AND d.day <= :last AND f.commodity >= :low AND f.commodity < :high ORDER BY d.number"
    )
)
_COUNTS = Prepared(
    text(
        "SELECT c.what, sum(c.entries) FROM closed_days d JOIN day_counts c USING (number)"
        " WHERE d.day >= :first AND d.day <= :last GROUP BY 1 ORDER BY 1"
    )
)
_OF_CLOSE = Prepared(
    text("SELECT source, destination, commodity, quantity FROM day_flows WHERE number = :number ORDER BY 1, 2, 3")
)
_COUNTED = Prepared(text("SELECT what, entries FROM day_counts WHERE number = :number ORDER BY 1"))
_DAY = Prepared(text("SELECT day FROM closed_days WHERE number = :number"))
_CLOSINGS = Prepared(
    text(
        "SELECT d.day, z.closing FROM closed_days d JOIN z_documents z USING (number)"
        " WHERE d.day >= :first AND d.day <= :last ORDER BY d.number"
    )
)
_CLOSE = Prepared(text("SELECT seq, closing FROM z_documents WHERE number = :number"))
_SERVED = Prepared(
    text(
        "SELECT count(DISTINCT household) FROM journal INDEXED BY journal_of_household"
        " WHERE household IS NOT NULL AND seq >= :first AND seq < :stop"
    )
)


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """One day close and the business date that it closed."""

    number: int
    day: date


def keep(connection: Connection, number: int, day: date, found: DayFigures) -> None:
    """Write what Z document `number` closed."""
    connection.execute(insert(t.closed_days), {"number": number, "day": day.isoformat()})
    flows = [
        {
            "number": number,
            "source": str(move.source),
            "destination": str(move.destination),
            "commodity": move.commodity,
            "quantity": move.quantity,
        }
        for move in found.moves
    ]
    counts = [{"number": number, "what": what, "entries": entries} for what, entries in found.counts.items()]
    for table, rows in ((t.day_flows, flows), (t.day_counts, counts)):
        if rows:
            connection.execute(insert(table), rows)


def kept(connection: Connection, number: int) -> tuple[date, DayFigures] | None:
    """What was written for Z document `number`; `ValueError` for rows that stand for nothing."""
    row = _DAY.row(connection, number=number)
    if row is None:
        return None
    moves = tuple(map(_move, _OF_CLOSE.rows(connection, number=number)))
    return date.fromisoformat(row[0]), DayFigures(moves, dict(_COUNTED.rows(connection, number=number)))


def days(connection: Connection, first: date, last: date) -> list[ClosedDay]:
    """The closes of business dates `first` to `last`, oldest first."""
    rows = _DAYS.rows(connection, first=first.isoformat(), last=last.isoformat())
    return [ClosedDay(number, date.fromisoformat(day)) for number, day in rows]


def next_after(connection: Connection, first: date) -> int:
    """Number of the Z document that would follow those of the business dates before `first`."""
    row = _BEFORE.row(connection, first=first.isoformat())
    assert row is not None, "an aggregate is a row"
    number: int = row[0]
    return number + 1


def summed(connection: Connection, first: date, last: date) -> DayFigures:
    """The closed days of business dates `first` to `last` together."""
    span = {"first": first.isoformat(), "last": last.isoformat()}
    moves = tuple(map(_move, _MOVES.rows(connection, **span)))
    return DayFigures(moves, dict(_COUNTS.rows(connection, **span)))


def by_day(connection: Connection, first: date, last: date, of: str) -> Iterator[tuple[date, Transfer]]:
    """What moved on each of these days of the commodities that begin with `of` (`pt`, `g:`), day by day."""
    span = {"first": first.isoformat(), "last": last.isoformat()}
    for day, *move in _BY_DAY.rows(connection, **span, low=of, high=f"{of[:-1]}{chr(ord(of[-1]) + 1)}"):
        yield date.fromisoformat(day), _move(move)


def closings(connection: Connection, first: date, last: date) -> Iterator[Held]:
    """What every pool held at each close of these days."""
    for _, closing in _CLOSINGS.rows(connection, first=first.isoformat(), last=last.isoformat()):
        yield held_then(closing)


def close(connection: Connection, number: int) -> tuple[int, Held]:
    """The entry of Z document `number` and what every pool held then; 0 and nothing before the first."""
    row = _CLOSE.row(connection, number=number)
    return (row[0], held_then(row[1])) if row else (0, {})


def served(connection: Connection, entries: range) -> int:
    """How many households these entries are about."""
    row = _SERVED.row(connection, first=entries.start, stop=entries.stop)
    assert row is not None, "a count is a row"
    number: int = row[0]
    return number


def _move(row: Sequence[Any]) -> Transfer:
    source, destination, commodity, quantity = row
    return Transfer(accounts.parse(source), accounts.parse(destination), commodity, quantity)
