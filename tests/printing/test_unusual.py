"""Paper for what seldom happens: great and small amounts, long and rare names, copies of old, other terms, English."""

from dataclasses import replace

import pytest

from catalog.units import Fen, Points
from drivers.printer.job import receipt_job
from drivers.printer.profile import Charset, Columns, PrinterProfile
from pos.core.receipts import PooledFact, Receipt, RedeemFacts, WeighedFact, WeighFacts
from pos.core.redemption import Collector, Discount
from pos.printing.preview import preview
from pos.printing.wording import document
from tests.drivers.strict_reader import Code, Picture, read
from tests.printing.day import COPY, EN, ZH, Written, printed
from tests.printing.slip import slip


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


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("name", ["W1", "R1", "mixed", "R1 back"])
def test_the_screen_shows_what_paper_shows(day: dict[str, Written], name: str, columns: Columns) -> None:
    receipt = day[name].receipt
    printed_lines = [line.text.strip() for line in printed(document(receipt, ZH, COPY, columns), columns).lines]
    code = f"[QR]{receipt.slip.mark}"
    shown = preview(receipt, ZH, columns, COPY)

    assert "".join(shown).replace(" ", "").count(code) == 1
    assert [line.strip() for line in shown if line.strip() not in f"[QR] {receipt.slip.mark}"] == [
        line for line in printed_lines if line
    ]
    assert max(len(line.encode("gbk")) for line in shown) <= columns


def test_the_screen_shows_a_rare_character_that_a_font_can_draw(day: dict[str, Written]) -> None:
    receipt = day["R1"].receipt
    named = replace(receipt, slip=replace(receipt.slip, household_name="䶮*"))

    assert "户号 0042 〓*" in "\n".join(preview(named, ZH, 32))
    assert "户号 0042 䶮*" in "\n".join(preview(named, ZH, 32, drawable=lambda character: character == "䶮"))
