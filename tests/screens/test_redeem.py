"""兑换 walked through: goods scanned and searched as a keeper does it, and what the store holds after."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.events import Key

from catalog.units import Fen, Points
from drivers.scanner.codes import Debounce
from pos.core.redemption import Collector
from pos.counter import households
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.tui import open_tickets
from pos.tui.widgets.digits import BigDigits
from tests.screens.conftest import opened_till
from tests.screens.redeeming import DETERGENT, OIL, SALT, SOAP, TISSUES, Redeeming, journal, points, redeeming_at
from tests.shop import STOCK, VILLAGE, Shop


@pytest.fixture
async def walk(tmp_path: Path) -> AsyncIterator[Redeeming]:
    """A household with 89.60 points."""
    async with redeeming_at(tmp_path / "store") as redeeming:
        yield redeeming


async def test_r1_by_scans(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT, SALT, DETERGENT, TISSUES)  # one burst without a gap
    assert walk.ticket == {"g001": 2, "g016": 1, "g013": 1}
    assert "34.00" in till.text("#sums")
    assert "3 种 4 件" in till.text("#sums")
    assert "-34.00" in till.text("#household")
    assert walk.balance == "55.60"
    body = await walk.finish()
    assert (body.price, body.points, body.cash) == (Points(3400), Points(3400), Fen(0))
    assert body.collector is Collector.HEAD
    assert points(till, "0002") == Points(5560)
    assert open_tickets.load(till.app.station.drafts).redeem is None


async def test_r1_by_initials_and_numbers(walk: Redeeming) -> None:
    till = walk.till
    await till.press(*"xyy")
    assert "洗衣液" in walk.list("#offers")
    assert "20.00" in walk.list("#offers")
    assert f"存 {STOCK}" in walk.list("#offers")
    assert "限 2 (已兑 0)" in walk.list("#offers")
    await till.press("enter")
    assert walk.ticket == {"g016": 1}
    await till.press("2", "asterisk", "1", "enter")
    assert walk.ticket == {"g016": 1, "g001": 2}
    await till.press("c", "z")
    assert "抽纸" in walk.list("#offers")
    await till.press("enter")
    assert walk.ticket == {"g016": 1, "g001": 2, "g013": 1}
    body = await walk.finish()
    assert body.points == Points(3400)


async def test_full_width_letters_and_signs(walk: Redeeming) -> None:
    till = walk.till
    await till.press("３")
    till.app.post_message(Key("fullwidth_asterisk", "＊"))
    await till.until(lambda: walk.screen.times == 3)
    await till.press("ｓ", "ｙ", "enter")
    assert walk.ticket == {"g001": 3}


async def test_choosing_among_several(walk: Redeeming) -> None:
    till = walk.till
    await till.press("1")
    assert len(walk.screen.matches) > 1
    wanted = walk.screen.matches[1].code
    await till.press("down", "enter")
    assert walk.ticket == {wanted: 1}


async def test_quantity_of_a_line(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT, TISSUES)
    await till.press("up", "asterisk")
    await till.comes("number")
    assert "食盐" in till.text("#question")
    await till.press("1", "2", "enter")
    await till.comes("redeem")
    assert walk.ticket == {"g001": 12, "g013": 1}
    assert walk.balance == "55.60"


async def test_quantity_of_what_was_found(walk: Redeeming) -> None:
    till = walk.till
    await till.press("f", "z", "asterisk")
    await till.comes("number")
    await till.press("4", "enter")
    await till.until(lambda: till.name == "redeem" and walk.ticket == {"g017": 4})


async def test_removing_a_line(walk: Redeeming) -> None:
    await walk.scan(SALT, TISSUES, SOAP)
    await walk.till.press("up", "minus")
    assert walk.ticket == {"g001": 1, "g017": 1}
    await walk.till.press("minus", "delete", "minus")
    assert walk.ticket == {}
    await walk.till.press("plus")
    await walk.refused("单子是空的")
    assert journal(walk.till) == []


def weighed_in_w1(shop: Shop) -> None:
    """Household 0006 starts with 11.99 and brings W1: 59.81; what it redeems first leaves 47.82."""
    weigh_in(shop.desk, shop.by, shop.bag(of="0006"))
    shop.clock.advance()
    lines = {"g001": 1, "g013": 1}
    assert redeem(shop.desk, shop.by, shop.basket(lines, of="0006"))
    shop.clock.advance()


async def test_r2_with_cash(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store", "0006", weighed_in_w1) as walk:
        till = walk.till
        assert walk.balance == "47.81"
        await walk.scan(OIL)
        assert walk.balance == "-17.19"
        assert "17.19" in till.text("#sums")
        await till.press("plus")
        await walk.refused("还差 17.19 分")
        assert journal(till)[-1].price == Points(1200)
        await till.press("f5")
        assert "应收现金 17.19 元" in till.text("#sums")
        assert walk.balance == "0.00"
        body = await walk.finish()
        assert (body.price, body.points, body.cash) == (Points(6500), Points(4781), Fen(1719))
        assert points(till, "0006") == Points(0)


async def test_cash_can_be_taken_back(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(OIL, TISSUES, TISSUES, TISSUES)
    await till.press("f5")
    assert "应收现金" in till.text("#sums")
    await till.press("f5")
    assert "应收现金" not in till.text("#sums")
    await till.press("plus")
    await walk.refused("还差 5.40 分")
    await till.press("minus")
    body = await walk.finish()
    assert (body.points, body.cash) == (Points(6500), Fen(0))


async def test_collector(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT)
    await till.press("f6")
    await till.comes("choose")
    await till.press("4")
    await till.comes("redeem")
    assert "代领" in till.text("#sums")
    body = await walk.finish()
    assert (body.collector, body.member) == (Collector.PROXY, 0)


async def test_a_member_who_collects_is_named_masked(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT)
    await till.press("f6")
    await till.comes("choose")
    await till.press("2")
    await till.comes("redeem")
    assert "王*兰" in till.text("#sums")
    body = await walk.finish()
    assert (body.collector, body.member) == (Collector.MEMBER, 1)
    assert "王*兰" in till.text("#text")
    assert "王秀兰" not in till.text("#text")


async def test_scans_before_the_shelf_is_read(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        await till.open_household("0002")
        await till.press("f2")
        await till.until(lambda: till.name == "redeem")
        await till.scan(SALT, SALT, SALT)
        walk = Redeeming(till)
        await till.until(lambda: walk.ticket == {"g001": 3})


async def test_a_power_cut_with_an_open_ticket(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    async with redeeming_at(folder) as walk:
        await walk.scan(SALT, SALT, DETERGENT)
        await walk.till.press("f6")
        await walk.till.comes("choose")
        await walk.till.press("2")
        await walk.till.comes("redeem")
        await walk.till.idle()
        left = walk.screen.draft
    async with opened_till(folder) as till:
        await till.sign_in()
        await till.press("f2")
        await till.comes("redeem")
        again = Redeeming(till)
        await till.until(lambda: again.screen.shelf is not None)
        assert again.screen.draft == left
        body = await again.finish()
        assert (body.household, body.points) == (f"{VILLAGE}0002", Points(2400))
        assert body.collector is Collector.MEMBER


async def test_finishing_twice_writes_once(walk: Redeeming) -> None:
    till = walk.till
    await walk.scan(SALT)
    await till.pilot.press("plus", "plus", "plus")
    await till.comes("receipt")
    await till.idle()
    assert len(journal(till)) == 1
    assert points(till, "0002") == Points(8760)


async def test_on_a_large_screen(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store", size=(100, 30)) as walk:
        await walk.scan(SALT, TISSUES)
        assert "抽纸" in walk.list("#lines")
        assert walk.balance == "77.60"


async def test_a_household_that_hides_its_balance_shows_none(tmp_path: Path) -> None:
    def hide(shop: Shop) -> None:
        households.set_quiet(shop.desk, shop.by, shop.household("0002"), quiet=True)

    async with redeeming_at(tmp_path / "store", "0002", hide) as walk:
        await walk.scan(SALT)
        shown = "".join(strip.text for strip in walk.till.app.screen._compositor.render_strips())
        assert walk.balance == "-"
        assert "本单 -2.00 分" in walk.till.text("#household")
        assert not [figure for figure in ("89.60", "87.60") if figure in shown]
        await walk.finish()
        assert walk.till.app.screen.query_one(BigDigits).value == "-"
        await walk.till.press("escape")
        await walk.till.comes("home")
        # As after the moments in which the same card is one scan.
        walk.till.app._debounce = Debounce()
        await walk.till.open_household("0002")
        await walk.till.press("f3")
        await walk.till.comes("weigh-in")
        await walk.till.idle()
        assert "87.60" not in walk.till.text("#household")
