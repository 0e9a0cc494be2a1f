"""Every journey of the domain reference from the home screen on, by keys and scans alone, and how many it needs."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pos.storage.verify import verify
from tests.screens import journeys_counter as counter
from tests.screens import journeys_ledger as ledger
from tests.screens import journeys_store as store
from tests.screens.conftest import SETTINGS, opened_till
from tests.screens.test_recyclables import stocked
from tests.screens.walk import Walk
from tests.screens.weighing import Pans, plugged_in
from tests.shop import Shop
from tests.sync.pair import Pair


@dataclass(frozen=True)
class Journey:
    """One journey: its section, what it is, who plays it, and the keys and scans that it may need at most."""

    section: str
    name: str
    play: Callable[[Walk], Awaitable[None]]
    keys: int
    scans: int = 0
    prepare: Callable[[Shop], object] | None = None
    scales: bool = False
    ledger: Callable[[Pair], bool] | None = None
    signed_in: bool = True


@dataclass(frozen=True)
class Played:
    """What a journey took: its keys in order, scans, seconds."""

    keys: tuple[str, ...]
    scans: int
    seconds: float


JOURNEYS = (
    Journey("4.0", "opening", counter.opening, 17, prepare=counter.next_morning, scales=True, signed_in=False),
    Journey("4.1", "redeem goods", counter.redemption, 1, 5),
    Journey("4.2", "weigh-in of three materials", counter.weighing, 12, 1, scales=True),
    Journey("4.3", "balance and statement", counter.statement, 3, 1),
    Journey("4.4", "card lost and replaced", counter.card_replaced, 24),
    Journey("4.5", "void in the same shift", counter.void, 7, 1, counter.SOLD_TODAY),
    Journey("4.5", "return after the close", counter.goods_back, 2, 2, counter.SOLD_YESTERDAY),
    Journey("4.6", "goods in", store.goods_in, 23, 1, store.supplied),
    Journey("4.7", "stocktake of three dear goods", store.stocktake, 36),
    Journey("4.8", "day close", counter.day_closed, 15, prepare=counter.with_cash),
    Journey("4.9", "sale of recyclables", store.sale, 15, prepare=stocked, scales=True),
    Journey("4.9", "hazards handed over", store.hazards, 9, prepare=stocked),
    Journey("4.9b", "settling with an owner", store.settlement, 15, prepare=store.owing),
    Journey("4.10", "service and its voucher", counter.service, 8, 2, counter.served),
    Journey("4.11", "points and cash", counter.mixed, 6, 2),
    Journey("4.12", "exceptions report", store.exceptions, 5),
    Journey("4.13", "awards posted", store.awards, 14, prepare=store.awarded),
    Journey("4.14", "offline: earned and spent", ledger.offline, 16, 3, ledger.two_days_later, ledger=ledger.cut_off),
    Journey("4.14", "a store alone", counter.alone, 7, 3),
    Journey("4.15", "nightly sync", ledger.sync, 2, ledger=ledger.evening),
    Journey("4.15", "a store alone", store.sync, 2),
    Journey("4.16", "weight disputed", counter.dispute, 11, 1, counter.DOUBTED, scales=True),
)

_NO_SPOTS = "\n[day]\nspot_goods = 0\n"
_CHECKED = "check_weight_g = 5000\ndivision_g = "


@contextmanager
def _scales(journey: Journey) -> Iterator[Pans | None]:
    if journey.scales:
        with plugged_in() as pans:
            yield pans
    else:
        yield None


@contextmanager
def _ledger(journey: Journey, folder: Path) -> Iterator[tuple[Pair | None, str]]:
    if journey.ledger is not None:
        with ledger.joined(folder, journey.ledger) as found:
            yield found
    else:
        yield None, ""


@asynccontextmanager
async def _walk(
    journey: Journey, folder: Path, pans: Pans | None, pair: Pair | None, joined: str
) -> AsyncIterator[Walk]:
    settings = (pans.settings.replace("division_g = ", _CHECKED) if pans else SETTINGS) + _NO_SPOTS + joined
    async with opened_till(folder, settings=settings, prepare=journey.prepare) as till:
        walk = Walk(till.app, till.pilot, till.clock, till.cards, till.rings, pans, pair)
        if journey.signed_in:
            await walk.sign_in()
        walk.keys.clear()
        yield walk


async def played(journey: Journey, folder: Path) -> Played:
    """Play it in a new shop in `folder`; what it says must hold, holds, and so do the books."""
    with _scales(journey) as pans, _ledger(journey, folder) as (pair, joined):
        where = pair.shop.folder if pair else folder
        async with _walk(journey, where, pans, pair, joined) as walk:
            before = time.perf_counter()
            await journey.play(walk)
            seconds = time.perf_counter() - before
    assert verify(where).wrong is None
    return Played(tuple(walk.keys), walk.scans, seconds)
