"""What a keeper does with goods, prepared to be broken off at each statement."""

from collections.abc import Callable
from dataclasses import replace

from catalog.units import Fen
from pos.core.redemption import OverrideReason
from pos.core.reversal import ReversalReason
from pos.core.stock import LossReason, VarianceReason
from pos.core.stocktake import Session
from pos.counter import new_goods, receiving, redeem, stock, stocktake
from pos.counter.new_goods import NewGood
from pos.counter.stock import Load
from tests.counter.stockroom import COOP, bought, with_supplier
from tests.shop import STOCK, Shop

_TOWEL = NewGood("毛巾", "条", Fen(6_54), "6900000000015")


def _receive(shop: Shop) -> Callable[[], object]:
    with_supplier(shop)
    return lambda: receiving.receive(shop.desk, shop.by, bought(giver="老李"))


def _send_back(shop: Shop) -> Callable[[], object]:
    seq = int(receiving.receive(with_supplier(shop).desk, shop.by, bought()).number.rpartition("-")[2])
    return lambda: receiving.send_back(shop.desk, shop.two, seq, ReversalReason.SENT_BACK)


def _write_off(shop: Shop) -> Callable[[], object]:
    (oil,) = [each for each in stock.on_shelf(shop.desk) if each.good == "g005"]
    return lambda: stock.write_off(shop.desk, shop.two, oil, 3, LossReason.EXPIRED)


def _approve_price(shop: Shop) -> Callable[[], object]:
    good = new_goods.propose(shop.desk, shop.by, _TOWEL)
    return lambda: new_goods.approve(shop.desk, shop.two, good)


def _counted(shop: Shop) -> Session:
    session = stocktake.begin(shop.desk)
    for good, pieces in (("g001", STOCK - 1), ("g016", STOCK + 1)):
        session, _ = stocktake.count(shop.desk, session, good, pieces, more=False)
    return session


def _close_round(shop: Shop) -> Callable[[], object]:
    session = _counted(shop)
    return lambda: stocktake.close_round(shop.desk, shop.by, session)


def _approve_stocktake(shop: Shop) -> Callable[[], object]:
    refs = stocktake.close_round(shop.desk, shop.by, _counted(shop)).refs
    session = Session(0, (), refs=refs).because("g001", VarianceReason.LOST).because("g016", VarianceReason.FOUND)
    return lambda: stocktake.approve(shop.desk, shop.two, session)


def _override(shop: Shop) -> Callable[[], object]:
    ticket = shop.basket({"g001": STOCK + 1}, of="0002")
    given = replace(ticket, overridden=("g001",), override_reason=OverrideReason.NOT_BOOKED)
    return lambda: redeem.redeem(shop.desk, shop.two, given)


GOODS_CASES: dict[str, Callable[[Shop], Callable[[], object]]] = {
    "receiving.receive": _receive,
    "receiving.send_back": _send_back,
    "receiving.save_supplier": lambda shop: lambda: receiving.save_supplier(shop.desk, shop.by, COOP),
    "stock.ship": lambda shop: lambda: stock.ship(shop.desk, shop.by, Load().adding("g001", 3)),
    "stock.write_off": _write_off,
    "new_goods.propose": lambda shop: lambda: new_goods.propose(shop.desk, shop.by, _TOWEL),
    "new_goods.approve": _approve_price,
    "stocktake.approve": _approve_stocktake,
    "stocktake.close_round": _close_round,
    "redeem.redeem: override": _override,
}
