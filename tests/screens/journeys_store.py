"""The journeys behind the counter: goods, stocktake, sales of materials, settlements, awards, lists, sync."""

from catalog.units import Fen, Points
from pos.core.fund import Source
from pos.counter import award_files, day, fund, recyclables
from pos.counter.redeem import redeem
from tests.counter.stockroom import with_supplier
from tests.counter.test_award_files import csv_file
from tests.screens.journeys_counter import DAY_MS, pieces, with_cash
from tests.screens.redeeming import SALT
from tests.screens.redeeming import points as points_of
from tests.screens.walk import Walk
from tests.shop import STOCK, Shop


def supplied(shop: Shop) -> None:
    """The co-op is on the list."""
    with_supplier(shop)


async def goods_in(walk: Walk) -> None:
    """4.6: two boxes of twenty bags of salt from the co-op."""
    await walk.press("f5", "down", "down", "2", "plus")
    await walk.comes("note")
    await walk.scan(SALT)
    await walk.press(*"2", "down", *"20", "down", *"32", "down", *"20270101", "plus")
    await walk.comes("note")
    await walk.press("plus")
    await walk.comes("sheet")
    assert pieces(walk, "g001") == STOCK + 40


async def stocktake(walk: Walk) -> None:
    """4.7: the dear goods counted by hand, all as the books say, approved by another."""
    await walk.press("f6", "2")
    for good in ("czy", "ddy", "xyy"):
        await walk.press("enter", *good, "down", *"30", "plus")
        await walk.comes("stocktake")
    await walk.press("plus")
    await walk.says("stocktake.counting-over")
    await walk.press("plus")
    await walk.approve()
    await walk.comes("sheet")
    assert pieces(walk, "g006") == STOCK


async def sale(walk: Walk) -> None:
    """4.9: two loads of cardboard over the store's own scale, and what the dealer's says."""
    await walk.menu("sell")
    await walk.put("FS-1", 0)
    await walk.press("1")
    for load in (120_000, 130_000):
        await walk.put("FS-1", load)
        await walk.press("enter")
        await walk.put("FS-1", 0)
    await walk.press("f6", "1", *"248.5", "enter")
    await walk.comes("sell")
    await walk.press("plus")
    await walk.comes("sheet")
    assert recyclables.open_yard(walk.desk).book("p01") == 612_000 - 250_000
    assert fund.purse(walk.desk).fund[Source.MATERIAL] == Fen(310_63)


async def hazards(walk: Walk) -> None:
    """4.9: fifty batteries to the licensed collector."""
    await walk.menu("hand-over")
    await walk.press("enter", *"50", "enter", "plus", "1")
    await walk.comes("sheet")
    assert recyclables.open_yard(walk.desk).book("h01") == 10


def owing(shop: Shop) -> None:
    """Three bars of the keeper's own soap redeemed last month."""
    with_cash(shop)
    redeem(shop.desk, shop.by, shop.basket({"g017": 3}, of="0002"))
    day.close_day(shop.desk, shop.two)
    shop.clock.advance(20 * DAY_MS)
    day.open_day(shop.desk, shop.by)


async def settlement(walk: Walk) -> None:
    """4.9b: the keeper's goods of last month paid from the fund by two people."""
    before = fund.purse(walk.desk).fund[Source.VILLAGE]
    await walk.menu("settle")
    await walk.press("enter", "2", "plus", "plus")
    await walk.approve()
    await walk.comes("sheet")
    assert fund.purse(walk.desk).fund[Source.VILLAGE] == before - Fen(6_90)


async def exceptions(walk: Walk) -> None:
    """4.12: this month's exceptions on the screen and on paper."""
    await walk.menu("exceptions")
    await walk.press("plus")
    await walk.comes("sheet")
    await walk.press("plus")
    await walk.says("sheet-screen.printing")


def awarded(shop: Shop) -> None:
    """A file of awards in the store's folder."""
    folder = shop.folder / award_files.FOLDER
    folder.mkdir(exist_ok=True)
    csv_file(folder)


async def awards(walk: Walk) -> None:
    """4.13: the newest file looked at and posted by two people."""
    await walk.menu("awards")
    await walk.press("f5", "plus", "plus")
    await walk.approve()
    await walk.comes("home")
    assert points_of(walk, "0042") == Points(24_00)


async def sync(walk: Walk) -> None:
    """4.15: how things stand with the ledger; a store alone is told that there is none."""
    await walk.press("asterisk", "plus")
    await walk.says("sync.alone")
