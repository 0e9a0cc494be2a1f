"""粗盘 walked through: blind counts of bays, and the books that follow one; and a name that is forgotten."""

from pathlib import Path

from catalog.units import Fen
from pos.core.entries import Signatures
from pos.core.fund import Source
from pos.counter import erasure, fund
from pos.counter.weigh_in import weigh_in
from tests.counter.stockroom import balance
from tests.screens.conftest import opened_till
from tests.screens.goods import choose, fill, paper, pick, rows
from tests.shop import CLERK, KEEPER, Shop, weighed


async def test_a_bay_is_counted_and_the_books_follow(tmp_path: Path) -> None:
    held: list[Shop] = []

    def prepare(shop: Shop) -> None:
        weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 60_000)))
        held.append(shop)

    async with opened_till(tmp_path / "store", prepare=prepare) as till:
        await till.sign_in()
        await choose(till, "bays", "recyclables")
        await till.comes("list")
        await till.until(lambda: "黄板纸" in rows(till))
        assert "60.00" not in rows(till)
        await till.press("enter")
        await till.comes("form")
        await fill(till, bags="3", bag_weighs="15", loose="12.5")
        await till.comes("list")
        await till.until(lambda: "57.50" in rows(till))
        assert "-2.50" in rows(till)
        await till.press("enter")
        await pick(till, "按实盘入账")
        await till.until(lambda: "为什么" in till.text("#question"))
        await pick(till, till.app.words("sheet.variance-damaged"))
        await till.approve()
        assert (await paper(till)).title == "bay-count"
        await till.press("escape")
        await till.comes("list")
        await till.until(lambda: "已入账" in rows(till))
        shop = held[0]
        shop.desk = till.desk
        assert balance(shop, "bin:shop", "m:p01") == 57_500


async def test_a_donor_is_forgotten(tmp_path: Path) -> None:
    def prepare(shop: Shop) -> None:
        fund.income(shop.desk, Signatures(KEEPER), Source.DONATION, Fen(100_00), "赵慷慨")

    async with opened_till(tmp_path / "store", prepare=prepare) as till:
        await till.sign_in(CLERK)
        await choose(till, "erase-name", "households")
        await till.comes("form")
        await fill(till, whole_name="赵慷")
        await till.until(lambda: "没有找到" in till.message)
        await fill(till, whole_name="慨")
        await till.comes("confirm")
        await till.press("plus")
        await till.approve(KEEPER)
        await till.until(lambda: "已清除" in till.message)
        assert erasure.known(till.desk, "赵慷慨") == 0
