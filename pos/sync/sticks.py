"""A sync by a stick, for a store without a network: questions out, the ledger's replies in, with the same guarantees.

Only the replies to the newest file that was written are taken over, once: a secret of its own lies beside the store
until then, and goes when the store syncs otherwise meanwhile. What is taken over here (accepts, give-backs) goes up in
the next file.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pos.clock import Clock
from pos.core.codec import CodecError
from pos.core.refusals import StoreReadOnly
from pos.core.sync_refusals import StickRefused
from pos.storage import keys, sync_state
from pos.storage.store import Store, sync
from pos.storage.sync_state import SyncState
from pos.sync import checkpoints, pulling, pushing, reference, reminding, telling
from pos.sync.errors import SyncError
from pos.sync.link import Link, readable
from pos.sync.pushing import Batch
from pos.sync.session import Session
from pos.wire import messages, sealing, signing, sticks
from pos.wire.calls import Call, Op, Reply
from pos.wire.messages import BatchHead, Status
from pos.wire.sticks import Sender

MOUNTS = (
    ("D:/", "E:/", "F:/", "G:/", "H:/") if os.name == "nt" else ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt/*")
)
SUFFIX_UP, SUFFIX_DOWN = ".questions", ".answers"


def export(store: Store, clock: Clock, target: Path) -> Path:
    """Write what the ledger does not have yet to `target`, a file or a folder; where it stands now.

    Raises a `SyncError` in a store that runs alone, `StoreReadOnly` where nothing can be written.
    """
    here = Session(store, _nobody, clock).link
    path = target / f"{store.identity.store}-{store.identity.writer}{SUFFIX_UP}" if target.is_dir() else target
    calls, size = _questions(here)
    secret = sealing.new_secret()
    me = store.identity
    of = (messages.VERSION, here.enrolled.township, me.device, me.epoch)
    line = messages.dumps(Sender(*of, sealing.public_of(secret), size, sticks.digest_of(calls)))
    signature = signing.sign(signing.REQUEST, line, here.key).hex()
    unfinished = path.with_name(f"{path.name}.new")
    try:
        unfinished.write_bytes(sticks.questions(line, signature, calls))
        sync(unfinished)
        keys.keep_stick(store.folder, secret, line)
        unfinished.replace(path)
        sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StoreReadOnly(detail=str(error)) from None
    return path


def take(store: Store, clock: Clock, source: Path) -> SyncState:
    """Take over the ledger's replies in a file; how things stand then.

    Raises `StickRefused` for a file that is not the answer to the newest one written here, or a `SyncError`.
    """
    session = Session(store, _nobody, clock)
    asked = keys.stick(store.folder)
    if asked is None:
        raise StickRefused(file=source.name)
    try:
        pairs = sticks.read_answers(_data(source), *asked)
    except CodecError:
        raise StickRefused(file=source.name) from None
    return session.tried(lambda: _take_all(session, pairs))


def volumes(roots: Sequence[str] = MOUNTS) -> list[Path]:
    """Where a stick may be: folders that can be written to, where the system puts them."""
    found = [path for pattern in roots for path in sorted(Path(Path(pattern).anchor).glob(_below(pattern)))]
    return [path for path in found if path.is_dir() and os.access(path, os.W_OK)]


def _below(pattern: str) -> str:
    return str(Path(pattern).relative_to(Path(pattern).anchor))


def _take_all(session: Session, pairs: list[tuple[Call, Reply]]) -> None:
    here = session.link
    shown: Reply | None = None
    for call, reply in pairs:
        match call.op:
            case Op.CONSISTENCY:
                shown = readable(reply)
            case Op.PUSH:
                if not _pushed(here, call, readable(reply), shown):
                    break
            case Op.CARDS:
                telling.taken(here, call, readable(reply))
            case Op.REMIND:
                reminding.done(here, reminding.taken(here, call, readable(reply)))
                _mark(here, behind=0)
            case Op.GRANTS:
                pulling.take(here, call, readable(reply))
            case Op.REFERENCE:
                reference.take(here, call, readable(reply))
            case Op.ENROL | Op.VISITOR:
                raise SyncError("stick-damaged")
    pulling.give_back(here)
    keys.forget_stick(here.store.folder)


def _pushed(here: Link, call: Call, reply: Reply, shown: Reply | None) -> bool:
    """What the ledger said of a batch; whether to go on with what came after it."""
    line = call.body.partition(b"\n")[0]
    batch = Batch(messages.loads(BatchHead, line), line, call)
    answer = pushing.heard(here, batch, reply)
    with here.store.read() as connection:
        state = sync_state.load(connection)
    checkpoints.question(here, state, answer)
    checkpoints.keep(here, answer, shown)
    if pushing.forgotten(state, answer) and not state.behind:
        _mark(here, behind=1)
        raise SyncError("stick-again")
    pushing.take(here, batch, answer)
    if answer.status is Status.REJECTED:
        raise SyncError("rejected", reason=answer.code, seq=batch.head.first)
    return True


def _questions(here: Link) -> tuple[list[Call], int]:
    """Everything to be asked, in the order of a session; and the size of the log that this store last saw."""
    with here.store.read() as connection:
        state = sync_state.load(connection)
    calls: list[Call] = []
    after = (0, 0)
    while state.behind and (found := reminding.next_reminder(here, after)) is not None:
        calls.append(found[0])
        after = found[1]
    calls += telling.questions(here)
    calls.append(pushing.asking(here).call)
    first = max(state.acked, state.evidence) + 1
    while (batch := pushing.batch_from(here, first)) is not None:
        calls.append(batch.call)
        first += batch.head.n
    calls += [replace(question(here), token="") for question in (pulling.question, reference.question)]
    return [replace(call, token="") for call in calls], state.checkpoint.size if state.checkpoint else 0


def _mark(here: Link, *, behind: int) -> None:
    with here.store.write() as tx:
        sync_state.save(tx.connection, replace(sync_state.load(tx.connection), behind=behind))


def _data(source: Path) -> bytes:
    try:
        if source.stat().st_size > sticks.MOST_BYTES:
            raise StickRefused(file=source.name)
        return source.read_bytes()
    except OSError:
        raise StickRefused(file=source.name) from None


def _nobody(_: Call) -> Reply:
    raise SyncError("no-network")
