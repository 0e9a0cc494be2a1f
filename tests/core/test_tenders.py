"""Points first, cash for the rest: R2 and R3 with both roundings, the village's share, no cash-only sales, change."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.prices import Terms
from catalog.units import Fen, Points
from pos.core import redemption, take_back, tenders
from pos.core.redeem_refusals import CashOnly, CashShort, SlotFull, SlotMissing, SlotPast, TooMuchCash
from pos.core.redemption import Discount, PickedService, Redeem, Rules, Shortfall
from pos.core.refusals import PointsShort
from pos.core.store_policy import GoodRule, StorePolicy
from pos.core.take_back import BackLine, Condition, TakeBack
from tests.core.village import FINE, SERVICES, WHOLE, D, basket, books, redeem_rules


def quoted(goods: dict[str, int], policy: StorePolicy, pts: int, terms: Terms = FINE, percent: int = 0) -> Redeem:
    rules = redeem_rules(terms, discount=Discount(percent, "coop") if percent else None)
    return redemption.quote(basket(goods, Shortfall.CASH), replace(rules, policy=policy), books(pts=pts), D)


@pytest.mark.parametrize(
    ("terms", "percent", "step", "points", "cash"),
    [
        (FINE, 0, 1, 47_82, 17_18),  # R2, fractional
        (WHOLE, 0, 1, 47_00, 18_00),  # R2, whole points
        (FINE, 5, 1, 47_82, 13_93),  # R3: 61.75
        (FINE, 0, 10, 47_82, 17_20),
        (FINE, 5, 10, 47_82, 13_90),
        (WHOLE, 5, 10, 47_00, 14_80),
    ],
)
def test_r2_and_r3_with_cash_rounded(terms: Terms, percent: int, step: int, points: int, cash: int) -> None:
    body = quoted({"oil": 1}, StorePolicy(cash_step=Fen(step)), 47_82, terms, percent)
    assert (body.points, body.cash) == (Points(points), Fen(cash))


def test_nothing_in_points_is_refused() -> None:
    with pytest.raises(CashOnly):
        quoted({"oil": 1}, StorePolicy(), 0)
    with pytest.raises(CashOnly):
        quoted({"oil": 1}, StorePolicy(), 99, WHOLE)
    assert quoted({"oil": 1}, StorePolicy(), 1).points == Points(1)


def test_the_village_s_share_in_points() -> None:
    half = StorePolicy(50)
    assert quoted({"oil": 1}, half, 32_50).points == Points(32_50)
    with pytest.raises(TooMuchCash) as refused:
        quoted({"oil": 1}, half, 32_49)
    assert refused.value.fields == {"least": Points(32_50), "points": Points(32_49)}
    assert quoted({"oil": 1}, half, 30_88, percent=5).points == Points(30_88)  # half of 61.75, rounded up
    with pytest.raises(TooMuchCash):
        quoted({"oil": 1}, half, 30_87, percent=5)
    with pytest.raises(TooMuchCash):
        quoted({"oil": 1}, StorePolicy(100), 64_99)


def test_a_good_has_a_share_of_its_own() -> None:
    salt_in_points = StorePolicy(0, goods=(GoodRule("salt", 100),))
    assert quoted({"oil": 1, "salt": 2}, salt_in_points, 4_00).cash == Fen(65_00)
    with pytest.raises(TooMuchCash) as refused:
        quoted({"oil": 1, "salt": 2}, salt_in_points, 3_99)
    assert refused.value.fields["least"] == Points(4_00)


def test_a_few_fen_that_rounding_would_forgive_are_still_short_without_cash() -> None:
    rules = replace(redeem_rules(), policy=StorePolicy(cash_step=Fen(10)))
    with pytest.raises(PointsShort):
        redemption.quote(basket({"oil": 1}), rules, books(pts=64_96), D)
    body = redemption.quote(basket({"oil": 1}, Shortfall.CASH), rules, books(pts=64_96), D)
    assert (body.points, body.cash) == (Points(64_96), Fen(0))


def test_change() -> None:
    assert tenders.change(Fen(17_18), Fen(20_00)) == Fen(2_82)
    assert tenders.change(Fen(17_18), Fen(0)) == Fen(0)
    with pytest.raises(CashShort) as refused:
        tenders.change(Fen(17_18), Fen(17_00))
    assert refused.value.fields == {"cash": Fen(17_18), "given": Fen(17_00)}
    draft = replace(basket({"oil": 1}, Shortfall.CASH), given=Fen(17_00))
    with pytest.raises(CashShort):
        redemption.quote(draft, redeem_rules(), books(pts=47_82), D)


@given(
    st.dictionaries(st.sampled_from(["salt", "soap", "oil"]), st.integers(1, 5), min_size=1),
    st.integers(1_00, 400_00),
    st.sampled_from([1, 10]),
    st.integers(0, 60),
)
def test_all_that_was_paid_in_cash_comes_back_and_no_more(
    goods: dict[str, int], pts: int, step: int, percent: int
) -> None:
    rules = replace(
        redeem_rules(discount=Discount(percent, "coop") if percent else None), policy=StorePolicy(cash_step=Fen(step))
    )
    sale = redemption.decide(basket(goods, Shortfall.CASH), rules, books(pts=pts), D)
    body, held = sale.body, books(pts=0)
    earlier: list[TakeBack] = []
    for good, pieces in goods.items():
        for _ in range(pieces):
            line = BackLine(good, 1, Condition.OPENED)
            earlier.append(take_back.decide(1, body, sale.transfers, (line,), earlier, held, D).body)
    assert sum(back.points.amount for back in earlier) == body.points.amount
    assert sum(back.cash.amount for back in earlier) == body.cash.amount
    assert all(back.points.amount >= 0 for back in earlier)


def booked(*slots: date | None, taken: int = 0, places: int = 2) -> Redeem:
    service = replace(SERVICES["haircut"], places=places)
    picked = tuple(PickedService("haircut", f"v{n}", slot) for n, slot in enumerate(slots))
    known: Rules = replace(
        redeem_rules(),
        services={"haircut": service},
        today=date(2026, 1, 15),
        booked={("haircut", date(2026, 1, 20)): taken},
    )
    return redemption.quote(replace(basket({}), services=picked), known, books(pts=47_82), D)


def test_a_booked_service_needs_a_day_with_a_place_left() -> None:
    day = date(2026, 1, 20)
    body = booked(day, day)
    assert [(line.slot, line.until) for line in body.services] == [(day, day), (day, day)]
    assert booked(date(2026, 1, 15)).services[0].slot == date(2026, 1, 15)
    for slots, taken, refusal in (((None,), 0, SlotMissing), ((day, day), 1, SlotFull), ((day,), 2, SlotFull)):
        with pytest.raises(refusal):
            booked(*slots, taken=taken)
    with pytest.raises(SlotPast):
        booked(date(2026, 1, 14))


def test_a_voucher_is_good_for_the_village_s_days() -> None:
    known = replace(redeem_rules(), today=date(2026, 1, 15), policy=StorePolicy(voucher_days=30))
    picked = replace(basket({}), services=(PickedService("haircut", "v1", date(2026, 1, 20)),))
    [line] = redemption.quote(picked, known, books(pts=47_82), D).services
    assert (line.until, line.slot) == (date(2026, 2, 14), None)
