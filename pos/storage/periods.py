"""Business days in the journal: which entries lie between two dates."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, func, select

from pos.core import entries
from pos.core.day import DayClose, DayOpen
from pos.storage import tables as t


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
