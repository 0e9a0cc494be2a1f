"""兑换 refused, interrupted, or left: said in words and aloud, and nothing lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from catalog.units import Points
from pos.counter.redeem import redeem
from pos.tui import open_tickets
from tests.screens.conftest import opened_till
from tests.screens.redeeming import DETERGENT, OIL, OLD_OIL, SALT, TISSUES, Redeeming, journal, redeeming_at
from tests.shop import STOCK, Shop


@pytest.fixture
async def walk(tmp_path: Path) -> AsyncIterator[Redeeming]:
    """A household with 89.60 points."""
    async with redeeming_at(tmp_path / "store") as redeeming:
        yield redeeming


async def test_nothing_found(walk: Redeeming) -> None:
    await walk.till.press("q", "q", "enter")
    await walk.refused("没有这种商品")
    await walk.till.press("backspace", "backspace", "enter")
    assert "请先扫商品" in walk.till.message
    assert walk.ticket == {}


async def test_household_limit(walk: Redeeming) -> None:
    await walk.scan(OIL)
    await walk.till.scan(OIL)
    await walk.refused("每户每月限 1 件")
    assert walk.ticket == {"g006": 1}


async def test_limit_counts_what_was_taken_before(tmp_path: Path) -> None:
    def took(shop: Shop) -> None:
        redeem(shop.desk, shop.by, shop.basket({"g016": 1}, of="0002"))
        shop.clock.advance()

    async with redeeming_at(tmp_path / "store", prepare=took) as walk:
        await walk.scan(DETERGENT)
        await walk.till.scan(DETERGENT)
        await walk.refused("本月已兑 1 件")
        assert walk.ticket == {"g016": 1}


async def test_out_of_stock(walk: Redeeming) -> None:
    await walk.till.press("3", "1", "asterisk", "1", "enter")
    await walk.refused(f"只剩 {STOCK} 件")
    assert walk.ticket == {}
    assert walk.screen.times == 31  # nothing of what was typed is lost


async def test_expired_goods_are_not_on_the_shelf(walk: Redeeming) -> None:
    await walk.till.press(*"czy")
    assert "缺货" in walk.list("#offers")
    await walk.till.scan(OLD_OIL)
    await walk.refused("已过保质期")
    assert walk.ticket == {}


async def test_unknown_barcode(walk: Redeeming) -> None:
    await walk.till.scan("6901234567892")
    await walk.refused("没有这种商品")


async def test_a_scan_while_a_dialog_is_up(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT)
    await till.press("asterisk")
    await till.comes("number")
    await till.scan(TISSUES)
    await till.until(lambda: till.rings)
    assert till.name == "number"
    assert "2900" not in till.text("#typed")
    await till.press("2", "enter")
    await till.comes("redeem")
    assert walk.ticket == {"g001": 2}


async def test_other_cards(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT)
    await till.scan(till.cards["0002"][2:14])  # its number: the QR code was read a moment ago
    await till.until(lambda: "就是这一户" in till.message)
    await till.scan(till.cards["0042"])
    await till.comes("choose")
    await till.press("escape")
    await till.comes("redeem")
    assert walk.ticket == {"g001": 1}
    till.clock.advance()
    await till.scan(till.cards["0006"])
    await till.comes("choose")
    assert "0006" in till.text("#question")
    await till.press("2")
    await till.comes("household")
    await till.idle()
    assert open_tickets.load(till.app.station.drafts).redeem is None
    assert journal(till) == []


async def test_leaving_asks(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT)
    await till.press("x", "escape")  # the search first
    assert (till.name, walk.screen.typed.text) == ("redeem", "")
    await till.press("escape")
    await till.comes("choose")
    await till.press("2")
    await till.comes("home")
    assert journal(till) == []


async def test_a_ticket_written_right_before_the_cut_is_not_written_again_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    async with redeeming_at(folder) as walk:
        await walk.scan(SALT)
        await walk.till.idle()
        redeem(walk.till.desk, walk.till.app.by, walk.screen.draft)  # the cut comes before the draft is cleared
    async with opened_till(folder) as till:
        await till.sign_in()
        await till.press("f2")
        await till.comes("choose")
        assert "已经记过账" in till.text("#question")
        await till.press("1")
        await till.comes("home")
        assert len(journal(till)) == 1


async def test_a_good_that_sold_out_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    async with redeeming_at(folder) as walk:
        await walk.till.press("2", "0", "asterisk", "1", "enter")
        assert walk.ticket == {"g001": 20}
        await walk.till.idle()

    def sell(shop: Shop) -> None:
        redeem(shop.desk, shop.by, shop.basket({"g001": 15}, of="0015"))
        shop.clock.advance()

    async with opened_till(folder, prepare=sell) as till:
        await till.sign_in()
        await till.press("f2")
        await till.comes("redeem")
        again = Redeeming(till)
        await till.until(lambda: again.screen.shelf is not None)
        await till.press("plus")
        await again.refused("只剩 15 件")
        await till.press("asterisk")
        await till.comes("number")
        await till.press("5", "enter")
        await till.comes("redeem")
        body = await again.finish()
        assert body.points == Points(1000)
