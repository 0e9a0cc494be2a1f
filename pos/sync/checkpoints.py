"""The township's log: this store is one of its witnesses. It keeps the newest checkpoint, and the next must contain it.

A log that shrank, or was rewritten, is never taken for the same one in silence. Only a ledger that an operator has
declared restored from its backup says so: its signed answer names a newer life of the grants feed than the one in which
the kept checkpoint was signed. Then both checkpoints are kept for good, somebody is told, and the new one counts.
Otherwise the session ends, the kept checkpoint stays, and nothing more is taken over from that ledger.
"""

from dataclasses import replace

from pos.core.codec import CodecError
from pos.storage import sync_state
from pos.storage.sync_state import Difference, SyncState
from pos.sync.errors import Untrusted
from pos.sync.link import Link
from pos.wire import merkle, messages, signing
from pos.wire.calls import Call, Op, Reply
from pos.wire.messages import Checkpoint, Consistency, PushAnswer

RESTORED = "ledger-restored"
"""Put on the list of differences, of no entry, when a new log was taken for the old one."""


def question(link: Link, state: SyncState, answer: PushAnswer) -> Call | None:
    """What to ask for, before the answer's checkpoint can be kept; `None` when nothing is to be shown."""
    _check_signature(link, answer)
    if state.checkpoint is None or not 0 < state.checkpoint.size < answer.checkpoint.size:
        return None
    return link.call(Op.CONSISTENCY, query=(("first", state.checkpoint.size), ("second", answer.checkpoint.size)))


def keep(link: Link, answer: PushAnswer, shown: Reply | None) -> None:
    """Keep the answer's checkpoint. Raises `Untrusted` when the log is not the one that this store has seen grow."""
    newest, signature, now = answer.checkpoint, answer.checkpoint_signature, link.clock.wall()
    with link.store.write() as tx:
        state = sync_state.load(tx.connection)
        old = state.checkpoint
        follows = old is None or _follows(old, newest, shown)
        restored = not follows and answer.life > state.pinned
        if old is not None and not follows:
            sync_state.keep_checkpoint(tx.connection, now, newest, signature)
            sync_state.keep_checkpoint(tx.connection, old.ms, old, state.checkpoint_signature)
        if restored:
            sync_state.note(tx.connection, [Difference(0, RESTORED, now, "")])
        if follows or restored:
            pinned = max(state.pinned, answer.life)
            kept = replace(state, checkpoint=newest, checkpoint_signature=signature, pinned=pinned)
            sync_state.save(tx.connection, kept)
    if old is not None and not follows and not restored:
        raise Untrusted("log-shrank" if newest.size < old.size else "log-rewritten", size=old.size, found=newest.size)


def _follows(old: Checkpoint, newest: Checkpoint, shown: Reply | None) -> bool:
    if newest.size == old.size:
        return newest.root == old.root
    if not old.size:
        return True
    if shown is None or newest.size < old.size:
        return False
    try:
        steps = [messages.hex_bytes(step, 32) for step in messages.loads(Consistency, shown.body).proof]
    except CodecError:
        return False
    roots = bytes.fromhex(old.root), bytes.fromhex(newest.root)
    return merkle.consistent(old.size, roots[0], newest.size, roots[1], steps)


def _check_signature(link: Link, answer: PushAnswer) -> None:
    newest = answer.checkpoint
    try:
        signature = messages.hex_bytes(answer.checkpoint_signature, 64)
        messages.hex_bytes(newest.root, 32)
    except CodecError:
        raise Untrusted("checkpoint-unsigned") from None
    if not signing.signed(signing.CHECKPOINT, messages.dumps(newest), signature, link.enrolled.ledger):
        raise Untrusted("checkpoint-unsigned")
    if newest.township != link.enrolled.township or newest.size < 0:
        raise Untrusted("answer-of-another")
