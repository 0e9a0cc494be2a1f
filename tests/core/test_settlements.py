"""What an entry did to what a party is owed, read from its transfers in whatever order it wrote them."""

from datetime import date

from catalog.units import Fen, Points
from pos.core import accounts, fund, settlements, stock, vouchers
from pos.core import redemption as redeeming
from pos.core.accounts import Account
from pos.core.entries import Entry, Moment, Signatures
from pos.core.fund import CostOf
from pos.core.redemption import Discount, Draft, PickedService, ServiceLine
from pos.core.reversal import ReversalReason
from pos.core.reversal import decide as reverse
from pos.core.settlements import Due
from pos.core.stock import Origin, Receive, ReceivedLine
from pos.core.transfers import Decision
from tests.core.village import SERVICES, D, H, basket, books, lot, redeem_rules


def entry(seq: int, decision: Decision[object]) -> Entry:
    return Entry(seq, Moment(1, 1, "b"), Signatures("02"), decision.body, decision.transfers)  # type: ignore[arg-type]


def party(name: str) -> Account:
    return Account("due", name, D)


LOTS = [lot("soap", 2, owner="k-02", cost=230), lot("soap", 5, owner="k-02", name="0-9-1", cost=250), lot("salt", 9)]


def test_goods_of_two_lots_and_their_reversal() -> None:
    held = books(pts=200_00)
    decision = redeeming.decide(basket({"salt": 1, "soap": 3}), redeem_rules(lots=LOTS), held, D)
    assert settlements.lines(entry(7, decision), party("k-02")) == [
        Due(7, H, "g:soap", 2, Fen(4_60)),
        Due(7, H, "g:soap", 1, Fen(2_50)),
    ]
    assert settlements.lines(entry(7, decision), party("k-03")) == []
    held.balances |= {(accounts.stock("k-02", name, D), "g:soap"): 9 for name in ("0", "0-9-1")}
    held.post(D, decision.transfers)
    back = reverse(7, decision.body, decision.transfers, ReversalReason.OTHER, held, D)
    taken_back = settlements.lines(entry(8, back), party("k-02"))
    assert sorted(line.pieces for line in taken_back) == [-2, -1]
    assert settlements.total([*settlements.lines(entry(7, decision), party("k-02")), *taken_back]) == Fen(0)


def test_whoever_pays_for_a_discount_owes_it_and_no_goods() -> None:
    given = Discount(5, "coop")
    decision = redeeming.decide(basket({"oil": 1}), redeem_rules(discount=given), books(pts=100_00), D)
    assert settlements.lines(entry(7, decision), party("coop")) == [Due(7, H, "", 0, Fen(-3_25))]


def test_a_voucher_that_was_used_is_the_provider_s() -> None:
    line = ServiceLine("haircut", "v100", Points(15_00), date(2026, 4, 15))
    used = vouchers.use(H, line, SERVICES["haircut"], D)
    assert settlements.lines(entry(9, used), party("barber")) == [Due(9, H, "v:haircut", 1, Fen(12_00))]
    draft = Draft(H, "", basket({}).read_as, services=(PickedService("haircut", "v100"),))
    issued = redeeming.decide(draft, redeem_rules(), books(pts=50_00), D)
    assert settlements.lines(entry(8, issued), party("barber")) == []


def test_a_delivery_is_owed_for_as_a_whole() -> None:
    lines = (ReceivedLine("salt", 20, "village", date(2027, 6, 30), 150),)
    decision = stock.receive(Receive(Origin.PURCHASE, "", "coop", "", lines), 38, D)
    assert settlements.lines(entry(38, decision), party("coop")) == [Due(38, "", "", 0, Fen(30_00))]


def test_a_settlement_is_no_line_of_the_next() -> None:
    decision = fund.settle("coop", CostOf.GOODS, Fen(30_00), 41, accounts.fund("village", D))
    assert settlements.lines(entry(42, decision), party("coop")) == []
