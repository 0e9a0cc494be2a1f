"""A store with some weeks behind it: five days in January and February closed, the sixth still open."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from catalog.units import Fen
from pos.core.closing import Closing
from pos.core.fund import Source
from pos.core.receiving import Draft, Line
from pos.core.redemption import Shortfall
from pos.core.reversal import ReversalReason
from pos.core.stock import LossReason, Origin
from pos.counter import day, fund, receiving, reverse, stock
from pos.counter import journal as journals
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from tests.counter.stockroom import bought, salt, with_supplier
from tests.shop import Shop, opened, reopened, typed, weighed

DAY_MS = 86_400_000
OPEN_DAYS = (date(2026, 1, 15), date(2026, 1, 25), date(2026, 2, 4), date(2026, 2, 14), date(2026, 2, 24))
TODAY = date(2026, 3, 6)
GIVER = "赵老板"


@contextmanager
def lived(folder: Path) -> Iterator[Shop]:
    """The shop after its days, in a folder that is not there yet; the open one is `TODAY`."""
    made, now = template()
    shutil.copytree(made, folder)
    shop = reopened(folder)
    shop.clock.wall = now
    try:
        yield shop
    finally:
        shop.close()


@cache
def template() -> tuple[Path, int]:
    """The folder of that shop and what time it is there, made once a worker; copy it, never open it."""
    folder = Path(tempfile.mkdtemp(prefix="lived-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with opened(folder) as shop:
        _live(shop)
    return folder, shop.clock.wall


def _live(shop: Shop) -> None:
    with_supplier(shop)
    for _ in OPEN_DAYS:
        _serve(shop)
        day.close_day(shop.desk, shop.two, Closing(counted=Fen(0), cash_reason="unknown"))
        shop.clock.advance(10 * DAY_MS)
        day.open_day(shop.desk, shop.by)
    _serve(shop)


def _serve(shop: Shop) -> None:
    """A day's work: three weigh-ins, sales, one taken back, goods in, money given, some written off."""
    desk, today = shop.desk, shop.desk.today()
    weigh_in(desk, shop.by, shop.bag())
    weigh_in(desk, shop.two, shop.bag(typed("p01", 5_000), of="0002"))
    redeem(desk, shop.by, shop.basket({"g001": 2, "g013": 1}))
    redeem(desk, shop.by, shop.basket({"g001": 1, "g017": 2}, of="0006", shortfall=Shortfall.CASH))
    wrong = redeem(desk, shop.by, shop.basket({"g013": 2}, of="0002", shortfall=Shortfall.CASH))
    reverse.reverse(desk, shop.two, journals.number_of(wrong), ReversalReason.WRONG_ITEM)
    receiving.receive(desk, shop.by, bought(salt(packs=1, pack_of=2), slip=f"yd-{today:%m%d}"))
    receiving.receive(desk, shop.by, _gift())
    fund.income(desk, shop.by, Source.DONATION, Fen(50_00), "钱先生")
    fund.income(desk, shop.by, Source.VILLAGE, Fen(100_00), "村委会")
    lot = next(each for each in stock.on_shelf(desk) if each.good == "g001")
    stock.write_off(desk, shop.two, lot, 1, LossReason.DAMAGED)
    weigh_in(desk, shop.by, shop.bag(weighed("m01", 3_000), of="0006"))


def _gift() -> Draft:
    return Draft(Origin.DONATION, "donated", giver=GIVER, lines=(Line("g013", 3, 1, Fen(8_00)),))
