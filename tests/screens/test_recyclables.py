"""外卖, 交接, 认定, 品类 by keyboard: from the menu to the books, and each way they are refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalog.units import Fen, Grams
from pos.core.fund import Source
from pos.core.limits import Policy
from pos.core.people import Role
from pos.core.weigh_in import Payout, Weigh
from pos.counter import buyers, campaigns, fund, materials, recyclables
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.storage.buyers import FOREVER, Buyer, Contract
from pos.tui import menu
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.screens.weighing import IRON, PAPER, Pans, plugged_in
from tests.shop import CLERK, Shop, counted, weighed

DEALER = Buyer("b1", "柳河再生资源", "黑A12345", "", "", "dealer")
COLLECTOR = Buyer("c1", "县固废中心", "", "", "HZ-17", "collector")


def stocked(shop: Shop) -> None:
    """612 kg of cardboard and 60 batteries in their bins, and who takes them."""
    for each in (DEALER, COLLECTOR):
        buyers.save(shop.desk, shop.by, each)
    buyers.agree(shop.desk, shop.two, Contract("b1", "p01", date(2026, 1, 1), FOREVER, 125))
    for _ in range(6):
        weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 102_000)))
    weigh_in(shop.desk, shop.by, shop.bag(counted("h01", 60)))


@asynccontextmanager
async def at(folder: Path, screen: str, *, settings: str = SETTINGS, prepare: object = stocked) -> AsyncIterator[Till]:
    """A till with one screen of the menu in front."""
    async with opened_till(folder, settings=settings, prepare=prepare) as till:  # type: ignore[arg-type]
        await till.sign_in()
        menu.go(till.app, screen, Role.KEEPER)
        await till.until(lambda: till.name not in ("home", "login"))
        await till.idle()
        yield till


@pytest.fixture
async def yard(tmp_path: Path) -> AsyncIterator[tuple[Till, Pans]]:
    """The sale's screen, with scales."""
    with plugged_in() as pans:
        async with at(tmp_path / "store", "sell", settings=pans.settings) as till:
            await till.comes("sell")
            yield till, pans


async def put(till: Till, pans: Pans, grams: int) -> None:
    """A load on the platform, seen settled."""
    pans.floor.place(grams, ramp=0.1)
    await till.until(lambda: getattr(till.app.weighings.get("FS-1"), "grams", None) == Grams(grams), f"{grams}")
    await till.pilot.pause()


async def paper_comes(till: Till) -> str:
    """The slip in front, as text."""
    await till.comes("sheet")
    return till.text("#text")


async def test_a_sale_over_the_store_s_own_scale(yard: tuple[Till, Pans]) -> None:
    till, pans = yard
    await till.press(PAPER)
    for load in (120_000, 130_000):
        await put(till, pans, load)
        await till.press("enter")
        await till.until(lambda: "已取重" in till.message)
        await till.idle()
        await put(till, pans, 0)
    await till.press("f6")
    await till.comes("choose")
    await till.press("1")
    await till.comes("number")
    await till.press(*"248.5", "enter")
    await till.comes("sell")
    await till.press("plus")
    slip = await paper_comes(till)
    for said in ("柳河再生资源", "黑A12345", "310.63", "248.50", "250.00"):
        assert said in slip, said
    assert recyclables.open_yard(till.desk).book("p01") == 612_000 - 250_000
    assert fund.purse(till.desk).fund[Source.MATERIAL] == Fen(310_63)


async def test_too_much_lost_and_too_cheap_each_ask_for_a_reason(yard: tuple[Till, Pans]) -> None:
    till, _ = yard
    await till.press(PAPER, "f6", "1")
    await till.comes("number")
    await till.press(*"590", "enter")
    await till.comes("sell")
    await till.press("f6", "2")
    await till.comes("number")
    await till.press(*"1.1", "enter")
    await till.comes("sell")
    await till.press("f6", "3", "plus")
    await till.comes("choose")
    await till.press("1")
    await till.until(lambda: till.name == "choose" or "3.59" in till.message)
    await till.comes("choose")
    await till.press("1")
    await till.approve()
    slip = await paper_comes(till)
    for said in ("3.59%", "1.10", "649.00"):
        assert said in slip, said
    assert recyclables.open_yard(till.desk).book("p01") == 0


async def test_a_sale_outlives_the_screen(yard: tuple[Till, Pans]) -> None:
    till, _ = yard
    await till.press(PAPER, "f6", "1")
    await till.comes("number")
    await till.press(*"100", "enter")
    await till.comes("sell")
    await till.idle()
    await till.press("escape")
    await till.comes("home")
    menu.go(till.app, "sell", Role.KEEPER)
    await till.comes("sell")
    await till.until(lambda: "125.00" in till.text("#sums"))
    await till.press("minus")
    await till.until(lambda: "125.00" not in till.text("#sums"))
    await till.press("plus")
    await till.says("refused.ticket-empty")


async def test_nobody_to_sell_to(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "sell", prepare=None) as till:
        await till.says("sell.no-buyer")


async def test_money_and_plate_of_a_sale(yard: tuple[Till, Pans]) -> None:
    till, _ = yard
    await till.press("f2")
    await till.comes("form")
    await till.press("right", "enter", *["backspace"] * 8, *"JD777", "plus")
    await till.comes("sell")
    await till.until(lambda: "JD777" in till.text("#household"))
    await till.press(PAPER, "f6", "1")
    await till.comes("number")
    await till.press(*"10", "enter")
    await till.comes("sell")
    await till.press("plus")
    assert "JD777" in await paper_comes(till)
    assert fund.purse(till.desk).drawer == Fen(12_50)


async def test_hazards_are_handed_over(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "hand-over") as till:
        await till.press("plus")
        await till.says("refused.ticket-empty")
        await till.press("enter")
        await till.comes("number")
        await till.press(*"50", "enter")
        await till.comes("hand-over")
        await till.press("plus")
        await till.comes("choose")
        await till.press("1")
        slip = await paper_comes(till)
        assert "HZ-17" in slip
        assert recyclables.open_yard(till.desk).book("h01") == 10


async def test_a_material_is_paused_at_once(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "materials") as till:
        await till.press("enter")
        await till.comes("choose")
        await till.press("1")
        await till.says("materials.paused", item="黄板纸")
        assert materials.everything(till.desk)[0].material.paused
        await till.press("enter", "1")
        await till.says("materials.resumed", item="黄板纸")


async def test_a_material_s_limits(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "materials") as till:
        await till.press("enter", "2")
        await till.comes("form")
        await till.press(*"30", "enter", *["backspace"] * 4, *"3", "plus")
        await till.approve()
        await till.comes("list")
        kept = materials.everything(till.desk)[0].material
        assert (kept.daily_limit, kept.tolerance) == (30_000, 300)


async def test_a_buyer_and_a_contract(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "buyers", prepare=None) as till:
        await till.press("f5")
        await till.comes("form")
        await till.press(*"b2", "enter", *"Liuhe", "plus")
        await till.comes("edit-list")
        await till.idle()
        assert [each.name for each in buyers.everyone(till.desk)] == ["Liuhe"]
        await till.press("enter", "2")
        await till.until(lambda: "合同价" in till.text("#title"))
        await till.press("f5")
        await till.comes("form")
        await till.press(*"p01", "enter", *"1.25", "plus")
        await till.approve()
        await till.comes("edit-list")
        assert buyers.prices(till.desk, "b2") == {"p01": 125}


async def test_a_campaign_begins(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "campaigns", prepare=None) as till:
        await till.press("f5")
        await till.comes("form")
        await till.press(*"pest", "enter", *"bags", "enter", "enter", *"20260130", "enter", *"20", "enter", *"500")
        await till.press("plus")
        await till.approve()
        await till.comes("edit-list")
        (found,) = campaigns.everything(till.desk)
        assert (found.campaign.code, str(found.left)) == ("pest", "500.00")


async def test_the_clerk_confirms_points(tmp_path: Path) -> None:
    def waits(shop: Shop) -> None:
        shop.desk = replace(shop.desk, weighing=Policy(wait=True))
        weigh_in(shop.desk, shop.by, shop.bag())
        weigh_in(shop.desk, shop.by, shop.bag(counted("h01", 60), of="0002"))

    async with at(tmp_path / "store", "confirm-points", prepare=waits) as till:
        await till.until(lambda: "53.82" in till.text("#summary"))
        await till.press("enter")
        await till.approve(CLERK)
        await till.says("confirm-points.done", points="47.82")
        await till.press("plus")
        await till.comes("confirm")
        await till.press("plus")
        await till.approve(CLERK)
        await till.says("confirm-points.done", points="6.00")
        assert campaigns.waiting(till.desk) == []


async def test_a_gift_to_the_village_needs_no_card(tmp_path: Path) -> None:
    with plugged_in() as pans:
        async with at(tmp_path / "store", "donation", settings=pans.settings, prepare=None) as till:
            await till.comes("weigh-in")
            await till.press(PAPER)
            await put(till, pans, 9_000)
            await till.press("enter")
            await till.until(lambda: "9.00" in str(till.app.screen.query_one("#lines").render()))
            await till.idle()
            await till.press("plus")
            await till.comes("receipt")
            assert "捐给村集体" in till.text("#text")
            assert recyclables.open_yard(till.desk).book("p01") == 9_000


async def test_metal_asks_for_what_nobody_may_buy(tmp_path: Path) -> None:
    def metal(shop: Shop) -> None:
        materials.decide(shop.desk, shop.two, "m01", None, 250, "", metal=True)

    with plugged_in() as pans:
        async with at(tmp_path / "store", "donation", settings=pans.settings, prepare=metal) as till:
            await till.comes("weigh-in")
            await till.press(IRON)
            await till.comes("choose")
            await till.press("2")
            await till.says("banned.noted")
            with till.desk.store.read() as connection:
                newest = books.newest(connection, 1)[0]
                assert "banned" in repr(books.read_entry(connection, newest.seq).body)
            await till.press(IRON, "1")
            await till.comes("weigh-in")
            await put(till, pans, 9_000)
            await till.press("enter")
            await till.until(lambda: "9.00" in str(till.app.screen.query_one("#lines").render()))


async def test_a_household_is_paid_in_cash_or_over_its_limit(tmp_path: Path) -> None:
    def ready(shop: Shop) -> None:
        materials.decide(shop.desk, shop.two, "h01", 10, 250, "", metal=False)
        fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(100_00), "")
        fund.into_drawer(shop.desk, shop.by, Source.VILLAGE, Fen(50_00))

    settings = SETTINGS + "\n[weigh_in]\ncash = true\n"
    async with opened_till(tmp_path / "store", settings=settings, prepare=ready) as till:
        await till.sign_in()
        await till.open_household()
        await till.press("f3")
        await till.comes("weigh-in")
        await till.idle()
        await till.press("5")
        await till.comes("number")
        await till.press(*"20", "enter")
        await till.comes("weigh-in")
        await till.press("f2")
        await till.comes("choose")
        await till.press("2")
        await till.comes("weigh-in")
        await till.idle()
        await till.press("plus")
        await till.comes("choose")
        await till.press("1")
        await till.approve()
        await till.comes("receipt")
        assert fund.purse(till.desk).drawer == Fen(48_00)
        with till.desk.store.read() as connection:
            bodies = [books.read_entry(connection, each.seq).body for each in books.newest(connection, 3)]
        (ticket,) = [body for body in bodies if isinstance(body, Weigh)]
        assert (ticket.payout, ticket.amount) == (Payout.CASH, Fen(2_00))
