"""What a scale said, once: a weight with its unit, or a fault without one. Exact decimals; nothing is rounded.

Units and factors: OIML R 76 allows kg, g and t; pound and ounce are the international ones; 斤 (jin) is 500 g and
两 (liang) 50 g as in mainland China. A unit outside this table is refused, never guessed.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from drivers.scale.line import LineProfile

Mode = Literal["gross", "net", "displayed"]
"""Which weight the frame carries; `displayed` where the protocol does not say."""

Fault = Literal[
    "overload",  # above the scale's capacity
    "under-zero",  # below its range
    "out-of-range",  # one of these two; the frame does not tell which
    "not-zeroed",  # powered up with a load on it, zero never captured
    "motion",  # the scale holds the weight back until the pan is still
    "no-weight",  # a valid answer without a weight: ask again
    "below-minimum",  # the scale itself refuses so light a load
    "return-to-zero",  # the scale itself wants the last load taken off first
    "unit-unconfirmed",  # the frame names another unit than the one confirmed at set-up
    "device-error",  # the scale reports that it is broken or out of adjustment
    "not-a-mass",  # pieces, per cent, or a unit outside the table
    "resolution",  # the frame's decimal point is not to be trusted, or it is the tenfold service resolution
    "unreadable",  # the frame is whole, its number is not a plain decimal
]
"""Why a reading carries no weight; stable codes."""

GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "t": Decimal(1_000_000),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
    "jin": Decimal(500),
    "liang": Decimal(50),
}
"""Grams in one unit, exactly."""

DummyZeros = Literal["sent", "omitted"]
"""What a scale does with the zeros that its display always shows last: they are among the digits sent, or not."""

_ALIASES = {"斤": "jin", "市斤": "jin", "sj": "jin", "两": "liang", "市两": "liang"}
_ALIASES |= {"公斤": "kg", "千克": "kg", "克": "g", "吨": "t"}
_PLAIN = re.compile(rb"[0-9]{1,8}(?:\.[0-9]{0,5})?")
_SIGNED = re.compile(rb" *([+-]?) *([0-9.]+) *")


@dataclass(frozen=True, slots=True)
class Options:
    """What set-up found out about a scale that its frames do not tell; None where the protocol's default holds."""

    unit: str | None = None
    checksum: bool | None = None
    line: LineProfile | None = None
    dummy_zeros: DummyZeros | None = None
    address: str = ""
    asked: bool = False
    """The scale speaks only when asked, though its family usually speaks by itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One frame: either `value`, `unit` and `grams`, or a `fault` and none of them.

    `unit` is a key of `GRAMS`; it and `grams` are None while a scale that leaves the unit away in motion moves and none
    is confirmed. `tare` is in `unit`; `stable` is None where the protocol carries no stability, `zero` None where it
    has no zero mark. `raw` is the frame as it came; `discarded` counts the bytes before it that nobody understood.
    """

    value: Decimal | None
    unit: str | None
    grams: Decimal | None
    stable: bool | None
    mode: Mode
    raw: bytes
    tare: Decimal | None = None
    zero: bool | None = None
    fault: Fault | None = None
    discarded: int = field(default=0, compare=False)

    @property
    def overload(self) -> bool:
        """The load is, or may be, above the scale's capacity."""
        return self.fault in ("overload", "out-of-range")

    @property
    def underload(self) -> bool:
        """The load is, or may be, below the scale's range."""
        return self.fault in ("under-zero", "out-of-range")

    @property
    def decimals(self) -> int | None:
        """Digits after the point as the scale shows them, None for a fault."""
        return None if self.value is None else max(0, -int(self.value.as_tuple().exponent))


def weight(
    value: Decimal,
    unit: str | None,
    raw: bytes,
    *,
    stable: bool | None = None,
    mode: Mode = "displayed",
    tare: Decimal | None = None,
    zero: bool | None = None,
) -> Reading:
    """A reading with a weight of `value` in `unit` (a key of `GRAMS`, None if the frame does not say)."""
    value = value if value else abs(value)
    grams = None if unit is None else value * GRAMS[unit]
    return Reading(value, unit, grams, stable, mode, raw, tare, zero)


def fault(code: Fault, raw: bytes, *, tare: Decimal | None = None) -> Reading:
    """A reading without a weight. Only `motion` says something about stability: that there is none.

    `tare` is what the scale has taken off, in an answer that says this alone.
    """
    return Reading(None, None, None, False if code == "motion" else None, "displayed", raw, tare, fault=code)


def unit_named(text: str | bytes) -> str | None:
    """The key of `GRAMS` for a unit as a scale or a configuration writes it, in any case; None if it is not a mass.

    Bytes are UTF-8 or GBK, which for these few characters cannot be taken for each other.
    """
    if isinstance(text, bytes):
        text = _decoded(text)
    # lower() would take the Kelvin sign for a k
    name = text.strip(" ").lower() if text.isascii() else text.strip(" ")
    name = _ALIASES.get(name, name)
    return name if name in GRAMS else None


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("gbk", "replace")


def plain_decimal(text: bytes) -> Decimal | None:
    """An unsigned number of 1 to 8 ASCII digits and up to 5 decimals; None for anything else (`1e3`, `1_0`, `inf`)."""
    return Decimal(text.decode("ascii")) if _PLAIN.fullmatch(text) else None


def signed_decimal(text: bytes) -> Decimal | None:
    """The same with at most one sign before it and spaces anywhere but inside it; a minus before spaces counts."""
    match = _SIGNED.fullmatch(text)
    value = plain_decimal(match[2]) if match else None
    return value if value is None or not match or match[1] != b"-" else -value
