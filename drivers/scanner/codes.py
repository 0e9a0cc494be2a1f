"""Scanned text told apart by its form: digits, length, check digit. What it means is for the rules above.

Forms: card numbers and signed cards (see `pos.core.cards`), GTIN-8 to GTIN-14 with the mod-10 check digit, the in-store
range 20-29 and element strings (GS1 General Specifications, 1.4, 3.2 and 7.9), AIM symbology identifiers (ISO/IEC
15424).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Literal

from drivers.scanner.gs1 import GS, Item, Layout, Measure, check_digit_fits, element_string

MAX_LENGTH = 64
"""Longest text that can be a code, in characters."""

Aim = Literal["strip", "require", "off"]
"""AIM identifiers: used where they come, refused where they are missing, or never sent and so part of the text."""

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_AIM = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_CARDS_AND_GOODS = re.compile(r"C0|E0|E4|Q[0-9]")
_ELEMENT_STRINGS = {"C1", "e0", "d2", "Q3"}
"""GS1-128, GS1 DataBar, GS1 DataMatrix and GS1 QR."""

_SIGNED_CARD = re.compile(r"H[1-9][0-9]{12}[0-9A-HJKMNP-TV-Z]{20}")
_RECEIPT = re.compile(r"(?:V1|HTTPS://[^/]+/R)/[A-Z0-9.-]+/[0-9A-Z-]+")
_DIGITS = re.compile(r"[0-9]+")


class Kind(StrEnum):
    """The form of a code."""

    CARD = "card"
    """Twelve digits: a card number or a UPC-A; a table decides, cards first."""
    SIGNED_CARD = "signed-card"
    RECEIPT = "receipt"
    """A receipt's QR code: its number and check code (`pos.core.journal`)."""
    EAN8 = "ean-8"
    EAN13 = "ean-13"
    IN_STORE = "in-store"
    """A GTIN that begins with 20-29: a label of the store's own."""
    GTIN14 = "gtin-14"
    """A case, or a good of variable measure."""


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
    """A text of known form, in plain ASCII capitals without its AIM identifier.

    Where a label also says what its piece weighs or costs, `text` is the good's own number and `measure` the rest.
    """

    kind: Kind
    text: str
    measure: Measure | None = None


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A text of no known form, at most `MAX_LENGTH` characters of it."""

    text: str
    flaw: Flaw


def classify(raw: str, *, aim: Aim = "strip", layouts: Sequence[Layout] = ()) -> Code | Unrecognised:
    """Tell what a scanned text is by its form; `layouts` are those of the store's own labels.

    Full-width characters of a Chinese input method count as their ASCII twins; an AIM identifier (`]C0`, `]Q1`, …) is
    taken off, and refused where a code of this form does not come in that symbology.
    """
    text = raw.translate(_FULL_WIDTH).strip("\r\n\t \x02\x03")
    found = _AIM.match(text) if aim != "off" else None
    symbology = found[1] if found else ""
    text = text[3:] if found else text
    item = element_string(text) if symbology in {"", *_ELEMENT_STRINGS} else None
    if flaw := _flaw(text.replace(GS, "") if item else text):
        return Unrecognised(text[:MAX_LENGTH], flaw)
    if aim == "require" and not symbology:
        return Unrecognised(text, Flaw.AIM_MISSING)
    if item:
        return _by_number(item)
    if symbology and not _CARDS_AND_GOODS.fullmatch(symbology):
        return Unrecognised(text, Flaw.AIM_REFUSED)
    code = _by_form(text.upper(), layouts)
    if isinstance(code, Code) and code.kind in {Kind.CARD, Kind.SIGNED_CARD} and symbology.startswith("E"):
        return Unrecognised(text, Flaw.AIM_REFUSED)
    return code


def _flaw(text: str) -> Flaw | None:
    """What forbids reading the text at all."""
    if not text:
        return Flaw.EMPTY
    if len(text) > MAX_LENGTH:
        return Flaw.TOO_LONG
    if not text.isascii():
        return Flaw.INPUT_METHOD
    return None if text.isprintable() else Flaw.CONTROL


def _by_form(text: str, layouts: Sequence[Layout]) -> Code | Unrecognised:
    if _SIGNED_CARD.fullmatch(text):
        return Code(Kind.SIGNED_CARD, text)
    if _RECEIPT.fullmatch(text):
        return Code(Kind.RECEIPT, text)
    if not _DIGITS.fullmatch(text) or len(text) not in {8, 12, 13}:
        return Unrecognised(text, Flaw.FORM)
    if len(text) == 12:
        return Code(Kind.CARD, text)
    if not check_digit_fits(text):
        return Unrecognised(text, Flaw.CHECK_DIGIT)
    if len(text) == 8:
        return Code(Kind.EAN8, text)
    if not text.startswith("2"):
        return Code(Kind.EAN13, text)
    item = next((found for layout in layouts if (found := layout.read(text))), Item(text))
    return Code(Kind.IN_STORE, item.number, item.measure)


def _by_number(item: Item) -> Code | Unrecognised:
    """The good of an element string; its number as the good's own barcode has it, without the zeros in front."""
    if not check_digit_fits(item.number):
        return Unrecognised(item.number, Flaw.CHECK_DIGIT)
    for kind, length in ((Kind.EAN8, 8), (Kind.EAN13, 13)):
        if item.number.startswith("0" * (14 - length)):
            return Code(kind, item.number[-length:], item.measure)
    return Code(Kind.GTIN14, item.number, item.measure)


class Sight(Enum):
    """What a reading of a card is."""

    FRESH = auto()
    """A scan."""
    REPEAT = auto()
    """The same card, still in view."""
    LYING = auto()
    """The same card, and it has been in view for so long that somebody should be told; once."""


@dataclass(slots=True)
class Debounce:
    """Holds back a card that is read again and again: one lying in view is one scan, until `quiet` seconds without it.

    For cards; two bottles of the same oil are two scans. Each device is judged by itself, and so is each code: two that
    take turns in view do not fire in turn.
    """

    quiet: float = 0.7
    patience: float = 3.0
    """Seconds in view after which a card counts as left lying."""
    seen: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """By device and code: when it came into view, and when it was last read."""

    def accept(self, device: str, text: str, at: float) -> Sight:
        """What this reading by `device`, at `at` seconds, is."""
        self.seen = {one: (since, last) for one, (since, last) in self.seen.items() if at - last < self.quiet}
        since, last = self.seen.get((device, text), (at, None))
        self.seen[device, text] = (since, at)
        if last is None:
            return Sight.FRESH
        return Sight.LYING if last - since < self.patience <= at - since else Sight.REPEAT
