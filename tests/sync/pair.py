"""A real store and a real ledger, with nothing between them but a function that a test may tamper with."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from sqlalchemy import insert

from catalog.units import Points
from pos.core.entries import Signatures
from pos.core.people import Role
from pos.counter import cards, day, people, setup
from pos.counter.desk import Desk
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.ledger import direct, rights
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.service import open_ledger
from pos.storage import store as stores
from pos.storage import sync_state
from pos.storage.sync_state import SyncState
from pos.sync import enrolment
from pos.sync.session import Session
from pos.wire.calls import Call, Op, Reply
from pos.wire.messages import Limits
from tests import shop
from tests.ledger.town import H1, H2, TOWNSHIP, StillClock, Town, found
from tests.shop import HOUSEHOLDS, IDENTITY, Shop

Straight = Callable[[Call], Reply]
"""The ledger's own reply to a call."""

ONE = replace(IDENTITY, epoch=1)
H = f"{shop.VILLAGE}0042"
OTHER = f"{shop.VILLAGE}0002"


@dataclass
class Pair:
    """One shop and its township; `tamper` sees every call and may change what comes of it."""

    town: Town
    shop: Shop
    calls: list[Call] = field(default_factory=list)
    tamper: Callable[[Call, Straight], Reply] | None = None

    def ask(self, call: Call) -> Reply:
        """The transport of every session here."""
        self.calls.append(call)
        return self.tamper(call, self.straight) if self.tamper else self.straight(call)

    def straight(self, call: Call) -> Reply:
        """The ledger's own reply."""
        return direct.answer(self.town.ledger, call)

    def enrol(self, code: str | None = None, limits: Limits | None = None) -> None:
        """Enrol the shop as it is."""
        epoch = self.shop.desk.store.identity.epoch
        code = code or self.town.code(alone=epoch == 0, limits=limits)
        enrolment.enrol(self.shop.desk.store, self.ask, self.shop.desk.clock, TOWNSHIP, code)

    def session(self) -> Session:
        """A sync about to begin."""
        return Session(self.shop.desk.store, self.ask, self.shop.desk.clock)

    def sync(self) -> SyncState:
        """A sync from end to end."""
        return self.session().run()

    @property
    def state(self) -> SyncState:
        """How the shop stands with its ledger."""
        with self.shop.desk.store.read() as connection:
            return sync_state.load(connection)

    @property
    def head(self) -> int:
        """Number of the newest entry."""
        with self.shop.desk.store.write() as tx:
            return tx.head.seq

    @property
    def ops(self) -> list[Op]:
        """What was asked, in order."""
        return [call.op for call in self.calls]

    def earn(self) -> None:
        """A weigh-in: worth 47.82 points."""
        weigh_in(self.shop.desk, self.shop.by, self.shop.bag())

    def spend(self) -> None:
        """A redemption: salt for 2 points."""
        redeem(self.shop.desk, self.shop.by, self.shop.basket({"g001": 1}))

    def tell(self, points: int, target: int) -> None:
        """Have the ledger grant points, and name a target."""
        writer = self.shop.desk.store.identity.writer
        self.town.ledger.act(TOWNSHIP, lambda act: rights.tell(act, writer, H, Points(points), Points(target)))

    def award(self, points: int, household: str = H) -> None:
        """Points from the committee, and what follows from them."""
        self.town.award(household, points)
        self.town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [household]))

    def points(self, short: str = "0042") -> Points:
        """Points that a household may spend here."""
        return self.shop.points(short)


def open_pair(folder: Path, epoch: int = 1, *, enrolled: bool = True) -> Pair:
    """A shop of `epoch` and a township that knows its households; enrolled there."""
    shutil.copytree(township(), folder / "ledger")
    shutil.copytree(shop.template() if epoch == 0 else template(), folder / "shop")
    pair = reopened(folder)
    if enrolled:
        pair.enrol()
    return pair


def reopened(folder: Path) -> Pair:
    """The pair whose store and ledger lie in `folder`."""
    clock = StillClock()
    town = Town(open_ledger(folder / "ledger", clock=clock.clock()), clock)
    pair = Pair(town, shop.reopened(folder / "shop"))
    clock.wall = pair.shop.clock.wall
    return pair


def copy_of(of: Shop, folder: Path) -> Shop:
    """A copy of the disk, as it stands, opened beside the first."""
    of.close()
    shutil.copytree(of.folder, folder)
    of.desk = replace(of.desk, store=stores.open_store(of.folder))
    copy = shop.reopened(folder)
    copy.clock.wall = of.clock.wall
    return copy


def close(pair: Pair) -> None:
    """Close both."""
    pair.shop.close()
    pair.town.ledger.close()


@cache
def township() -> Path:
    """A ledger's folder with a township that knows the shop's households, made once a worker."""
    folder = Path(tempfile.mkdtemp(prefix="town-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = found(folder)

    def work(act: Act) -> None:
        rows = [
            {"township": TOWNSHIP, "household": each.number, "village": shop.VILLAGE, "home": "LT01", "state": "normal"}
            for each in HOUSEHOLDS
            if each.number not in (H1, H2)
        ]
        act.connection.execute(insert(t.households), rows)

    made.ledger.act(TOWNSHIP, work)
    made.ledger.close()
    return folder


@cache
def template() -> Path:
    """A store of epoch 1 on its first day, without points and with thirty bags of salt, made once a worker."""
    folder = Path(tempfile.mkdtemp(prefix="pair-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    stores.create(folder, ONE)
    made = shop.reopened(folder)
    desk, by = made.desk, Signatures("00")
    people.add_keeper(desk, by, shop.KEEPER, "王玉兰", Role.KEEPER, shop.PINS[shop.KEEPER])
    people.add_keeper(desk, by, shop.CLERK, "李文书", Role.CLERK, shop.PINS[shop.CLERK])
    setup.load(desk, made.two, shop.VILLAGE_DATA)
    setup.open_stock(desk, made.two, [setup.OpeningLot("g001", 30, "village", 1_60)])
    cards.issue(desk, made.two, [household.number for household in HOUSEHOLDS])
    day.open_day(Desk(desk.store, desk.clock), made.by)
    made.close()
    return folder
