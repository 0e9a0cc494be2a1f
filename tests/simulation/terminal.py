"""A terminal on a real store and the real session: what a keeper does there, its disk, its clock and its power."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from catalog.units import Points
from pos.clock import Clock
from pos.core import accounts
from pos.core.accounts import POINTS, Account
from pos.core.acts import Act, ActCode
from pos.core.entries import Moment, Signatures, Unknown
from pos.core.refusals import ClockBack, Refused
from pos.core.rights import Ask
from pos.core.transfers import Decision, Transfer
from pos.storage import books, store, sync_state
from pos.storage import tables as t
from pos.storage.installation import Identity
from pos.storage.store import Store
from pos.sync import enrolment
from pos.sync.errors import SyncError
from pos.sync.session import Session
from pos.wire.calls import Transport
from tests.simulation.faults import Fuse, PowerCut

BY = Signatures("02", "01")


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
        lines = dict(self.hashes())
        assert all(lines.get(seq) == digest for seq, digest in self.printed), "I5"

    def close(self) -> None:
        """Give the files back."""
        self.store.close()

    def copied(self, folder: Path, fuse: Fuse) -> "Terminal":
        """The disk's image in another folder, on a machine with another clock."""
        self.close()
        shutil.copytree(self.folder, folder)
        self.store = store.open_store(self.folder)
        return Terminal(folder, self.identity, fuse, self.wall, self.skew + 300_000)

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

    def weigh(self, points: int, household: str) -> None:
        """Somebody earns points."""
        issue, here = Account("issue", "weigh", self.writer), accounts.points(household, self.writer)
        self._moved("weigh", household, Transfer(issue, here, POINTS, points))

    def spend(self, points: int, household: str) -> None:
        """Somebody spends points."""
        here, spent = accounts.points(household, self.writer), Account("spent", "goods", self.writer)
        self._moved("redeem", household, Transfer(here, spent, POINTS, points))

    def receive(self, pieces: int) -> None:
        """Goods come in."""
        shelf = accounts.stock("village", "0", self.writer)
        self._moved("x-receive", "", Transfer(Account("in", "purchase", self.writer), shelf, "g:g001", pieces))

    def ask(self, points: int, household: str) -> None:
        """Points of a household are asked for."""
        self._write(Decision(Ask(household, Points(points)), ()))

    def points(self, household: str) -> int:
        """What a household can spend here."""
        with self.store.read() as connection:
            key = (accounts.points(household, self.writer), POINTS)
            return books.peek(connection, self.writer, [key]).of(*key)

    def balances(self) -> dict[tuple[str, str], int]:
        """Every balance by its row."""
        with self.store.read() as connection:
            return {(row.account, row.commodity): row.quantity for row in connection.execute(select(t.balances))}

    def hashes(self) -> list[tuple[int, bytes]]:
        """Number and hash of every entry."""
        with self.store.read() as connection:
            return [tuple(row) for row in connection.execute(select(t.journal.c.seq, t.journal.c.hash))]

    def lines(self) -> list[tuple[int, bytes, bytes]]:
        """Number, bytes and hash of every entry."""
        c = t.journal.c
        with self.store.read() as connection:
            return [tuple(row) for row in connection.execute(select(c.seq, c.bytes, c.hash).order_by(c.seq))]

    def records(self) -> list[bytes]:
        """Digests of the feed's records that were taken over."""
        with self.store.read() as connection:
            return list(connection.execute(select(t.feed_records.c.digest)).scalars())

    def _moved(self, kind: str, household: str, *moves: Transfer) -> None:
        self._write(Decision(Unknown(kind, (("household", household),) if household else ()), moves))

    def _write(self, decision: Decision[Unknown] | Decision[Ask]) -> None:
        """Write an entry; a clock that went back is confirmed by a second person first."""
        with self.store.write() as tx:
            try:
                written = tx.append(self._now(), BY, decision)
            except ClockBack:
                tx.append(self._now(), BY, Decision(Act(ActCode.CLOCK), ()))
                written = tx.append(self._now(), BY, decision)
        self.printed.append((written.entry.seq, written.hash))

    def _now(self) -> Moment:
        return Moment(self.clock.wall(), self.clock.mono(), self.clock.boot())
