"""What the journal says of each scale's checks."""

from sqlalchemy import Connection
from sqlalchemy.sql import text

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
    row = _NEWEST.row(connection, scale=f'"scale":"{scale}"'.encode())
    if row is None:
        return None
    body = books.read_entry(connection, row[0]).body
    assert isinstance(body, ScaleCheck)
    return row[0], body


def last(connection: Connection, scale: str, opened: int | None) -> LastCheck | None:
    """The newest check of a scale; `opened` is the entry that opened the day, None while none is open."""
    found = newest(connection, scale)
    if found is None:
        return None
    seq, check = found
    released = not check.passed and _RELEASE.row(connection, check=seq) is not None
    return LastCheck(check, opened is not None and seq > opened, released)
