"""What a scale says, in words and kilograms."""

from catalog.units import Grams
from drivers.errors import DriverError
from drivers.scale.weighing import Moving, NoSignal, OutOfRange, Settled, Weighing
from pos.i18n import Words

DASHES = "--.--"


def why_not(words: Words, code: str) -> str:
    """Why there is no weight to pay for, and what to do: the code of a weighing, a `NotTaken` or a fault."""
    return words(f"fault.{code}" if code in FAULTS else f"weighing.{code}")


def _faults(kind: type[DriverError]) -> set[str]:
    return {kind.code}.union(*(_faults(child) for child in kind.__subclasses__()))


FAULTS = frozenset(_faults(DriverError))
"""Codes of a line's faults, as far as scales know them."""


def code_of(weighing: Weighing) -> str:
    """The code of what a scale says, `settled` when it stands still at zero or at a load that it weighs."""
    match weighing:
        case Settled(is_light=is_light):
            return "below-minimum" if is_light else "settled"
        case Moving(reason=reason):
            return "moving" if reason == "loading" else reason
        case OutOfRange(code="below-minimum"):
            return "empty-or-light"
        case OutOfRange(code=code) | NoSignal(code=code):
            return code


def kilograms(grams: Grams, decimals: int = 2) -> str:
    """Mass in kilograms with the two or three decimals of the scale that said it, more only if it needs them."""
    text = str(grams)
    return text.ljust(text.index(".") + 1 + decimals, "0")


def decimals(settled: Settled) -> int:
    """How many decimals of a kilogram the scale shows."""
    return min(3, max(2, -int(settled.value.as_tuple().exponent))) if settled.unit == "kg" else 2


def jin(grams: Grams) -> str:
    """Mass in 斤 (500 g), to one decimal: an aid for the eye."""
    tenths = (grams.amount + 25) // 50
    return f"{tenths // 10}.{tenths % 10}"
