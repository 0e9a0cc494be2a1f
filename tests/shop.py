"""A small shop to test in: one village, three people, cards, stock, and a clock that stands still until told.

Households, goods, prices and weights are those of the worked tickets W1 to R3 of the domain reference. Making a store
takes a while (keys, migrations, PIN hashes), so each worker makes it once and every test gets a copy.
"""

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import event

from catalog.goods import Good
from catalog.materials import Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, EveryPieces, GoodPrice, PriceBook, Terms
from catalog.units import Fen, Grams, Points
from pos.clock import Clock
from pos.core import redemption, weigh_in
from pos.core.cards import Card, ReadAs
from pos.core.entries import Signatures
from pos.core.households import Household, HouseholdState, Member
from pos.core.people import Role
from pos.core.redemption import Shortfall
from pos.core.scales import Evidence, ScaleFacts
from pos.core.weigh_in import MANUAL, CountedDraft, LineDraft, TareFrom, WeighedDraft
from pos.counter import cards, day, people, setup
from pos.counter.desk import Desk
from pos.storage import registry, store
from pos.storage.installation import Identity

VILLAGE = "990101101200"
START = 1_768_430_520_000
"""Wall clock when a shop is opened: 2026-01-15 06:42 at the store's offset from UTC."""

IDENTITY = Identity("LT01", "柳塘村积分兑换超市", VILLAGE, "0000-00000000", "k7q2md", 0, 480)

KEEPER, CLERK, AUDITOR = "02", "01", "09"
PINS = {KEEPER: "2580", CLERK: "1357", AUDITOR: "8642"}

TERMS = Terms(date(2026, 1, 1), 100, Points(1))

FLOOR = ScaleFacts("FS-1", ScaleClass.FLOOR, Grams(1_000), Grams(150_000), Grams(50), date(2026, 9, 30))
COUNTER = ScaleFacts("CT-1", ScaleClass.COUNTER, Grams(200), Grams(30_000), Grams(10), date(2026, 9, 30))

HOUSEHOLDS = (
    Household(f"{VILLAGE}0042", "张秀英", "第3村民小组", 4, HouseholdState.NORMAL, "LT01"),
    Household(f"{VILLAGE}0002", "李兴贵", "第1村民小组", 5, HouseholdState.NORMAL, "LT01"),
    Household(f"{VILLAGE}0006", "胡春", "第1村民小组", 4, HouseholdState.NORMAL, "LT01"),
    Household(f"{VILLAGE}0015", "高才建", "第2村民小组", 3, HouseholdState.AWAY, "LT01"),
    Household(f"{VILLAGE}0020", "林友良", "第2村民小组", 6, HouseholdState.MERGED, "LT01"),
    Household(f"{VILLAGE}0033", "欧阳建国", "第4村民小组", 2, HouseholdState.FROZEN, "LT01"),
)
MEMBERS = {f"{VILLAGE}0002": (Member(1, "王秀兰"), Member(2, "李文博"))}
OPENING = {"0042": Points(12_00), "0002": Points(89_60), "0006": Points(11_99), "0015": Points(70_40)}
"""Opening points by the serial that people say."""

_GOODS = (
    (Good("g001", "食盐 400g", "包", ("2900000000018",), "sy", None), 2_00, 1_60, date(2027, 6, 30)),
    (Good("g005", "菜籽油 1.8L", "桶", ("2900000000056",), "czy", 2), 28_00, 24_50, date(2025, 12, 31)),
    (Good("g006", "大豆油 5L", "桶", ("2900000000063",), "ddy", 1), 65_00, 58_00, date(2027, 3, 31)),
    (Good("g013", "抽纸 3包", "提", ("2900000000131",), "cz", None), 10_00, 8_20, None),
    (Good("g016", "洗衣液 2kg", "瓶", ("2900000000162",), "xyy", 2), 20_00, 16_80, None),
    (Good("g017", "肥皂", "块", ("2900000000179",), "fz", None), 3_00, 2_30, None),
)
"""Good, points, what one piece cost (fen) and its expiry; the 1.8 litre oil has expired."""

STOCK = 30
"""Pieces of each good on the village's shelf at opening; `KEEPERS_OWN` is a keeper's."""
KEEPERS_OWN = "g017"

_MATERIALS: tuple[tuple[Material, ByWeight | ByPiece | EveryPieces], ...] = (
    (Material("p01", "黄板纸", ScaleClass.FLOOR, Grams(1_000), False, "扣水扣杂，干品"), ByWeight(100)),
    (Material("l01", "PET饮料瓶", ScaleClass.COUNTER, Grams(200), False, "倒空"), ByWeight(240)),
    (Material("m01", "废铁", ScaleClass.FLOOR, Grams(1_000), False, "仅限非生产性废旧金属"), ByWeight(160)),
    (Material("m04", "废铜", ScaleClass.COUNTER, Grams(200), False, ""), ByWeight(4_500)),
    (Material("h01", "废电池", ScaleClass.COUNT, Grams(0), True, "有害"), ByPiece(10)),
    (Material("s03", "小塑料瓶", ScaleClass.COUNT, Grams(0), False, "小于500毫升"), EveryPieces(35)),
)

_FINE = {material.code for material, _ in _MATERIALS if material.scale is ScaleClass.COUNTER}

TARES = (setup.Tare("b1", "小蛇皮袋", Grams(100)), setup.Tare("b4", "塑料周转筐", Grams(1_650)))

BOOK = PriceBook(
    7,
    date(2026, 1, 1),
    {good.code: GoodPrice(Points(points), Fen(points)) for good, points, _, _ in _GOODS},
    {material.code: price for material, price in _MATERIALS},
)

VILLAGE_DATA = setup.Village(
    HOUSEHOLDS,
    MEMBERS,
    tuple(good for good, *_ in _GOODS),
    tuple(material for material, _ in _MATERIALS),
    TARES,
    BOOK,
    TERMS,
)


@dataclass
class ManualClock:
    """Clocks that stand still until somebody moves them."""

    wall: int = START
    mono: int = 1_000

    def advance(self, milliseconds: int = 1_000) -> None:
        """Let time pass on both clocks."""
        self.wall += milliseconds
        self.mono += milliseconds

    def clock(self) -> Clock:
        """What the shop reads."""
        return Clock(lambda: self.wall, lambda: self.mono, lambda: "7f3a91c2")


def weighed(
    material: str, gross: int, tare: int = 0, *, scale: str = "", tare_from: TareFrom | None = None, deduction: int = 0
) -> WeighedDraft:
    """A load on the scale that its material asks for, in grams."""
    name = scale or ("CT-1" if material in _FINE else "FS-1")
    origin = tare_from or (TareFrom.SCALE if tare else TareFrom.NONE)
    evidence = Evidence(name, "flag", "53542c4753", START)
    return WeighedDraft(material, Grams(gross), Grams(tare), origin, deduction, "wet" if deduction else "", evidence)


def typed(material: str, gross: int, reason: str = "scale-broken") -> WeighedDraft:
    """A weight that a person typed, in grams."""
    return replace(weighed(material, gross), evidence=Evidence("", MANUAL, "", START, reason))


def counted(material: str, pieces: int) -> CountedDraft:
    """Pieces of a counted material."""
    return CountedDraft(material, pieces)


W1 = (weighed("p01", 18_650, 350), weighed("l01", 4_200, 200), weighed("m01", 12_450))
"""Worth 47.82 yuan."""
R1 = {"g001": 2, "g016": 1, "g013": 1}
"""Costs 34 points."""


@dataclass
class Shop:
    """An open shop; `by` is the keeper alone, `two` the keeper with the clerk's approval."""

    folder: Path
    desk: Desk
    clock: ManualClock
    cards: dict[str, Card]
    """By the serial that people say: `0042`."""
    by: Signatures = Signatures(KEEPER)  # noqa: RUF009 - frozen
    two: Signatures = Signatures(KEEPER, CLERK)  # noqa: RUF009 - frozen

    def household(self, short: str) -> str:
        """The whole number of a household."""
        return f"{VILLAGE}{short}"

    def bag(self, *lines: LineDraft, of: str = "0042") -> weigh_in.Draft:
        """A weigh-in ticket; W1 when nothing is said."""
        return weigh_in.Draft(self.household(of), self.cards[of].number, ReadAs.SIGNED, lines or W1)

    def basket(
        self, goods: dict[str, int] | None = None, *, of: str = "0042", shortfall: Shortfall = Shortfall.REFUSE
    ) -> redemption.Draft:
        """A redemption ticket; R1 when nothing is said."""
        draft = redemption.Draft(self.household(of), self.cards[of].number, ReadAs.SIGNED, shortfall=shortfall)
        for good, quantity in (goods or R1).items():
            draft = draft.adding(good, quantity)
        return draft

    def points(self, short: str = "0042") -> Points:
        """Points a household may spend here now."""
        return cards.open_household(self.desk, self.cards[short].number).points

    def close(self) -> None:
        """Close the store, as at the end of the day."""
        self.desk.store.close()

    def reopen(self) -> None:
        """Close the store and open it again, as after a restart."""
        self.close()
        self.desk = replace(self.desk, store=store.open_store(self.folder))


def open_shop(folder: Path, *, day_open: bool = True) -> Shop:
    """A shop of its own in `folder`, which must not be there yet or be empty."""
    shutil.copytree(template(), folder, dirs_exist_ok=True)
    shop = reopened(folder)
    if day_open:
        day.open_day(shop.desk, shop.by)
    return shop


@contextmanager
def opened(folder: Path, *, day_open: bool = True) -> Iterator[Shop]:
    """`open_shop` for a `with` block."""
    shop = open_shop(folder, day_open=day_open)
    try:
        yield shop
    finally:
        shop.close()


def reopened(folder: Path) -> Shop:
    """The shop that is in `folder` already."""
    clock = ManualClock()
    desk = Desk(store.open_store(folder), clock.clock(), scales={"FS-1": FLOOR, "CT-1": COUNTER})
    with desk.store.read() as connection:
        held = {h.short: registry.cards_of(connection, h.number) for h in HOUSEHOLDS}
    return Shop(folder, desk, clock, {short: each[-1] for short, each in held.items() if each})


@cache
def template() -> Path:
    """A store folder before its first day, made once a worker; copy it, never open it."""
    folder = Path(tempfile.mkdtemp(prefix="shop-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store.create(folder, IDENTITY)
    shop = reopened(folder)
    desk, by = shop.desk, Signatures("00")
    people.add_keeper(desk, by, KEEPER, "王玉兰", Role.KEEPER, PINS[KEEPER])
    people.add_keeper(desk, by, CLERK, "李文书", Role.CLERK, PINS[CLERK])
    people.add_keeper(desk, shop.two, AUDITOR, "周审", Role.AUDITOR, PINS[AUDITOR])
    setup.load(desk, shop.two, VILLAGE_DATA)
    setup.open_points(desk, shop.two, {shop.household(short): points for short, points in OPENING.items()})
    setup.open_stock(desk, shop.two, [_lot(*good) for good in _GOODS])
    cards.issue(desk, shop.two, [household.number for household in HOUSEHOLDS])
    _hash_lightly(shop)
    shop.close()
    return folder


def _hash_lightly(shop: Shop) -> None:
    """Let a PIN take a millisecond to try: tests try many."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with shop.desk.store.write() as tx:
        for number, pin in PINS.items():
            row = (light.hash(pin), number)
            tx.connection.exec_driver_sql("UPDATE keepers SET pin = ? WHERE number = ?", row)


def _lot(good: Good, _points: int, cost: int, expiry: date | None) -> setup.OpeningLot:
    owner = f"k-{KEEPER}" if good.code == KEEPERS_OWN else "village"
    return setup.OpeningLot(good.code, STOCK, owner, cost, expiry.isoformat() if expiry else None)


def connect_as(shop_store: store.Store, kind: type[sqlite3.Connection]) -> None:
    """Have the store write through a connection of this class from now on: to listen in, or to fail."""
    engine = shop_store._writer
    shop_store._connection.close()
    engine.dispose()
    event.listen(engine, "do_connect", lambda _dialect, _record, args, options: kind(*args, **options))
    shop_store._connection = engine.connect()
