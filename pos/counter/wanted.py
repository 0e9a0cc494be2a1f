"""想要的商品: what households ask for and the store does not have, so that somebody knows what to buy."""

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.refusals import EntryUnknown
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import keys, wanted
from pos.storage.rows import digest
from pos.storage.wanted import Wish

NOTES = SERVES
"""Who may note a wish, and strike one off."""


def note(desk: Desk, by: Signatures, words: str) -> None:
    """Note what somebody asked for. No household stands with it: it is a list of goods, not of people."""
    salt = keys.new_salt()
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=NOTES)
        written = tx.append(desk.now(), by, Decision(Act(ActCode.WANTED, digest=digest([salt, words])), ()))
        wanted.keep(tx.connection, written.entry.seq, words, salt)


def strike(desk: Desk, by: Signatures, seq: int) -> None:
    """The wish of entry `seq` is fulfilled, or given up: its words are erased. Raises `EntryUnknown`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=NOTES)
        if not wanted.strike(tx.connection, seq):
            raise EntryUnknown(number=seq)
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "wanted", seq, reason="erased"), ()))


def wishes(desk: Desk) -> list[Wish]:
    """What was asked for, the newest first."""
    with desk.store.read() as connection:
        return wanted.newest(connection)
