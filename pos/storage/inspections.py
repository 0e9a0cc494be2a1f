"""Inspections: the note of each in an erasable row; everything else of it is in the journal."""

from sqlalchemy import Connection, insert, select
from sqlalchemy.sql import text

from pos.core.inspection import Inspection
from pos.database import Prepared
from pos.storage import books
from pos.storage import tables as t

_ALL = Prepared(
    text(
        "SELECT seq FROM journal WHERE kind = 'act' AND instr(bytes, CAST('\"code\":\"inspection\"' AS BLOB)) > 0"
        " ORDER BY seq DESC"
    )
)
_TICKETS = Prepared(
    text("SELECT seq FROM journal WHERE seq > :after AND kind IN ('redeem', 'weigh') AND household <> '' ORDER BY seq")
)


def keep_note(connection: Connection, seq: int, note: str, salt: str) -> None:
    """Keep what an auditor wrote beside inspection `seq`."""
    connection.execute(insert(t.inspections), {"seq": seq, "note": note, "salt": salt})


def note(connection: Connection, seq: int) -> str:
    """What an auditor wrote beside inspection `seq`; empty when it was erased."""
    query = select(t.inspections.c.note).where(t.inspections.c.seq == seq)
    return connection.execute(query).scalar_one_or_none() or ""


def newest(connection: Connection) -> int:
    """Number of the newest inspection; 0 before the first."""
    for (seq,) in _ALL.rows(connection):
        if isinstance(books.read_entry(connection, seq).body, Inspection):
            return int(seq)
    return 0


def tickets(connection: Connection, after: int) -> list[int]:
    """Redemptions and weigh-ins of households after entry number `after`."""
    return [seq for (seq,) in _TICKETS.rows(connection, after=after)]
