"""A terminal on a real store and the real session: its disk, its clock and its power."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from pos.clock import Clock
from pos.core import accounts
from pos.core.accounts import POINTS
from pos.core.entries import Moment
from pos.core.refusals import Refused
from pos.storage import books, store, sync_state
from pos.storage import tables as t
from pos.storage.books import Written
from pos.storage.installation import Identity
from pos.storage.store import Store
from pos.sync import enrolment
from pos.sync.errors import SyncError
from pos.sync.session import Session
from pos.wire.calls import Transport
from tests.simulation.faults import Fuse, PowerCut

Line = tuple[int, bytes, bytes]
"""Number, bytes and hash of an entry."""


@dataclass
class Terminal:
    """One disk with a store on it; a copied disk is another terminal."""

    folder: Path
    identity: Identity
    fuse: Fuse
    wall: list[int]
    """The world's time, ms, shared by all."""
    skew: int = 0
    printed: list[tuple[int, bytes]] = field(default_factory=list)
    """Number and hash of each entry whose receipt a villager holds."""
    noted: int = 0
    """Number of the newest entry that the world has made a note of."""

    def __post_init__(self) -> None:
        self.store: Store = store.open_store(self.folder)

    @property
    def writer(self) -> str:
        """Whose accounts it takes from."""
        return self.identity.writer

    @property
    def clock(self) -> Clock:
        """Its clock, wherever that stands."""
        return Clock(lambda: self.wall[0] + self.skew, lambda: self.wall[0], lambda: "7f3a91c2")

    def now(self) -> Moment:
        """What its clock says."""
        return Moment(self.clock.wall(), self.clock.mono(), self.clock.boot())

    @contextmanager
    def powered(self, left: int | None) -> Iterator[None]:
        """So many statements, then the power fails; it is on again afterwards."""
        self.fuse.left = left
        try:
            yield
        except PowerCut:
            self.reopen()
        finally:
            self.fuse.mend()

    def reopen(self) -> None:
        """Switch it on again."""
        self.fuse.mend()
        self.close()
        self.store = store.open_store(self.folder)
        hashes = {seq: digest for seq, _, digest in self.lines()}
        assert all(hashes.get(seq) == digest for seq, digest in self.printed), "I5"

    def close(self) -> None:
        """Give the files back."""
        self.store.close()

    def copied(self, folder: Path, fuse: Fuse) -> "Terminal":
        """The disk's image in another folder, on a machine with another clock."""
        self.close()
        shutil.copytree(self.folder, folder)
        self.store = store.open_store(self.folder)
        skew = self.skew + 300_000
        return Terminal(folder, self.identity, fuse, self.wall, skew, list(self.printed), self.noted)

    def print(self, written: Written) -> None:
        """A receipt: from now on a villager holds it."""
        self.printed.append((written.entry.seq, written.hash))

    def enrol(self, transport: Transport, township: str, code: str) -> None:
        """Become known to the ledger."""
        enrolment.enrol(self.store, transport, self.clock, township, code)

    def sync(self, transport: Transport) -> str:
        """One session; the code of what ended it early."""
        try:
            return Session(self.store, transport, self.clock).run().halted
        except (SyncError, Refused) as error:
            return error.code

    @property
    def halted(self) -> str:
        """Why it may not serve any more."""
        with self.store.read() as connection:
            return sync_state.load(connection).halted

    def points(self, household: str) -> int:
        """What a household can spend here."""
        with self.store.read() as connection:
            key = (accounts.points(household, self.writer), POINTS)
            return books.peek(connection, self.writer, [key]).of(*key)

    def balances(self) -> dict[tuple[str, str], int]:
        """Every balance by its row."""
        with self.store.read() as connection:
            return {(row.account, row.commodity): row.quantity for row in connection.execute(select(t.balances))}

    def lines(self, after: int = 0) -> list[Line]:
        """Every entry after number `after`."""
        sql = "SELECT seq, bytes, hash FROM journal WHERE seq > ? ORDER BY seq"
        with self.store.read() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql, (after,))]

    def records(self) -> list[bytes]:
        """Digests of the feed's records that were taken over."""
        with self.store.read() as connection:
            return list(connection.execute(select(t.feed_records.c.digest)).scalars())
