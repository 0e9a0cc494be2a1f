"""The township's rows coming down, the most urgent first: a page and the place it reached are one transaction.

A `refdata` entry records the position and the hash of the signed page.
"""

import hashlib
from dataclasses import replace

from pos.core.acts import RefData
from pos.core.codec import CodecError
from pos.core.transfers import Decision
from pos.counter import township
from pos.counter.township import MACHINE
from pos.storage import keys, sync_state
from pos.storage.sync_state import Position
from pos.sync.errors import Untrusted
from pos.sync.link import Link
from pos.wire import messages
from pos.wire.calls import Call, Op, Reply
from pos.wire.feeds import Place, ReferencePage
from pos.wire.reference import CardKey

MOST_ROWS = 200
"""Rows of a page: a sale never waits for more."""


def question(link: Link) -> Call:
    """The rows after the place that was reached."""
    with link.store.read() as connection:
        at = sync_state.load(connection).position
    names = ("life", "after", "upto", "priority", "number", "limit")
    numbers = (at.life, at.after, at.upto, at.priority, at.number, MOST_ROWS)
    return link.call(Op.REFERENCE, query=tuple(zip(names, numbers, strict=True)))


def take(link: Link, call: Call, reply: Reply) -> bool:
    """Take over a page; whether there is more. Raises `Untrusted` for one that goes on from another place."""
    page = link.read(ReferencePage, reply)
    with link.store.write() as tx:
        state = sync_state.load(tx.connection)
        if dict(call.query)["after"] != state.position.after or not _fits(state.position, page):
            raise Untrusted("answer-of-another")
        if page.rows:
            township.take(tx, link.now(), page.rows, lambda key: _keep_key(link, key))
            pinned = RefData(page.upto, hashlib.sha256(reply.body).hexdigest())
            tx.append(link.now(), MACHINE, Decision(pinned, ()))
        if page.done:
            position = Position(page.life, page.upto)
            township.switch(tx, link.now())
        else:
            position = Position(page.life, page.after, page.upto, page.end.priority, page.end.number)
        sync_state.save(tx.connection, replace(state, position=position))
    return not page.done


def _fits(at: Position, page: ReferencePage) -> bool:
    """Whether a page goes on where this store stands, or begins a snapshot of a newer life."""
    if not page.done and (page.end.priority, page.end.number) <= (page.begin.priority, page.begin.number):
        return False
    if page.life == at.life and page.after == at.after and page.begin == Place(at.priority, at.number):
        return at.upto in (0, page.upto)
    return page.life > at.life and page.after == 0 and page.begin == Place(0, 0)


def _keep_key(link: Link, sent: CardKey) -> bool:
    try:
        key = messages.hex_bytes(sent.key, keys.CARD_KEY_BYTES)
    except CodecError:
        return False
    return keys.keep_cards(link.store.folder, link.store.card_keys, sent.name, key)
