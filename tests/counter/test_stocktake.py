"""盘点 as journey 4.7 of the domain reference tells it: blind, beside the sales, counted twice, approved by another."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.units import Fen, Points
from pos.core import codec
from pos.core.entries import Signatures
from pos.core.redemption import OverrideReason
from pos.core.refusals import (
    ApprovalNeeded,
    ApproverSame,
    NotPermitted,
    QuantityOutOfRange,
    ReasonMissing,
    TicketEmpty,
)
from pos.core.sheets import Count, Label, Money, Score
from pos.core.stock import LossReason, VarianceReason
from pos.core.stock_refusals import AlreadyAdjusted, CountAgain, CounterApproves, NotInCount
from pos.core.stocktake import Phase, Session
from pos.counter import receiving, redeem, stock, stocktake
from pos.storage.drafts import Drafts
from pos.storage.verify import verify
from tests.counter.stockroom import balance, bought, salt, with_supplier
from tests.shop import AUDITOR, CLERK, KEEPER, STOCK, Shop, opened
from tests.storage.contents import contents

LOST = VarianceReason.LOST


def counted(shop: Shop, session: Session, **pieces: int) -> Session:
    """The session with these goods counted, at this moment."""
    for good, found in pieces.items():
        session, _ = stocktake.count(shop.desk, session, good, found, more=False)
    return session


def closed(shop: Shop, **pieces: int) -> Session:
    """A stocktake after its first round."""
    return stocktake.close_round(shop.desk, shop.by, counted(shop, stocktake.begin(shop.desk), **pieces))


def reviewed(shop: Shop, **pieces: int) -> Session:
    """A stocktake whose second round found the same again, with a reason for each difference."""
    again = closed(shop, **pieces)
    if again.phase is Phase.SECOND:
        again = stocktake.close_round(
            shop.desk, shop.by, counted(shop, again, **{good: pieces[good] for good in again.goods})
        )
    for variance in stocktake.variances(shop.desk, again):
        again = again.because(variance.good, LOST)
    return again


def sell(shop: Shop, good: str, pieces: int) -> None:
    """Hand so many pieces out."""
    redeem.redeem(shop.desk, shop.by, shop.basket({good: pieces}, of="0002"))


def test_from_the_first_count_to_the_books(shop: Shop) -> None:
    session = closed(shop, g001=STOCK - 2, g013=STOCK, g016=STOCK + 1)
    assert (session.phase, session.goods, session.counted) == (Phase.SECOND, ("g001", "g016"), ())
    session = stocktake.close_round(shop.desk, shop.by, counted(shop, session, g001=STOCK - 1, g016=STOCK + 1))
    assert session.phase is Phase.REVIEW
    found = stocktake.variances(shop.desk, session)
    assert [(each.good, each.difference, each.cost, each.points) for each in found] == [
        ("g016", 1, Fen(16_80), Points(20_00)),
        ("g001", -1, Fen(-1_60), Points(-2_00)),
    ]
    session = session.because("g001", LOST).because("g016", VarianceReason.FOUND)
    sheet = stocktake.approve(shop.desk, shop.two, session)
    assert balance(shop, "stock:shop/village/0", "g:g001") == STOCK - 1
    assert balance(shop, "stock:shop/village/0", "g:g016") == STOCK + 1
    assert (balance(shop, "out:short", "g:g001"), balance(shop, "in:found", "g:g016")) == (1, -1)
    assert sheet.tables[0].total[4:6] == (Money(Fen(15_20)), Score(Points(18_00)))
    assert sheet.tables[0].rows[1][-1] == Label("variance-lost")
    assert [row[1:] for row in sheet.tables[1].rows] == [
        (Count(STOCK), Count(STOCK - 1), Count(-1)),
        (Count(STOCK), Count(STOCK), Count(0)),
        (Count(STOCK), Count(STOCK + 1), Count(1)),
    ]
    assert len(sheet.signatures) == 3
    assert verify(shop.folder).wrong is None


def test_the_store_goes_on_serving(shop: Shop) -> None:
    session = counted(shop, stocktake.begin(shop.desk), g001=STOCK - 3)
    sell(shop, "g001", 4)
    session = stocktake.close_round(shop.desk, shop.by, session)
    sell(shop, "g001", 1)
    session = counted(shop, session, g001=STOCK - 3 - 5)
    sell(shop, "g001", 2)
    session = stocktake.close_round(shop.desk, shop.by, session).because("g001", LOST)
    (found,) = stocktake.variances(shop.desk, session)
    assert (found.book, found.counted) == (STOCK - 5, STOCK - 8)
    stocktake.approve(shop.desk, shop.two, session)
    assert balance(shop, "stock:shop/village/0", "g:g001") == STOCK - 3 - 7
    assert verify(shop.folder).wrong is None


def test_a_count_that_a_sale_interrupts_starts_anew(shop: Shop) -> None:
    session, anew = stocktake.count(shop.desk, stocktake.begin(shop.desk), "g001", 10, more=True)
    assert not anew
    session, anew = stocktake.count(shop.desk, session, "g001", 5, more=True)
    assert (session.counted[0].pieces, anew) == (15, False)
    sell(shop, "g013", 1)
    session, anew = stocktake.count(shop.desk, session, "g001", 1, more=True)
    assert (session.counted[0].pieces, anew) == (16, False)
    sell(shop, "g001", 1)
    session, anew = stocktake.count(shop.desk, session, "g001", 1, more=True)
    assert (session.counted[0].pieces, anew) == (1, True)


def test_what_nobody_counted_stays_as_it_is(shop: Shop) -> None:
    session = counted(shop, stocktake.begin(shop.desk), g001=STOCK)
    assert stocktake.left_out(shop.desk, session) == ["菜籽油 1.8L", "大豆油 5L", "抽纸 3包", "洗衣液 2kg", "肥皂"]
    session = stocktake.close_round(shop.desk, shop.by, session)
    assert session.phase is Phase.REVIEW
    stocktake.approve(shop.desk, shop.two, session)
    assert balance(shop, "stock:shop/village/0", "g:g006") == STOCK


def test_a_session_outlives_a_restart(shop: Shop) -> None:
    session = counted(shop, closed(shop, g001=7), g001=7)
    drafts = Drafts(shop.folder)
    drafts.save("stocktake", codec.dumps(codec.plain(session)))
    drafts.close()
    shop.reopen()
    drafts = Drafts(shop.folder)
    line = drafts.load("stocktake")
    drafts.close()
    assert line is not None
    assert codec.build(Session, codec.loads(line)) == session
    session = stocktake.close_round(shop.desk, shop.by, session).because("g001", LOST)
    stocktake.approve(shop.desk, shop.two, session)
    assert balance(shop, "stock:shop/village/0", "g:g001") == 7


def test_only_what_is_worth_more_is_counted_again(shop: Shop) -> None:
    shop.desk = replace(shop.desk, stock_policy=replace(shop.desk.stock_policy, recount_points=10))
    assert closed(shop, g001=STOCK - 5, g013=STOCK - 1).phase is Phase.REVIEW
    assert closed(shop, g001=STOCK - 6, g013=STOCK - 1).goods == ("g001",)


def test_dear_goods_alone(shop: Shop) -> None:
    assert stocktake.begin(shop.desk, high_value=True).goods == ("g005", "g006", "g016")
    with pytest.raises(NotInCount):
        counted(shop, stocktake.begin(shop.desk, high_value=True), g001=1)


def test_whoever_counted_does_not_approve(shop: Shop) -> None:
    session = reviewed(shop, g001=STOCK - 1)
    before = contents(shop.desk.store)
    for by, refusal in (
        (shop.by, ApprovalNeeded),
        (Signatures(KEEPER, KEEPER), ApproverSame),
        (Signatures(CLERK, KEEPER), CounterApproves),
        (Signatures(KEEPER, AUDITOR), NotPermitted),
    ):
        with pytest.raises(refusal):
            stocktake.approve(shop.desk, by, session)
    assert contents(shop.desk.store) == before


def test_each_difference_needs_a_reason(shop: Shop) -> None:
    session = replace(reviewed(shop, g001=STOCK - 1, g013=STOCK - 1), reasons=())
    with pytest.raises(ReasonMissing):
        stocktake.approve(shop.desk, shop.two, session.because("g001", LOST))


def test_differences_go_into_the_books_once(shop: Shop) -> None:
    session = reviewed(shop, g001=STOCK - 1)
    stocktake.approve(shop.desk, shop.two, session)
    with pytest.raises(AlreadyAdjusted):
        stocktake.approve(shop.desk, shop.two, session)


def test_more_was_sold_since_than_was_there(shop: Shop) -> None:
    session = reviewed(shop, g001=2)
    sell(shop, "g001", STOCK - 1)
    with pytest.raises(CountAgain):
        stocktake.approve(shop.desk, shop.two, session)


def test_a_second_round_leaves_nothing_out(shop: Shop) -> None:
    session = closed(shop, g001=2, g013=2)
    with pytest.raises(CountAgain):
        stocktake.close_round(shop.desk, shop.by, counted(shop, session, g001=2))
    with pytest.raises(NotInCount):
        counted(shop, session, g016=2)


def test_an_empty_round_and_impossible_counts(shop: Shop) -> None:
    session = stocktake.begin(shop.desk)
    with pytest.raises(TicketEmpty):
        stocktake.close_round(shop.desk, shop.by, session)
    for pieces in (-1, 1_000_001):
        with pytest.raises(QuantityOutOfRange):
            counted(shop, session, g001=pieces)


def test_shortages_fall_to_lots_as_if_handed_out(shop: Shop) -> None:
    with_supplier(shop)
    receiving.receive(shop.desk, shop.by, bought(salt(packs=1, pack_of=5)))
    session = reviewed(shop, g001=STOCK + 5 - 6)
    assert stocktake.variances(shop.desk, session)[0].cost == Fen(-(5 * 6_40 + 1_60))
    stocktake.approve(shop.desk, shop.two, session)
    left = [(each.lot, each.pieces) for each in stock.on_shelf(shop.desk) if each.good == "g001"]
    assert left == [("0", STOCK - 1)]
    assert verify(shop.folder).wrong is None


def test_a_good_that_the_books_never_had(shop: Shop) -> None:
    (soap,) = [each for each in stock.on_shelf(shop.desk) if each.good == "g017"]
    stock.write_off(shop.desk, shop.two, soap, STOCK, LossReason.DAMAGED)
    session = reviewed(shop, g017=3)
    stocktake.approve(shop.desk, shop.two, session)
    assert balance(shop, "stock:shop/village/0", "g:g017") == 3
    sell(shop, "g017", 3)
    assert verify(shop.folder).wrong is None


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_books_end_as_the_shelf_is(data: st.DataObject) -> None:
    """Whatever is sold before, between and after the counts, the books say what lies there once it is approved."""
    lies = data.draw(st.integers(0, STOCK + 10), "on the shelf")
    with TemporaryDirectory() as folder, opened(Path(folder)) as shop:

        def serve() -> None:
            nonlocal lies
            if pieces := data.draw(st.integers(0, min(lies, 9)), "sold"):
                basket = shop.basket({"g001": pieces}, of="0002")
                given_ = replace(basket, overridden=("g001",), override_reason=OverrideReason.MISCOUNTED)
                redeem.redeem(shop.desk, shop.two, given_)
                lies -= pieces

        session = stocktake.begin(shop.desk)
        while session.phase is not Phase.REVIEW:
            serve()
            session = counted(shop, session, g001=lies)
            serve()
            session = stocktake.close_round(shop.desk, shop.by, session)
        serve()
        stocktake.approve(shop.desk, shop.two, session.because("g001", LOST))
        assert balance(shop, "stock:shop/village/0", "g:g001") == lies


def test_an_override_and_a_second_stocktake_do_not_book_a_difference_twice(shop: Shop) -> None:
    session, other = reviewed(shop, g001=STOCK - 2), reviewed(shop, g001=STOCK - 2)
    stocktake.approve(shop.desk, shop.two, session)
    stocktake.approve(shop.desk, shop.two, other)
    assert balance(shop, "stock:shop/village/0", "g:g001") == STOCK - 2
