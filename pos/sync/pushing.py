"""The journal on its way up: batches made from committed rows, and what the ledger's signed answer makes of this one.

`acked` moves only to a number that the ledger names with this journal's own hash; it moves back when the ledger has
forgotten. After a fork, or on an old copy, this installation serves nobody any more; what it wrote is handed in all the
same, as evidence of what the township has to make good.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from pos.storage import books, sync_state
from pos.storage import tables as t
from pos.storage.sync_state import Difference, SyncState
from pos.sync.errors import Untrusted
from pos.sync.link import Link, digest
from pos.wire import messages
from pos.wire.calls import Call, Op, Reply
from pos.wire.messages import BatchHead, PushAnswer, Status

FORK, STALE = "fork", "stale"
_HEAD_ROOM = 2_048
"""Bytes of a message left for a batch's first line."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries on their way, and the line that their answer must name."""

    head: BatchHead
    line: bytes
    call: Call


def asking(link: Link) -> Batch:
    """A batch without entries: where does this journal stand?"""
    with link.store.read() as connection:
        return _batch(link, connection, books.head(connection, link.store.installation).seq + 1, 0)


def next_batch(link: Link) -> Batch | None:
    """The next entries that the ledger has not acknowledged; `None` when it has them all."""
    with link.store.read() as connection:
        state = sync_state.load(connection)
    return batch_from(link, max(state.acked, state.evidence) + 1)


def batch_from(link: Link, first: int) -> Batch | None:
    """Entries from number `first` on; `None` when there are none."""
    with link.store.read() as connection:
        newest = books.head(connection, link.store.installation).seq
        return _batch(link, connection, first, messages.MOST_ENTRIES) if first <= newest else None


def heard(link: Link, batch: Batch, reply: Reply) -> PushAnswer:
    """The answer to a batch. Raises `Untrusted` when it is the answer to something else."""
    answer = link.read(PushAnswer, reply)
    if answer.re != digest(batch.line):
        raise Untrusted("answer-of-another")
    return answer


def take(link: Link, batch: Batch, answer: PushAnswer) -> SyncState:
    """Write what an answer says of this journal, and return how things stand."""
    with link.store.write() as tx:
        state, now = sync_state.load(tx.connection), link.clock.wall()
        newest = tx.head.seq
        known = answer.seq <= newest and _hash(link, tx.connection, answer.seq).hex() == answer.hash
        halted, evidence, acked = state.halted, state.evidence, state.acked
        if answer.status is Status.GAP and batch.head.n:
            # Nothing of it was kept, and the ledger has less than it had: on from where it stands, or all of it again.
            halted, evidence, acked = halted or ("" if known else FORK), 0, answer.seq if known else 0
        elif answer.status is Status.FORK or (answer.seq <= newest and not known):
            halted = halted or FORK
            evidence = max(evidence, batch.head.first + batch.head.n - 1) if batch.head.n else evidence
        elif answer.seq > newest:
            halted = halted or STALE
        elif answer.status in (Status.OK, Status.GAP):
            acked = answer.seq
        found = [Difference(each.seq, each.code, now, "") for each in answer.differences]
        sync_state.note(tx.connection, found)
        state = replace(
            state,
            acked=acked,
            evidence=evidence,
            halted=halted,
            stopped=answer.stopped,
            offset=answer.ms - now,
            posted=state.posted + max(0, acked - state.acked),
            differing=state.differing + len({each.seq for each in found}),
        )
        sync_state.save(tx.connection, state)
    return state


def forgotten(state: SyncState, answer: PushAnswer) -> bool:
    """Whether the ledger comes from its own backup: it knows less than it has signed, or says so by a newer life."""
    behind = answer.life < state.life or (answer.life == state.life and answer.feed < state.number)
    return behind or answer.life > state.reminded or answer.seq < state.acked


def _batch(link: Link, connection: Connection, first: int, most: int) -> Batch:
    state, me = sync_state.load(connection), link.identity
    lines, last = _lines(connection, first, most), _hash(link, connection, first - 1)
    prev = last
    if lines:
        last = _hash(link, connection, first + len(lines) - 1)
    head = BatchHead(
        messages.VERSION,
        link.enrolled.township,
        me.device,
        me.epoch,
        first,
        len(lines),
        prev.hex(),
        last.hex(),
        books.head(connection, link.store.installation).seq,
        state.life,
        state.number,
        state.position.after,
        link.clock.wall(),
        link.clock.boot(),
    )
    line = messages.dumps(head)
    body = b"".join(each + b"\n" for each in (line, *lines))
    return Batch(head, line, link.call(Op.PUSH, body=body, line=line))


def _lines(connection: Connection, first: int, most: int) -> list[bytes]:
    """As many entries from `first` on as one message holds."""
    query = select(t.journal.c.bytes).where(t.journal.c.seq >= first).order_by(t.journal.c.seq).limit(most)
    found, room = [], messages.MOST_BYTES - _HEAD_ROOM
    for line in connection.execute(query).scalars():
        room -= len(line) + 1
        if room < 0:
            break
        found.append(line)
    return found


def _hash(link: Link, connection: Connection, seq: int) -> bytes:
    return books.entry_hash(connection, seq) if seq else link.store.installation.genesis
