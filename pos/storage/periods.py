"""Business days in the journal: which entries lie between two dates, and what a stretch of entries did."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select
from sqlalchemy.sql import text

from pos.core import entries
from pos.core.day import DayClose, DayOpen
from pos.database import Prepared
from pos.storage import tables as t

_OF_KINDS = Prepared(
    text(
        "SELECT seq FROM journal j WHERE seq >= :first AND seq < :stop"
        " AND kind IN (SELECT value FROM json_each(:kinds))"
        " AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.kind = 'reverse' AND r.ref = j.seq) ORDER BY seq"
    )
)
_SERVED = Prepared(
    text(
        "SELECT j.seq, j.kind, j.wall, j.household, coalesce((SELECT sum((substr(m.destination, 1, instr(m.destination,"
        " ':') - 1) IN ('pts', 'pend', 'debt')) * m.quantity - (substr(m.source, 1, instr(m.source, ':') - 1)"
        " IN ('pts', 'pend', 'debt')) * m.quantity) FROM transfers m WHERE m.seq = j.seq AND m.commodity = 'pt'), 0)"
        " FROM journal j WHERE j.seq >= :first AND j.seq < :stop AND j.household IS NOT NULL"
        " AND j.kind IN ('redeem', 'weigh', 'reverse', 'take-back', 'voucher') ORDER BY j.seq"
    )
)
_POINTS = Prepared(
    text(
        "SELECT source, destination, sum(quantity) FROM transfers WHERE seq >= :first AND seq < :stop"
        " AND commodity = 'pt' GROUP BY 1, 2"
    )
)


@dataclass(frozen=True, slots=True)
class Served:
    """What one entry did to a household's points (1/100, signed), pending ones and debt among them."""

    seq: int
    kind: str
    wall: int
    household: str
    points: int


def span(connection: Connection, first: date, last: date) -> range:
    """Numbers of the entries from the opening of `first`, or the next business day, to the last one of day `last`.

    What happens between two business days belongs to the earlier one.
    """
    start, stop = None, None
    for seq, day in _days(connection, DayOpen):
        if start is None and day >= first:
            start = seq
        if stop is None and day > last:
            stop = seq
    newest = connection.execute(select(func.coalesce(func.max(t.journal.c.seq), 0))).scalar_one()
    stop = newest + 1 if stop is None else stop
    return range(stop if start is None else start, stop)


def closed_until(connection: Connection, last: date) -> int:
    """Number of the entry that closed the newest business day up to `last`; 0 where none is closed."""
    return max((seq for seq, day in _days(connection, DayClose) if day <= last), default=0)


def _days(connection: Connection, kind: type[DayOpen | DayClose]) -> Iterator[tuple[int, date]]:
    # The second condition is the index's own: without it SQLite reads the whole journal.
    query = (
        select(t.journal.c.bytes)
        .where(t.journal.c.kind == kind.KIND, t.journal.c.kind.in_(["day-open", "day-close"]))
        .order_by(t.journal.c.seq)
    )
    for line in connection.execute(query).scalars():
        entry = entries.decode(line)
        if isinstance(entry.body, kind):
            yield entry.seq, entry.body.business_date


def of_kinds(connection: Connection, entries: range, kinds: Collection[str]) -> list[int]:
    """Numbers of the entries of these kinds among `entries` that were not taken back, oldest first."""
    rows = _OF_KINDS.rows(connection, first=entries.start, stop=entries.stop, kinds=json.dumps(sorted(kinds)))
    return [seq for (seq,) in rows]


def served(connection: Connection, entries: range) -> list[Served]:
    """What was done for households by these entries, oldest first."""
    return [Served(*row) for row in _SERVED.rows(connection, first=entries.start, stop=entries.stop)]


def points_of_households(connection: Connection, entries: range) -> list[tuple[str, str, int]]:
    """Points (1/100) that moved between accounts by these entries, summed by source and destination."""
    return _POINTS.rows(connection, first=entries.start, stop=entries.stop)
