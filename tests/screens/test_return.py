"""冲正 and 退货 at the till: by scanning the receipt; what was handed out on a closed day comes back piece by piece."""

from pathlib import Path

from catalog.units import Points
from pos.core.entries import Entry
from pos.core.receipts import Receipt
from pos.core.reversal import ReversalReason, Reverse
from pos.core.take_back import BackLine, Condition, TakeBack
from pos.counter import day
from pos.counter.cards import open_household
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import Till, opened_till
from tests.shop import PINS, Shop, weighed
from tests.storage.busy import seq_of

SALT, OIL = "2900000000018", "2900000000063"


class Sold:
    """A sale made before the till is opened; `yesterday` when its day is closed."""

    def __init__(self, *, yesterday: bool = False) -> None:
        self.yesterday = yesterday
        self.receipt: Receipt | None = None

    def __call__(self, shop: Shop) -> None:
        weigh_in(shop.desk, shop.two, shop.bag(weighed("p01", 50_000)))
        self.receipt = redeem(shop.desk, shop.by, shop.basket())
        if self.yesterday:
            day.close_day(shop.desk, shop.by)
            shop.clock.advance(86_400_000)
            day.open_day(shop.desk, shop.by)

    @property
    def mark(self) -> str:
        """What its QR code says."""
        assert self.receipt is not None
        return self.receipt.slip.mark

    @property
    def seq(self) -> int:
        """Its entry's number."""
        assert self.receipt is not None
        return seq_of(self.receipt.slip.number)


def newest(till: Till, kind: type) -> Entry:
    """The newest entry with a body of this kind."""
    with till.desk.store.read() as connection:
        head = books.head(connection, till.desk.store.installation).seq
        found = (books.read_entry(connection, seq) for seq in range(head, 0, -1))
        return next(entry for entry in found if isinstance(entry.body, kind))


def rows(till: Till) -> list[str]:
    return [f"{row.text} {row.figure}" for row in till.app.screen.query_one("#lines", Ticket).rows]


async def scan_receipt(till: Till, sold: Sold) -> None:
    await till.sign_in()
    await till.scan(sold.mark)
    await till.comes("receipt")


async def test_a_scanned_receipt_is_voided_in_the_same_shift(tmp_path: Path) -> None:
    sold = Sold()
    async with opened_till(tmp_path / "store", prepare=sold) as till:
        await scan_receipt(till, sold)
        await till.press("delete")
        await till.comes("choose")
        await till.press("4")
        await till.comes("approve")
        await till.press(*PINS["02"], "enter")
        await till.until(lambda: till.app.screen.query("#number"), "34 points need a second person")
        await till.approve()
        await till.until(lambda: till.app.screen.query("#text") and "冲正单" in till.text("#text"))
        body = newest(till, Reverse).body
        assert isinstance(body, Reverse)
        assert (body.ref, body.reason) == (sold.seq, ReversalReason.CHANGED_MIND)


async def test_after_the_close_it_says_to_take_goods_back(tmp_path: Path) -> None:
    sold = Sold(yesterday=True)
    async with opened_till(tmp_path / "store", prepare=sold) as till:
        await scan_receipt(till, sold)
        await till.press("delete")
        await till.comes("choose")
        await till.press("4")
        await till.comes("approve")
        await till.press(*PINS["02"], "enter")
        await till.until(lambda: till.app.screen.query("#number"))
        await till.approve()
        await till.comes("receipt")
        await till.says("refused.closed-day")


async def test_v1_with_keys_and_scanner(tmp_path: Path) -> None:
    sold = Sold(yesterday=True)
    async with opened_till(tmp_path / "store", prepare=sold) as till:
        await scan_receipt(till, sold)
        await till.press("f5")
        await till.comes("return")
        assert till.app.words("return.choose") in till.text("#comes-to")
        await till.scan(SALT, SALT)
        await till.until(lambda: "退 2 完好" in rows(till)[0])
        await till.press("down", "f5", "enter")
        assert "退 1 开封" in rows(till)[1]
        assert till.app.words("return.comes-to", points="24.00", cash="0.00") in till.text("#comes-to")
        await till.press("plus")
        await till.comes("receipt")
        assert "退货单" in till.text("#text")
        assert "已开封，报损" in till.text("#text")
        body = newest(till, TakeBack).body
        assert isinstance(body, TakeBack)
        assert body.lines == (BackLine("g001", 2, Condition.WHOLE), BackLine("g016", 1, Condition.OPENED))
        assert open_household(till.desk, till.cards["0042"]).points == Points(62_00 - 10_00)

        await till.press("delete")
        await till.says("refused.not-reversible")


async def test_never_more_than_is_left(tmp_path: Path) -> None:
    sold = Sold()
    async with opened_till(tmp_path / "store", prepare=sold) as till:
        await scan_receipt(till, sold)
        await till.press("f5")
        await till.comes("return")
        await till.press("enter", "enter", "enter")
        await till.says("refused.quantity-range", most=2)
        await till.press("minus")
        assert "退 1 完好" in rows(till)[0]
        await till.press("asterisk")
        await till.comes("number")
        await till.press("2", "enter")
        await till.comes("return")
        assert "退 2 完好" in rows(till)[0]
        await till.scan(OIL)
        await till.says("refused.good-unknown")
        await till.press("minus", "minus", "minus", "plus")
        await till.says("refused.ticket-empty")
        await till.press("enter", "plus")
        await till.comes("receipt")

        await till.press("escape")
        await till.comes("home")
        await till.scan(sold.mark)
        await till.comes("receipt")
        await till.press("f5")
        await till.comes("return")
        assert "售 2  已退 1" in rows(till)[0]


async def test_above_the_limit_a_second_person_agrees(tmp_path: Path) -> None:
    sold = Sold()
    async with opened_till(tmp_path / "store", prepare=sold) as till:
        await scan_receipt(till, sold)
        await till.press("f5")
        await till.comes("return")
        await till.press("enter", "enter", "down", "enter", "down", "enter", "plus")
        await till.approve()
        await till.comes("receipt")
        assert newest(till, TakeBack).by.approver == "01"


async def test_esc_takes_nothing_back(tmp_path: Path) -> None:
    sold = Sold()
    async with opened_till(tmp_path / "store", prepare=sold) as till:
        await scan_receipt(till, sold)
        await till.press("f5")
        await till.comes("return")
        await till.press("enter", "escape")
        await till.comes("receipt")
        with till.desk.store.read() as connection:
            assert not books.take_backs(connection, newest(till, object).household or "", sold.seq)


async def test_a_weigh_in_has_no_goods_to_take_back(tmp_path: Path) -> None:
    marks: list[str] = []

    def weigh(shop: Shop) -> None:
        marks.append(weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 10_000))).slip.mark)

    async with opened_till(tmp_path / "store", prepare=weigh) as till:
        await till.sign_in()
        await till.scan(marks[0])
        await till.comes("receipt")
        await till.press("f5")
        await till.says("refused.not-reversible")


async def test_receipts_that_are_not_ours(serving: Till) -> None:
    await serving.scan("V1/LT99-K7Q2MD.0-3/K7QM-2D4X-9A")
    await serving.says("refused.receipt-foreign")
    await serving.scan("V1/LT01-K7Q2MD.0-3/K7QM-2D4X-9A")
    await serving.says("refused.receipt-forged")


async def test_a_receipt_is_found_from_wherever_a_card_is_awaited(tmp_path: Path) -> None:
    sold = Sold()
    async with opened_till(tmp_path / "store", prepare=sold) as till:
        await till.sign_in()
        for front in ("household", "journal", "receipt"):
            if front == "household":
                await till.open_household()
            if front == "journal":
                await till.press("f8")
                await till.comes("journal")
            await till.scan(sold.mark)
            await till.comes("receipt")
            await till.until(lambda: "洗衣液 2kg" in till.text("#text"))
            if front != "receipt":
                await till.press("escape")
                await till.comes(front)


async def sell_salt(till: Till) -> None:
    """One bag of salt for the household whose card number is typed: a scanned card would still be in view."""
    await till.press(*till.cards["0042"][2:14], "enter")
    await till.comes("household")
    await till.press("f2")
    await till.comes("redeem")
    await till.idle()
    await till.scan(SALT)
    await till.until(lambda: rows(till))
    await till.press("plus")


async def test_the_same_ticket_twice_is_asked_about(serving: Till) -> None:
    """Not after a restart alone: the villager's ticket keyed in again right after it was written."""
    await sell_salt(serving)
    await serving.comes("receipt")
    first = newest(serving, object).seq
    await serving.press("escape")
    await serving.comes("home")

    await sell_salt(serving)
    await serving.comes("confirm")
    assert str(first) in serving.text("#question")
    await serving.press("escape")
    await serving.comes("redeem")
    assert newest(serving, object).seq == first, "Esc writes nothing"
    await serving.press("plus")
    await serving.comes("confirm")
    await serving.press("plus")
    await serving.comes("receipt")
    assert newest(serving, object).seq == first + 1
    await serving.press("escape")
    await serving.comes("home")

    serving.clock.advance(121_000)
    await sell_salt(serving)
    await serving.comes("receipt")
