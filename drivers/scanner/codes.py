"""Scanned text told apart by its form: digits, length, check digit. What it means is for the rules above.

Forms: card numbers and signed cards (see `pos.core.cards`), GTIN-8 and GTIN-13 with the mod-10 check digit and the
in-store range 20-29 (GS1 General Specifications, 1.4 and 7.9), AIM symbology identifiers (ISO/IEC 15424).
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

MAX_LENGTH = 64
"""Longest text that can be a code, in characters."""

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_AIM = re.compile(r"\](C0|E0|E4|Q[0-9])")
_ANY_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_SIGNED_CARD = re.compile(r"H[1-9][0-9]{12}[0-9A-HJKMNP-TV-Z]{20}")
_DIGITS = re.compile(r"[0-9]+")


class Kind(StrEnum):
    """The form of a code."""

    CARD = "card"
    """Twelve digits: a card number or a UPC-A; a table decides, cards first."""
    SIGNED_CARD = "signed-card"
    EAN8 = "ean-8"
    EAN13 = "ean-13"
    IN_STORE = "in-store"
    """A GTIN that begins with 20-29: a label of the store's own."""


class Flaw(StrEnum):
    """Why a scan is no code; the screen words it by `scan.<flaw>`."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    CONTROL = "control"
    """A control character inside: wrong line settings, or a GS1 separator."""
    INPUT_METHOD = "input-method"
    """A character beyond ASCII: an input method took the keys."""
    AIM_MISSING = "aim-missing"
    AIM_REFUSED = "aim-refused"
    """A symbology that is never used here, or not for a code of this form."""
    CHECK_DIGIT = "check-digit"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Code:
    """A text of known form, in plain ASCII capitals without its AIM identifier."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A text of no known form, at most `MAX_LENGTH` characters of it."""

    text: str
    flaw: Flaw


def classify(raw: str, *, aim_required: bool = False) -> Code | Unrecognised:
    """Tell what a scanned text is by its form.

    Full-width characters of a Chinese input method count as their ASCII twins; an AIM identifier (`]C0`, `]Q1`, …) is
    taken off, and refused where a code of this form does not come in that symbology.
    """
    text = raw.translate(_FULL_WIDTH).strip("\r\n\t \x02\x03")
    symbology = ""
    if _ANY_AIM.match(text):
        symbology, text = text[1:3], text[3:]
    if flaw := _flaw(text):
        return Unrecognised(text[:MAX_LENGTH], flaw)
    if symbology and not _AIM.match(f"]{symbology}"):
        return Unrecognised(text, Flaw.AIM_REFUSED)
    if aim_required and not symbology:
        return Unrecognised(text, Flaw.AIM_MISSING)
    found = _by_form(text.upper())
    if isinstance(found, Code) and found.kind in {Kind.CARD, Kind.SIGNED_CARD} and symbology.startswith("E"):
        return Unrecognised(text, Flaw.AIM_REFUSED)
    return found


def check_digit_fits(digits: str) -> bool:
    """Whether the last digit is the GTIN mod-10 check digit of those before it (weights 3, 1, 3, … from its left)."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0


def _flaw(text: str) -> Flaw | None:
    """What forbids reading the text at all."""
    if not text:
        return Flaw.EMPTY
    if len(text) > MAX_LENGTH:
        return Flaw.TOO_LONG
    if not text.isascii():
        return Flaw.INPUT_METHOD
    return None if text.isprintable() else Flaw.CONTROL


def _by_form(text: str) -> Code | Unrecognised:
    if _SIGNED_CARD.fullmatch(text):
        return Code(Kind.SIGNED_CARD, text)
    if not _DIGITS.fullmatch(text) or len(text) not in {8, 12, 13}:
        return Unrecognised(text, Flaw.FORM)
    if len(text) == 12:
        return Code(Kind.CARD, text)
    if not check_digit_fits(text):
        return Unrecognised(text, Flaw.CHECK_DIGIT)
    if text.startswith("2") and len(text) == 13:
        return Code(Kind.IN_STORE, text)
    return Code(Kind.EAN8 if len(text) == 8 else Kind.EAN13, text)


@dataclass(slots=True)
class Debounce:
    """Holds back a card that is read again and again: one lying in view is one scan, until `quiet` seconds without it.

    For cards; two bottles of the same oil are two scans. Codes are judged each by itself, so two that take turns in
    view do not fire in turn.
    """

    quiet: float = 0.7
    seen: dict[str, float] = field(default_factory=dict)

    def accept(self, text: str, at: float) -> bool:
        """Whether this reading, at `at` seconds, is a new scan."""
        self.seen = {code: last for code, last in self.seen.items() if at - last < self.quiet}
        fresh = text not in self.seen
        self.seen[text] = at
        return fresh
