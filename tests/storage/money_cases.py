"""What a keeper does with materials and money, prepared to be broken off at each statement."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from catalog.units import Fen, Points
from pos.core.campaigns import Campaign
from pos.core.fund import Source, Use
from pos.core.limits import Policy
from pos.core.selling import Draft, Offer
from pos.core.stock import VarianceReason
from pos.counter import bays, buyers, campaigns, day, fund, materials, recyclables, settlements
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage.buyers import FOREVER, Buyer, Contract
from tests.shop import Shop, counted, weighed

DEALER = Buyer("b1", "柳河再生资源", "黑A12345", "", "", buyers.DEALER)
COLLECTOR = Buyer("c1", "县固废中心", "", "", "HZ-17", buyers.COLLECTOR)
PEST = Campaign("pest", "农药包装", date(2026, 1, 1), date(2026, 1, 31), Points(20_00))


def _known(shop: Shop) -> None:
    for each in (DEALER, COLLECTOR):
        buyers.save(shop.desk, shop.by, each)
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 20_000), counted("h01", 20)))


def _rich(shop: Shop) -> None:
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(500_00), "村委会")


def _sell(shop: Shop) -> Callable[[], object]:
    _known(shop)
    sale = Draft("b1", "", (Offer("p01", 125),), (weighed("p01", 10_000),))
    return lambda: recyclables.sell(shop.desk, shop.by, sale)


def _hand_over(shop: Shop) -> Callable[[], object]:
    _known(shop)
    return lambda: recyclables.hand_over(shop.desk, shop.by, "c1", {"h01": 20})


def _erase(shop: Shop) -> Callable[[], object]:
    _sell(shop)()
    return lambda: buyers.erase(shop.desk, shop.two, "b1")


def _agree(shop: Shop) -> Callable[[], object]:
    _known(shop)
    contract = Contract("b1", "p01", date(2026, 1, 1), FOREVER, 125)
    return lambda: buyers.agree(shop.desk, shop.two, contract)


def _bay(shop: Shop) -> Callable[[], object]:
    _known(shop)
    seq = bays.count(shop.desk, shop.by, "p01", 19_000).seq
    return lambda: bays.approve(shop.desk, shop.two, seq, VarianceReason.DAMAGED)


def _confirm(shop: Shop) -> Callable[[], object]:
    shop.desk = replace(shop.desk, weighing=Policy(wait=True))
    for short in ("0042", "0002"):
        weigh_in(shop.desk, shop.by, shop.bag(of=short))
    return lambda: campaigns.confirm(shop.desk, shop.two, [shop.household("0042"), shop.household("0002")])


def _spend(shop: Shop) -> Callable[[], object]:
    _rich(shop)
    return lambda: fund.spend(shop.desk, shop.two, Source.VILLAGE, Use.RENT, Fen(100_00), "房东")


def _into_drawer(shop: Shop) -> Callable[[], object]:
    _rich(shop)
    return lambda: fund.into_drawer(shop.desk, shop.by, Source.VILLAGE, Fen(100_00))


def _into_fund(shop: Shop) -> Callable[[], object]:
    _into_drawer(shop)()
    return lambda: fund.into_fund(shop.desk, shop.by, Source.VILLAGE, Fen(100_00))


def _settle(shop: Shop) -> Callable[[], object]:
    _rich(shop)
    redeem(shop.desk, shop.by, shop.basket({"g017": 3}, of="0002"))
    day.close_day(shop.desk, shop.two)
    shop.clock.advance(86_400_000)
    day.open_day(shop.desk, shop.by)
    return lambda: settlements.settle(shop.desk, shop.two, "k-02", date(2026, 1, 31), Source.VILLAGE)


MONEY_CASES: dict[str, Callable[[Shop], Callable[[], object]]] = {
    "bays.count": lambda shop: lambda: bays.count(shop.desk, shop.by, "p01", 1_000),
    "bays.approve": _bay,
    "recyclables.sell": _sell,
    "recyclables.hand_over": _hand_over,
    "buyers.save": lambda shop: lambda: buyers.save(shop.desk, shop.by, DEALER),
    "buyers.erase": _erase,
    "buyers.agree": _agree,
    "campaigns.begin": lambda shop: lambda: campaigns.begin(shop.desk, shop.two, PEST, Points(500_00)),
    "campaigns.confirm": _confirm,
    "materials.refuse_banned": lambda shop: lambda: materials.refuse_banned(shop.desk, shop.by, "m04"),
    "materials._save": lambda shop: lambda: materials.pause(shop.desk, shop.by, "p01", paused=True),
    "fund.income": lambda shop: lambda: _rich(shop),
    "fund.spend": _spend,
    "fund.into_drawer": _into_drawer,
    "fund.into_fund": _into_fund,
    "fund.count_drawer": lambda shop: lambda: fund.count_drawer(shop.desk, shop.by, Fen(5_00), "unknown"),
    "fund.bind": lambda shop: lambda: fund.bind(shop.desk, shop.two, Source.VILLAGE, (Use.RENT,)),
    "settlements.settle": _settle,
    "settlements.name_household": lambda shop: (
        lambda: settlements.name_household(shop.desk, shop.by, "k-02", shop.household("0042"))
    ),
}
"""Each prepares a shop, and gives back what is to be done in it."""
