"""Papers about households, read back from what the printer gets: returns, statements, new cards, mergers, disputes."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.units import Grams, Points
from drivers.printer.profile import Columns
from pos.core.cards import IdentityCheck
from pos.core.disputes import Compared, Dispute
from pos.core.receipts import Receipt, TakeBackFacts
from pos.core.redemption import Shortfall
from pos.core.sheets import Sheet
from pos.core.take_back import BackLine, Condition
from pos.counter import cards, disputes, households
from pos.counter.redeem import redeem
from pos.counter.statements import statement
from pos.counter.take_back import take_back
from pos.counter.weigh_in import weigh_in
from pos.i18n import Words
from pos.printing.papers import paper_document
from pos.printing.preview import preview
from pos.printing.wording import document
from tests.drivers.strict_reader import Code
from tests.printing.day import COPY, EN, ZH, number, printed
from tests.printing.slip import slip
from tests.shop import Shop, weighed

WIDTHS = pytest.mark.parametrize("columns", [32, 48])
V1 = (BackLine("g001", 2, Condition.WHOLE), BackLine("g016", 1, Condition.OPENED), BackLine("g013", 1, Condition.WHOLE))


def returned(shop: Shop) -> Receipt:
    weigh_in(shop.desk, shop.by, shop.bag())
    sold = redeem(shop.desk, shop.by, shop.basket())
    return take_back(shop.desk, shop.by, number(sold), V1)


@WIDTHS
def test_v1_on_paper(shop: Shop, columns: Columns) -> None:
    receipt = returned(shop)
    reading = printed(document(receipt, ZH, None, columns), columns)
    found = slip(reading, columns)

    assert isinstance(receipt.facts, TakeBackFacts)
    assert "退货单" in reading.text
    assert found.head["原单"] == receipt.facts.original
    assert [(item.name, item.pieces, item.value, item.notes) for item in found.items] == [
        ("食盐 400g", -2, -400, []),
        ("洗衣液 2kg", -1, -2000, ["已开封，报损"]),
        ("抽纸 3包", -1, -1000, []),
    ]
    assert found.sums == {"total": -3400, "change": 3400, "before": 2582, "after": 5982}
    assert "签字" in found.foot
    assert [code.data for code in reading.items if isinstance(code, Code)] == [receipt.slip.mark]


@WIDTHS
def test_cash_is_given_back(shop: Shop, columns: Columns) -> None:
    sold = redeem(shop.desk, shop.by, shop.basket({"g006": 1}, shortfall=Shortfall.CASH))
    receipt = take_back(shop.desk, shop.two, number(sold), (BackLine("g006", 1, Condition.WHOLE),))
    found = slip(printed(document(receipt, ZH, None, columns), columns), columns)

    assert found.sums == {"total": -6500, "cash back": 5300, "change": 1200, "before": 0, "after": 1200}
    assert found.head["授权"] == "01"


@WIDTHS
def test_what_was_sold_at_a_discount_says_so(shop: Shop, columns: Columns) -> None:
    receipt = returned(shop)
    assert isinstance(receipt.facts, TakeBackFacts)
    facts = replace(receipt.facts, percent=5, points=Points(32_30))
    text = printed(document(replace(receipt, facts=facts), ZH, None, columns), columns).text

    assert "原单让利5%" in text
    assert "+32.30分" in text


@WIDTHS
def test_in_english_and_as_a_copy(shop: Shop, columns: Columns) -> None:
    text = printed(document(returned(shop), EN, COPY, columns), columns).text

    for words in ("RETURN OF GOODS", "REPRINT No. 2", "opened, written off"):
        assert words in text


@WIDTHS
def test_no_balance_for_one_that_wants_none(shop: Shop, columns: Columns) -> None:
    households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=True)
    sold = redeem(shop.desk, shop.by, shop.basket({"g001": 2}))
    text = printed(document(sold, ZH, None, columns), columns).text

    assert "-4.00分" in text
    assert "不印余额" in text
    assert "余额 " not in text
    assert "8.00" not in text
    assert "12.00" not in text
    assert "\n".join(preview(sold, ZH, columns)).count("余额") == 1


def sheets(shop: Shop) -> list[tuple[Sheet, list[str]]]:
    """A sheet of each kind, with what must be legible on it."""
    desk, by, two, number_of = shop.desk, shop.by, shop.two, shop.household
    weigh_in(desk, by, shop.bag())
    redeem(desk, by, shop.basket())
    dispute = Dispute(number_of("0042"), None, "p01", "FS-1", Grams(18_650), Grams(19_100), Compared.KNOWN_LOAD)
    return [
        (
            statement(desk, by, number_of("0042"), date(2026, 1, 1)),
            ["对账单", "59.82", "25.82", "-34.00", "2026-01", "0042", "张*英"],
        ),
        (
            cards.hand_out(desk, two, number_of("0042"), IdentityCheck.CLERK),
            ["第3村民小组", "村文书当面认人", "**** ****", "村民签字", "旧卡从现在起作废"],
        ),
        (households.merge(desk, two, number_of("0002"), number_of("0042")), ["0002", "李*贵", "89.60", "115.42"]),
        (
            disputes.record(desk, by, dispute),
            ["18.65", "19.10", "0.45", "已知重量", "12315", "FS-1", "2026-09-30", "监督员签字"],
        ),
    ]


@WIDTHS
@pytest.mark.parametrize("words", [ZH, EN], ids=["zh_CN", "en"])
def test_sheets(shop: Shop, columns: Columns, words: Words) -> None:
    for paper, legible in sheets(shop):
        text = printed(paper_document(paper, words, None, columns), columns).text.replace("\n", "")
        assert not [part for part in (*legible, paper.number) if words is ZH and part not in text]
        assert paper.number in text


def test_a_passbook_page_stands_on_single_lines_of_narrow_paper(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(weighed("m01", 100_000)))
    redeem(shop.desk, shop.by, shop.basket({"g016": 2}))
    page = statement(shop.desk, shop.by, shop.household("0042"), date(2026, 1, 1))
    lines = [line.text.split() for line in printed(paper_document(page, ZH, None, 32), 32).lines]
    assert ["称重", "15", "160.00", "172.00"] in lines
    assert ["兑换", "15", "-40.00", "132.00"] in lines
