"""Receipts read back from their bytes by the strict reader, and held against what the journal says."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from catalog.units import Fen, Points
from drivers.printer.document import Document
from drivers.printer.job import receipt_job
from drivers.printer.profile import Charset, Columns, PrinterProfile
from pos import i18n
from pos.core import crockford
from pos.core.entries import Entry
from pos.core.receipts import PooledFact, Receipt, RedeemFacts, WeighedFact, WeighFacts
from pos.core.redemption import Collector, Discount, Shortfall
from pos.core.reversal import ReversalReason
from pos.core.weigh_in import TareFrom
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import weigh_in
from pos.printing.wording import Copy, document
from pos.storage import books
from tests import shop as shops
from tests.drivers.strict_reader import Code, Cut, Picture, Reading, read
from tests.printing.slip import Slip, slip
from tests.shop import Shop, counted, typed, weighed

ZH, EN = i18n.load("zh_CN"), i18n.load("en")
COPY = Copy(2, "01", "2026-01-16 08:00:00")

MIXED = (
    weighed("p01", 18_300, 1_650, tare_from=TareFrom.PRESET, deduction=5),
    weighed("m04", 850),
    typed("m01", 12_455),
    counted("h01", 12),
    counted("s03", 37),
)


@dataclass(frozen=True)
class Written:
    """A receipt with the entry it came from, that entry's hash by our own reckoning, and the entry before it."""

    receipt: Receipt
    entry: Entry
    digest: bytes
    original: Entry | None = None


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Written]]:
    """A day's receipts by name."""
    with shops.opened(tmp_path_factory.mktemp("day") / "store") as shop:
        desk, by, two = shop.desk, shop.by, shop.two
        made = {"W1": weigh_in(desk, by, shop.bag()), "R1": redeem(desk, by, shop.basket())}
        made["mixed"] = weigh_in(desk, two, shop.bag(*MIXED, of="0006"))
        made["cash"] = redeem(desk, by, shop.basket({"g006": 1, "g017": 9}, of="0006", shortfall=Shortfall.CASH))
        made["R1 back"] = reverse(desk, by, number(made["R1"]), ReversalReason.WRONG_ITEM)
        made["cash back"] = reverse(desk, two, number(made["cash"]), ReversalReason.CHANGED_MIND)
        redeem(desk, by, shop.basket({"g013": 10}, of="0006", shortfall=Shortfall.CASH))
        made["mixed back"] = reverse(desk, two, number(made["mixed"]), ReversalReason.WRONG_WEIGHT)
        made["debt paid"] = weigh_in(desk, by, shop.bag(weighed("m01", 100_000), of="0006"))
        yield {name: written(shop, receipt) for name, receipt in made.items()}


def number(receipt: Receipt) -> int:
    return int(receipt.slip.number.rsplit("-", 1)[1])


def written(shop: Shop, receipt: Receipt) -> Written:
    seq = number(receipt)
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, seq)
        before, line = (
            connection.exec_driver_sql("SELECT hash, bytes FROM journal WHERE seq = ?", (at,)).one()
            for at in (seq - 1, seq)
        )
        ref = getattr(entry.body, "ref", None)
        original = books.read_entry(connection, ref) if ref else None
    digest = hashlib.sha256(b"\x01" + before.hash + len(line.bytes).to_bytes(4, "big") + line.bytes).digest()
    assert json.loads(line.bytes)["s"] == seq
    return Written(receipt, entry, digest, original)


def printed(paper: Document, columns: Columns, charset: Charset = "gbk", double_byte: bool = True) -> Reading:
    job = receipt_job("R", paper, PrinterProfile("folder:unused", columns, charset))
    assert job.data.startswith(b"\x1b@")
    reading = read(job.data, dots=columns * 12, charset=charset, double_byte=double_byte)
    assert reading.cuts == 1
    assert isinstance(reading.items[-1], Cut)
    assert reading.pulses == 0
    assert reading.questions == [b"\x1dr\x01"]
    return reading


def net(entry: Entry, kind: str, commodity: str) -> int:
    """What the entry's transfers bring to accounts of a kind, less what they take from them."""
    moves = [move for move in entry.transfers if move.commodity == commodity]
    came = sum(move.quantity for move in moves if move.destination.kind == kind)
    return came - sum(move.quantity for move in moves if move.source.kind == kind)


def commodities(entry: Entry, prefix: str, kind: str) -> list[int]:
    """What accounts of a kind got of each good or material, in the order of the entry."""
    return [
        net(entry, kind, what) for what in dict.fromkeys(m.commodity for m in entry.transfers) if what[:2] == prefix
    ]


@pytest.mark.parametrize("double_byte", [True, False])
@pytest.mark.parametrize("charset", ["gbk", "gb2312"])
@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("name", ["W1", "R1", "mixed", "cash", "R1 back", "cash back", "mixed back", "debt paid"])
def test_paper_says_what_the_journal_says(
    day: dict[str, Written], name: str, columns: Columns, charset: Charset, double_byte: bool
) -> None:
    made = day[name]
    reading = printed(document(made.receipt, ZH, None, columns), columns, charset, double_byte)
    found = slip(reading, columns)
    entry = made.entry

    assert found.head["单号"] == f"LT01-K7Q2MD.0-{entry.seq}"
    assert found.head["店员"] == entry.by.operator
    assert found.head.get("授权") == entry.by.approver
    assert found.head["户号"] == (entry.household or "")[-4:]
    assert found.head["时间"] == "2026-01-15 06:42:00"
    check_balance(found, entry)
    check_items(found, entry)
    check_code(reading, made)
    assert "〓" not in reading.text


def check_balance(found: Slip, entry: Entry) -> None:
    sums = found.sums
    points, debt = net(entry, "pts", "pt"), net(entry, "debt", "pt")
    assert sums["change"] == points + debt
    assert sums["after"] - sums["before"] == points
    assert sums.get("debt", 0) == -debt
    assert sums.get("cash", 0) == net(entry, "drawer", "cash")
    if "amount" in sums:
        value = -net(entry, "value", "frac")
        assert sums["amount"] == value
        if value > 0:
            assert sums.get("carried", 0) - sums.get("carried_before", 0) == net(entry, "carry", "frac")


def check_items(found: Slip, entry: Entry) -> None:
    materials, goods = commodities(entry, "m:", "bin"), commodities(entry, "g:", "out")
    said = [item.net if item.net is not None else item.pieces or 0 for item in found.items]
    assert sorted(said) == sorted(materials or goods)
    for item in found.items:
        if item.gross is not None:
            assert item.net == item.gross - (item.tare or 0)
    if goods:
        assert sum(item.value or 0 for item in found.items) == found.sums["total"]
        assert all((item.pieces or 0) * (item.price or 0) == item.value for item in found.items)
    else:
        pooled = sum(item.value or 0 for item in found.items if item.price is None)
        assert sum(item.value or 0 for item in found.items) - pooled == found.sums["amount"]


def check_code(reading: Reading, made: Written) -> None:
    """The QR's content verifies: its code is the first 50 bits of the entry's hash."""
    [code] = reading.codes
    version, number, check = code.data.split("/")
    assert version == "V1"
    assert number == made.receipt.slip.number
    assert check.replace("-", "") == crockford.encode(made.digest, 50)
    assert f"校验码 {check}" in reading.text


@pytest.mark.parametrize("columns", [32, 48])
def test_a_weigh_in_says_how_each_weight_came(day: dict[str, Written], columns: Columns) -> None:
    reading = printed(document(day["mixed"].receipt, ZH, None, columns), columns)
    paper, copper, iron, batteries, bottles = slip(reading, columns).items

    assert (paper.gross, paper.tare, paper.net, paper.price, paper.value) == (18_300, 1_650, 16_650, 100, 1582)
    assert paper.notes == ["预置皮重  扣杂5%"]
    assert (copper.net, copper.value, copper.notes) == (850, 3825, [])
    assert (iron.gross, iron.net, iron.notes) == (12_455, 12_455, ["手工录重：秤坏了"])
    assert (batteries.pieces, batteries.price, batteries.value) == (12, 10, 120)
    assert (bottles.pieces, bottles.value, bottles.notes) == (37, 100, ["结转2个"])
    text = reading.text
    assert "1分=1元" in text
    assert "秤 FS-1 检定有效至2026-09-30" in text
    assert "秤 CT-1 检定有效至2026-09-30" in text
    assert "价目 第7版 2026-01-01起" in text


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("name", ["W1", "R1", "R1 back"])
def test_every_receipt_says_whose_it_is(day: dict[str, Written], name: str, columns: Columns) -> None:
    reading = printed(document(day[name].receipt, ZH, None, columns), columns)
    shop_name, title = reading.lines[:2]

    assert (shop_name.text, shop_name.align, shop_name.high) == ("柳塘村积分兑换超市", 1, 2)
    assert title.text == {"W1": "称重回收单", "R1": "兑换小票", "R1 back": "冲正单"}[name]
    for said in ("户号 0042 张*英", "第3村民小组", "监督电话 0000-00000000", "热敏纸易褪色，请拍照保存", "*村民联*"):
        assert said in reading.text
    assert "张秀英" not in reading.text
    [balance] = [line for line in reading.lines if line.text.startswith("本次余额")]
    assert (balance.high, balance.wide, balance.bold) == (2, 1, True)
    assert "重打印" not in reading.text


def test_the_shops_name_is_double_width_where_it_fits(day: dict[str, Written]) -> None:
    assert printed(document(day["W1"].receipt, ZH, None, 48), 48).lines[0].wide == 2
    assert printed(document(day["W1"].receipt, ZH, None, 32), 32).lines[0].wide == 1


@pytest.mark.parametrize("columns", [32, 48])
def test_a_reversal_names_what_it_takes_back(day: dict[str, Written], columns: Columns) -> None:
    reading = printed(document(day["mixed back"].receipt, ZH, None, columns), columns)
    found = slip(reading, columns)

    assert found.head["原单"] == day["mixed"].receipt.slip.number
    assert found.head["原因"] == "重量搞错了"
    assert found.head["授权"] == shops.CLERK
    assert found.foot[0] == "签字"
    assert found.sums["amount"] < 0
    assert all((item.value or 0) < 0 for item in found.items)
    assert found.sums["owed"] == found.sums["debt"]


@pytest.mark.parametrize("columns", [32, 48])
def test_a_reprint_is_marked_and_else_the_same(day: dict[str, Written], columns: Columns) -> None:
    for name in ("W1", "R1", "R1 back"):
        receipt = day[name].receipt
        first = printed(document(receipt, ZH, None, columns), columns)
        again = printed(document(receipt, ZH, COPY, columns), columns)

        texts = [line.text for line in again.lines if line.text]
        assert texts[0] == texts[-1] == "*** 重打印 第2次 ***"
        assert texts[1:4] == ["重打时间 2026-01-16 08:00:00", "重打店员 01", "-" * columns]
        assert texts[4:-1] == [line.text for line in first.lines if line.text]
        assert again.codes == first.codes
        assert slip(again, columns) == replace(slip(first, columns), foot=[*slip(first, columns).foot, texts[-1]])


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize(
    ("points", "shown"), [(0, "0.00"), (50, "+0.50"), (123_456_789, "+1,234,567.89"), (-50, "-0.50")]
)
def test_amounts(day: dict[str, Written], columns: Columns, points: int, shown: str) -> None:
    receipt = day["W1"].receipt
    assert isinstance(receipt.facts, WeighFacts)
    facts = replace(receipt.facts, points=Points(points), amount=Fen(points), lines=())
    told = replace(receipt.slip, before=Points(1), after=Points(points + 1))
    reading = printed(document(Receipt(told, facts), ZH, None, columns), columns)

    [change] = [line for line in reading.lines if line.text.endswith(f"{shown}分")]
    assert change.bold
    assert any(line.text.startswith("本次余额") and line.high == 2 for line in reading.lines)


HANZI = "农家自产手工土法压榨纯正浓香非转基因物理压榨一级食用花生油大桶五升装家庭实惠装福"


@pytest.mark.parametrize("charset", ["gbk", "gb2312"])
@pytest.mark.parametrize("columns", [32, 48])
def test_long_names_and_twenty_lines(day: dict[str, Written], columns: Columns, charset: Charset) -> None:
    assert len(HANZI) == 40
    receipt = day["R1"].receipt
    assert isinstance(receipt.facts, RedeemFacts)
    line = replace(receipt.facts.lines[0], name=HANZI, quantity=999, points=Points(123_456), total=Points(123_332_544))
    facts = replace(receipt.facts, lines=(line,) * 20, pieces=999 * 20)
    reading = printed(document(Receipt(receipt.slip, facts), ZH, None, columns), columns, charset)

    assert reading.text.count("1,233,325.44") == 20
    assert reading.text.replace("\n", "").replace(" ", "").count(HANZI[:6]) == 20
    assert "24,666,508.80分" in reading.text


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("charset", ["gbk", "gb2312"])
@pytest.mark.parametrize(
    ("given", "shown"),
    [("𠮷*田", "〓*田"), ("䶮*", "〓*"), ("\x1b@张\n*\x10\x14\x01", "@张 *"), ("🙂*英", "〓*英"), ("阿·*", "阿·*")],
)
def test_names_that_printers_do_not_know(
    day: dict[str, Written], columns: Columns, charset: Charset, given: str, shown: str
) -> None:
    receipt = day["R1"].receipt
    assert isinstance(receipt.facts, RedeemFacts)
    lines = (replace(receipt.facts.lines[0], name=f"{given}牌"), *receipt.facts.lines[1:])
    named = Receipt(replace(receipt.slip, household_name=given), replace(receipt.facts, lines=lines))
    reading = printed(document(named, ZH, None, columns), columns, charset)

    assert f"户号 0042 {shown}" in reading.text
    assert slip(reading, columns).items[0].name == f"{shown}牌"
    assert slip(reading, columns).sums == slip(printed(document(receipt, ZH, None, columns), columns), columns).sums


def test_a_font_draws_what_the_printer_lacks(day: dict[str, Written]) -> None:
    from drivers.printer import raster

    font = raster.find_font()
    assert font, raster.FONT_HELP
    receipt = day["R1"].receipt
    named = replace(receipt, slip=replace(receipt.slip, household_name="䶮*"))
    data = receipt_job("R", document(named, ZH, None, 32), PrinterProfile("folder:unused", 32), font).data

    assert any(isinstance(item, Picture) for item in read(data).items)
    assert "〓" not in read(data).text


def test_an_erased_name_leaves_the_number(day: dict[str, Written]) -> None:
    receipt = day["R1"].receipt
    erased = replace(receipt, slip=replace(receipt.slip, household_name="", group="", telephone=""))
    lines = [line.text for line in printed(document(erased, ZH, None, 32), 32).lines]

    assert "户号 0042" in lines
    assert not [line for line in lines if line.startswith("监督电话")]


@pytest.mark.parametrize("columns", [32, 48])
def test_discount_and_who_collects(day: dict[str, Written], columns: Columns) -> None:
    """R3: 65 points less 5 % is 61.75."""
    receipt = day["cash"].receipt
    assert isinstance(receipt.facts, RedeemFacts)
    line = replace(receipt.facts.lines[0], quantity=1, points=Points(6500), total=Points(6500))
    facts = replace(
        receipt.facts,
        lines=(line,),
        pieces=1,
        discount=Discount(5, "village"),
        price=Points(6175),
        points=Points(6175),
        cash=Fen(0),
        collector=Collector.PROXY,
    )
    told = replace(receipt.slip, before=Points(10_000), after=Points(3_825))
    found = slip(printed(document(Receipt(told, facts), ZH, None, columns), columns), columns)

    assert found.sums == {
        "total": 6500,
        "discount": -325,
        "due": 6175,
        "change": -6175,
        "before": 10_000,
        "after": 3825,
    }
    assert "领取人 代领" in found.foot


def test_whole_points_and_the_carried_fraction(day: dict[str, Written]) -> None:
    """W1 at whole points a ticket, with 0.50 yuan carried from before: 48.32 gives 48 points and carries 0.32."""
    receipt = day["W1"].receipt
    assert isinstance(receipt.facts, WeighFacts)
    facts = replace(receipt.facts, points=Points(4800), carried=Fen(32))
    told = replace(receipt.slip, after=receipt.slip.before + Points(4800))
    sums = slip(printed(document(Receipt(told, facts), ZH, None, 32), 32), 32).sums

    assert (sums["amount"], sums["carried_before"], sums["carried"], sums["change"]) == (4782, 50, 32, 4800)


@pytest.mark.parametrize(("fen", "said"), [(1, "0.01"), (50, "0.50"), (100, "1"), (1000, "10")])
def test_what_a_point_is_worth(day: dict[str, Written], fen: int, said: str) -> None:
    receipt = day["W1"].receipt
    assert isinstance(receipt.facts, WeighFacts)
    facts = replace(receipt.facts, fen_per_point=fen)

    assert f"1分={said}元" in printed(document(replace(receipt, facts=facts), ZH, None, 48), 48).text


def test_a_scale_without_a_verification_date(day: dict[str, Written]) -> None:
    receipt = day["W1"].receipt
    assert isinstance(receipt.facts, WeighFacts)
    facts = replace(receipt.facts, scales=("Platform 2", "FS-1 2026-09-30"))
    lines = [line.text for line in printed(document(replace(receipt, facts=facts), ZH, None, 32), 32).lines]

    assert "秤 Platform 2" in lines
    assert "秤 FS-1 检定有效至2026-09-30" in lines


def test_a_reason_of_a_later_release_stands_as_it_is(day: dict[str, Written]) -> None:
    receipt = day["mixed"].receipt
    assert isinstance(receipt.facts, WeighFacts)
    line = next(line for line in receipt.facts.lines if isinstance(line, WeighedFact) and line.manual_reason)
    facts = replace(receipt.facts, lines=(replace(line, manual_reason="flood"),))

    assert "手工录重：flood" in printed(document(replace(receipt, facts=facts), ZH, None, 32), 32).text


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("name", ["W1", "R1", "mixed", "cash", "mixed back"])
def test_english_fits_too(day: dict[str, Written], name: str, columns: Columns) -> None:
    reading = printed(document(day[name].receipt, EN, COPY, columns), columns)

    assert "REPRINT No. 2" in reading.text
    assert f"Check code {day[name].receipt.slip.check}" in reading.text
    assert [item for item in reading.items if isinstance(item, Code)]
    facts = day[name].receipt.facts
    if isinstance(facts, WeighFacts) and any(isinstance(line, PooledFact) for line in facts.lines):
        assert "2 pcs carried" in reading.text
