"""How the day stands."""

from dataclasses import dataclass

from sqlalchemy import Connection

from pos.core.day import Day
from pos.core.refusals import DayNotOpen
from pos.counter.desk import Desk
from pos.storage import books


@dataclass(frozen=True, slots=True)
class Today:
    """How the day stands; `day` is None while none is open."""

    day: Day | None
    counts: dict[str, int]
    """Entries by kind since it was opened."""
    clock_back_s: int
    """Seconds that the clock stands before the last entry; 0 when it does not."""
    old: bool
    """Whether the open day is not the calendar's."""


def today(desk: Desk) -> Today:
    """How the day stands now."""
    wall = desk.clock.wall()
    with desk.store.read() as connection:
        open_day = _open_day(connection)
        head = books.head(connection, desk.store.installation)
        counts = books.counts_since(connection, open_day.opened) if open_day else {}
    back = max(0, (head.wall - wall) // 1000)
    return Today(open_day, counts, back, open_day is not None and open_day.business_date != desk.today())


def _open_day(connection: Connection) -> Day | None:
    try:
        return books.day(connection)
    except DayNotOpen:
        return None
