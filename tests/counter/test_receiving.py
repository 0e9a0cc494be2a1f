"""入库: packs, costs, dates, papers and owners as journey 4.6 of the domain reference has them, and what goes wrong."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.units import Fen
from pos.core.entries import Signatures
from pos.core.fund import Source, Use, UseRestricted
from pos.core.receiving import Draft, Line, short_dated
from pos.core.refusals import (
    AlreadyReversed,
    ApprovalNeeded,
    GoodUnknown,
    NotPermitted,
    NotReversible,
    PriceMissing,
    QuantityOutOfRange,
    Refused,
    TicketEmpty,
    TooManyLines,
)
from pos.core.reversal import ReversalReason
from pos.core.sheets import Count, Fact, Label, Money, Sheet
from pos.core.stock import Origin, Receive
from pos.core.stock_refusals import (
    DatesWrong,
    GoodsExpired,
    LotTouched,
    MoreThanSent,
    OwnerUnknown,
    SlipMissing,
    SlipUsed,
    SupplierMissing,
)
from pos.counter import day, fund, receiving, redeem, settlements, stock
from pos.counter.stock import Load
from pos.storage import books, deliveries, jobs
from pos.storage.verify import verify
from tests.counter.stockroom import COOP, balance, bought, salt, with_supplier
from tests.shop import AUDITOR, STOCK, Shop
from tests.storage.contents import contents


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A shop that buys from the co-op."""
    return with_supplier(shop)


def newest(shop: Shop) -> Receive:
    """The body of the newest entry."""
    with shop.desk.store.read() as connection:
        seq = books.head(connection, shop.desk.store.installation).seq
        body = books.read_entry(connection, seq).body
    assert isinstance(body, Receive)
    return body


def test_a_purchase_in_boxes(shop: Shop) -> None:
    sheet = receiving.receive(shop.desk, shop.by, bought())
    body = newest(shop)
    assert [(line.good, line.quantity, line.cost_fen) for line in body.lines] == [("g001", 40, 160)]
    assert balance(shop, "due:coop", "due") == 64_00
    assert balance(shop, "in:purchase", "g:g001") == -40
    assert sum(each.pieces for each in stock.on_shelf(shop.desk) if each.good == "g001") == STOCK + 40
    assert sheet.title == "receiving"
    assert Fact("supplier", COOP.name) in sheet.facts
    assert len(sheet.signatures) == 2
    assert sheet.tables[0].total[2:4] == (Count(40), Money(Fen(64_00)))
    with shop.desk.store.read() as connection:
        assert [job.paper for job in jobs.waiting(connection)] == [sheet]
    assert verify(shop.folder).wrong is None


def test_a_cost_that_does_not_divide_is_owed_to_the_fen(shop: Shop) -> None:
    receiving.receive(shop.desk, shop.by, bought(salt(packs=1, pack_of=12, pack_cost=Fen(35_00))))
    assert balance(shop, "due:coop", "due") == 35_00
    assert [(line.quantity, line.cost_fen) for line in newest(shop).lines] == [(4, 291), (8, 292)]


def test_new_lots_leave_by_their_last_day(shop: Shop) -> None:
    receiving.receive(shop.desk, shop.by, bought(salt(packs=1, pack_of=1, expiry=date(2026, 3, 1), produced=None)))
    redeem.redeem(shop.desk, shop.by, shop.basket({"g001": 2}))
    kept = {each.lot: each.pieces for each in stock.on_shelf(shop.desk) if each.good == "g001"}
    assert kept == {"0": STOCK - 1}


def test_quantity_differs_from_the_delivery_note(shop: Shop) -> None:
    sheet = receiving.receive(shop.desk, shop.by, bought(salt(noted=48)))
    assert sheet.tables[0].rows[0][1:3] == (Count(48), Count(40))
    assert "note-differs" in sheet.notes
    assert balance(shop, "due:coop", "due") == 64_00


def test_a_gift_is_valued_by_the_shelf_when_nobody_values_it(shop: Shop) -> None:
    gift = Draft(Origin.DONATION, "donated", giver="赵老板", lines=(salt(pack_cost=None),))
    sheet = receiving.receive(shop.desk, shop.by, gift)
    assert sheet.tables[0].total[3] == Money(Fen(80_00))
    assert balance(shop, "in:donation", "g:g001") == -40
    assert balance(shop, "cost:goods", "due") == 0
    with pytest.raises(PriceMissing):
        receiving.receive(shop.desk, shop.by, bought(salt(pack_cost=None), slip="yd-2"))


def test_a_donors_name_is_in_a_row_and_its_salted_hash_in_the_journal(shop: Shop) -> None:
    receiving.receive(shop.desk, shop.by, Draft(Origin.DONATION, "donated", giver="赵老板", lines=(salt(),)))
    first = newest(shop).giver
    receiving.receive(shop.desk, shop.by, Draft(Origin.DONATION, "donated", giver="赵老板", lines=(salt(),)))
    assert first != newest(shop).giver
    with shop.desk.store.read() as connection:
        assert [gift.giver for gift in deliveries.gifts(connection, 0, 2**60)] == ["赵老板", "赵老板"]
        (row, _) = connection.exec_driver_sql("SELECT giver, salt FROM deliveries ORDER BY seq").all()
        assert deliveries.giver_hash(*row) == first
        journal = b"".join(bytes(line) for _, line, _ in books.lines(connection))
    assert "赵".encode() not in journal


def test_a_keepers_own_goods_are_owed_when_they_are_taken(shop: Shop) -> None:
    receiving.receive(shop.desk, shop.by, bought(salt(), owner="k-02", supplier=""))
    assert balance(shop, "due:k-02", "due") == 0
    redeem.redeem(shop.desk, shop.by, shop.basket({"g001": STOCK + 1}, of="0002"))
    assert balance(shop, "due:k-02", "due") > 0
    assert verify(shop.folder).wrong is None


@pytest.mark.parametrize(
    ("line", "short"),
    [
        (salt(), False),
        (salt(expiry=date(2026, 2, 1), produced=None), True),
        (salt(expiry=date(2026, 6, 1), produced=date(2025, 1, 1)), True),
        (salt(expiry=date(2026, 6, 1), produced=None), False),
        (salt(expiry=None), False),
    ],
)
def test_short_dated(line: Line, short: bool) -> None:
    assert short_dated(line, date(2026, 1, 15), 30) is short


def test_short_dated_goods_are_marked_and_taken(shop: Shop) -> None:
    sheet = receiving.receive(shop.desk, shop.by, bought(salt(expiry=date(2026, 2, 1))))
    assert sheet.tables[0].rows[0][-1] == Label("short-dated")


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (bought(lines=()), TicketEmpty),
        (bought(*[salt()] * 26), TooManyLines),
        (bought(salt(good="g999")), GoodUnknown),
        (bought(salt(packs=0)), QuantityOutOfRange),
        (bought(salt(pack_of=0)), QuantityOutOfRange),
        (bought(salt(expiry=date(2026, 1, 14))), GoodsExpired),
        (bought(salt(produced=date(2026, 1, 16))), DatesWrong),
        (bought(salt(produced=date(2027, 1, 1))), DatesWrong),
        (bought(supplier=""), SupplierMissing),
        (bought(supplier="nobody"), SupplierMissing),
        (bought(slip="A B"), SlipMissing),
        (bought(origin=Origin.SHIPPED, slip=""), SlipMissing),
        (bought(owner="me"), OwnerUnknown),
    ],
)
def test_refused(shop: Shop, draft: Draft, refusal: type[Refused]) -> None:
    before = contents(shop.desk.store)
    with pytest.raises(refusal):
        receiving.receive(shop.desk, shop.by, draft)
    assert contents(shop.desk.store) == before


def test_a_paper_comes_in_once(shop: Shop) -> None:
    receiving.receive(shop.desk, shop.by, bought())
    with pytest.raises(SlipUsed):
        receiving.receive(shop.desk, shop.by, bought())
    receiving.receive(shop.desk, shop.by, bought(slip="yd-1002"))


def test_an_auditor_receives_nothing(shop: Shop) -> None:
    with pytest.raises(NotPermitted):
        receiving.receive(shop.desk, Signatures(AUDITOR), bought())
    with pytest.raises(NotPermitted):
        receiving.save_supplier(shop.desk, Signatures(AUDITOR), COOP)


def test_the_van_is_loaded_and_comes_back(shop: Shop) -> None:
    receiving.receive(shop.desk, shop.by, bought(salt(packs=1, pack_of=5, expiry=date(2026, 6, 1))))
    sheet = stock.ship(shop.desk, shop.by, Load().adding("g001", 8))
    slip = next(fact.cell for fact in sheet.facts if fact.label == "slip")
    assert isinstance(slip, str)
    back = receiving.come_back(shop.desk, slip)
    assert [(line.pieces, line.expiry) for line in back] == [(5, date(2026, 6, 1)), (3, date(2027, 6, 30))]
    part = (replace(back[0], packs=4), back[1])
    unload = Draft(Origin.SHIPPED, "village", slip=slip, lines=part)
    with pytest.raises(MoreThanSent):
        receiving.receive(shop.desk, shop.by, replace(unload, lines=(replace(back[0], packs=9),)))
    receiving.receive(shop.desk, shop.by, unload)
    assert balance(shop, f"way:{slip}", "g:g001") == 1
    assert [line.pieces for line in receiving.come_back(shop.desk, slip)] == [1]
    receiving.receive(shop.desk, shop.by, Draft(Origin.SHIPPED, slip=slip, lines=(replace(back[0], packs=1),)))
    with pytest.raises(SlipMissing):
        receiving.come_back(shop.desk, slip)
    with pytest.raises(SlipUsed):
        receiving.receive(shop.desk, shop.by, unload)
    assert verify(shop.folder).wrong is None


def test_goods_from_another_store_come_in_once(shop: Shop) -> None:
    arrived = Draft(Origin.SHIPPED, slip="p4x9aa-0-7", lines=(salt(),))
    receiving.receive(shop.desk, shop.by, arrived)
    assert balance(shop, "way:p4x9aa-0-7", "g:g001") == -40
    with pytest.raises(SlipUsed):
        receiving.receive(shop.desk, shop.by, arrived)
    with pytest.raises(SlipMissing):
        receiving.come_back(shop.desk, "p4x9aa-0-7")


def number(sheet: Sheet) -> int:
    return int(sheet.number.rpartition("-")[2])


def test_a_note_is_taken_back_whole(shop: Shop) -> None:
    seq = number(receiving.receive(shop.desk, shop.by, bought()))
    with pytest.raises(ApprovalNeeded):
        receiving.send_back(shop.desk, shop.by, seq, ReversalReason.SENT_BACK)
    sheet = receiving.send_back(shop.desk, shop.two, seq, ReversalReason.SENT_BACK)
    assert (sheet.title, sheet.facts[1]) == ("sent-back", Fact("reason", Label("back-sent-back")))
    assert [balance(shop, name, what) for name, what in (("due:coop", "due"), ("in:purchase", "g:g001"))] == [0, 0]
    assert sum(each.pieces for each in stock.on_shelf(shop.desk) if each.good == "g001") == STOCK
    with pytest.raises(AlreadyReversed):
        receiving.send_back(shop.desk, shop.two, seq, ReversalReason.SENT_BACK)
    receiving.receive(shop.desk, shop.by, bought(salt(packs=1)))  # the same paper, booked as it should have been
    assert verify(shop.folder).wrong is None


def test_nothing_is_taken_back_of_a_lot_that_has_been_touched(shop: Shop) -> None:
    seq = number(receiving.receive(shop.desk, shop.by, bought(salt(expiry=date(2026, 3, 1)), salt(good="g013"))))
    redeem.redeem(shop.desk, shop.by, shop.basket({"g001": 1}))
    before = contents(shop.desk.store)
    with pytest.raises(LotTouched) as refused:
        receiving.send_back(shop.desk, shop.two, seq, ReversalReason.WRONG_ITEM)
    assert refused.value.fields["item"] == "食盐 400g"
    assert contents(shop.desk.store) == before
    with pytest.raises(NotReversible):
        receiving.send_back(shop.desk, shop.two, seq + 1, ReversalReason.WRONG_ITEM)


def test_what_was_sent_back_after_the_settlement_is_owed_to_the_store(shop: Shop) -> None:
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(500_00), "村委会")
    seq = number(receiving.receive(shop.desk, shop.by, bought()))
    day.close_day(shop.desk, shop.two)
    shop.clock.advance(86_400_000)
    day.open_day(shop.desk, shop.by)
    settlements.settle(shop.desk, shop.two, "coop", date(2026, 1, 15), Source.VILLAGE)
    receiving.send_back(shop.desk, shop.two, seq, ReversalReason.SENT_BACK)
    day.close_day(shop.desk, shop.two)
    (line,) = settlements.statement(shop.desk, "coop", date(2026, 1, 16)).others
    assert (line.item, line.pieces, line.amount) == ("", 0, Fen(-64_00))


def test_a_gift_sent_back_is_on_no_board(shop: Shop) -> None:
    gift = Draft(Origin.DONATION, "donated", giver="赵老板", lines=(salt(),))
    seq = number(receiving.receive(shop.desk, shop.by, gift))
    receiving.send_back(shop.desk, shop.two, seq, ReversalReason.OTHER)
    with shop.desk.store.read() as connection:
        assert deliveries.gifts(connection, 0, 2**60) == []


def test_the_money_that_is_to_pay_for_it(shop: Shop) -> None:
    sheet = receiving.receive(shop.desk, shop.by, bought(funding="fiscal"))
    assert Fact("funding", Label("source-fiscal")) in sheet.facts
    assert newest(shop).funding == "fiscal"
    fund.bind(shop.desk, shop.two, Source.FISCAL, (Use.RENT,))
    with pytest.raises(UseRestricted):
        receiving.receive(shop.desk, shop.by, bought(funding="fiscal", slip="yd-2"))
