"""The installation that this one was restored from, and whether the village ledger knows of it yet."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select
from sqlalchemy.sql import text

from pos.core import accounts
from pos.core.restore_refusals import RejoinNeeded
from pos.database import Prepared
from pos.storage import tables as t

_WAITS = Prepared(
    text("SELECT device, epoch FROM predecessor WHERE alone = 0 AND NOT EXISTS (SELECT 1 FROM enrolment)")
)


@dataclass(frozen=True, slots=True)
class Predecessor:
    """Whose books these were, up to entry `seq` with its hash, written at `wall` (ms)."""

    device: str
    epoch: int
    seq: int
    hash: bytes
    wall: int
    alone: bool
    """Whether there is no ledger that its points would be frozen at, so that they were opened here again."""

    @property
    def writer(self) -> str:
        """The writer of its accounts; its books lie in `earlier/<writer>/store.db`."""
        return accounts.writer(self.device, self.epoch)


def predecessor(connection: Connection) -> Predecessor | None:
    """What this store was restored from; None for one that never was."""
    row = connection.execute(select(t.predecessor)).one_or_none()
    return Predecessor(row.device, row.epoch, row.seq, row.hash, row.wall, bool(row.alone)) if row else None


def follow(connection: Connection, before: Predecessor) -> None:
    """Let this store be the one that follows `before`; said once and for good."""
    row = {name: getattr(before, name) for name in ("device", "epoch", "seq", "hash", "wall")}
    connection.execute(insert(t.predecessor), row | {"one": 1, "alone": int(before.alone)})


def must_rejoin(connection: Connection) -> str | None:
    """The writer before, in a restored store that the ledger has not enrolled again; None in any other."""
    row = _WAITS.row(connection)
    return accounts.writer(row[0], row[1]) if row else None


def check_rejoined(connection: Connection) -> None:
    """Raises `RejoinNeeded` in a restored store that the ledger has not enrolled again."""
    before = must_rejoin(connection)
    if before is not None:
        raise RejoinNeeded(before=before)
