"""Proofs that the township's log is what its checkpoints say, for terminals, villagers and auditors."""

from sqlalchemy import Connection, select

from pos.core import accounts
from pos.ledger import tables as t
from pos.ledger.log import Proofs
from pos.ledger.refusals import Invalid, NotFound
from pos.ledger.service import Ledger
from pos.wire import messages
from pos.wire.messages import Consistency, Inclusion


def consistency(ledger: Ledger, township: str, first: int, second: int) -> Consistency:
    """That the log grew from `first` to `second`. Raises `NotFound`, or `Invalid` for sizes it never had in turn."""
    with ledger.read() as connection:
        _check_size(connection, township, second)
        if not 0 <= first <= second:
            raise Invalid("log-size", size=first)
        proof = Proofs(connection, township).consistency(first, second)
    return Consistency(messages.VERSION, township, first, second, tuple(each.hex() for each in proof))


def inclusion(ledger: Ledger, township: str, device: str, epoch: int, seq: int, size: int) -> Inclusion:
    """That an entry is in the log of `size`. Raises `NotFound`, or `Invalid` for a size the log has not reached."""
    c = t.journal.c
    where = (c.township == township, c.writer == accounts.writer(device, epoch), c.seq == seq)
    with ledger.read() as connection:
        _check_size(connection, township, size)
        row = connection.execute(select(c.hash, c.place).where(*where)).one_or_none()
        if row is None or row.place >= size:
            raise NotFound("entry-unknown", seq=seq)
        proof = Proofs(connection, township).inclusion(row.place, size)
    hashes = tuple(each.hex() for each in proof)
    return Inclusion(messages.VERSION, township, device, epoch, seq, row.hash.hex(), row.place, size, hashes)


def _check_size(connection: Connection, township: str, size: int) -> None:
    query = select(t.townships.c.log_size).where(t.townships.c.township == township)
    reached = connection.execute(query).scalar_one_or_none()
    if reached is None:
        raise NotFound("township-unknown", township=township)
    if not 0 <= size <= reached:
        raise Invalid("log-size", size=size)
