"""盘点 walked through: blind scans, a second round, reasons, approval by another, over a restart and beside a sale."""

from pathlib import Path

from pos.counter import stock
from pos.counter.redeem import redeem
from pos.storage import registry
from pos.tui.screens.stocktake import StocktakeScreen
from tests.screens.conftest import Till, opened_till
from tests.screens.goods import fill, paper, pick, rows
from tests.screens.redeeming import DETERGENT, SALT
from tests.shop import CLERK, STOCK, Shop


def screen(till: Till) -> StocktakeScreen:
    """The stocktake in front."""
    assert isinstance(till.app.screen, StocktakeScreen)
    return till.app.screen


async def begun(till: Till, scope: str = "stocktake.all") -> None:
    """F6, and what to count chosen."""
    await till.press("f6")
    await till.comes("choose")
    points = till.desk.stock_policy.high_value_points
    await pick(till, till.app.words(scope) if scope.endswith("all") else till.app.words(scope, points=points))
    await till.comes("stocktake")
    await till.until(lambda: screen(till).session is not None)


async def by_hand(till: Till, good: str, pieces: str) -> None:
    """Enter, a good and its pieces."""
    await till.press("enter")
    await till.comes("form")
    await fill(till, good=good, pieces=pieces)
    await till.comes("stocktake")
    await till.idle()


def counted(till: Till) -> dict[str, int]:
    """Pieces counted so far, by good."""
    session = screen(till).session
    assert session is not None
    return {each.good: each.pieces for each in session.counted}


def on_hand(till: Till, good: str) -> int:
    """Pieces of a good in the books."""
    return sum(each.pieces for each in stock.on_shelf(till.desk) if each.good == good)


async def test_from_scan_to_adjustment(serving: Till) -> None:
    till = serving
    await begun(till)
    await till.scan(DETERGENT, DETERGENT, DETERGENT)  # one burst without a gap
    await till.until(lambda: counted(till) == {"g016": 3})
    await by_hand(till, "sy", str(STOCK - 1))
    assert str(STOCK) not in rows(till), "a count is blind"
    await till.press("up", "minus")
    assert counted(till) == {"g001": STOCK - 1}
    await till.press("f6")
    await till.until(lambda: "未盘" in till.message or "没盘" in till.message)
    await till.press("plus")
    await till.comes("confirm")
    await till.press("plus")
    await till.says("stocktake.go-on")
    assert "食盐" in till.text("#summary")
    await till.press("plus")
    await till.says("refused.count-again", item="食盐 400g")
    await by_hand(till, "sy", str(STOCK - 2))
    await till.scan(DETERGENT)
    await till.says("refused.not-in-count", item="洗衣液 2kg")
    await till.press("plus")
    await till.says("stocktake.counting-over")
    await till.until(lambda: "-2" in rows(till))
    await till.press("plus")
    await till.approve()
    await till.says("refused.reason-missing")
    await till.press("enter")
    await till.comes("choose")
    await pick(till, till.app.words("sheet.variance-lost"))
    await till.until(lambda: till.app.words("sheet.variance-lost") in rows(till))
    await till.press("plus")
    await till.approve()
    sheet = await paper(till)
    assert sheet.title == "stocktake"
    assert on_hand(till, "g001") == STOCK - 2
    await till.idle()
    assert till.app.station.drafts.load("stocktake") is None


async def test_it_goes_on_after_a_restart_and_a_sale(tmp_path: Path) -> None:
    folder = tmp_path / "store"

    def sell(shop: Shop) -> None:
        redeem(shop.desk, shop.by, shop.basket({"g001": 4}, of="0002"))

    async with opened_till(folder) as till:
        await till.sign_in()
        await begun(till)
        await by_hand(till, "sy", str(STOCK))
        await till.press("escape")
        await till.comes("home")
        await till.idle()
    async with opened_till(folder, prepare=sell) as till:
        await till.sign_in()
        await till.press("f6")
        await till.comes("stocktake")
        await till.until(lambda: counted(till) == {"g001": STOCK})
        await till.press("plus")
        await till.comes("confirm")
        await till.press("plus")
        await till.says("stocktake.counting-over")
        await till.until(lambda: "相符" in till.text("#summary"))
        await till.press("plus")
        await till.approve()
        await paper(till)
        assert on_hand(till, "g001") == STOCK - 4


async def test_a_sale_in_the_midst_of_a_count(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        await begun(till)
        await till.scan(SALT, SALT)
        await till.until(lambda: counted(till) == {"g001": 2})
        shop = Shop(till.app.folder, till.desk, till.clock, {})
        with till.desk.store.read() as connection:
            shop.cards = {"0002": registry.cards_of(connection, shop.household("0002"))[-1]}
        redeem(till.desk, shop.by, shop.basket({"g001": 1}, of="0002"))
        await till.scan(SALT)
        await till.says("stocktake.restarted", item="食盐 400g", pieces=1)
        assert counted(till) == {"g001": 1}


async def test_whoever_counted_does_not_approve(till: Till) -> None:
    await till.sign_in(CLERK)
    await begun(till, "stocktake.dear")
    for good, pieces in (("czy", STOCK), ("ddy", STOCK), ("xyy", STOCK)):
        await by_hand(till, good, str(pieces))
    await till.scan(SALT)
    await till.says("refused.not-in-count", item="食盐 400g")
    await till.press("plus")
    await till.says("stocktake.counting-over")
    await till.press("escape")
    await till.comes("home")
    await till.press("f12")
    await till.sign_in()
    await till.press("f6")
    await till.comes("stocktake")
    await till.until(lambda: "相符" in till.text("#summary"))
    await till.press("plus")
    await till.approve(CLERK)
    await till.says("refused.counter-approves")


async def test_given_up(serving: Till) -> None:
    till = serving
    await begun(till)
    await till.scan("2000000000000")
    await till.until(lambda: till.rings)
    await till.press("f9")
    await till.comes("confirm")
    await till.press("plus")
    await till.comes("home")
    await till.idle()
    assert till.app.station.drafts.load("stocktake") is None
