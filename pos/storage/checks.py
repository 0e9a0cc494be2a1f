"""What the journal says of each scale's checks."""

from datetime import date

from sqlalchemy import Connection
from sqlalchemy.sql import text

from pos.core.entries import Entry
from pos.core.local_time import local_date
from pos.core.scales import LastCheck, ScaleCheck
from pos.database import Prepared
from pos.storage import books

_NEWEST = Prepared(
    text(
        "SELECT seq FROM journal WHERE kind = 'act' AND instr(bytes, CAST('\"code\":\"inspection\"' AS BLOB)) > 0"
        " AND instr(bytes, :scale) > 0 ORDER BY seq DESC LIMIT 1"
    )
)
_RELEASE = Prepared(text("SELECT 1 FROM journal WHERE seq > :check AND kind = 'act' AND ref = :check LIMIT 1"))


def newest(connection: Connection, scale: str) -> tuple[int, ScaleCheck] | None:
    """Number and body of the newest check of a scale, None before its first."""
    found = _newest(connection, scale)
    return None if found is None else (found[0].seq, found[1])


def last(
    connection: Connection, scale: str, opened: int | None, today: date, utc_offset_minutes: int
) -> LastCheck | None:
    """The newest check of a scale: it holds for the open day (`opened` opened it), and for the calendar day of it."""
    found = _newest(connection, scale)
    if found is None:
        return None
    entry, check = found
    on = local_date(entry.at.wall, utc_offset_minutes)
    released = not check.passed and _RELEASE.row(connection, check=entry.seq) is not None
    return LastCheck(check, on == today or (opened is not None and entry.seq > opened), released, on)


def _newest(connection: Connection, scale: str) -> tuple[Entry, ScaleCheck] | None:
    row = _NEWEST.row(connection, scale=f'"scale":"{scale}"'.encode())
    if row is None:
        return None
    entry = books.read_entry(connection, row[0])
    assert isinstance(entry.body, ScaleCheck)
    return entry, entry.body
