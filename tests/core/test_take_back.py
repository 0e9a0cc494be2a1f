"""退货: parts of a redemption come back; points and cash as they were paid, never more than was handed out."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.prices import GoodPrice, Terms
from catalog.units import Fen, Points
from pos.core import accounts, redemption, reversal, take_back
from pos.core.redemption import Discount, PickedService, Redeem, Shortfall
from pos.core.refusals import GoodUnknown, QuantityOutOfRange
from pos.core.reversal import ReversalReason
from pos.core.take_back import BackLine, Condition, TakeBack
from pos.core.transfers import Books, Decision
from tests.core.village import FINE, GOODS, WHOLE, D, H, basket, books, lot, redeem_rules, shown

WHOLE_AGAIN, OPENED = Condition.WHOLE, Condition.OPENED


def test_v1_an_opened_good_is_written_off_in_the_same_entry() -> None:
    held = books(pts=34_00)
    sale = redemption.decide(basket({"salt": 2, "soap": 1, "tissue": 1}), redeem_rules(), held, D)
    held.post(D, sale.transfers)
    lines = (BackLine("salt", 2, WHOLE_AGAIN), BackLine("soap", 1, OPENED), BackLine("tissue", 1, WHOLE_AGAIN))
    back = take_back.decide(14, sale.body, sale.transfers, lines, (), held, D)
    assert back.body == TakeBack(H, 14, lines, Points(34_00), Fen(0))
    assert shown(back.transfers) == [
        f"spent:goods > pts:{H} pt 3400",
        "out:handed > stock:shop/village/0 g:salt 2",
        "out:handed > out:written-off g:soap 1",
        "out:handed > stock:shop/village/0 g:tissue 1",
    ]


def test_mixed_tender_in_its_proportion() -> None:
    held = books(pts=47_82)
    sale = redemption.decide(basket({"oil": 1, "salt": 10}, Shortfall.CASH), redeem_rules(), held, D)
    assert (sale.body.points, sale.body.cash) == (Points(47_82), Fen(37_18))
    held.post(D, sale.transfers)
    first = take_back.decide(1, sale.body, sale.transfers, (BackLine("salt", 3, WHOLE_AGAIN),), (), held, D)
    assert (first.body.points, first.body.cash) == (Points(3_37), Fen(2_63))  # 47.82 x 6 / 85 = 3.3755 ...
    held.post(D, first.transfers)
    rest = (BackLine("oil", 1, WHOLE_AGAIN), BackLine("salt", 7, WHOLE_AGAIN))
    second = take_back.decide(1, sale.body, sale.transfers, rest, [first.body], held, D)
    assert (second.body.points, second.body.cash) == (Points(44_45), Fen(34_55))


def test_lots_are_filled_again_last_first_and_the_keeper_is_no_longer_owed() -> None:
    lots = [lot("salt", 2), lot("salt", 9, owner="k-02", cost=150), lot("soap", 9, owner="k-02", cost=900)]
    held = books(pts=100_00)
    sale = redemption.decide(basket({"salt": 5, "soap": 1}), redeem_rules(lots=lots), held, D)
    first = (BackLine("salt", 1, OPENED), BackLine("salt", 1, WHOLE_AGAIN))
    one = take_back.decide(1, sale.body, sale.transfers, first, (), held, D)
    assert shown(one.transfers)[1:] == [
        "out:handed > out:written-off g:salt 1",
        "out:handed > stock:shop/k-02/0 g:salt 1",
        "due:k-02 > cost:goods due 150",
    ]
    two = take_back.decide(1, sale.body, sale.transfers, (BackLine("salt", 3, WHOLE_AGAIN),), [one.body], held, D)
    assert shown(two.transfers)[1:] == [
        "out:handed > stock:shop/k-02/0 g:salt 1",
        "due:k-02 > cost:goods due 150",
        "out:handed > stock:shop/village/0 g:salt 2",
    ]


def test_debt_is_paid_first() -> None:
    held = books(pts=4_00)
    sale = redemption.decide(basket({"salt": 2}), redeem_rules(), held, D)
    owing = books(debt=-3_00)
    back = take_back.decide(1, sale.body, sale.transfers, (BackLine("salt", 2, WHOLE_AGAIN),), (), owing, D)
    assert shown(back.transfers)[:2] == [f"spent:goods > pts:{H} pt 400", f"pts:{H} > debt:{H} pt 300"]


def test_the_bearer_of_a_discount_owes_for_what_stays() -> None:
    held = books(pts=100_00)
    sale = redemption.decide(basket({"oil": 1, "salt": 5}), redeem_rules(discount=Discount(5, "coop")), held, D)
    assert shown(sale.transfers)[-1] == "due:coop > cost:discount due 375"
    one = take_back.decide(1, sale.body, sale.transfers, (BackLine("salt", 2, WHOLE_AGAIN),), (), held, D)
    assert shown(one.transfers)[:2] == [f"spent:goods > pts:{H} pt 380", "cost:discount > due:coop due 20"]
    rest = (BackLine("oil", 1, WHOLE_AGAIN), BackLine("salt", 3, WHOLE_AGAIN))
    two = take_back.decide(1, sale.body, sale.transfers, rest, [one.body], held, D)
    assert shown(two.transfers)[:2] == [f"spent:goods > pts:{H} pt 6745", "cost:discount > due:coop due 355"]


def test_a_service_stays_when_goods_come_back() -> None:
    draft = redemption.Draft(
        H, "", basket({}).read_as, basket({"salt": 2}).lines, services=(PickedService("haircut", "v1"),)
    )
    held = books(pts=19_00)
    sale = redemption.decide(draft, redeem_rules(), held, D)
    back = take_back.decide(1, sale.body, sale.transfers, (BackLine("salt", 2, WHOLE_AGAIN),), (), held, D)
    assert back.body.points == Points(4_00)


def test_never_more_than_was_handed_out() -> None:
    held = books(pts=4_00)
    sale = redemption.decide(basket({"salt": 2}), redeem_rules(), held, D)

    def back(*lines: BackLine, earlier: tuple[TakeBack, ...] = ()) -> Decision[TakeBack]:
        return take_back.decide(1, sale.body, sale.transfers, lines, earlier, held, D)

    with pytest.raises(GoodUnknown):
        back(BackLine("soap", 1, OPENED))
    for quantity in (0, 3):
        with pytest.raises(QuantityOutOfRange):
            back(BackLine("salt", quantity, OPENED))
    with pytest.raises(QuantityOutOfRange):
        back(BackLine("salt", 1, OPENED), BackLine("salt", 2, OPENED))
    once = back(BackLine("salt", 1, OPENED)).body
    with pytest.raises(QuantityOutOfRange) as refused:
        back(BackLine("salt", 2, OPENED), earlier=(once,))
    assert refused.value.fields["most"] == 1


def test_no_cash_is_asked_for_when_rounding_turns() -> None:
    rules = redeem_rules(discount=Discount(40, "coop"))
    rules = replace(rules, book=replace(rules.book, goods={"salt": GoodPrice(Points(1), Fen(1))}))
    held = books(pts=2)
    sale = redemption.decide(basket({"salt": 5}, Shortfall.CASH), rules, held, D)
    assert (sale.body.price, sale.body.points, sale.body.cash) == (Points(3), Points(2), Fen(1))
    earlier: list[TakeBack] = []
    for _ in range(5):
        line = BackLine("salt", 1, WHOLE_AGAIN)
        earlier.append(take_back.decide(1, sale.body, sale.transfers, (line,), earlier, held, D).body)
    assert [(body.points.amount, body.cash.amount) for body in earlier] == [(0, 0), (0, 1), (1, 0), (0, 0), (1, 0)]


def sold(pieces: dict[str, int], pts: int, terms: Terms, percent: int) -> tuple[Books, Decision[Redeem]]:
    """A redemption with cash for what the points do not cover, posted."""
    held = books(pts=pts)
    lots = [
        lot("salt", 3),
        lot("salt", 30, owner="k-02", cost=150),
        *(lot(good, 30) for good in GOODS if good != "salt"),
    ]
    held.balances.update({(accounts.stock(e.owner, e.lot, D), f"g:{e.good}"): e.on_hand for e in lots})
    rules = redeem_rules(terms, lots, Discount(percent, "coop") if percent else None)
    decision = redemption.decide(basket(pieces, Shortfall.CASH), rules, held, D)
    held.post(D, decision.transfers)
    return held, decision


@given(
    st.dictionaries(st.sampled_from(sorted(GOODS)), st.integers(1, 6), min_size=1),
    st.integers(1_00, 300_00),
    st.sampled_from([FINE, WHOLE, Terms(FINE.effective, 7, Points(100)), Terms(FINE.effective, 250, Points(2))]),
    st.integers(0, 99),
    st.randoms(use_true_random=False),
)
def test_all_pieces_back_one_by_one_equal_a_reversal(
    pieces: dict[str, int], pts: int, terms: Terms, percent: int, order: Random
) -> None:
    held, sale = sold(pieces, pts, terms, percent)
    whole = Books(D, held.balances)
    whole.post(D, reversal.decide(1, sale.body, sale.transfers, ReversalReason.OTHER, whole, D).transfers)
    singles = [good for good, quantity in pieces.items() for _ in range(quantity)]
    order.shuffle(singles)
    earlier: list[TakeBack] = []
    for good in singles:
        line = BackLine(good, 1, WHOLE_AGAIN)
        back = take_back.decide(1, sale.body, sale.transfers, (line,), earlier, held, D)
        held.post(D, back.transfers)
        earlier.append(back.body)
        assert back.body.points.amount >= 0
        assert back.body.cash.amount >= 0
    assert sum((body.points for body in earlier), Points(0)) == sale.body.points
    assert sum((body.cash for body in earlier), Fen(0)) == sale.body.cash
    assert held.balances == whole.balances
