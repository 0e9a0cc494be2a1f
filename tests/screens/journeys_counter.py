"""The journeys of the counter: cards, goods, scales, papers. Each function plays one and says what must hold then."""

from catalog.units import Fen, Grams, Points
from drivers.scanner.codes import Debounce
from pos.core.cards import CardState
from pos.core.closing import Closing
from pos.core.day import DayClose, Review
from pos.core.disputes import Compared
from pos.core.fund import Source
from pos.core.receipts import Receipt
from pos.core.scales import Concern
from pos.counter import cards, day, disputes, fund, redeem, scales, stock, vouchers
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.storage.services import VoucherState
from tests.counter.village_policy import offer
from tests.screens.redeeming import DETERGENT, SALT, TISSUES, journal
from tests.screens.redeeming import points as points_of
from tests.screens.walk import Walk
from tests.shop import STOCK, Shop, weighed

DAY_MS = 86_400_000


def with_cash(shop: Shop) -> None:
    """Fifty yuan of the village's money in the drawer."""
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(1_000_00), "村委会")
    fund.into_drawer(shop.desk, shop.by, Source.VILLAGE, Fen(50_00))


def next_morning(shop: Shop) -> None:
    """Yesterday closed with fifty yuan left in the drawer, nothing open yet."""
    with_cash(shop)
    day.close_day(shop.desk, shop.two, Closing(counted=Fen(50_00)))
    shop.clock.advance(DAY_MS)


def pieces(walk: Walk, good: str) -> int:
    """Pieces of a good on hand."""
    return sum(each.pieces for each in stock.on_shelf(walk.desk) if each.good == good)


async def opening(walk: Walk) -> None:
    """4.0: log in, check both scales with their 5 kg, count the float, open."""
    await walk.sign_in(screen="opening")
    for name in ("FS-1", "CT-1"):
        await walk.sees("opening", "#lines", f"> ! 秤         {name}")
        await walk.put(name, 0)
        await walk.press("enter")
        await walk.comes("confirm")
        await walk.put(name, 5_000)
        await walk.press("plus")
    await walk.sees("opening", "#lines", "> ! 备用金")
    await walk.press("enter", *"50", "enter", "plus")
    await walk.comes("home")
    day.check_serving(walk.desk, walk.app.by)
    assert not any(Concern.CHECK_DUE in each.concerns for each in scales.standings(walk.desk).values())


async def redemption(walk: Walk) -> None:
    """4.1: R1."""
    await walk.scan(walk.cards["0002"])
    await walk.comes("household")
    await walk.scan(SALT, SALT, DETERGENT, TISSUES)
    await walk.comes("redeem")
    await walk.press("plus")
    await walk.comes("receipt")
    assert points_of(walk, "0002") == Points(89_60) - Points(34_00)
    assert pieces(walk, "g001") == STOCK - 2


async def weighing(walk: Walk) -> None:
    """4.2: W1, two tares off the scale."""
    await walk.scan(walk.cards["0042"])
    await walk.press("f3")
    for scale in ("FS-1", "CT-1"):
        await walk.put(scale, 0)
    for key, scale, tare, gross in (("1", "FS-1", 350, 18_650), ("2", "CT-1", 200, 4_200), ("3", "FS-1", 0, 12_450)):
        await walk.press(key)
        if tare:
            await walk.put(scale, tare)
            await walk.press("f5", "1")
            await walk.comes("weigh-in")
        await walk.put(scale, gross)
        await walk.press("enter")
        await walk.put(scale, 0)
    await walk.press("plus")
    await walk.comes("receipt")
    assert points_of(walk, "0042") == Points(12_00) + Points(47_82)


async def statement(walk: Walk) -> None:
    """4.3: the balance by the card alone; this month on paper."""
    await walk.scan(walk.cards["0042"])
    await walk.comes("household")
    await walk.press("f5", "plus")
    await walk.comes("sheet")
    await walk.press("plus")
    await walk.says("sheet-screen.printing")


async def card_replaced(walk: Walk) -> None:
    """4.4: found by number, the card reported lost, a new one handed out by two people; the old one is dead."""
    await walk.menu("find-household")
    await walk.press(*"0042", "down", "2", "plus")
    await walk.comes("choose")
    await walk.press("2")
    await walk.sees("list", "#lines", "第 1 张")
    await walk.press("enter", "1")
    await walk.sees("list", "#lines", "挂失")
    await walk.press("enter", "2", "1")
    await walk.approve()
    await walk.comes("sheet")
    held = cards.card_file(walk.desk, "9901011012000042").cards
    assert [each.card.state for each in held] == [CardState.ACTIVE, CardState.REPLACED]


class Sold:
    """A sale of a bag of salt made before the till is opened; `yesterday` when its day is closed."""

    def __init__(self, *, yesterday: bool) -> None:
        self.yesterday = yesterday
        self.receipt: Receipt | None = None

    def __call__(self, shop: Shop) -> None:
        self.receipt = redeem.redeem(shop.desk, shop.by, shop.basket({"g001": 2}))
        if self.yesterday:
            day.close_day(shop.desk, shop.by)
            shop.clock.advance(DAY_MS)
            day.open_day(shop.desk, shop.by)

    @property
    def mark(self) -> str:
        """What its QR code says."""
        assert self.receipt is not None
        return self.receipt.slip.mark


SOLD_TODAY, SOLD_YESTERDAY = Sold(yesterday=False), Sold(yesterday=True)


async def void(walk: Walk) -> None:
    """4.5: the receipt scanned in the same shift, why, the keeper's PIN again."""
    await walk.scan(SOLD_TODAY.mark)
    await walk.comes("receipt")
    await walk.press("delete", "4", *"2580", "enter")
    await walk.sees("receipt", "#text", "冲正单")
    assert points_of(walk, "0042") == Points(12_00)


async def goods_back(walk: Walk) -> None:
    """4.5: the receipt and the goods scanned a day later."""
    await walk.scan(SOLD_YESTERDAY.mark)
    await walk.comes("receipt")
    await walk.press("f5")
    await walk.scan(SALT)
    await walk.press("plus")
    await walk.sees("receipt", "#text", "退货单")
    assert points_of(walk, "0042") == Points(10_00)


async def day_closed(walk: Walk) -> None:
    """4.8: the drawer counted, signed by two, the Z on the screen."""
    await walk.press("f7", "enter", *"50", "enter", "plus", "1")
    await walk.approve()
    await walk.comes("sheet")
    with walk.desk.store.read() as connection:
        body = books.read_entry(connection, books.head(connection, walk.desk.store.installation).seq).body
    assert isinstance(body, DayClose)
    assert body.review is Review.SIGNED


def served(shop: Shop) -> None:
    """Services, and a day on which their prices hold."""
    day.close_day(shop.desk, shop.by)
    offer(shop)
    day.open_day(shop.desk, shop.by)


async def service(walk: Walk) -> None:
    """4.10: a haircut redeemed, and its voucher taken back by scan."""
    await walk.scan(walk.cards["0002"])
    await walk.press("f2", *"lfq", "enter", "plus")
    await walk.comes("receipt")
    number = journal(walk)[-1].services[0].voucher
    await walk.press("escape")
    await walk.comes("home")
    await walk.scan(number)
    await walk.comes("voucher")
    await walk.press("plus")
    await walk.says("voucher.used")
    assert vouchers.look(walk.desk, number).voucher.state is VoucherState.USED


async def mixed(walk: Walk) -> None:
    """4.11: twelve points, the rest in cash, change given."""
    await walk.scan(walk.cards["0042"])
    await walk.comes("household")
    await walk.scan(DETERGENT)
    await walk.comes("redeem")
    await walk.press("f5", "f9", *"10", "enter", "plus")
    await walk.comes("receipt")
    assert (journal(walk)[-1].cash, points_of(walk, "0042")) == (Fen(8_00), Points(0))
    assert "找零" in walk.text("#text")


async def alone(walk: Walk) -> None:
    """4.14: no ledger to ask at all: points of a moment ago are spent all the same."""
    await walk.scan(walk.cards["0042"])
    await walk.press("f3", "5", *"60", "enter", "plus")
    await walk.comes("receipt")
    # As after the moments in which the same card is one scan.
    walk.app._debounce = Debounce()
    await walk.scan(walk.cards["0042"])
    await walk.comes("household")
    await walk.scan(SALT)
    await walk.comes("redeem")
    await walk.press("plus")
    await walk.comes("receipt")
    assert points_of(walk, "0042") == Points(12_00) + Points(6_00) - Points(2_00)


class Doubted:
    """A weigh-in made before the till is opened."""

    mark = ""

    def __call__(self, shop: Shop) -> None:
        self.mark = weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 18_650, 350))).slip.mark


DOUBTED = Doubted()


async def dispute(walk: Walk) -> None:
    """4.16: the receipt scanned, what a known load says beside it."""
    await walk.scan(DOUBTED.mark)
    await walk.press("f6", "down", "down", "down", *"19.1", "down", "3", "plus")
    await walk.comes("sheet")
    [line] = disputes.listed(walk.desk)
    case = line.case.dispute
    assert (case.own, case.other, case.compared) == (Grams(18_650), Grams(19_100), Compared.KNOWN_LOAD)
