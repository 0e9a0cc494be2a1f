"""冲正: every transfer turned round, and points that are gone become debt."""

import pytest

from catalog.units import Points
from pos.core import redemption, reversal, weigh_in
from pos.core.acts import Act, ActCode
from pos.core.redemption import PickedService, Shortfall
from pos.core.refusals import BelowFloor, NotReversible
from pos.core.reversal import ReversalReason, Reverse
from pos.core.transfers import Books, Transfer
from pos.core.weigh_in import Payout, Weigh
from tests.core.village import D, H, bag, basket, books, load, redeem_rules, shown, weigh_rules

WHY = ReversalReason.OTHER


def weighed(held: Books, payout: Payout = Payout.POINTS) -> tuple[Weigh, tuple[Transfer, ...]]:
    """Ten points for ten kilograms of cardboard, posted."""
    decision = weigh_in.decide(bag(load("p01", 10_000), payout=payout), weigh_rules(), held, D)
    held.post(D, decision.transfers)
    return decision.body, decision.transfers


def test_a_redemption_turned_round_last_first() -> None:
    held = books(pts=47_82)
    draft = basket({"oil": 1}, Shortfall.CASH)
    decision = redemption.decide(draft, redeem_rules(), held, D)
    held.post(D, decision.transfers)
    back = reversal.decide(9, decision.body, decision.transfers, WHY, held, D)
    assert back.body == Reverse(9, WHY, H)
    assert shown(back.transfers) == [
        "out:handed > stock:shop/village/0 g:oil 1",
        "drawer:shop > world:customer cash 1718",
        f"spent:goods > pts:{H} pt 4782",
    ]


@pytest.mark.parametrize(
    ("pend", "pts", "legs"),
    [
        (0, 10_00, [f"pts:{H} > issue:weigh pt 1000"]),
        (4_00, 10_00, [f"pend:{H} > issue:weigh pt 400", f"pts:{H} > issue:weigh pt 600"]),
        (0, 4_00, [f"pts:{H} > issue:weigh pt 400", f"debt:{H} > issue:weigh pt 600"]),
        (1_00, 2_00, ["pend:%s > issue:weigh pt 100", "pts:%s > issue:weigh pt 200", "debt:%s > issue:weigh pt 700"]),
        (0, 0, [f"debt:{H} > issue:weigh pt 1000"]),
    ],
)
def test_a_weigh_in_draws_pending_points_then_points_then_debt(pend: int, pts: int, legs: list[str]) -> None:
    body, transfers = weighed(books())
    held = books(pend=pend, pts=pts, carry=0)
    held.post(D, [t for t in transfers if t.commodity != "pt"])
    back = reversal.decide(9, body, transfers, WHY, held, D)
    assert shown(back.transfers) == [
        *(leg.replace("%s", H) for leg in legs),
        f"paid:points > carry:{H} frac 1000",
        f"carry:{H} > value:weigh frac 1000",
        "bin:shop > brought:weigh m:p01 10000",
    ]


def test_what_paid_a_debt_is_owed_again() -> None:
    held = books(debt=-3_00)
    body, transfers = weighed(held)
    back = reversal.decide(9, body, transfers, WHY, held, D)
    assert shown(back.transfers)[:2] == [f"debt:{H} > pts:{H} pt 300", f"pts:{H} > issue:weigh pt 1000"]


def test_points_that_come_back_pay_debt_first() -> None:
    held = books(pts=34_00)
    sale = redemption.decide(basket({"salt": 17}), redeem_rules(), held, D)
    held.post(D, sale.transfers)
    body, transfers = weighed(books())
    held.post(D, [t for t in transfers if t.commodity != "pt"])
    held.post(D, reversal.decide(1, body, transfers, WHY, held, D).transfers)
    back = reversal.decide(2, sale.body, sale.transfers, WHY, held, D)
    assert shown(back.transfers)[-2:] == [f"spent:goods > pts:{H} pt 3400", f"pts:{H} > debt:{H} pt 1000"]


def test_a_pending_and_a_cash_weigh_in() -> None:
    for payout, leg in (
        (Payout.PENDING, f"pend:{H} > issue:weigh pt 1000"),
        (Payout.CASH, "world:seller > drawer:shop cash 1000"),
    ):
        held = books()
        body, transfers = weighed(held, payout)
        assert shown(reversal.decide(9, body, transfers, WHY, held, D).transfers)[0] == leg


def test_what_is_gone_cannot_be_given_back() -> None:
    body, transfers = weighed(books())
    with pytest.raises(BelowFloor) as refused:
        reversal.decide(9, body, transfers, WHY, books(pts=10_00), D)
    assert refused.value.fields["account"] == f"bin:shop@{D}"


def test_a_used_voucher_cannot_be_given_back() -> None:
    held = books(pts=47_82)
    draft = redemption.Draft(H, "", bag().read_as, services=(PickedService("haircut", "v1"),))
    decision = redemption.decide(draft, redeem_rules(), held, D)
    with pytest.raises(BelowFloor):
        reversal.decide(9, decision.body, decision.transfers, WHY, held, D)
    held.post(D, decision.transfers)
    back = reversal.decide(9, decision.body, decision.transfers, WHY, held, D)
    assert shown(back.transfers) == ["vch:v1 > vout:issued v:haircut 1", f"spent:service > pts:{H} pt 1500"]


def test_reversals_and_acts_are_not_reversed() -> None:
    body, _ = weighed(books())
    assert reversal.reversible(body).points == Points(10_00)
    for other in (Reverse(9, WHY, H), Act(ActCode.CLOCK)):
        with pytest.raises(NotReversible):
            reversal.reversible(other)


@pytest.mark.parametrize(("payout", "points"), [(Payout.POINTS, 10_00), (Payout.PENDING, 10_00), (Payout.CASH, 10_00)])
def test_what_it_is_worth_whatever_it_was_paid_in(payout: Payout, points: int) -> None:
    body, _ = weighed(books(), payout)
    assert reversal.worth(body) == Points(points)


def test_cash_counts_as_the_points_it_stands_for() -> None:
    decision = redemption.decide(basket({"oil": 1}, Shortfall.CASH), redeem_rules(), books(pts=47_82), D)
    assert reversal.worth(decision.body) == Points(65_00)
