"""A new epoch of a store that goes on: it ran alone until now, or the ledger has found it to be a copy.

The next epoch gets a key and a journal of its own, the lists and people as they are, and no points: goods and cash come
through its feed when the ledger has closed the epoch before, and points as grants. Two people agree. It is enrolled
before it takes the old one's place, which happens when the store is next opened.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from pos.clock import Clock
from pos.core.entries import Moment, Signatures
from pos.counter.desk import check_signatures
from pos.storage import books, feeds, keys, renewal, succession, sync_state
from pos.storage.predecessor import Predecessor
from pos.storage.store import Store, create, open_store
from pos.sync import enrolment
from pos.sync.errors import SyncError
from pos.wire.calls import Transport


def renew(store: Store, transport: Transport, clock: Clock, by: Signatures, code: str) -> None:
    """Begin the next epoch with the township's code for it; the store must be closed and opened again afterwards.

    Raises a `SyncError`: also while the ledger lacks entries or points of an epoch that is no copy. Asked again after
    a lost answer, goes on with the same key.
    """
    with store.read() as connection:
        check_signatures(connection, by, two=True)
        enrolled, state = sync_state.enrolled(connection), sync_state.load(connection)
        if enrolled is None:
            raise SyncError("not-enrolled")
        head = books.head(connection, store.installation)
        if not state.halted and (state.acked < head.seq or feeds.held(connection, store.identity.writer)):
            raise SyncError("not-all-synced", waiting=head.seq - state.acked)
    folder = store.folder / renewal.UNFINISHED
    before = Predecessor(store.identity.device, store.identity.epoch, head.seq, head.hash, head.wall, alone=False)
    if not (folder / _COMPLETE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        _begin(store, folder, before, Moment(clock.wall(), clock.mono(), clock.boot()), by)
    ahead = open_store(folder)
    try:
        enrolment.enrol(ahead, transport, clock, enrolled.township, code)
    finally:
        ahead.close()
    renewal.ready(store.folder, before.writer)


_COMPLETE = "complete"


def _begin(store: Store, folder: Path, before: Predecessor, at: Moment, by: Signatures) -> None:
    """The next epoch's store, with everything that is taken over written into its journal."""
    create(folder, replace(store.identity, epoch=store.identity.epoch + 1))
    ahead = open_store(folder)
    try:
        with store.read() as old, ahead.write() as tx:
            succession.take_over(old, tx.connection, tx.writer, reopened=False)
            succession.written(old, tx, at, by, store.identity.store, before)
    finally:
        ahead.close()
    keys.share_cards(store.folder, folder)
    (folder / _COMPLETE).touch()
