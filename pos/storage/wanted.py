"""What households asked for: each in words of an erasable row, beside the entry that says that somebody asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from pos.storage import tables as t

_MOST = 200
"""Wishes of one list."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What entry `seq` was told at `wall` (ms)."""

    seq: int
    wall: int
    words: str


def keep(connection: Connection, seq: int, words: str, salt: str) -> None:
    """Keep what somebody asked for beside entry `seq`."""
    connection.execute(insert(t.wanted), {"seq": seq, "words": words, "salt": salt})


def newest(connection: Connection) -> list[Wish]:
    """What was asked for and is not struck off, the newest first."""
    query = (
        select(t.wanted.c.seq, t.journal.c.wall, t.wanted.c.words)
        .join(t.journal, t.journal.c.seq == t.wanted.c.seq)
        .order_by(t.wanted.c.seq.desc())
        .limit(_MOST)
    )
    return [Wish(*row) for row in connection.execute(query)]


def words(connection: Connection, entries: range) -> Iterable[str]:
    """What was asked for in these entries and is not struck off."""
    seq = t.wanted.c.seq
    query = select(t.wanted.c.words).where(seq >= entries.start, seq < entries.stop).order_by(seq)
    return connection.execute(query).scalars()


def strike(connection: Connection, seq: int) -> bool:
    """Erase one; whether it was there."""
    return connection.execute(delete(t.wanted).where(t.wanted.c.seq == seq)).rowcount > 0
