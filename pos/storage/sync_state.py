"""Where this store stands with its ledger: what both have, where each feed was read to, and what was heard last.

One row, written in the transactions that it speaks of, so that a session goes on wherever it was cut off.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert_into
from sqlalchemy.sql import text

from pos.core import codec
from pos.core.sync_refusals import InstallationForked, InstallationStale, OfflineTooLong
from pos.database import Prepared
from pos.storage import tables as t
from pos.wire import messages
from pos.wire.messages import Checkpoint, Enrolment, Limits

_SYNC = Prepared(text("SELECT body FROM sync"))
_ENROLLED = Prepared(select(t.enrolment.c.township, t.enrolment.c.ledger, t.enrolment.c.token, t.enrolment.c.line))
_STANDING = Prepared(text("SELECT s.body, e.line FROM sync s, enrolment e"))

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What this installation keeps of its ledger: its public key (hex), and the certificate it countersigned."""

    township: str
    ledger: str
    token: str
    certificate: Enrolment


@dataclass(frozen=True, slots=True)
class Position:
    """How far the township's reference data was taken over; within a pull, its end and the place reached."""

    life: int = 1
    after: int = 0
    upto: int = 0
    priority: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class SyncState:
    """How things stand. Times are wall clock ms; hashes hex."""

    acked: int = 0
    """Number of the newest entry that the ledger has acknowledged with this journal's own hash."""
    evidence: int = 0
    """After a fork: number of the newest entry that was handed in all the same."""
    life: int = 1
    number: int = 0
    digest: str = ""
    """The newest record of the grants feed that was taken over: its life, number and digest."""
    reminded: int = 1
    """Newest life of that feed in which the ledger has been shown the records kept."""
    position: Position = Position()
    checkpoint: Checkpoint | None = None
    checkpoint_signature: str = ""
    pinned: int = 1
    """The newest checkpoint of the township's log, and the life of the feed in which it was signed."""
    offset: int | None = None
    """Ledger's clock minus this one, at the newest answer."""
    synced: int = 0
    """When a session last came to its end; before the first one when it enrolled."""
    tried: int = 0
    outcome: str = ""
    """Code of how the newest session ended: empty when all went well."""
    detail: str = ""
    posted: int = 0
    differing: int = 0
    """Entries acknowledged in the newest session, and how many of them with a difference."""
    stopped: str = ""
    """Why the ledger grants this installation nothing more."""
    halted: str = ""
    """Why this installation may not serve any more: `fork` or `stale`."""
    sealing: str = ""
    """What the ledger alone may read is sealed with this, hex."""
    cards: int = 0
    """The newest entry up to which the ledger was told of cards issued here; 0 when of none."""
    behind: int = 0
    """1 when an answer from a stick showed that the ledger has to be reminded."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something about a posted entry that somebody looks at; `seen` is who did, empty until then."""

    seq: int
    code: str
    found: int
    seen: str


def enrolled(connection: Connection) -> Enrolled | None:
    """What is kept of the ledger; `None` while the store runs alone."""
    row = _ENROLLED.row(connection)
    return Enrolled(row[0], row[1], row[2], messages.loads(Enrolment, row[3])) if row else None


def enrol(connection: Connection, kept: Enrolled, line: bytes, signature: bytes, state: SyncState) -> None:
    """Keep what the ledger answered to the enrolment; done once."""
    row = {"one": 1, "township": kept.township, "ledger": kept.ledger, "token": kept.token, "line": line}
    connection.execute(insert(t.enrolment), {**row, "signature": signature})
    save(connection, state)


def load(connection: Connection) -> SyncState:
    """How things stand."""
    row = _SYNC.row(connection)
    return _state(row[0]) if row else SyncState()


def save(connection: Connection, state: SyncState) -> None:
    """Write how things stand now."""
    statement = upsert_into(t.sync)
    change = statement.on_conflict_do_update(index_elements=["one"], set_={"body": statement.excluded.body})
    connection.execute(change, {"one": 1, "body": codec.dumps(codec.plain(state))})


def last_sync(connection: Connection) -> int | None:
    """When this store last synced (wall clock, ms); `None` while it runs alone."""
    return load(connection).synced if _SYNC.row(connection) else None


def check_serving(connection: Connection, wall: int) -> None:
    """Raises a `JournalRefused` where points may not be spent at `wall` (ms): on a copy, or offline for too long."""
    check_halted(connection)
    row = _STANDING.row(connection)
    if row is not None:
        days = _limits(row[1]).hard_days
        if days is not None and wall - _state(row[0]).synced > days * DAY_MS:
            raise OfflineTooLong(days=days)


def check_halted(connection: Connection) -> None:
    """Raises `InstallationForked` or `InstallationStale` on a copy that the ledger has found."""
    match load(connection).halted:
        case "fork":
            raise InstallationForked()
        case "stale":
            raise InstallationStale()


def keep_checkpoint(connection: Connection, at: int, checkpoint: Checkpoint, signature: str) -> None:
    """Keep a signed checkpoint for good, as evidence of what the log was said to be."""
    line = messages.dumps(checkpoint)
    row = {"at": at, "size": checkpoint.size, "line": line, "signature": bytes.fromhex(signature)}
    connection.execute(upsert_into(t.checkpoints).on_conflict_do_nothing(), row)


def note(connection: Connection, found: list[Difference]) -> None:
    """Put differences on the list, each once."""
    rows = [{"seq": each.seq, "code": each.code, "found": each.found, "seen": each.seen} for each in found]
    if rows:
        connection.execute(upsert_into(t.differences).on_conflict_do_nothing(), rows)


def differences(connection: Connection, *, unseen: bool) -> list[Difference]:
    """What is on the list, the newest entry first."""
    query = select(t.differences).order_by(t.differences.c.seq.desc(), t.differences.c.code)
    if unseen:
        query = query.where(t.differences.c.seen == "")
    return [Difference(*row) for row in connection.execute(query)]


def see(connection: Connection, seq: int, code: str, by: str) -> None:
    """Somebody looked at it."""
    c = t.differences.c
    connection.execute(t.differences.update().where(c.seq == seq, c.code == code).values(seen=by))


def unsynced(connection: Connection, state: SyncState) -> int:
    """How many entries the ledger has not acknowledged."""
    newest: int = connection.execute(select(func.coalesce(func.max(t.journal.c.seq), 0))).scalar_one()
    return newest - state.acked


@lru_cache(maxsize=2)
def _limits(line: bytes) -> Limits:
    return messages.loads(Enrolment, line).limits


@lru_cache(maxsize=2)
def _state(body: bytes) -> SyncState:
    return codec.build(SyncState, codec.loads(body))
