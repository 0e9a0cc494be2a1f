"""Receipts read back from their bytes by the strict reader, and held against what the journal says."""

from dataclasses import replace

import pytest

from drivers.printer.profile import Charset, Columns
from pos.core import crockford
from pos.core.entries import Entry
from pos.printing.wording import document
from tests import shop as shops
from tests.drivers.strict_reader import Reading
from tests.printing.day import COPY, ZH, Written, printed
from tests.printing.slip import Slip, slip


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
    assert sums.get("cash", 0) - sums.get("cash back", 0) == net(entry, "drawer", "cash")
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
