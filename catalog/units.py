"""Quantities of the shop as integers that never mix: points, grams and fen.

`Points(3) + Grams(3)` is a type error for mypy and a `TypeError` at run time. None of them is ever a float.
"""

from dataclasses import dataclass
from typing import Self

LIMIT = 2**62
"""Largest magnitude of any quantity or balance (fits SQLite's and PostgreSQL's 64-bit integers with room to add)."""


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A whole number of some unit. Raises `TypeError` for anything but `int`, `ValueError` past ±2^62."""

    amount: int

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"{type(self).__name__} takes an int, not {type(self.amount).__name__}")
        if not -LIMIT <= self.amount <= LIMIT:
            raise ValueError(f"{type(self).__name__} out of range")

    def __add__(self, other: Self) -> Self:
        self._same(other)
        return type(self)(self.amount + other.amount)

    def __sub__(self, other: Self) -> Self:
        self._same(other)
        return type(self)(self.amount - other.amount)

    def __mul__(self, times: int) -> Self:
        return type(self)(self.amount * times)

    def __neg__(self) -> Self:
        return type(self)(-self.amount)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: object) -> None:
        if type(other) is not type(self):
            raise TypeError(f"{type(self).__name__} and {type(other).__name__} do not mix")


@dataclass(frozen=True, slots=True, order=True)
class Points(Quantity):
    """Points, counted in hundredths of a point; as text in points with two decimals."""

    def __str__(self) -> str:
        return _hundredths(self.amount)


@dataclass(frozen=True, slots=True, order=True)
class Grams(Quantity):
    """Mass in whole grams; as text in kilograms with the two or three decimals it needs."""

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.amount), 1000)
        decimals = f"{rest // 10:02d}" if rest % 10 == 0 else f"{rest:03d}"
        return f"{'-' if self.amount < 0 else ''}{whole}.{decimals}"


@dataclass(frozen=True, slots=True, order=True)
class Fen(Quantity):
    """Money in fen (1/100 yuan); as text in yuan with two decimals."""

    def __str__(self) -> str:
        return _hundredths(self.amount)


def _hundredths(amount: int) -> str:
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:02d}"


def round_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half-up to a whole number; both sides non-negative, the denominator positive.

    Raises `ValueError` outside that range. Source of the mode: reference worked example W2 (17.385 -> 17.39).
    """
    if numerator < 0 or denominator <= 0:
        raise ValueError("round_half_up takes a non-negative numerator and a positive denominator")
    return (2 * numerator + denominator) // (2 * denominator)
