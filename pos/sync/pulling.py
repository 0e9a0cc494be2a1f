"""Grants coming down: each record checked against its chain and the ledger's key, kept for good, and taken over.

A grant becomes an `accept` entry. What a closed epoch hands on goes into the books beside a `refdata` entry that pins
its record. A record of a kind that this release does not know is kept and pinned as well, and holds nothing up.
"""

from dataclasses import replace

from pos.core import entries, rights
from pos.core.acts import RefData
from pos.core.codec import CodecError
from pos.core.entries import Entry
from pos.core.epochs import Close
from pos.core.rights import Grant
from pos.core.transfers import Decision
from pos.counter.township import MACHINE
from pos.storage import feeds, sync_state
from pos.storage.books import Transaction
from pos.storage.feeds import Kept
from pos.storage.sync_state import SyncState
from pos.sync.errors import Untrusted
from pos.sync.link import Link
from pos.wire import messages, signing
from pos.wire.calls import Call, Op, Reply
from pos.wire.feeds import FeedRecord, GrantsPage
from pos.wire.records import chained, signed_part, start

AT_ONCE = 20
"""Records taken over in one transaction: a sale never waits for more."""


def question(link: Link) -> Call:
    """The records after the newest that was taken over."""
    with link.store.read() as connection:
        state = sync_state.load(connection)
    return link.call(Op.GRANTS, query=(("life", state.life), ("after", state.number)))


def take(link: Link, call: Call, reply: Reply) -> bool:
    """Take over a page; whether there may be more. Raises `Untrusted` at the first record that does not fit."""
    page, asked = link.read(GrantsPage, reply), dict(call.query)
    if (page.life, page.after) != (asked["life"], asked["after"]):
        raise Untrusted("answer-of-another")
    for begin in range(0, len(page.records), AT_ONCE):
        with link.store.write() as tx:
            state = sync_state.load(tx.connection)
            if (state.life, state.number) != (page.life, page.after + begin):
                raise Untrusted("feed-moved")
            for record in page.records[begin : begin + AT_ONCE]:
                state = _take(link, tx, state, record)
            sync_state.save(tx.connection, state)
    if page.records and page.records[-1].number < page.head:
        return True
    return page.next_life != page.life and _next_life(link, page)


def give_back(link: Link) -> int:
    """Return to the ledger what households hold here beyond their targets; how many of them."""
    with link.store.read() as connection:
        found = feeds.excess(connection, link.writer)
    for household, _ in found:
        with link.store.write() as tx:
            target = feeds.target(tx.connection, household)
            books = tx.books(feeds.needs(household, tx.writer))
            decision = rights.give_back(household, target, books, tx.writer) if target is not None else None
            if decision is not None and decision.transfers:
                tx.append(link.now(), MACHINE, decision)
    return len(found)


def _take(link: Link, tx: Transaction, state: SyncState, record: FeedRecord) -> SyncState:
    kept, entry = _checked(link, state, record, tx.head.seq + 1)
    match entry.body:
        case Grant() as granted if granted.device == tx.writer:
            books = tx.books(feeds.needs(granted.household, tx.writer))
            tx.append(link.now(), MACHINE, rights.accept(granted, kept.digest.hex(), books))
            feeds.set_target(tx.connection, granted.household, granted.target)
        case Close() as close if close.successor == tx.writer:
            tx.append(link.now(), MACHINE, Decision(RefData(record.number, kept.digest.hex()), ()))
            tx.deliver(close.closed, entry.transfers)
        case _:
            tx.append(link.now(), MACHINE, Decision(RefData(record.number, kept.digest.hex()), ()))
    feeds.keep(tx.connection, kept)
    return replace(state, number=record.number, digest=kept.digest.hex())


def _checked(link: Link, state: SyncState, record: FeedRecord, seq: int) -> tuple[Kept, Entry]:
    """The record as it will be kept: the next one of its chain, signed by the ledger, an entry of its journal."""
    before = bytes.fromhex(state.digest) if state.digest else start(link.enrolled.township, link.writer, state.life)
    line = record.line.encode()
    digest = chained(before, line)
    covered = signed_part(link.enrolled.township, link.writer, state.life, record.number, digest)
    try:
        signature = messages.hex_bytes(record.signature, 64)
        entry = entries.decode(line)
    except CodecError:
        raise Untrusted("record-damaged", number=record.number) from None
    if record.number != state.number + 1:
        raise Untrusted("record-missing", number=state.number + 1)
    if not signing.signed(signing.RECORD, covered, signature, link.enrolled.ledger):
        raise Untrusted("record-unsigned", number=record.number)
    return Kept(state.life, record.number, seq, before, line, digest, signature), entry


def _next_life(link: Link, page: GrantsPage) -> bool:
    """Go on in the feed's next life, when this one's records are all there."""
    if page.next_life < page.life:
        raise Untrusted("feed-moved")
    with link.store.write() as tx:
        state = sync_state.load(tx.connection)
        if (state.life, state.number) == (page.life, page.after + len(page.records)):
            sync_state.save(tx.connection, replace(state, life=page.next_life, number=0, digest=""))
    return True
