"""冲正 and 重打: once, with a reason, above the limit by two, and never an edit of what is written."""

from dataclasses import replace

import pytest

from catalog.units import Fen, Points
from pos.core import accounts
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.journal import ReceiptForeign, ReceiptForged
from pos.core.receipts import RedeemFacts, ReverseFacts
from pos.core.redemption import Shortfall
from pos.core.refusals import (
    AlreadyReversed,
    ApprovalNeeded,
    BelowFloor,
    DayNotOpen,
    EntryUnknown,
    NotPermitted,
    NotReversible,
    Refused,
)
from pos.core.reversal import OfClosedDay, ReversalReason
from pos.counter import day, journal
from pos.counter.redeem import redeem
from pos.counter.reverse import reprint, reverse
from pos.counter.weigh_in import weigh_in
from pos.storage import books, jobs
from pos.storage.jobs import Purpose
from pos.storage.verify import verify
from tests.shop import AUDITOR, Shop, weighed
from tests.storage.busy import seq_of
from tests.storage.contents import contents

REASON = ReversalReason.WRONG_ITEM


def sold(shop: Shop, goods: dict[str, int] | None = None, shortfall: Shortfall = Shortfall.REFUSE) -> int:
    ticket = shop.basket(goods or {"g001": 2}, shortfall=shortfall)
    return seq_of(redeem(shop.desk, shop.by, ticket).slip.number)


def taken_in(shop: Shop, grams: int = 18_300) -> int:
    return seq_of(weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", grams))).slip.number)


def refused(shop: Shop, seq: int, by: Signatures | None = None) -> Refused:
    before = contents(shop.desk.store)
    with pytest.raises(Refused) as found:
        reverse(shop.desk, by or shop.by, seq, REASON)
    assert contents(shop.desk.store) == before
    return found.value


def holdings(shop: Shop) -> dict[tuple[str, str], int]:
    return {row[:2]: row[2] for row in contents(shop.desk.store)["balances"] if row[2]}


def test_leaves_the_books_as_they_were(shop: Shop) -> None:
    before = holdings(shop)
    seq = sold(shop)
    receipt = reverse(shop.desk, shop.by, seq, REASON)
    assert holdings(shop) == before
    assert (receipt.slip.before, receipt.slip.after) == (Points(800), Points(1200))
    facts = receipt.facts
    assert isinstance(facts, ReverseFacts)
    assert (facts.original, facts.reason) == (f"LT01-K7Q2MD.0-{seq}", REASON)
    assert isinstance(facts.taken_back, RedeemFacts)
    assert facts.taken_back.points == Points(400)


def test_weigh_in_taken_back(shop: Shop) -> None:
    before = holdings(shop)
    reverse(shop.desk, shop.by, taken_in(shop), ReversalReason.WRONG_WEIGHT)
    assert holdings(shop) == before


def test_cash_goes_back(shop: Shop) -> None:
    seq = sold(shop, {"g016": 1}, Shortfall.CASH)
    facts = reverse(shop.desk, shop.by, seq, REASON).facts
    assert isinstance(facts, ReverseFacts)
    assert isinstance(facts.taken_back, RedeemFacts)
    assert facts.taken_back.cash == Fen(800)
    assert ("drawer:shop@k7q2md.0", "cash") not in holdings(shop)


def test_once(shop: Shop) -> None:
    seq = sold(shop)
    back = seq_of(reverse(shop.desk, shop.by, seq, REASON).slip.number)
    found = refused(shop, seq)
    assert isinstance(found, AlreadyReversed)
    assert found.fields == {"number": back}


def test_only_what_can_be_taken_back(shop: Shop) -> None:
    back = seq_of(reverse(shop.desk, shop.by, sold(shop), REASON).slip.number)
    for seq in (back, 1, 19):
        assert isinstance(refused(shop, seq), NotReversible)
    assert isinstance(refused(shop, 9999), EntryUnknown)


def test_above_the_limit_by_two(shop: Shop) -> None:
    seq = taken_in(shop, 50_010)
    assert isinstance(refused(shop, seq), ApprovalNeeded)
    assert isinstance(refused(shop, seq, Signatures("02", AUDITOR)), NotPermitted)
    assert reverse(shop.desk, shop.two, seq, REASON).slip.approver == "01"
    reverse(shop.desk, shop.by, taken_in(shop, 50_000), REASON)


def test_materials_that_are_gone_cannot_be_given_back(shop: Shop) -> None:
    seq = taken_in(shop)
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE balances SET quantity = 100 WHERE account LIKE 'bin:%'")
    found = refused(shop, seq)
    assert isinstance(found, BelowFloor)
    assert found.fields["account"] == str(accounts.bin_("k7q2md.0"))


def test_no_day_open(shop: Shop) -> None:
    seq = sold(shop)
    day.close_day(shop.desk, shop.by)
    assert isinstance(refused(shop, seq), DayNotOpen)


def test_on_a_later_day_weigh_ins_alone(shop: Shop) -> None:
    """What was handed out may be opened or gone by then: goods are taken back piece by piece."""
    weighed_in, seq = taken_in(shop), sold(shop)
    day.close_day(shop.desk, shop.by)
    shop.clock.advance(86_400_000)
    day.open_day(shop.desk, shop.by)
    assert isinstance(refused(shop, seq), OfClosedDay)
    reverse(shop.desk, shop.by, weighed_in, ReversalReason.WRONG_WEIGHT)
    assert verify(shop.folder).wrong is None


def test_points_already_spent_are_owed(shop: Shop) -> None:
    seq = taken_in(shop)
    sold(shop, {"g016": 1, "g013": 1})
    receipt = reverse(shop.desk, shop.by, seq, ReversalReason.WRONG_WEIGHT)
    assert (receipt.slip.before, receipt.slip.after, receipt.slip.owed) == (Points(30), Points(0), Points(18_00))


def test_cash_is_no_way_around_the_second_person(shop: Shop) -> None:
    seq = sold(shop, {"g006": 1}, Shortfall.CASH)
    assert isinstance(refused(shop, seq), ApprovalNeeded), "65 points of oil, 12 of them paid in points"
    reverse(shop.desk, shop.two, seq, REASON)
    with shop.desk.store.read() as connection:
        pulses = [job for job in jobs.waiting(connection) if job.purpose is Purpose.DRAWER]
    assert len(pulses) == 2


def test_reprints_are_counted_and_never_open_the_drawer(shop: Shop) -> None:
    seq = sold(shop, {"g016": 1}, Shortfall.CASH)
    assert [reprint(shop.desk, shop.by, seq) for _ in range(3)] == [1, 2, 3]
    with shop.desk.store.read() as connection:
        papers = jobs.of_entry(connection, seq)
        drawers = [job for job in jobs.waiting(connection) if job.purpose is Purpose.DRAWER]
        act = books.read_entry(connection, seq + 2)
    assert [paper.copy for paper in papers] == [0, 1, 2, 3]
    assert {paper.paper for paper in papers} == {papers[0].paper}
    assert len(drawers) == 1
    assert (act.body, act.transfers) == (Act(ActCode.REPRINT, "1", ref=seq), ())
    assert verify(shop.folder).wrong is None


def test_a_reversal_can_be_printed_again(shop: Shop) -> None:
    back = seq_of(reverse(shop.desk, shop.by, sold(shop), REASON).slip.number)
    assert reprint(shop.desk, shop.by, back) == 1


@pytest.mark.parametrize("seq", [19, 9999])
def test_nothing_to_print_again(shop: Shop, seq: int) -> None:
    before = contents(shop.desk.store)
    with pytest.raises(EntryUnknown):
        reprint(shop.desk, shop.by, seq)
    assert contents(shop.desk.store) == before


def test_a_receipt_is_found_by_its_code(shop: Shop) -> None:
    receipt = redeem(shop.desk, shop.by, shop.basket({"g001": 2}))
    assert journal.by_mark(shop.desk, receipt.slip.mark).paper == receipt


def test_a_code_that_is_not_ours_finds_nothing(shop: Shop) -> None:
    slip = redeem(shop.desk, shop.by, shop.basket({"g001": 2})).slip
    for number in ("LT02-K7Q2MD.0-20", "LT01-AAAAAA.0-20", slip.number.replace(".0-", ".1-")):
        with pytest.raises(ReceiptForeign):
            journal.by_mark(shop.desk, f"V1/{number}/{slip.check}")
    with pytest.raises(ReceiptForged):
        journal.by_mark(shop.desk, f"V1/{slip.number}/AAAA-AAAA-AA")
    with pytest.raises(EntryUnknown):
        journal.by_mark(shop.desk, f"V1/{slip.number}9/{slip.check}")


def test_a_receipt_leads_a_phone_to_the_ledger_s_page_and_the_till_to_the_receipt(shop: Shop) -> None:
    receipt = redeem(replace(shop.desk, page="points.example:8443"), shop.by, shop.basket({"g001": 1}))
    assert receipt.slip.mark == f"HTTPS://POINTS.EXAMPLE:8443/R/{receipt.slip.number}/{receipt.slip.check}"
    assert journal.by_mark(shop.desk, receipt.slip.mark).paper == receipt
