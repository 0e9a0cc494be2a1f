"""月度结算: each line once, returns a negative line next month, the party's own household apart, paid from the fund."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from catalog.units import Fen
from pos import i18n
from pos.core.accounts import OWED, Account
from pos.core.fund import MoneyShort, Settle, Source, Use, UseRestricted
from pos.core.refusals import ApprovalNeeded
from pos.core.reversal import ReversalReason
from pos.core.settlements import NothingDue
from pos.core.take_back import BackLine, Condition
from pos.counter import fund, settlements
from pos.counter.day import close_day, open_day
from pos.counter.journal import number_of
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.settlements import Line, Statement
from pos.counter.take_back import take_back
from pos.printing.preview import preview
from pos.printing.wording import Copy
from pos.storage import books
from pos.storage.verify import verify
from tests.shop import Shop, opened

PARTY = "k-02"
JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
SOAP = 2_30
"""What one piece of the keeper's own soap (g017) is owed for."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path / "shop") as shop:
        fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(100_00), "村委会")
        yield shop
    assert verify(tmp_path / "shop").wrong is None


def took(shop: Shop, pieces: int, of: str = "0002") -> int:
    return number_of(redeem(shop.desk, shop.by, shop.basket({"g017": pieces}, of=of)))


def next_day(shop: Shop, days: int = 1) -> None:
    close_day(shop.desk, shop.two)
    shop.clock.advance(days * 86_400_000)
    open_day(shop.desk, shop.by)


def stated(shop: Shop, last: date = JAN) -> Statement:
    return settlements.statement(shop.desk, PARTY, last)


def soap(pieces: int) -> Line:
    return Line("g:g017", "肥皂", pieces, Fen(SOAP), Fen(pieces * SOAP))


def due(shop: Shop) -> int:
    by = shop.desk.store.identity.writer
    key = (Account("due", PARTY, by), OWED)
    with shop.desk.store.read() as connection:
        return books.peek(connection, by, [key]).of(*key)


def test_only_closed_days_are_settled(shop: Shop) -> None:
    took(shop, 3)
    assert stated(shop).amount == Fen(0)
    assert stated(shop).later == Fen(3 * SOAP)
    next_day(shop)
    took(shop, 2)
    found = stated(shop)
    assert found.others == (soap(3),)
    assert (found.amount, found.later) == (Fen(3 * SOAP), Fen(2 * SOAP))


def test_paid_from_the_fund_with_a_voucher_and_two_signatures(shop: Shop) -> None:
    took(shop, 3)
    next_day(shop)
    with pytest.raises(ApprovalNeeded):
        settlements.settle(shop.desk, shop.by, PARTY, JAN, Source.VILLAGE)
    paper = settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    assert fund.purse(shop.desk).fund[Source.VILLAGE] == Fen(100_00 - 3 * SOAP)
    assert due(shop) == 0
    with shop.desk.store.read() as connection:
        body = books.read_entry(connection, int(paper.number.rpartition("-")[2])).body
    assert isinstance(body, Settle)
    assert (body.party, body.amount, body.voucher) == (PARTY, Fen(3 * SOAP), "f-2026-0001")
    for columns in (32, 48):
        text = "\n".join(preview(paper, i18n.load("zh_CN"), columns))
        for said in ("k-02", "肥皂", "6.90", "f-2026-0001", "监督小组签字", "一式两份"):
            assert said in text, said


def test_each_side_gets_an_original(shop: Shop) -> None:
    took(shop, 3)
    next_day(shop)
    sheet = settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    words = i18n.load("zh_CN")
    text = "\n".join(preview(sheet, words, 32))
    assert (text.count("对方联"), text.count("存根联"), text.count("监督小组签字")) == (1, 1, 2)
    assert "重打印" not in text
    again = "\n".join(preview(sheet, words, 32, copy=Copy(1, "02", "2026-02-01 08:00")))
    assert again.count("重打印") >= 2


def test_each_line_settles_once(shop: Shop) -> None:
    took(shop, 3)
    next_day(shop)
    settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    with pytest.raises(NothingDue):
        settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    took(shop, 1)
    next_day(shop, 20)
    assert stated(shop, FEB).others == (soap(1),)


def test_what_came_back_after_the_settlement_is_a_negative_line_next_month(shop: Shop) -> None:
    ticket = took(shop, 3)
    next_day(shop)
    settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    next_day(shop, 20)
    take_back(shop.desk, shop.two, ticket, (BackLine("g017", 2, Condition.WHOLE),))
    took(shop, 4)
    next_day(shop)
    found = stated(shop, FEB)
    assert sorted(found.others, key=lambda line: line.pieces) == [soap(-2), soap(4)]
    assert found.amount == Fen(2 * SOAP)


def test_returns_worth_more_wait_for_another_month(shop: Shop) -> None:
    ticket = took(shop, 3)
    next_day(shop)
    settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    take_back(shop.desk, shop.two, ticket, (BackLine("g017", 2, Condition.WHOLE),))
    next_day(shop)
    with pytest.raises(NothingDue):
        settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    took(shop, 5)
    next_day(shop)
    assert stated(shop).amount == Fen(3 * SOAP)


def test_a_reversal_on_the_same_day_leaves_nothing_to_pay(shop: Shop) -> None:
    reverse(shop.desk, shop.two, took(shop, 3), ReversalReason.WRONG_ITEM)
    took(shop, 1)
    next_day(shop)
    assert stated(shop).amount == Fen(SOAP)
    assert soap(-3) in stated(shop).others


def test_the_party_s_own_household_stands_apart(shop: Shop) -> None:
    settlements.name_household(shop.desk, shop.by, PARTY, shop.household("0042"))
    took(shop, 2)
    took(shop, 1, of="0042")
    next_day(shop)
    found = stated(shop)
    assert (found.others, found.own) == ((soap(2),), (soap(1),))
    assert found.amount == Fen(3 * SOAP)
    assert "本户兑换" in "\n".join(preview(settlements.preview(shop.desk, shop.by, found), i18n.load("zh_CN"), 48))


def test_the_village_s_own_goods_are_on_nobody_s_statement(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g016": 1, "g017": 1}, of="0002"))
    next_day(shop)
    assert stated(shop).others == (soap(1),)


def test_a_fund_that_is_short_or_bound_pays_nothing(shop: Shop) -> None:
    took(shop, 3)
    next_day(shop)
    with pytest.raises(MoneyShort):
        settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.MATERIAL)
    fund.bind(shop.desk, shop.two, Source.VILLAGE, (Use.RENT,))
    with pytest.raises(UseRestricted):
        settlements.settle(shop.desk, shop.two, PARTY, JAN, Source.VILLAGE)
    assert due(shop) == 3 * SOAP
