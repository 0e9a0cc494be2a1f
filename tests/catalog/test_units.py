"""Quantities: whole numbers of one unit each, that never mix."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.units import LIMIT, Fen, Grams, Points, Quantity, round_half_up

KINDS: list[type[Quantity]] = [Points, Grams, Fen]


@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
def test_only_like_adds_to_like(left: type[Quantity], right: type[Quantity]) -> None:
    if left is right:
        assert left(3) + right(4) == left(7)
        assert left(3) - right(4) == left(-1)
        assert left(3) < right(4)
        return
    with pytest.raises(TypeError):
        left(3) + right(4)
    with pytest.raises(TypeError):
        left(3) - right(4)
    with pytest.raises(TypeError):
        assert left(3) < right(4)
    assert left(3) != right(3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [1.0, True, "1", None, Fraction(1)])
def test_only_whole_numbers(kind: type[Quantity], amount: object) -> None:
    with pytest.raises(TypeError):
        kind(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [LIMIT + 1, -LIMIT - 1])
def test_a_quantity_has_its_limits(amount: int) -> None:
    assert Points(LIMIT).amount == LIMIT
    with pytest.raises(ValueError, match="out of range"):
        Points(amount)


def test_a_sum_past_the_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="out of range"):
        Fen(LIMIT) + Fen(1)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Points(4_782), "47.82"),
        (Points(-5), "-0.05"),
        (Fen(0), "0.00"),
        (Fen(-12_345), "-123.45"),
        (Grams(18_650), "18.65"),
        (Grams(17_385), "17.385"),
        (Grams(-350), "-0.35"),
        (Grams(5), "0.005"),
    ],
)
def test_as_text(quantity: Quantity, text: str) -> None:
    assert str(quantity) == text


@given(st.integers(0, 10**15), st.integers(1, 10**9))
def test_half_rounds_up_and_nothing_moves_further_than_a_half(numerator: int, denominator: int) -> None:
    error = round_half_up(numerator, denominator) - Fraction(numerator, denominator)
    assert Fraction(-1, 2) < error <= Fraction(1, 2)


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (1, 0), (1, -2)])
def test_rounding_refuses_what_it_has_no_rule_for(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="non-negative"):
        round_half_up(numerator, denominator)
