"""Ticket arithmetic: amounts, points, what is carried, points and cash."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.prices import ByWeight, EveryPieces, Tender, Terms, discounted, piece_points, weight_amount
from catalog.units import Fen, Grams, Points

STEPS = [1, 2, 4, 5, 10, 20, 25, 50, 100]


def is_exact(fen_per_point: int, step: int) -> bool:
    return step * fen_per_point % 100 == 0


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    step = draw(st.sampled_from(STEPS))
    fen = draw(st.integers(1, 1_000).filter(lambda fen: is_exact(fen, step)))
    return Terms(date(2026, 1, 1), fen, Points(step))


@pytest.mark.parametrize(("fen", "step"), [(0, 1), (-100, 1), (100, 0), (100, 3), (100, 200), (50, 1), (1, 99)])
def test_terms_that_could_not_be_kept_exactly_are_refused(fen: int, step: int) -> None:
    with pytest.raises(ValueError, match="step"):
        Terms(date(2026, 1, 1), fen, Points(step))


@pytest.mark.parametrize(
    ("net", "deduction", "fen_per_kg", "amount"),
    [
        (18_300, 0, 100, 1_830),  # W1
        (4_000, 0, 240, 960),
        (12_450, 0, 160, 1_992),
        (18_300, 5, 100, 1_739),  # W2: 17.385, where half-even would give 17.38
        (850, 0, 4_500, 3_825),  # W3
        (598_500, 0, 125, 74_813),  # S1: 748.125
        (1, 99, 1, 0),
    ],
)
def test_amount_of_a_weighed_line(net: int, deduction: int, fen_per_kg: int, amount: int) -> None:
    assert weight_amount(Grams(net), deduction, ByWeight(fen_per_kg)) == Fen(amount)


@pytest.mark.parametrize(
    ("pieces", "every", "points", "used"), [(37, 35, 100, 35), (34, 35, 0, 0), (70, 35, 200, 70), (-3, 35, 0, 0)]
)
def test_every_so_many_pieces_one_point(pieces: int, every: int, points: int, used: int) -> None:
    assert piece_points(pieces, EveryPieces(every)) == (Points(points), used)


@given(terms(), st.integers(-(10**9), 10**9))
def test_whole_steps_take_what_they_pay_and_leave_less_than_one(terms: Terms, carried: int) -> None:
    points, used = terms.whole_steps(Fen(carried))
    assert points.amount % terms.step.amount == 0
    assert terms.worth(points) == used
    assert used.amount * 100 == points.amount * terms.fen_per_point
    if carried < 0:
        assert not points
    else:
        assert 0 <= carried - used.amount < terms.fen_per_step


@pytest.mark.parametrize(
    ("price", "available", "step", "points", "cash"),
    [
        (6_500, 4_782, 1, 4_782, 1_718),  # R2, fractional
        (6_500, 4_782, 100, 4_700, 1_800),  # R2, whole points
        (3_400, 4_782, 100, 3_400, 0),
        (6_500, 0, 1, 0, 6_500),
        (0, 0, 1, 0, 0),
    ],
)
def test_points_first_and_cash_for_the_rest(price: int, available: int, step: int, points: int, cash: int) -> None:
    terms = Terms(date(2026, 1, 1), 100, Points(step))
    assert Tender.split(Points(price), Points(available), terms) == Tender(Points(points), Fen(cash))


@given(terms(), st.integers(0, 10**8), st.integers(-100, 10**8))
def test_a_tender_pays_the_price_to_within_a_fen(terms: Terms, price: int, available: int) -> None:
    tender = Tender.split(Points(price), Points(available), terms)
    assert 0 <= tender.points.amount <= max(0, available)
    owed = price * terms.fen_per_point
    paid = tender.points.amount * terms.fen_per_point + tender.cash.amount * 100
    assert abs(paid - owed) <= 50
    assert tender.cash.amount >= 0


def test_r3_a_discount_of_five_percent() -> None:
    assert discounted(Points(6_500), 5) == Points(6_175)


@given(st.integers(0, 10**9), st.integers(0, 100))
def test_a_discount_is_exact_to_half_a_hundredth(price: int, percent: int) -> None:
    assert abs(100 * discounted(Points(price), percent).amount - price * (100 - percent)) <= 50
