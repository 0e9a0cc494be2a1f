"""A seeded life of a township over the real functions: stores offline, messages lost, doubled and late, disks copied
and lost, the ledger set back to its backup; then a fair network, in which everything must come to rest.

Checked at every step or at the end: I1-I4, I6, I7, I12 and I14 of the protocol (I13 has its own tests).
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER, Account
from pos.core.transfers import Decision
from pos.ledger import allotments, closing, heal, registry, rights
from pos.ledger import tables as t
from pos.ledger.service import open_ledger
from pos.wire.messages import Status
from tests.ledger.till import Till
from tests.ledger.town import H1, H2, STORES, TOWNSHIP, Device, StillClock, Town, found
from tests.shop import START

SEEDS = range(20)
STEPS = 80
HOUSEHOLDS = (H1, H2)
FLOORED = ("pts", "pend", "move", "hold")


class Twin(Device):
    """A copied disk on another machine, whose clock is not quite the same."""

    def write(self, decision: Decision[Any], *, check: bool = True, wall: int | None = None) -> int:
        """Write the next entry, some minutes off."""
        return super().write(decision, check=check, wall=START + 300_000 + len(self.lines))


class World:
    """A township with two stores, and what can happen to it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random, self.folder = Random(seed), folder
        self.restoring = seed % 3 == 0
        clock = StillClock()
        self.town = Town(open_ledger(folder / "ledger", clock=clock.clock()), clock)
        self.tills = {store: Till(self.town, self.town.device(store)) for store in STORES}
        self.shadows: list[Till] = []
        """Copied and lost disks that may still be heard of."""
        self.late: list[tuple[Device, bytes, str]] = []
        self.forgotten: set[str] = set()
        self.borne: Counter[str] = Counter()
        """Points spent on branches that the ledger refused, by device."""

    def step(self) -> None:
        """One thing happens."""
        usual = [self.weigh, self.spend, self.spend, self.sync, self.sync, self.cut_sync, self.award, self.ask]
        rare = [self.allot, self.keep, self.move_home, self.let_time_pass, self.hear_late, self.backup]
        rare += [self.restore] if self.restoring else [self.copy, self.lose, self.hear_shadow]
        self.random.choice(usual if self.random.random() < 0.8 else rare)()

    def till(self) -> Till:
        """One of the stores' tills."""
        return self.tills[self.random.choice(STORES)]

    def household(self) -> str:
        """One of the households."""
        return self.random.choice(HOUSEHOLDS)

    def amount(self, most: int = 30_00) -> int:
        """Some points."""
        return self.random.randint(1, most)

    def weigh(self) -> None:
        """Somebody earns points."""
        self.writing().device.weigh(self.amount(), self.household())

    def spend(self) -> None:
        """Somebody spends what the till says they have."""
        till, household = self.writing(), self.household()
        if held := till.points(household):
            till.device.spend(self.random.randint(1, held), household)

    def writing(self) -> Till:
        """A till, or now and then a copied disk that goes on by itself."""
        twins = [each for each in self.shadows if isinstance(each.device, Twin) and not each.stale]
        return self.random.choice(twins) if twins and self.random.random() < 0.3 else self.till()

    def ask(self) -> None:
        """A store asks for points of a household."""
        self.till().ask(self.amount(), self.household())

    def sync(self) -> None:
        """A whole session, if the ledger takes the journal."""
        self.session(self.till())

    def session(self, till: Till) -> None:
        """Push, pull, give back, push."""
        if self.push(till):
            till.pull()
            till.give_back()
            self.push(till)

    def push(self, till: Till) -> bool:
        """Send what is new; whether it was taken. A ledger that has forgotten is reminded first."""
        if till.writer in self.forgotten:
            self.forgotten.discard(till.writer)
            if till.records:
                till.remind()
        if till.stale:
            return False
        first, answer = till.acked, till.push()
        if answer.status is Status.FORK:
            self.bear(till, first)
            return False
        assert answer.status is Status.OK, answer
        return not till.stale

    def bear(self, till: Till, acked: int) -> None:
        """Count what was spent on a refused branch: it must be in the shortage, and nowhere else."""
        there = self.accepted(till.writer)
        for seq, line in enumerate(till.device.lines[acked:], acked + 1):
            mark = f"{till.writer} {seq} {till.device.hashes[seq].hex()}"
            if (seq > len(there) or there[seq - 1] != line) and mark not in self.borne:
                self.borne[mark] = sum(n for _, to, _, n in json.loads(line)["x"] if to.startswith("spent:"))

    def cut_sync(self) -> None:
        """A session that ends early, its message perhaps lost, doubled, or heard much later."""
        till = self.till()
        if till.writer in self.forgotten or till.acked == len(till.device.lines):
            return
        last = self.random.randint(till.acked + 1, len(till.device.lines))
        body, signature = till.device.batch(till.acked + 1, last, life=till.life, feed_cursor=till.cursor)
        for _ in range(self.random.randint(0, 2)):
            first, answer = till.acked, self.town.send(till.device, body, signature)
            if answer.status is Status.FORK:
                self.bear(till, first)
        self.late.append((till.device, body, signature))

    def hear_late(self) -> None:
        """A message of long ago arrives."""
        if self.late and not self.restoring:
            device, body, signature = self.random.choice(self.late)
            before = self.town.balances()
            answer = self.town.send(device, body, signature)
            assert answer.status in (Status.OK, Status.GAP, Status.FORK)
            if answer.status is Status.GAP:
                assert self.town.balances() == before

    def award(self) -> None:
        """The committee gives or takes points."""
        household = self.household()
        self.town.award(household, self.random.choice([1, 1, -1]) * self.amount())
        self.town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [household]))

    def allot(self) -> None:
        """A store may hold points of a household for a while."""
        device = self.till().device
        if self.open(device):
            of, until = {self.household(): Points(self.amount())}, self.town.clock.wall + 50_000
            allotments.to_van(self.town.ledger, TOWNSHIP, device.name, device.epoch, of, until, "op")

    def keep(self) -> None:
        """The ledger keeps some points back, or no longer."""
        points = Points(self.random.choice([0, self.amount()]))
        allotments.keep(self.town.ledger, TOWNSHIP, self.household(), points, "op")

    def move_home(self) -> None:
        """Another store holds a household's points."""
        registry.set_home(self.town.ledger, TOWNSHIP, self.household(), self.random.choice(STORES), "op")

    def let_time_pass(self) -> None:
        """Clocks may go anywhere; here the ledger's goes on."""
        self.town.clock.wall += self.random.choice([60_000, allotments.VISIT_MS])

    def copy(self) -> None:
        """A disk is copied, and both copies go on."""
        till = self.till()
        copied = till.device.clone()
        copied.__class__ = Twin
        twin = Till(self.town, copied, till.life, till.cursor, [*till.records], dict(till.targets), till.acked)
        self.shadows.append(twin)

    def lose(self) -> None:
        """An installation is lost and replaced; its disk may turn up."""
        store = self.random.choice(STORES)
        self.replace(store)

    def replace(self, store: str) -> None:
        """Close an epoch and begin the next one."""
        old = self.tills[store]
        where = (self.town.ledger, TOWNSHIP, old.device.name, old.device.epoch, "op", "lost")
        closing.close(*where)
        device = Device(store, old.device.name, old.device.epoch + 1)
        self.town.enrol(device)
        self.tills[store] = Till(self.town, device)
        self.shadows.append(old)
        if self.random.random() < 0.5:
            closing.release(*where)

    def hear_shadow(self) -> None:
        """A copied or lost disk is heard of."""
        if self.shadows:
            till = self.random.choice(self.shadows)
            self.push(till)

    def backup(self) -> None:
        """The ledger's file is copied."""
        if self.restoring:
            self.reopen(lambda: self.put(self.folder / "ledger", self.folder / "backup"))

    def restore(self) -> None:
        """The ledger is set back to its backup."""
        if (self.folder / "backup").exists():
            self.reopen(lambda: self.put(self.folder / "backup", self.folder / "ledger"))
            self.town.clock.wall += 1_000
            heal.restored(self.town.ledger, TOWNSHIP, "op")
            self.forgotten = {till.writer for till in self.tills.values()}

    def put(self, source: Path, destination: Path) -> None:
        """Copy a folder over another one."""
        shutil.rmtree(destination, ignore_errors=True)
        shutil.copytree(source, destination)

    def reopen(self, meanwhile: Callable[[], None]) -> None:
        """Close the ledger, do something to its files, and open it again."""
        self.town.ledger.close()
        meanwhile()
        self.town.ledger = open_ledger(self.folder / "ledger", clock=self.town.clock.clock())

    def open(self, device: Device) -> bool:
        """Whether an installation may be granted to."""
        rows = [row for row in self.town.rows(t.epochs) if (row.device, row.epoch) == (device.name, device.epoch)]
        return bool(rows[0].state == "open")

    def accepted(self, writer: str) -> list[bytes]:
        """The lines that the ledger has of a journal."""
        rows = sorted((row.seq, row.bytes) for row in self.town.rows(t.journal) if row.writer == writer)
        assert [seq for seq, _ in rows] == list(range(1, len(rows) + 1))
        return [line for _, line in rows]

    def check(self) -> None:
        """Sums and floors, at every step."""
        sums: Counter[str] = Counter()
        for row in self.town.rows(t.balances):
            sums[row.commodity] += row.quantity
            assert row.quantity >= 0 or not row.account.startswith(FLOORED), row
            assert row.quantity <= 0 or not row.account.startswith("debt:"), row
        assert not any(sums.values()), sums
        for till in (*self.tills.values(), *self.shadows):
            held = [till.points(household) for household in HOUSEHOLDS]
            assert min(held) >= 0

    def come_to_rest(self) -> None:
        """A fair network: everything arrives, whoever was caught is replaced, and nothing is left to be said."""
        for shadow in self.shadows:
            self.push(shadow)
        for store in STORES:
            if not self.push(self.tills[store]) or self.stopped(self.tills[store]):
                self.replace(store)
        self.town.clock.wall += 2 * allotments.VISIT_MS
        for _ in range(12):
            before = self.town.balances(), sum(len(till.records) for till in self.tills.values())
            for till in self.tills.values():
                self.session(till)
            if before == (self.town.balances(), sum(len(till.records) for till in self.tills.values())):
                return
        raise AssertionError("no rest")

    def stopped(self, till: Till) -> bool:
        """Whether nothing more is granted to a till."""
        return any(
            row.stopped
            for row in self.town.rows(t.epochs)
            if (row.device, row.epoch) == (till.device.name, till.device.epoch)
        )

    def check_rest(self) -> None:
        """What must hold when everything was heard."""
        balances = self.town.balances()
        for till in self.tills.values():
            device = till.device
            own = {
                (str(account), what): n
                for (account, what), n in device.books.balances.items()
                if account.writer == till.writer and account.kind != "move" and n
            }
            there = {key: n for key, n in balances.items() if key[0].endswith(f"@{till.writer}") and n}
            assert own == there
            assert self.accepted(till.writer) == device.lines
            told = [row.digest for row in self.town.rows(t.feed_records) if row.feed == till.writer]
            assert Counter(told) <= Counter(digest for _, _, digest in till.records) or self.restoring
        self.check_writers()
        self.check_totals()
        for name in {till.device.name for till in (*self.tills.values(), *self.shadows)}:
            borne = sum(n for mark, n in self.borne.items() if mark.startswith(f"{name}."))
            late = self.late_spends(name)
            assert balances.get((str(Account("gone", f"shortage-{name}", LEDGER)), "pt"), 0) == borne + late

    def late_spends(self, name: str) -> int:
        """Points spent in tails that came after a release."""
        rows = [row for row in self.town.rows(t.journal) if row.writer.startswith(f"{name}.") and not row.posted]
        return sum(n for row in rows for _, to, _, n in json.loads(row.bytes)["x"] if to.startswith("spent:"))

    def check_totals(self) -> None:
        """Each household has what it earned and was awarded less what it spent, wherever that lies now."""
        expected: Counter[str] = Counter()
        for row in self.town.rows(t.journal):
            entry = json.loads(row.bytes)
            if row.kind == "award":
                expected[entry["household"]] += entry["points"]
            elif row.kind in ("weigh", "redeem") and row.posted:
                sign = 1 if row.kind == "weigh" else -1
                expected[entry["household"]] += sign * sum(quantity for *_, quantity in entry["x"])
        there: Counter[str] = Counter()
        for (account, _), quantity in self.town.balances().items():
            if account.startswith((*FLOORED, "debt")):
                there[account.partition(":")[2].partition("@")[0]] += quantity
        assert there == expected

    def check_writers(self) -> None:
        """The journals' bytes, folded by themselves, are the balances; a source is its author's or a closed epoch's."""
        ended = {f"{row.device}.{row.epoch}" for row in self.town.rows(t.epochs) if row.state != "open"}
        fold: Counter[tuple[str, str]] = Counter()
        for row in self.town.rows(t.journal):
            for source, destination, what, quantity in json.loads(row.bytes)["x"] if row.posted else ():
                owner = source.rpartition("@")[2]
                assert owner == row.writer or (row.writer == LEDGER and owner in ended)
                fold[source, what] -= quantity
                fold[destination, what] += quantity
        assert {key: n for key, n in fold.items() if n} == {key: n for key, n in self.town.balances().items() if n}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A township as it begins, made once."""
    folder = tmp_path_factory.mktemp("template") / "ledger"
    found(folder).ledger.close()
    return folder


@pytest.mark.parametrize("seed", SEEDS)
def test_a_life_of_a_township(seed: int, template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "ledger")
    world = World(tmp_path, seed)
    try:
        for _ in range(STEPS):
            world.step()
            world.check()
        world.come_to_rest()
        world.check()
        world.check_rest()
    except Exception as error:
        error.add_note(f"seed {seed}")
        raise
    finally:
        world.town.ledger.close()


def test_a_replayed_grant_is_found_by_the_chain(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "ledger")
    world = World(tmp_path, 1)
    till = world.tills["LT01"]
    world.town.award(H1, 10_00)
    world.town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [H1]))
    (record,) = till.page().records
    till.take(record)
    with pytest.raises(AssertionError):
        till.take(record)
    assert world.town.balance(accounts.moving(H1, till.writer)) == 10_00
    world.town.ledger.close()
