"""A ledger that comes from its own backup is shown the signed records that this store keeps, before its journal again.

All of them, oldest first, as many in a message as fit. The ledger posts those that it has forgotten.
"""

from dataclasses import replace

from pos.storage import feeds, sync_state
from pos.storage.feeds import Kept
from pos.sync.errors import Untrusted
from pos.sync.link import Link, digest
from pos.wire import messages
from pos.wire.calls import Call, Op, Reply
from pos.wire.feeds import Remembered, Reminded, Reminder
from pos.wire.records import FIRST_LIFE

MOST_RECORDS = 400
_MOST_BYTES = messages.MOST_BYTES // 3
"""Of the records' lines: quoting makes them longer."""


def next_reminder(link: Link, after: tuple[int, int]) -> tuple[Call, tuple[int, int]] | None:
    """The records after (life, number) to be shown, and where they end; `None` when there is none left."""
    with link.store.read() as connection:
        kept = _within(feeds.records(connection, after, MOST_RECORDS))
    if not kept:
        return None
    shown = tuple(Remembered(each.life, each.number, each.line.decode(), each.signature.hex()) for each in kept)
    me = link.identity
    names = (messages.VERSION, link.enrolled.township, me.device, me.epoch)
    line = messages.dumps(Reminder(*names, kept[0].before.hex(), shown))
    return link.call(Op.REMIND, body=line, line=line), (kept[-1].life, kept[-1].number)


def taken(link: Link, call: Call, reply: Reply) -> int:
    """The newest life of the feed, after a reminder was taken. Raises `Untrusted`."""
    answer = link.read(Reminded, reply)
    if answer.re != digest(call.body):
        raise Untrusted("answer-of-another")
    return answer.newest_life


def done(link: Link, life: int) -> None:
    """The ledger has been shown everything, as of this newest life.

    Where even so it is older than the one this store reads, the ledger never heard of that: the feed is read on from
    the newest record that is kept.
    """
    with link.store.write() as tx:
        state = sync_state.load(tx.connection)
        if life < state.life:
            last = feeds.newest(tx.connection)
            at = (last.life, last.number, last.digest.hex()) if last else (FIRST_LIFE, 0, "")
            state = replace(state, life=at[0], number=at[1], digest=at[2], reminded=life)
        # Of cards, of this journal and of a fork's evidence it may have forgotten any: it says when it is asked again.
        state = replace(state, reminded=max(state.reminded, life), cards=0, acked=0, evidence=0)
        sync_state.save(tx.connection, state)


def _within(found: list[Kept]) -> list[Kept]:
    size = 0
    for place, each in enumerate(found):
        size += len(each.line)
        if place and size > _MOST_BYTES:
            return found[:place]
    return found
