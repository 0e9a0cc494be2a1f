"""A township's life from one seed: first anything may happen, then a fair network, in which all must come to rest."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from catalog.units import Points
from pos.clock import Clock
from pos.core.refusals import Refused
from pos.core.weigh_in import Payout
from pos.database import reader, writer
from pos.ledger import allotments, closing, direct, enrol, heal, keys, registry, rights
from pos.ledger import tables as t
from pos.ledger.database import Database
from pos.ledger.enrol import Code
from pos.ledger.service import FILE, Ledger
from pos.storage import store
from pos.storage.installation import Identity
from pos.wire.calls import Call, Reply
from tests.core.model import START
from tests.core.village import GOODS
from tests.ledger.town import H1, H2, STORES, TOWNSHIP, StillClock, Town
from tests.simulation import keeper
from tests.simulation.faults import Fuse, Network, PowerCut
from tests.simulation.terminal import Terminal

HOUSEHOLDS = (H1, H2)
STEPS = 50
RESTS = 12


class World:
    """A ledger, a terminal in each store, the disks that were copied or lost, and what can happen to them."""

    def __init__(self, folder: Path, seed: int, fuses: dict[Path, Fuse]) -> None:
        self.folder, self.random, self.fuses = folder, Random(seed), fuses
        self.restored = False
        """Whether the ledger has been set back to its backup."""
        self.wall, self.disks, self.slips = [START], 0, 0
        self.network = Network(self.random, self.answer, fair=True)
        self.fuse = fuses[folder / "ledger"] = Fuse()
        self.town = Town(self._open_ledger(), StillClock())
        self.written: dict[str, dict[int, set[bytes]]] = {}
        """Hashes that any disk ever had under a number, by writer."""
        self.lines: dict[bytes, bytes] = {}
        """Every entry that any disk ever had, by its hash."""
        self.tills = {name: self.install(name, f"dev{n}", 1) for n, name in enumerate(STORES)}
        self.shadows: list[Terminal] = []
        """Copied and lost disks that may still be heard of."""
        self.images: list[tuple[str, Terminal]] = []
        self.ways: list[tuple[str, str, str, int]] = []
        """Goods between stores: slip, the store they are sent to, good and pieces."""
        self.network.fair = False

    @property
    def ledger(self) -> Ledger:
        """The ledger as it runs now."""
        return self.town.ledger

    def answer(self, call: Call) -> Reply | None:
        """What the ledger says, if its power does not fail meanwhile."""
        try:
            return direct.answer(self.ledger, call)
        except PowerCut:
            self.reopen()
            return None

    def step(self) -> None:
        """One thing happens."""
        usual = [self.weigh, self.redeem, self.redeem, self.sync, self.sync, self.sync, self.award, self.ask]
        rare = [
            self.allot, self.keep, self.move_home, self.pass_time, self.jump, self.network.deliver_late, self.receive,
            self.undo, self.undo, self.ship, self.arrive, self.backup, self.restore, self.copy, self.image,
            self.set_back, self.lose,
        ]  # fmt: skip
        self.wall[0] += self.random.randrange(1, 3_600_000)
        self.town.clock.wall = self.wall[0]
        self.random.choice(usual if self.random.random() < 0.7 else rare)()

    def weigh(self) -> None:
        """Somebody earns points; now and then they wait to be confirmed."""
        payout = Payout.PENDING if self.random.random() < 0.2 else Payout.POINTS
        self.at(lambda till: keeper.weigh(till, self.amount(), self.household(), payout))

    def redeem(self) -> None:
        """Somebody spends what a terminal says they have, as far as it goes."""

        def buy(till: Terminal) -> None:
            household = self.household()
            if till.points(household):
                goods = {self.good(): self.random.randint(1, 2) for _ in range(2)}
                keeper.redeem(till, goods, household, service=self.random.random() < 0.2)

        self.at(buy)

    def undo(self) -> None:
        """Something is taken back, or what waits is decided."""
        ways: list[Callable[[Terminal], None]] = [
            lambda till: keeper.reverse(till, self.random),
            lambda till: keeper.bring_back(till, self.random),
            lambda till: keeper.confirm(till, self.random),
            lambda till: keeper.end_voucher(till, self.random, self.household()),
        ]
        self.at(self.random.choice(ways))

    def ask(self) -> None:
        """A store asks for points of a household."""
        self.at(lambda till: keeper.ask(till, self.amount(), self.household()))

    def receive(self) -> None:
        """Goods come in."""
        self.at(lambda till: keeper.receive(till, self.good(), self.random.randint(1, 9)))

    def ship(self) -> None:
        """A store sends goods to the other one."""
        store = self.random.choice(STORES)
        self.slips += 1

        def send(till: Terminal) -> None:
            if sent := keeper.ship(till, f"s{self.slips}", self.tills[store].writer, self.random):
                self.ways.append((f"s{self.slips}", store, sent.good, sent.on_hand))

        self.at(send)

    def arrive(self) -> None:
        """Goods that were sent arrive."""
        if self.ways:
            slip, store, good, pieces = self.ways.pop()
            self.at(lambda till: keeper.receive(till, good, pieces, slip), only=self.tills[store])

    def sync(self) -> None:
        """A session, on the network as it is, of a terminal or of a disk that turned up."""
        if self.random.random() < 0.2:
            self.fuse.left = self.random.randrange(60)
        self.at(lambda till: till.sync(self.network), 150)
        self.fuse.mend()

    def at(self, what: Callable[[Terminal], object], statements: int = 20, only: Terminal | None = None) -> None:
        """Something happens at one of the terminals, whose power may fail at any statement."""
        till = only or self.anyone()
        left = self.random.randrange(statements) if self.random.random() < 0.2 else None
        with till.powered(left), suppress(Refused):
            if not till.halted:
                what(till)
        self.note(till)

    def anyone(self) -> Terminal:
        """A terminal that serves, or now and then a copied or lost disk that nobody has stopped."""
        serving = [*self.tills.values()]
        if self.random.random() < 0.3:
            serving += [each for each in self.shadows if not each.halted]
        return self.random.choice(serving)

    def note(self, till: Terminal) -> None:
        """Remember what a disk has had."""
        known = self.written.setdefault(till.writer, {})
        for seq, line, digest in till.lines(till.noted):
            known.setdefault(seq, set()).add(digest)
            self.lines[digest] = line
            till.noted = seq

    def award(self) -> None:
        """The committee gives or takes points."""
        household = self.household()
        self.town.award(household, self.random.choice([1, 1, -1]) * self.amount())
        self.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [household]))

    def allot(self) -> None:
        """A store may hold points of a household for a while."""
        till, of = self.random.choice([*self.tills.values()]), {self.household(): Points(self.amount())}
        if self.state(till).state == "open":
            device, epoch = till.identity.device, till.identity.epoch
            allotments.to_van(self.ledger, TOWNSHIP, device, epoch, of, self.wall[0] + 40_000_000, "op")

    def keep(self) -> None:
        """The ledger keeps some points back, or no longer."""
        points = Points(self.random.choice([0, self.amount()]))
        allotments.keep(self.ledger, TOWNSHIP, self.household(), points, "op")

    def move_home(self) -> None:
        """Another store holds a household's points."""
        registry.set_home(self.ledger, TOWNSHIP, self.household(), self.random.choice(STORES), "op")

    def pass_time(self) -> None:
        """A visit's time runs out."""
        self.wall[0] += allotments.VISIT_MS

    def jump(self) -> None:
        """A terminal's clock goes anywhere, back too."""
        self.random.choice([*self.tills.values()]).skew = self.random.randrange(-(10**12), 10**12)

    def copy(self) -> None:
        """A disk is copied, and both copies go on."""
        self.shadows.append(self.copy_of(self.random.choice([*self.tills.values()])))

    def image(self) -> None:
        """An image of a disk is put away."""
        name = self.random.choice(STORES)
        self.images.append((name, self.copy_of(self.tills[name])))

    def set_back(self) -> None:
        """A store goes on from an image of its disk; what the disk had since is lost."""
        fitting = [(name, each) for name, each in self.images if each.identity == self.tills[name].identity]
        if fitting:
            name, image = self.random.choice(fitting)
            self.images.remove((name, image))
            self.tills[name].close()
            self.tills[name] = image

    def lose(self) -> None:
        """An installation is lost and replaced; its disk may turn up."""
        self.replace(self.random.choice(STORES))

    def replace(self, name: str) -> None:
        """Close an epoch and begin the next one."""
        old = self.tills[name]
        where = (self.ledger, TOWNSHIP, old.identity.device, old.identity.epoch, "op", "lost")
        closing.close(*where)
        self.shadows.append(old)
        fair, self.network.fair = self.network.fair, True
        self.tills[name] = self.install(name, old.identity.device, old.identity.epoch + 1)
        self.network.fair = fair
        if self.random.random() < 0.5:
            closing.release(*where)

    def install(self, name: str, device: str, epoch: int) -> Terminal:
        """A new installation, enrolled."""
        folder = self._new_folder()
        identity = Identity(name, name, H1[:12], "", device, epoch, 480)
        store.create(folder, identity)
        till = Terminal(folder, identity, self.fuses[folder], self.wall)
        code = enrol.make_code(self.ledger, TOWNSHIP, Code(name, device if epoch > 1 else None), "op")
        till.enrol(self.network, TOWNSHIP, code)
        # The operator's rule: what enrolled after the newest backup, a ledger restored from it does not know.
        self.backup()
        return till

    def copy_of(self, till: Terminal) -> Terminal:
        """The same disk on another machine."""
        folder = self._new_folder()
        return till.copied(folder, self.fuses[folder])

    def backup(self) -> None:
        """The ledger's file is copied."""
        self.reopen(lambda: _put(self.folder / "ledger", self.folder / "backup"))

    def restore(self) -> None:
        """The ledger is set back to its backup, and its operator says so."""
        if (self.folder / "backup").exists():
            self.reopen(lambda: _put(self.folder / "backup", self.folder / "ledger"))
            heal.restored(self.ledger, TOWNSHIP, "op")
            self.restored = True

    def reopen(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Switch the ledger off, do something to its files, and switch it on again."""
        self.fuse.mend()
        self.ledger.close()
        meanwhile()
        self.town.ledger = self._open_ledger()

    def come_to_rest(self) -> None:
        """A fair network: everything arrives, whoever was caught is replaced, and nothing is left to be said."""
        self.network.fair = True
        self.town.clock.wall = self.wall[0] = self.wall[0] + 2 * allotments.VISIT_MS
        for till in (*self.shadows, *self.tills.values()):
            till.skew = max(till.skew, 10**12 + 1)
            till.sync(self.network)
            self.note(till)
        for name, till in self.tills.items():
            if till.halted or self.state(till).stopped:
                self.replace(name)
        for _ in range(RESTS):
            before = self.town.balances(), [len(till.lines()) for till in self.tills.values()]
            for till in self.tills.values():
                assert (code := till.sync(self.network)) == "", f"I6: {code}"
                self.note(till)
            if before == (self.town.balances(), [len(till.lines()) for till in self.tills.values()]):
                return
        raise AssertionError("I6: no rest")

    def state(self, till: Terminal) -> Any:
        """What the ledger has of an installation."""
        me = till.identity
        return next(row for row in self.town.rows(t.epochs) if (row.device, row.epoch) == (me.device, me.epoch))

    def household(self) -> str:
        """One of the households."""
        return self.random.choice(HOUSEHOLDS)

    def good(self) -> str:
        """One of the goods."""
        return self.random.choice(sorted(GOODS))

    def amount(self) -> int:
        """Some points (1/100)."""
        return self.random.randint(1, 30_00)

    def close(self) -> None:
        """Give every file back."""
        for till in (*self.tills.values(), *self.shadows, *(each for _, each in self.images)):
            till.close()
        self.ledger.close()

    def _open_ledger(self) -> Ledger:
        path = self.folder / "ledger"
        clock = Clock(lambda: self.wall[0], lambda: self.wall[0], lambda: "00000000")
        return Ledger(Database(writer(path / FILE), reader(path / FILE)), keys.signing(path), clock)

    def _new_folder(self) -> Path:
        self.disks += 1
        folder = self.folder / f"disk{self.disks}"
        self.fuses[folder] = Fuse()
        return folder


def _put(source: Path, destination: Path) -> None:
    shutil.rmtree(destination, ignore_errors=True)
    shutil.copytree(source, destination)
