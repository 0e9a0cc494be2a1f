"""资金, 点钞, 资金账, 月度结算 by keyboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from catalog.units import Fen
from pos.core.fund import Source, Use
from pos.core.people import Role
from pos.counter import fund
from pos.counter.day import close_day, open_day
from pos.counter.redeem import redeem
from pos.storage.fund import own_household
from pos.tui import menu
from tests.screens.conftest import Till, opened_till
from tests.shop import Shop


def rich(shop: Shop) -> None:
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(1_000_00), "村委会")


@asynccontextmanager
async def at(folder: Path, screen: str, role: Role = Role.KEEPER) -> AsyncIterator[Till]:
    """A till with one screen of the menu in front, and 1,000 yuan from the village."""
    async with opened_till(folder, prepare=rich) as till:
        await till.sign_in()
        menu.go(till.app, screen, role)
        await till.until(lambda: till.name not in ("home", "login"))
        await till.idle()
        yield till


def holds(till: Till, source: Source) -> Fen:
    return fund.purse(till.desk).fund[source]


async def test_money_comes_in_and_is_paid_out(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "fund") as till:
        await till.press("down", "enter")
        await till.comes("choose")
        await till.press("1")
        await till.comes("form")
        await till.press(*"88.80", "enter", *"Li", "plus")
        await till.comes("sheet")
        assert "s-2026-0002" in till.text("#text")
        assert holds(till, Source.DONATION) == Fen(88_80)
        await till.press("escape")
        await till.comes("list")
        await till.idle()
        await till.press("down", "down", "enter", "2")
        await till.comes("form")
        await till.press(*"300", "enter", "right", "right", "plus")
        await till.approve()
        await till.comes("sheet")
        assert "房租" in till.text("#text")
        assert holds(till, Source.VILLAGE) == Fen(700_00)


async def test_more_than_there_is_says_so_before_and_after(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "fund") as till:
        await till.press("down", "down", "down", "enter", "2")
        await till.comes("form")
        await till.press(*"1000.01")
        await till.until(lambda: "钱不够" in till.text("#comes-to"))
        await till.press("plus")
        await till.approve()
        await till.comes("form")
        await till.says("refused.money-short", available="1000.00", amount="1000.01")


async def test_into_the_drawer_and_back(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "fund") as till:
        for way, amount, drawer in (("3", "200", 200_00), ("4", "50", 150_00)):
            await till.press(*["down"] * 3, "enter", way)
            await till.comes("form")
            await till.press(*amount, "plus")
            await till.comes("list")
            await till.idle()
            assert fund.purse(till.desk).drawer == Fen(drawer)


async def test_a_source_is_bound(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "fund") as till:
        await till.press(*["down"] * 3, "enter", "5")
        await till.comes("form")
        await till.press("right", "plus")
        await till.approve()
        await till.comes("list")
        await till.idle()
        assert fund.purse(till.desk).uses == {Source.VILLAGE: (Use.GOODS,)}


async def test_the_drawer_is_counted_blind(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "count-drawer") as till:
        await till.press(*"5", "plus")
        await till.says("refused.reason-missing")
        await till.press("enter", "right", "plus")
        await till.says("fund.counted-over", amount="5.00")
        assert fund.purse(till.desk).drawer == Fen(5_00)


async def test_the_fund_s_book(tmp_path: Path) -> None:
    async with at(tmp_path / "store", "fund-book") as till:
        await till.comes("form")
        await till.press("plus")
        await till.comes("report-list")
        await till.until(lambda: "1,000.00" in str(till.app.screen.query_one("#lines").render()))
        await till.press("plus")
        await till.comes("sheet")
        assert "村补助" in till.text("#text")


async def test_a_party_is_settled(tmp_path: Path) -> None:
    def owing(shop: Shop) -> None:
        rich(shop)
        redeem(shop.desk, shop.by, shop.basket({"g017": 3}, of="0002"))
        close_day(shop.desk, shop.two)
        shop.clock.advance(86_400_000)
        open_day(shop.desk, shop.by)

    async with opened_till(tmp_path / "store", prepare=owing) as till:
        await till.sign_in()
        menu.go(till.app, "settle", Role.KEEPER)
        await till.comes("list")
        await till.idle()
        await till.press("enter", "3")
        await till.comes("form")
        await till.press(*"0042", "plus")
        await till.says("settle.named")
        await till.press("escape")
        await till.comes("list")
        await till.press("enter", "2")
        await till.comes("form")
        await till.press(*["backspace"] * 10, *"20260115", "plus")
        await till.comes("confirm")
        await till.press("plus")
        await till.approve()
        await till.comes("sheet")
        assert "6.90" in till.text("#text")
        assert holds(till, Source.VILLAGE) == Fen(993_10)
        with till.desk.store.read() as connection:
            assert own_household(connection, "k-02").endswith("0042")
