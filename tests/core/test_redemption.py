"""兑换: worked examples as tables, and what is refused."""

from dataclasses import replace

import pytest

from catalog.prices import Terms
from catalog.units import Fen, Points
from pos.core import redemption
from pos.core.redeem_refusals import ServiceUnknown
from pos.core.redemption import Discount, PickedGood, PickedService, Shortfall
from pos.core.refusals import (
    GoodUnknown,
    OutOfStock,
    OverLimit,
    PointsShort,
    PriceMissing,
    QuantityOutOfRange,
    TicketEmpty,
    TooManyLines,
)
from tests.core.village import FINE, GOODS, WHOLE, D, H, basket, books, lot, redeem_rules, shown

R1 = {"salt": 2, "soap": 1, "tissue": 1}


def test_r1() -> None:
    decision = redemption.decide(basket(R1), redeem_rules(), books(pts=47_82), D)
    assert (decision.body.price, decision.body.points, decision.body.cash) == (Points(34_00), Points(34_00), Fen(0))
    assert shown(decision.transfers) == [
        f"pts:{H} > spent:goods pt 3400",
        "stock:shop/village/0 > out:handed g:salt 2",
        "stock:shop/village/0 > out:handed g:soap 1",
        "stock:shop/village/0 > out:handed g:tissue 1",
    ]


@pytest.mark.parametrize(
    ("terms", "percent", "price", "points", "cash"),
    [
        (FINE, 0, 65_00, 47_82, 17_18),  # R2, fractional
        (WHOLE, 0, 65_00, 47_00, 18_00),  # R2, whole points
        (FINE, 5, 61_75, 47_82, 13_93),  # R3
        (WHOLE, 5, 61_75, 47_00, 14_75),
    ],
)
def test_r2_and_r3(terms: Terms, percent: int, price: int, points: int, cash: int) -> None:
    rules = redeem_rules(terms, discount=Discount(percent, "coop") if percent else None)
    decision = redemption.decide(basket({"oil": 1}, Shortfall.CASH), rules, books(pts=47_82), D)
    body = decision.body
    assert (body.price, body.points, body.cash) == (Points(price), Points(points), Fen(cash))
    discount = ["due:coop > cost:discount due 325"] if percent else []
    assert shown(decision.transfers) == [
        f"pts:{H} > spent:goods pt {points}",
        f"world:customer > drawer:shop cash {cash}",
        "stock:shop/village/0 > out:handed g:oil 1",
        *discount,
    ]


def test_points_that_fall_short_are_refused_unless_cash_was_chosen() -> None:
    with pytest.raises(PointsShort) as refused:
        redemption.quote(basket({"oil": 1}), redeem_rules(), books(pts=47_82), D)
    assert refused.value.fields == {"short": Points(17_18), "available": Points(47_82), "cash": Fen(17_18)}


def test_lots_leave_in_order_and_a_keeper_is_owed_for_the_own() -> None:
    lots = [lot("salt", 1, owner="donated", name="0-3-1"), lot("salt", 2), lot("salt", 9, owner="k-02", cost=150)]
    rules = redeem_rules(lots=lots)
    decision = redemption.decide(basket({"salt": 5}), rules, books(pts=47_82), D)
    assert shown(decision.transfers)[1:] == [
        "stock:shop/donated/0-3-1 > out:handed g:salt 1",
        "stock:shop/village/0 > out:handed g:salt 2",
        "stock:shop/k-02/0 > out:handed g:salt 2",
        "cost:goods > due:k-02 due 300",
    ]


def test_more_than_the_books_have_is_found_first_when_a_second_person_says_so() -> None:
    rules = redeem_rules(lots=[lot("salt", 1)])
    with pytest.raises(OutOfStock) as refused:
        redemption.quote(basket({"salt": 3}), rules, books(pts=47_82), D)
    assert refused.value.fields["on_hand"] == 1
    held = books(pts=47_82)
    draft = replace(basket({"salt": 3, "soap": 1}), overridden=("salt", "soap"))
    decision = redemption.decide(draft, rules, held, D)
    assert shown(decision.transfers)[1:] == [
        "stock:shop/village/0 > out:handed g:salt 1",
        "in:found > stock:shop/village/0 g:salt 2",
        "stock:shop/village/0 > out:handed g:salt 2",
        "in:found > stock:shop/village/0 g:soap 1",
        "stock:shop/village/0 > out:handed g:soap 1",
    ]


def test_a_service_is_paid_in_points_and_gives_a_voucher() -> None:
    draft = replace(basket({"salt": 1}), services=(PickedService("haircut", "v100"), PickedService("haircut", "v101")))
    decision = redemption.decide(draft, redeem_rules(), books(pts=47_82), D)
    assert (decision.body.price, decision.body.points) == (Points(32_00), Points(32_00))
    assert redemption.total(draft, redeem_rules()) == Points(32_00)
    assert shown(decision.transfers) == [
        f"pts:{H} > spent:goods pt 200",
        f"pts:{H} > spent:service pt 3000",
        "stock:shop/village/0 > out:handed g:salt 1",
        "vout:issued > vch:v100 v:haircut 1",
        "vout:issued > vch:v101 v:haircut 1",
    ]


def test_cash_pays_for_goods_only_and_a_discount_is_of_goods_only() -> None:
    services = (PickedService("haircut", "v100"),)
    draft = replace(basket({"oil": 1}, Shortfall.CASH), services=services)
    rules = redeem_rules(discount=Discount(5, "coop"))
    body = redemption.quote(draft, rules, books(pts=47_82), D)
    assert (body.price, body.points, body.cash) == (Points(76_75), Points(47_82), Fen(28_93))
    with pytest.raises(PointsShort) as refused:
        redemption.quote(draft, rules, books(pts=14_99), D)
    assert refused.value.fields["short"] == Points(61_76)


def test_limits_count_what_was_taken() -> None:
    rules = redeem_rules(limits={"salt": 2}, taken={"salt": 1})
    assert redemption.quote(basket({"salt": 1}), rules, books(pts=47_82), D).price == Points(2_00)
    with pytest.raises(OverLimit) as refused:
        redemption.quote(basket({"salt": 2}), rules, books(pts=47_82), D)
    assert refused.value.fields == {"item": "salt", "limit": 2, "taken": 1}


def test_a_good_stands_on_one_line() -> None:
    draft = basket({"salt": 1}).adding("soap").adding("salt", 2)
    assert draft.lines == (PickedGood("salt", 3), PickedGood("soap", 1))
    assert draft.without(0).lines == (PickedGood("soap", 1),)
    with pytest.raises(ValueError, match="one line a good"):
        replace(draft, lines=(PickedGood("salt", 1), PickedGood("salt", 1)))


def test_what_is_refused() -> None:
    rules, held = redeem_rules(), books(pts=47_82)
    with pytest.raises(TicketEmpty):
        redemption.quote(basket({}), rules, held, D)
    with pytest.raises(TooManyLines):
        redemption.quote(basket({f"g{n}": 1 for n in range(21)}), rules, held, D)
    with pytest.raises(GoodUnknown):
        redemption.quote(basket({"gold": 1}), rules, held, D)
    with pytest.raises(ServiceUnknown):
        redemption.quote(replace(basket({}), services=(PickedService("massage", "v1"),)), rules, held, D)
    for quantity in (0, -1, 1_000):
        with pytest.raises(QuantityOutOfRange):
            redemption.quote(basket({"salt": quantity}), rules, held, D)
    bare = replace(rules, book=replace(rules.book, goods={}, services={}))
    with pytest.raises(PriceMissing):
        redemption.quote(basket({"salt": 1}), bare, held, D)
    with pytest.raises(PriceMissing):
        redemption.quote(replace(basket({}), services=(PickedService("haircut", "v1"),)), bare, held, D)


def test_more_transfers_than_one_entry_carries_are_refused() -> None:
    lots = [lot(good, 1, owner="k-02", name=f"0-{n}-1", cost=100) for good in GOODS for n in range(1, 17)]
    rules = redeem_rules(lots=lots)
    with pytest.raises(TooManyLines):
        redemption.decide(basket({"salt": 16, "soap": 16}), rules, books(pts=10_000_00), D)
    assert redemption.decide(basket({"salt": 16, "soap": 13}), rules, books(pts=10_000_00), D)
