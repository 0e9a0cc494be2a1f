"""Cards going up: those that this store has issued, sealed for the ledger, and the key that makes them genuine.

The journal says that a card was issued, and not to whom; so the ledger is told beside it. After enrolment it is told of
all of them, with the key, and again when it comes from its own backup; then of each that is issued.
"""

from collections.abc import Iterator
from dataclasses import replace

from pos.storage import books, keys, sync_state, township_rows
from pos.sync.errors import Untrusted
from pos.sync.link import Link, digest
from pos.wire import messages, sealing
from pos.wire.calls import Call, Op, Reply
from pos.wire.cards import MOST_CARDS, CardsTaken, CardsTold, CardTold, StoreCards
from pos.wire.reference import CardKey


def questions(link: Link) -> Iterator[Call]:
    """What tells the ledger of cards that it was not told of yet."""
    with link.store.read() as connection:
        state = sync_state.load(connection)
        newest = books.head(connection, link.store.installation).seq
        found = [CardTold(card, wall) for card, wall in township_rows.issued(connection, state.cards)]
    own = () if state.cards else (CardKey(keys.OWN, link.store.card_keys[keys.OWN].hex()),)
    for start in range(0, len(found) or len(own), MOST_CARDS):
        last = start + MOST_CARDS >= len(found)
        inner = messages.dumps(StoreCards(own, tuple(found[start : start + MOST_CARDS])))
        yield _call(link, newest if last else state.cards, sealing.seal(inner, state.sealing, sealing.CARDS))


def taken(link: Link, call: Call, reply: Reply) -> None:
    """Keep how far the ledger was told. Raises `Untrusted` for the answer to something else."""
    answer = link.read(CardsTaken, reply)
    if answer.re != digest(call.body):
        raise Untrusted("answer-of-another")
    with link.store.write() as tx:
        state = sync_state.load(tx.connection)
        sync_state.save(tx.connection, replace(state, cards=max(state.cards, answer.upto)))


def _call(link: Link, upto: int, sealed: bytes) -> Call:
    me = link.identity
    of = (messages.VERSION, link.enrolled.township, me.device, me.epoch)
    line = messages.dumps(CardsTold(*of, upto, sealed.hex()))
    return link.call(Op.CARDS, body=line, line=line)
