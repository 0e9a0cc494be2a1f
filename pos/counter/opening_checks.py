"""开班: look at everything before the day is opened, and open it with what was found."""

from sqlalchemy import Connection

from catalog.units import Fen
from pos.core import accounts, opening
from pos.core.accounts import CASH
from pos.core.closing import Closing
from pos.core.day import Day
from pos.core.entries import Signatures
from pos.core.fund import Cash, CashReason
from pos.core.local_time import local_date
from pos.core.opening import Facts, Light
from pos.core.refusals import DayNotOpen
from pos.counter import day
from pos.counter.desk import Desk
from pos.counter.scales import load_standings
from pos.storage import books, closes


def lights(desk: Desk, paper: str = "") -> tuple[Light, ...]:
    """How everything stands; `paper` is the printer's fault, if any."""
    with desk.store.read() as connection:
        return opening.lights(_facts(desk, connection, paper), desk.day_policy)


def open_day(desk: Desk, by: Signatures, found: tuple[Light, ...], counts: Closing) -> Day:
    """Open the day; the entry says which of the lights were not green, and what lay in the drawer is booked.

    Raises `ClockBack`, `DayAlreadyOpen`, or `ReasonMissing` for cash that differs without one.
    """
    return day.open_day(desk, by, opening.warnings(found), counts)


def _facts(desk: Desk, connection: Connection, paper: str) -> Facts:
    wall, identity, synced = desk.clock.wall(), desk.store.identity, desk.last_sync()
    try:
        open_day: Day | None = books.day(connection)
    except DayNotOpen:
        open_day = None
    drawer = accounts.drawer(identity.writer)
    held = books.peek(connection, identity.writer, [(drawer, CASH)])
    since = closes.entries_after(connection, closes.last(connection).seq)
    return Facts(
        wall,
        books.head(connection, desk.store.installation).wall,
        local_date(wall, identity.utc_offset_minutes),
        open_day.business_date if open_day else None,
        load_standings(connection, desk, open_day.opened if open_day else None),
        paper,
        Fen(held.of(drawer, CASH)),
        any(isinstance(entry.body, Cash) and entry.body.reason is CashReason.COUNT for entry in since),
        None if synced is None else wall - synced,
    )
