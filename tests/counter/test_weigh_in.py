"""称重回收 from ticket to books: worked tickets W1 to W4, and every way it is refused."""

from dataclasses import replace

import pytest

from catalog.units import Fen, Points
from pos.core import accounts
from pos.core.entries import Signatures
from pos.core.receipts import PooledFact, WeighedFact, WeighFacts
from pos.core.refusals import (
    ApprovalNeeded,
    ApproverSame,
    BelowMinimum,
    CardLost,
    CardReplaced,
    CardUnknown,
    DayNotOpen,
    DeductionOutOfRange,
    HouseholdClosed,
    HouseholdFrozen,
    KeeperUnknown,
    MaterialUnknown,
    NotByPiece,
    NotByWeight,
    NotPermitted,
    OverMaximum,
    QuantityOutOfRange,
    ReasonMissing,
    Refused,
    TareNotOnDivision,
    TareOverGross,
    TicketEmpty,
    TooManyLines,
    WrongScale,
)
from pos.core.reversal import ReversalReason
from pos.core.weigh_in import Draft, TareFrom, WeighedDraft
from pos.counter import cards, day
from pos.counter.cards import open_household
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import quote, weigh_in
from pos.storage import books, jobs
from pos.storage.verify import verify
from tests.shop import AUDITOR, CLERK, KEEPER, Shop, counted, typed, weighed
from tests.storage.busy import seq_of
from tests.storage.contents import contents


def balance(shop: Shop, name: str, commodity: str) -> int:
    with shop.desk.store.read() as connection:
        account = accounts.parse(f"{name}@k7q2md.0")
        return books.peek(connection, "k7q2md.0", [(account, commodity)]).of(account, commodity)


def refused(shop: Shop, ticket: Draft, by: Signatures | None = None) -> Refused:
    """The refusal, with nothing written; the quotation refuses alike where people do not matter."""
    before = contents(shop.desk.store)
    with pytest.raises(Refused) as found:
        weigh_in(shop.desk, by or shop.by, ticket)
    assert contents(shop.desk.store) == before
    return found.value


def test_w1(shop: Shop) -> None:
    receipt = weigh_in(shop.desk, shop.by, shop.bag())
    facts = receipt.facts
    assert isinstance(facts, WeighFacts)
    assert [line.amount for line in facts.lines if isinstance(line, WeighedFact)] == [Fen(1830), Fen(960), Fen(1992)]
    assert (facts.amount, facts.points, facts.carried) == (Fen(4782), Points(4782), Fen(0))
    assert (receipt.slip.before, receipt.slip.after, receipt.slip.owed) == (Points(1200), Points(5982), Points(0))
    assert facts.scales == ("CT-1 2026-09-30", "FS-1 2026-09-30")
    assert (facts.book, facts.book_effective.isoformat()) == (7, "2026-01-01")
    assert shop.points() == Points(5982)
    assert balance(shop, "bin:shop", "m:p01") == 18_300
    assert balance(shop, "brought:weigh", "m:p01") == -18_300


def test_slip_says_who_where_and_when(shop: Shop) -> None:
    slip = weigh_in(shop.desk, shop.by, shop.bag()).slip
    assert (slip.store_name, slip.operator, slip.approver, slip.till) == ("柳塘村积分兑换超市", KEEPER, "", 1)
    assert (slip.household, slip.household_name, slip.group) == ("0042", "张*英", "第3村民小组")
    assert (slip.local_time, slip.telephone) == ("2026-01-15 06:42:00", "0000-00000000")
    assert slip.number == "LT01-K7Q2MD.0-21"
    assert slip.mark == f"V1/{slip.number}/{slip.check}"


def test_w2_quality_deduction(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 18_300, deduction=5)))
    assert shop.points() == Points(1200 + 1739)
    assert balance(shop, "bin:shop", "m:p01") == 18_300


def test_w3_copper(shop: Shop) -> None:
    assert isinstance(refused(shop, shop.bag(weighed("m04", 850, scale="FS-1"))), WrongScale)
    weigh_in(shop.desk, shop.by, shop.bag(weighed("m04", 850)))
    assert shop.points() == Points(1200 + 3825)


def test_w4_every_pieces(shop: Shop) -> None:
    facts = weigh_in(shop.desk, shop.by, shop.bag(counted("s03", 37))).facts
    assert isinstance(facts, WeighFacts)
    assert facts.lines == (PooledFact("小塑料瓶", 37, 35, Points(100), 2),)
    weigh_in(shop.desk, shop.by, shop.bag(counted("s03", 33)))
    assert shop.points() == Points(1400)


def test_quotation_is_what_is_written(shop: Shop) -> None:
    quoted = quote(shop.desk, shop.bag())
    weigh_in(shop.desk, shop.by, shop.bag())
    with shop.desk.store.read() as connection:
        assert books.read_entry(connection, 21).body == quoted


def test_receipt_is_queued_with_the_entry(shop: Shop) -> None:
    receipt = weigh_in(shop.desk, shop.by, shop.bag())
    with shop.desk.store.read() as connection:
        (job,) = jobs.waiting(connection)
    assert (job.paper, job.seq, job.copy, job.by, job.language) == (receipt, 21, 0, KEEPER, "zh_CN")


def test_away_is_served(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(of="0015"))
    assert shop.points("0015") == Points(7040 + 4782)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ((weighed("p01", 950),), BelowMinimum),
        ((weighed("l01", 190),), BelowMinimum),
        ((weighed("p01", 1_900, 1_000),), BelowMinimum),
        ((weighed("l01", 30_010),), OverMaximum),
        ((weighed("l01", 4_200, 200, scale="FS-1"),), WrongScale),
        ((weighed("p01", 5_000, 5_000),), TareOverGross),
        ((weighed("p01", 5_000, 6_000),), TareOverGross),
        ((weighed("p01", 5_000, -50),), TareOverGross),
        ((weighed("p01", 5_000, 120, tare_from=TareFrom.PRESET),), TareNotOnDivision),
        ((weighed("p01", 5_000, 120, tare_from=TareFrom.TYPED),), TareNotOnDivision),
        ((weighed("p01", 5_000, deduction=100),), DeductionOutOfRange),
        ((replace(weighed("p01", 5_000), deduction=5),), DeductionOutOfRange),
        ((weighed("z99", 5_000),), MaterialUnknown),
        ((weighed("s03", 5_000),), NotByWeight),
        ((counted("p01", 5),), NotByPiece),
        ((counted("s03", 0),), QuantityOutOfRange),
        ((counted("s03", 100_000),), QuantityOutOfRange),
        ((counted("h01", 1),) * 17, TooManyLines),
    ],
)
def test_refused(shop: Shop, lines: tuple[WeighedDraft], refusal: type[Refused]) -> None:
    assert type(refused(shop, shop.bag(*lines))) is refusal
    with pytest.raises(refusal):
        quote(shop.desk, shop.bag(*lines))


def test_a_tare_from_the_scale_needs_no_division(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 5_000, 120)))
    assert balance(shop, "bin:shop", "m:p01") == 4_880


def test_empty_ticket(shop: Shop) -> None:
    assert isinstance(refused(shop, replace(shop.bag(), lines=())), TicketEmpty)


def test_no_day_open(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    assert isinstance(refused(shop, shop.bag()), DayNotOpen)


def test_typed_weight_needs_reason_and_second_person(shop: Shop) -> None:
    ticket = shop.bag(typed("p01", 5_000))
    assert isinstance(refused(shop, ticket), ApprovalNeeded)
    assert isinstance(refused(shop, ticket, Signatures(KEEPER, KEEPER)), ApproverSame)
    assert isinstance(refused(shop, ticket, Signatures(KEEPER, AUDITOR)), NotPermitted)
    assert isinstance(refused(shop, ticket, Signatures(KEEPER, "77")), KeeperUnknown)
    assert isinstance(refused(shop, shop.bag(typed("p01", 5_000, reason="")), shop.two), ReasonMissing)
    receipt = weigh_in(shop.desk, shop.two, ticket)
    assert isinstance(receipt.facts, WeighFacts)
    (fact,) = receipt.facts.lines
    assert isinstance(fact, WeighedFact)
    assert (fact.manual_reason, receipt.slip.approver) == ("scale-broken", CLERK)


def test_one_typed_line_among_weighed_ones_counts(shop: Shop) -> None:
    assert isinstance(refused(shop, shop.bag(weighed("m01", 5_000), typed("p01", 5_000))), ApprovalNeeded)


def test_who_serves(shop: Shop) -> None:
    assert isinstance(refused(shop, shop.bag(), Signatures(AUDITOR)), NotPermitted)
    assert isinstance(refused(shop, shop.bag(), Signatures("77")), KeeperUnknown)
    assert isinstance(refused(shop, shop.bag(), Signatures(KEEPER, "77")), KeeperUnknown)


def test_a_card_that_changed_while_the_ticket_was_open(shop: Shop) -> None:
    ticket = shop.bag()
    cards.issue(shop.desk, shop.two, [shop.household("0042")])
    assert isinstance(refused(shop, ticket), CardReplaced)
    cards.report_lost(shop.desk, shop.by, shop.cards["0006"].number)
    assert isinstance(refused(shop, shop.bag(of="0006")), CardLost)
    assert isinstance(refused(shop, replace(ticket, card="000000000001")), CardUnknown)
    assert isinstance(refused(shop, replace(ticket, card=shop.cards["0002"].number)), CardUnknown)


def test_households_that_are_not_served(shop: Shop) -> None:
    assert isinstance(refused(shop, shop.bag(of="0020")), HouseholdClosed)
    assert isinstance(refused(shop, shop.bag(of="0033")), HouseholdFrozen)


def test_points_already_spent_are_owed_and_paid_first(shop: Shop) -> None:
    taken_in = seq_of(weigh_in(shop.desk, shop.by, shop.bag()).slip.number)
    redeem(shop.desk, shop.by, shop.basket())
    slip = reverse(shop.desk, shop.by, taken_in, ReversalReason.WRONG_HOUSEHOLD).slip
    assert (slip.before, slip.after, slip.owed) == (Points(2582), Points(0), Points(2200))
    view = open_household(shop.desk, shop.cards["0042"].number)
    assert (view.points, view.debt) == (Points(0), Points(2200))
    slip = weigh_in(shop.desk, shop.by, shop.bag(weighed("m01", 10_000))).slip
    assert (slip.before, slip.after, slip.owed) == (Points(0), Points(0), Points(600))
    slip = weigh_in(shop.desk, shop.by, shop.bag(weighed("m01", 10_000))).slip
    assert (slip.before, slip.after, slip.owed) == (Points(0), Points(1000), Points(0))
    assert verify(shop.folder).wrong is None
