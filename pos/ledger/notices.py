"""The notice for the board: the root of the township's log as it stood, for anybody to photograph and compare.

A log that was changed afterwards cannot lead to the root that hung on the wall.
"""

from dataclasses import dataclass

from sqlalchemy import select

from pos.core.local_time import local_time
from pos.ledger import answers
from pos.ledger import tables as t
from pos.ledger.service import Ledger
from pos.wire.messages import Checkpoint

_GROUP = 4


@dataclass(frozen=True, slots=True)
class Notice:
    """A checkpoint as it is hung up; `root` and `key` are read out in groups of four."""

    township: str
    checkpoint: Checkpoint
    signature: str
    local: str
    root: tuple[str, ...]
    key: tuple[str, ...]


def notice(ledger: Ledger, township: str) -> Notice:
    """The newest checkpoint for the board. Raises `NotFound`."""
    with ledger.read() as connection:
        checkpoint, signature = answers.newest(ledger, connection, township)
        c = t.townships.c
        query = select(c.name, c.utc_offset_minutes).where(c.township == township)
        row = connection.execute(query).one()
    local = local_time(checkpoint.ms, row.utc_offset_minutes)
    return Notice(row.name, checkpoint, signature, local, _grouped(checkpoint.root), _grouped(ledger.public_key))


def _grouped(text: str) -> tuple[str, ...]:
    return tuple(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
