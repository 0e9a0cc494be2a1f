"""兑换 walked through: goods scanned and searched as a keeper does it, and what the store holds after."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import Key

from catalog.units import Fen, Points
from pos.core.redemption import Collector, Redeem
from pos.counter import cards
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.tui import open_tickets
from pos.tui.screens.redeem import RedeemScreen
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import Till, opened_till
from tests.shop import STOCK, VILLAGE, Shop

SALT, OLD_OIL, OIL, TISSUES, DETERGENT, SOAP = (
    "2900000000018",
    "2900000000056",
    "2900000000063",
    "2900000000131",
    "2900000000162",
    "2900000000179",
)


class Redeeming:
    """A till with a redemption in front."""

    def __init__(self, till: Till) -> None:
        self.till = till

    @property
    def screen(self) -> RedeemScreen:
        screen = self.till.app.screen
        assert isinstance(screen, RedeemScreen)
        return screen

    @property
    def ticket(self) -> dict[str, int]:
        """Pieces by good."""
        return {line.good: line.quantity for line in self.screen.draft.lines}

    @property
    def balance(self) -> str:
        """The big figure."""
        return self.screen.query_one(BigDigits).value

    def list(self, place: str) -> str:
        return str(self.screen.query_one(place, Ticket).render())

    async def scan(self, *codes: str) -> None:
        """Scan goods and wait until as many pieces more are on the ticket."""
        before = sum(self.ticket.values())
        await self.till.scan(*codes)
        await self.till.until(lambda: sum(self.ticket.values()) == before + len(codes), "scanned")

    async def refused(self, words: str) -> None:
        """The screen says no with these words, and aloud."""
        await self.till.until(lambda: words in self.till.message, words)
        assert any(words in ring for ring in self.till.rings)

    async def finish(self) -> Redeem:
        """`+`, the receipt comes, and this is what the journal says."""
        await self.till.press("plus")
        await self.till.comes("receipt")
        return journal(self.till)[-1]


def journal(till: Till) -> list[Redeem]:
    with till.desk.store.read() as connection:
        listed = [entry.seq for entry in books.newest(connection, 50) if entry.kind == "redeem"]
        found = [books.read_entry(connection, seq).body for seq in reversed(listed)]
    return [body for body in found if isinstance(body, Redeem)]


def points(till: Till, short: str = "0042") -> Points:
    return cards.open_household(till.desk, till.cards[short]).points


@asynccontextmanager
async def redeeming_at(
    folder: Path, short: str = "0002", prepare: Callable[[Shop], object] | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Redeeming]:
    async with opened_till(folder, prepare=prepare, size=size) as till:
        await till.sign_in()
        await till.open_household(short)
        await till.press("f2")
        await till.comes("redeem")
        walk = Redeeming(till)
        await till.until(lambda: walk.screen.shelf is not None, "goods")
        yield walk


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


async def test_nothing_found(walk: Redeeming) -> None:
    await walk.till.press("q", "q", "enter")
    await walk.refused("没有这种商品")
    await walk.till.press("backspace", "backspace", "enter")
    assert "请先扫商品" in walk.till.message
    assert walk.ticket == {}


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
    await till.press("3")
    await till.comes("redeem")
    assert "代领" in till.text("#sums")
    body = await walk.finish()
    assert body.collector is Collector.PROXY


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
    await walk.refused("只剩 0 件")
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


async def test_scans_before_the_shelf_is_read(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        await till.open_household("0002")
        await till.press("f2")
        await till.until(lambda: till.name == "redeem")
        await till.scan(SALT, SALT, SALT)
        walk = Redeeming(till)
        await till.until(lambda: walk.ticket == {"g001": 3})


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
