"""What the journal says of weights in dispute: no other book of them, so that none can be removed from it."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.sql import text

from pos.core.acts import Act
from pos.core.disputes import Dispute, Outcome
from pos.core.entries import Entry
from pos.database import Prepared
from pos.storage import books

_ALL = Prepared(
    text(
        "SELECT seq FROM journal WHERE kind = 'act' AND instr(bytes, CAST('\"code\":\"dispute\"' AS BLOB)) > 0"
        " ORDER BY seq"
    )
)


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute: its entry's number, when (wall clock, ms), and how and by whom it was closed, if it was."""

    seq: int
    wall: int
    dispute: Dispute
    outcome: Outcome | None = None
    closed_by: str = ""
    closed_at: int = 0
    """Number of the entry that closed it; 0 while it is open."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Disputes recorded and closed since some entry, and all that are open now."""

    recorded: int
    closed: int
    still_open: int


def cases(connection: Connection) -> list[Case]:
    """Every dispute, oldest first."""
    found: dict[int, Case] = {}
    for (seq,) in _ALL.rows(connection):
        entry = books.read_entry(connection, seq)
        match entry.body:
            case Dispute() as body:
                found[seq] = Case(seq, entry.at.wall, body)
            case Act(ref=int(ref), subject=outcome) if ref in found:
                found[ref] = _closed(found[ref], entry, Outcome(outcome))
            case _:
                pass
    return list(found.values())


def tally(connection: Connection, after: int) -> Tally:
    """How many there were since entry number `after`: what a day close states."""
    every = cases(connection)
    return Tally(
        sum(case.seq > after for case in every),
        sum(case.closed_at > after for case in every),
        sum(case.outcome is None for case in every),
    )


def _closed(case: Case, entry: Entry, outcome: Outcome) -> Case:
    return Case(case.seq, case.wall, case.dispute, outcome, entry.by.operator, entry.seq)
