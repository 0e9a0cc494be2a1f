"""Every kind of entry in any order, by a device and by the ledger, which posts the device's entries late.

The machine runs twice: on the books of `pos.core` alone, with installations lost and replaced; and with the device
writing to a real store as well, where the two must agree at every step.
"""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select

from catalog.units import Points
from pos.core import accounts, awards, entries, epochs, holds, households, journal, rights
from pos.core.accounts import LEDGER, POINTS
from pos.core.codec import CodecError
from pos.core.entries import Entry
from pos.core.redemption import Redeem
from pos.core.refusals import BelowFloor
from pos.core.reversal import Reverse
from pos.core.rights import Grant
from pos.core.take_back import TakeBack
from pos.core.transfers import Decision
from pos.core.weigh_in import Weigh
from pos.storage import registry, store, verify
from pos.storage import tables as t
from pos.storage.installation import Identity
from tests.core.counter_machine import AMOUNTS, HOUSEHOLDS, PICK, CounterMachine
from tests.core.model import BY, DEVICE, Device, Ledger, Record, of_writer


class LedgerMachine(CounterMachine):
    """A village with one store, its ledger, and a network that is slow."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()

    def govern(self, decide: Callable[[], Decision[Any]], author: str = LEDGER) -> bool:
        """Post what the ledger decides, or nothing when it does not hold as much."""
        before = dict(self.ledger.books.balances)
        try:
            self.ledger.write(decide(), author)
        except BelowFloor:
            assert self.ledger.books.balances == before
            return False
        return True

    @rule(of=HOUSEHOLDS, points=st.integers(-60_00, 60_00).map(Points))
    def award(self, of: str, points: Points) -> None:
        self.govern(lambda: awards.award(of, "2026-01", points, self.ledger.books))

    @rule(of=HOUSEHOLDS, points=st.integers(0, 60_00).map(Points), aim=st.integers(0, 90_00).map(Points))
    def grant(self, of: str, points: Points, aim: Points) -> None:
        by, held = self.device.writer, self.ledger.books.of(accounts.points(of, LEDGER), POINTS)
        granted = Points(min(points.amount, held))
        decision = rights.grant(of, by, len(self.ledger.feeds.get(by, ())) + 1, granted, aim)
        self.ledger.write(decision)
        self.ledger.feed(by, decision.body)

    @precondition(lambda self: len(self.ledger.feeds.get(self.device.writer, ())) > self.device.pulled)
    @rule(records=st.integers(1, 4))
    def pull(self, records: int) -> None:
        """Take over what the feed says, then give back what exceeds the targets."""
        device = self.device
        for record in self.ledger.feeds.get(device.writer, [])[device.pulled : device.pulled + records]:
            granted = record.content
            assert isinstance(granted, Grant)
            device.pulled += 1
            device.write(rights.accept(granted, record.digest, device.books))
            device.targets[granted.household] = granted.target
        for of, target in device.targets.items():
            decision = rights.give_back(of, target, device.books, device.writer)
            if decision.transfers:
                device.write(decision)

    @precondition(lambda self: len(self.device.lines) > self.device.pushed)
    @rule(many=st.integers(1, 12))
    def push(self, many: int) -> None:
        """The next entries reach the ledger; it takes all of them."""
        for _ in range(min(many, len(self.device.lines) - self.device.pushed)):
            self.ledger.take(self.device)

    @rule(of=HOUSEHOLDS, points=AMOUNTS, pick=PICK)
    def govern_points(self, of: str, points: Points, pick: int) -> None:
        books = self.ledger.books
        owed = Points(min(points.amount, -books.of(accounts.debt(of, LEDGER), POINTS)))
        ways: list[Callable[[], Decision[Any]]] = [
            lambda: holds.hold(of, points),
            lambda: holds.cash_out(of, points),
            lambda: holds.unhold(of, points, books),
            lambda: awards.forgive(of, owed, LEDGER),
            lambda: awards.remedy(of, "LT01-K7Q2MD.0-9", points, books),
            lambda: awards.undo(awards.Undo(of, "LT02-P4X9AA.0-9", (1,), points), books),
            lambda: epochs.shortage("p4x9aa", "LT02-P4X9AA.0-9", points),
        ]
        self.govern(ways[pick % len(ways)])

    @rule(of=HOUSEHOLDS, to=HOUSEHOLDS, points=AMOUNTS, whole=st.booleans())
    def move_household(self, of: str, to: str, points: Points, whole: bool) -> None:
        books = self.ledger.books
        if of != to:
            self.govern(
                lambda: households.merge(of, to, books, LEDGER) if whole else households.split(of, to, points, books)
            )

    @invariant()
    def the_ledger_is_sound(self) -> None:
        self.ledger.check()
        assert not self.ledger.owing_holders(LEDGER)

    @invariant()
    def the_ledger_knows_what_it_was_told(self) -> None:
        device, aside = self.device, {"move"}
        known = of_writer(device.before[device.pushed], device.writer, aside)
        assert self.ledger.at(device.writer, aside) == known

    def teardown(self) -> None:
        """In the end everything arrives, both sides agree, and no byte can be changed unseen."""
        self.push(10**6)
        self.pull(10**6)
        self.push(10**6)
        self.the_device_is_sound()
        self.the_ledger_is_sound()
        self.the_ledger_knows_what_it_was_told()
        assert not [key for key in self.ledger.at(self.device.writer, set()) if key[0].kind == "move"]
        self.device.check_chain()
        for place, line in enumerate(self.device.lines):
            byte = (place * 131) % len(line)
            changed = line[:byte] + bytes([line[byte] ^ 1]) + line[byte + 1 :]
            with suppress(CodecError):
                entries.decode(changed)
            assert journal.chained(self.device.hashes[place], changed) != self.device.hashes[place + 1]


class EpochMachine(LedgerMachine):
    """A village whose store loses its installation once."""

    def __init__(self) -> None:
        super().__init__()
        self.old: Device | None = None
        """The epoch before, whose disk may turn up again with entries that were never pushed."""

    @precondition(lambda self: self.old is None)
    @rule()
    def close(self) -> None:
        """The installation is lost with what it had not pushed; the next epoch takes over what the ledger knows."""
        closed, successor = self.device, Device(self.device.epoch + 1)
        self.ledger.closed[closed.writer] = False
        delivered = epochs.close(closed.writer, successor.writer, self.ledger.books)
        for decision in delivered:
            self.ledger.write(decision, closed.writer)
        successor.take_over(Record(1, tuple(delivered)))
        self.ledger.feeds[successor.writer] = [Record(1, tuple(delivered))]
        successor.pulled = 1
        self.old, self.device = closed, successor

    @precondition(lambda self: self.old is not None and not self.ledger.closed[self.old.writer])
    @rule(many=st.integers(1, 12))
    def late_tail(self, many: int) -> None:
        """The old disk turns up: what it had not pushed is posted, but for a voucher that was handed on."""
        assert self.old is not None
        for _ in range(min(many, len(self.old.lines) - self.old.pushed)):
            entry = self.old.entries[self.old.pushed]
            burnt = [move for move in entry.transfers if move.source.kind == "vch"]
            if any(not self.ledger.books.of(move.source, move.commodity) for move in burnt):
                with pytest.raises(BelowFloor):
                    self.ledger.take(self.old)
                self.release()
                return
            self.ledger.take(self.old)

    @precondition(lambda self: self.old is not None and not self.ledger.closed[self.old.writer])
    @rule()
    def release(self) -> None:
        """Whatever points the closed epoch holds go back; what it still has to tell is borne by device and ledger."""
        assert self.old is not None
        closed, books = self.old.writer, self.ledger.books
        for of in ("h1", "h2"):
            self.ledger.write(epochs.release(closed, of, books), closed)
            self.ledger.write(awards.sweep(of, books))
        self.ledger.closed[closed] = True
        for late in self.old.entries[self.old.pushed :]:
            if isinstance(late.body, Redeem):
                self.ledger.write(epochs.shortage(DEVICE, "LT01-K7Q2MD.0-9", late.body.points))
            elif isinstance(late.body, Weigh):
                self.ledger.write(awards.remedy(late.body.household, "LT01-K7Q2MD.0-9", late.body.points, books))

    @invariant()
    def a_closed_epoch_keeps_its_points_until_released(self) -> None:
        if self.old is None:
            return
        if self.ledger.closed[self.old.writer]:
            left = self.ledger.at(self.old.writer, set())
            assert not [account for account, _ in left if account.kind in ("pts", "pend", "move")]
        else:
            aside = {"move", "stock", "way", "bin", "drawer", "fund", "due", "vch"}
            known = of_writer(self.old.before[self.old.pushed], self.old.writer, aside)
            assert self.ledger.at(self.old.writer, aside) == known


IDENTITY = Identity("LT01", "柳塘村积分兑换超市", "990101101200", "", DEVICE, 0, 480)


@cache
def template() -> Path:
    """An empty store, made once."""
    folder = Path(tempfile.mkdtemp(prefix="machine-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store.create(folder, IDENTITY)
    return folder


class StoreDevice(Device):
    """A device that writes each entry to a store as well; the two must say the same."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        shutil.copytree(template(), self.folder, dirs_exist_ok=True)
        self.store = store.open_store(self.folder)
        super().__init__(0, self.store.installation.genesis)

    def write(self, decision: Decision[Any]) -> Entry:
        """The entry in the books and in the store, or in neither."""
        at = self.now
        try:
            entry = super().write(decision)
        except BelowFloor:
            with pytest.raises(BelowFloor), self.store.write() as tx:
                tx.append(at, BY, decision)
            raise
        with self.store.write() as tx:
            written = tx.append(at, BY, decision)
            match entry.body:
                case Redeem(household=of, lines=lines):
                    registry.take(tx.connection, of, "2026-01", {line.good: line.quantity for line in lines})
                case Reverse(household=of, ref=ref):
                    if isinstance(body := self.entries[ref - 1].body, Redeem):
                        back = {line.good: line.quantity for line in body.lines}
                        registry.give_back(tx.connection, of, "2026-01", back)
                case TakeBack(household=of, lines=returned):
                    registry.give_back(tx.connection, of, "2026-01", {line.good: line.quantity for line in returned})
        assert (written.entry, written.hash) == (entry, self.hashes[-1])
        assert written.balances == {key: self.books.balances[key] for key in written.balances}
        return entry

    def close(self) -> None:
        """Every row as the books say, and nothing that `verify` could find wrong."""
        with self.store.read() as connection:
            rows = {(row.account, row.commodity): row.quantity for row in connection.execute(select(t.balances))}
            lines = [row.bytes for row in connection.execute(select(t.journal.c.bytes).order_by(t.journal.c.seq))]
        self.store.close()
        assert rows == self.fold
        assert lines == self.lines
        report = verify.verify(self.folder)
        assert (report.wrong, report.entries) == (None, len(self.lines))
        shutil.rmtree(self.folder)


class StoreMachine(LedgerMachine):
    """The same village on a real store."""

    device: StoreDevice

    def new_device(self) -> StoreDevice:
        """A device with a store of its own."""
        return StoreDevice()

    def teardown(self) -> None:
        """In the end the store is whole."""
        try:
            super().teardown()
        finally:
            self.device.close()


TestOnBooks = EpochMachine.TestCase
TestOnBooks.settings = settings(max_examples=150, stateful_step_count=50)
TestOnStore = StoreMachine.TestCase
TestOnStore.settings = settings(max_examples=30, stateful_step_count=50)
