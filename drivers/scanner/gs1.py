"""What a code says beside which good it is: GS1 element strings, and the EAN labels of the store's own scale.

GS1 General Specifications: 3.2 (application identifiers), 7.8.5 (their lengths and FNC1, which arrives as GS), 2.1.12
(restricted circulation numbers 20-29, whose inside each shop lays out for itself).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.units import Fen, Grams

GS = "\x1d"
"""The separator that ends an element of variable length."""

_LENGTHS = {
    "00": 18,
    "20": 2,
    "04": 16,
    **dict.fromkeys(("01", "02", "03", "41"), 14),
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 6),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 8),
}
"""Characters after the first two digits, of the identifiers that need no separator."""

_ELEMENT_STRING = re.compile(r"01[0-9]{14}[!-~\x1d]*")
_NET_KILOGRAMS = re.compile(r"310([0-5])([0-9]{6})")
_LAYOUT = re.compile(r"(2[0-9]{0,2})(I{3,6})(X?)(W{4,6}|P{4,6})C")

Measure = Grams | Fen
"""What a label says of its piece: its weight or its price."""


@dataclass(frozen=True, slots=True)
class Item:
    """A good's own number, with what its label says of this piece."""

    number: str
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the store's scale lays its EAN-13 labels out, such as `21IIIIIWWWWWC`.

    Digits are the prefix, I the item's number, W grams or P fen, X a digit passed over, C the check digit. Raises
    `ValueError` for anything else.
    """

    pattern: str

    def __post_init__(self) -> None:
        if len(self.pattern) != 13 or not _LAYOUT.fullmatch(self.pattern):
            raise ValueError(f"{self.pattern} lays no label out: 2, I, W or P, and C, thirteen in all")

    def read(self, digits: str) -> Item | None:
        """What a sound EAN-13 of this layout says; None when its prefix is another.

        The item's number is the label's own with zeros for its measure, as it stands in the list of goods; a label
        that has the zeros itself says nothing more.
        """
        prefix = self.pattern[: self.pattern.index("I")]
        if not digits.startswith(prefix):
            return None
        kind = "W" if "W" in self.pattern else "P"
        amount = int("".join(digit for digit, place in zip(digits, self.pattern, strict=True) if place == kind))
        kept = ("0" if place in "XWP" else digit for digit, place in zip(digits[:-1], self.pattern[:-1], strict=True))
        measure = Grams(amount) if kind == "W" else Fen(amount)
        return Item(with_check_digit("".join(kept)), measure or None)


def check_digit_fits(digits: str) -> bool:
    """Whether the last digit is the GTIN mod-10 check digit of those before it (weights 3, 1, 3, … from its left)."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


def with_check_digit(digits: str) -> str:
    """The digits and the check digit that belongs to them."""
    return next(whole for check in "0123456789" if check_digit_fits(whole := digits + check))


def element_string(text: str) -> Item | None:
    """The good that an element string names first, by AI 01, with the net weight of AI 310n if it is in whole grams.

    None for a text that is no such string. The check digit of the number is not looked at here.
    """
    if not _ELEMENT_STRING.fullmatch(text):
        return None
    measure = None
    for element in _elements(text[16:]):
        if found := _NET_KILOGRAMS.fullmatch(element):
            grams, rest = divmod(int(found[2]) * 1000, 10 ** int(found[1]))
            if rest:
                return None
            measure = Grams(grams)
        elif element.startswith("310"):
            return None
    return Item(text[2:16], measure)


def _elements(text: str) -> Iterator[str]:
    """The elements one after another, each with its identifier; the last may be cut short."""
    while text := text.lstrip(GS):
        length = 2 + _LENGTHS[text[:2]] if text[:2] in _LENGTHS else text.find(GS) if GS in text else len(text)
        yield text[:length]
        text = text[length:]
