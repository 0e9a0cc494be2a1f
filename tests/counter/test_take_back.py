"""退货: what came back, what was given back for it, and everything that is not taken back."""

from dataclasses import replace

import pytest

from catalog.units import Fen, Points
from pos.core.entries import Signatures
from pos.core.households import HouseholdState, StateReason
from pos.core.receipts import TakeBackFacts
from pos.core.redemption import Shortfall
from pos.core.refusals import (
    AlreadyReversed,
    ApprovalNeeded,
    BelowFloor,
    DayNotOpen,
    EntryUnknown,
    GoodUnknown,
    HouseholdFrozen,
    NotPermitted,
    NotReversible,
    OverLimit,
    QuantityOutOfRange,
    Refused,
    TicketEmpty,
)
from pos.core.reversal import AlreadyReturned, OfClosedDay, ReversalReason
from pos.core.take_back import BackLine, Condition
from pos.counter import day, households
from pos.counter.redeem import redeem
from pos.counter.reverse import reprint, reverse
from pos.counter.take_back import sale, take_back
from pos.counter.weigh_in import weigh_in
from pos.storage import books, jobs
from pos.storage.jobs import Purpose
from pos.storage.verify import verify
from tests.shop import AUDITOR, CLERK, R1, Shop, weighed
from tests.storage.busy import seq_of
from tests.storage.contents import contents

WHOLE, OPENED = Condition.WHOLE, Condition.OPENED


def sold(shop: Shop, goods: dict[str, int], *, of: str = "0002", shortfall: Shortfall = Shortfall.REFUSE) -> int:
    return seq_of(redeem(shop.desk, shop.by, shop.basket(goods, of=of, shortfall=shortfall)).slip.number)


def next_day(shop: Shop, days: int = 1) -> None:
    day.close_day(shop.desk, shop.by)
    shop.clock.advance(days * 86_400_000)
    day.open_day(shop.desk, shop.by)


def holdings(shop: Shop) -> dict[tuple[str, str], int]:
    return {row[:2]: row[2] for row in contents(shop.desk.store)["balances"] if row[2]}


def refused(shop: Shop, seq: int, *lines: BackLine, by: Signatures | None = None) -> Refused:
    before = contents(shop.desk.store)
    with pytest.raises(Refused) as found:
        take_back(shop.desk, by or shop.by, seq, lines)
    assert contents(shop.desk.store) == before
    return found.value


def test_v1_the_next_day(shop: Shop) -> None:
    """34 points back with the original's number; on the shelf again only what can be sold again."""
    weigh_in(shop.desk, shop.by, shop.bag())
    seq = sold(shop, R1, of="0042")
    before = holdings(shop)
    next_day(shop)
    with pytest.raises(OfClosedDay):
        reverse(shop.desk, shop.by, seq, ReversalReason.CHANGED_MIND)
    lines = (BackLine("g001", 2, WHOLE), BackLine("g016", 1, OPENED), BackLine("g013", 1, WHOLE))
    receipt = take_back(shop.desk, shop.by, seq, lines)
    assert isinstance(receipt.facts, TakeBackFacts)
    assert (receipt.facts.original, receipt.facts.points) == (f"LT01-K7Q2MD.0-{seq}", Points(34_00))
    assert [(line.name, line.quantity, line.condition) for line in receipt.facts.lines][1] == ("洗衣液 2kg", 1, OPENED)
    assert (receipt.slip.before, receipt.slip.after) == (Points(25_82), Points(59_82))
    change = {
        key: amount - before.get(key, 0) for key, amount in holdings(shop).items() if amount != before.get(key, 0)
    }
    assert change == {
        (f"pts:{shop.household('0042')}@k7q2md.0", "pt"): 3400,
        ("stock:shop/village/0@k7q2md.0", "g:g001"): 2,
        ("stock:shop/village/0@k7q2md.0", "g:g013"): 1,
        ("out:written-off@k7q2md.0", "g:g016"): 1,
    }
    assert verify(shop.folder).wrong is None


@pytest.mark.parametrize(("opening", "points", "cash"), [("0042", 12_00, 53_00), ("0006", 11_99, 53_01)])
def test_r2_in_the_same_tenders(shop: Shop, opening: str, points: int, cash: int) -> None:
    before = holdings(shop)
    seq = sold(shop, {"g006": 1}, of=opening, shortfall=Shortfall.CASH)
    receipt = take_back(shop.desk, shop.two, seq, (BackLine("g006", 1, WHOLE),))
    assert isinstance(receipt.facts, TakeBackFacts)
    assert (receipt.facts.points, receipt.facts.cash) == (Points(points), Fen(cash))
    assert holdings(shop) == before
    with shop.desk.store.read() as connection:
        pulses = [job for job in jobs.waiting(connection) if job.purpose is Purpose.DRAWER]
    assert len(pulses) == 2, "the drawer opens to take cash and to give it back"


def test_in_parts_and_never_more_than_was_sold(shop: Shop) -> None:
    seq = sold(shop, {"g001": 5, "g016": 1})
    take_back(shop.desk, shop.by, seq, (BackLine("g001", 2, WHOLE),))
    assert sale(shop.desk, seq).left == {"g001": 3, "g016": 1}
    found = refused(shop, seq, BackLine("g001", 4, WHOLE))
    assert isinstance(found, QuantityOutOfRange)
    assert found.fields == {"most": 3}
    take_back(shop.desk, shop.by, seq, (BackLine("g001", 3, WHOLE), BackLine("g016", 1, OPENED)))
    assert isinstance(refused(shop, seq, BackLine("g001", 1, WHOLE)), QuantityOutOfRange)
    assert shop.points("0002") == Points(89_60)
    assert verify(shop.folder).wrong is None


def test_what_is_no_line_of_it(shop: Shop) -> None:
    seq = sold(shop, {"g001": 1})
    assert isinstance(refused(shop, seq), TicketEmpty)
    assert isinstance(refused(shop, seq, BackLine("g016", 1, WHOLE)), GoodUnknown)
    assert isinstance(refused(shop, seq, BackLine("g001", 0, WHOLE)), QuantityOutOfRange)
    assert isinstance(refused(shop, 9999, BackLine("g001", 1, WHOLE)), EntryUnknown)


def test_only_goods_come_back(shop: Shop) -> None:
    seq = seq_of(weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 18_300))).slip.number)
    assert isinstance(refused(shop, seq, BackLine("p01", 1, WHOLE)), NotReversible)
    assert isinstance(refused(shop, 1, BackLine("g001", 1, WHOLE)), NotReversible)


def test_a_voided_ticket_gives_nothing_back(shop: Shop) -> None:
    seq = sold(shop, {"g001": 1})
    back = seq_of(reverse(shop.desk, shop.by, seq, ReversalReason.OTHER).slip.number)
    found = refused(shop, seq, BackLine("g001", 1, WHOLE))
    assert isinstance(found, AlreadyReversed)
    assert found.fields == {"number": back}


def test_a_ticket_partly_taken_back_is_not_voided(shop: Shop) -> None:
    seq = sold(shop, {"g001": 2})
    back = seq_of(take_back(shop.desk, shop.by, seq, (BackLine("g001", 1, WHOLE),)).slip.number)
    with pytest.raises(AlreadyReturned) as found:
        reverse(shop.desk, shop.by, seq, ReversalReason.OTHER)
    assert found.value.fields == {"number": back}


def test_a_month_s_limit_counts_anew(shop: Shop) -> None:
    seq = sold(shop, {"g016": 2})
    with pytest.raises(OverLimit):
        sold(shop, {"g016": 1})
    take_back(shop.desk, shop.by, seq, (BackLine("g016", 1, OPENED),))
    sold(shop, {"g016": 1})
    with pytest.raises(OverLimit):
        sold(shop, {"g016": 1})


def test_the_limit_of_the_month_it_was_sold_in(shop: Shop) -> None:
    seq = sold(shop, {"g016": 2})
    next_day(shop, days=20)
    take_back(shop.desk, shop.by, seq, (BackLine("g016", 2, WHOLE),))
    with shop.desk.store.read() as connection:
        months = connection.exec_driver_sql("SELECT month, quantity FROM taken").fetchall()
    assert months == [("2026-01", 0)]


def test_above_the_limit_by_two(shop: Shop) -> None:
    shop.desk = replace(shop.desk, void_limit=Points(30_00))
    seq = sold(shop, {"g016": 2}, of="0006", shortfall=Shortfall.CASH)
    lines = (BackLine("g016", 2, WHOLE),)
    assert isinstance(refused(shop, seq, *lines), ApprovalNeeded), "40 points of goods, whatever they were paid in"
    assert isinstance(refused(shop, seq, *lines, by=Signatures("02", AUDITOR)), NotPermitted)
    assert isinstance(refused(shop, seq, *lines, by=Signatures(AUDITOR, CLERK)), NotPermitted)
    assert take_back(shop.desk, shop.two, seq, lines).slip.approver == CLERK


def test_cash_that_is_not_in_the_drawer(shop: Shop) -> None:
    seq = sold(shop, {"g016": 1}, of="0006", shortfall=Shortfall.CASH)
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE balances SET quantity = 100 WHERE account LIKE 'drawer:%'")
    assert isinstance(refused(shop, seq, BackLine("g016", 1, WHOLE)), BelowFloor)


def test_debt_is_paid_first(shop: Shop) -> None:
    seq = seq_of(weigh_in(shop.desk, shop.by, shop.bag()).slip.number)
    goods = sold(shop, {"g016": 2, "g013": 1}, of="0042")
    reverse(shop.desk, shop.by, seq, ReversalReason.WRONG_WEIGHT)
    receipt = take_back(shop.desk, shop.by, goods, (BackLine("g016", 2, WHOLE),))
    assert (receipt.slip.before, receipt.slip.after, receipt.slip.owed) == (Points(0), Points(2_00), Points(0))


def test_a_keeper_is_owed_no_more(shop: Shop) -> None:
    before = holdings(shop)
    seq = sold(shop, {"g017": 3})
    take_back(shop.desk, shop.by, seq, (BackLine("g017", 3, WHOLE),))
    assert holdings(shop) == before


def test_no_day_open_and_a_frozen_household(shop: Shop) -> None:
    seq = sold(shop, {"g001": 1})
    number, mistake = shop.household("0002"), StateReason.MISTAKE
    households.set_state(shop.desk, shop.two, number, HouseholdState.FROZEN, mistake)
    assert isinstance(refused(shop, seq, BackLine("g001", 1, WHOLE)), HouseholdFrozen)
    day.close_day(shop.desk, shop.by)
    assert isinstance(refused(shop, seq, BackLine("g001", 1, WHOLE)), DayNotOpen)


def test_its_receipt_can_be_printed_again(shop: Shop) -> None:
    seq = sold(shop, {"g001": 1})
    receipt = take_back(shop.desk, shop.by, seq, (BackLine("g001", 1, WHOLE),))
    assert reprint(shop.desk, shop.by, seq_of(receipt.slip.number)) == 1
    with shop.desk.store.read() as connection:
        papers = jobs.of_entry(connection, seq_of(receipt.slip.number))
        assert books.read_entry(connection, seq_of(receipt.slip.number)).kind == "take-back"
    assert [paper.paper for paper in papers] == [receipt, receipt]
