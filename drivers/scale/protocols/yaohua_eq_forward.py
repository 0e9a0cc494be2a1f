"""Yaohua 耀华 `=` lines, forward: `=0003.000` is 3.000, `=-0001.00` is -1.00; sent without pause.

    = sign d7
    = sign d7 ; price
    = sign d7 unit2 separator price separator amount

A 0 or a minus, then seven characters with the point; no end, no check, no stability. It cannot be told from the
reversed layout by one frame: set-up asks for a known load. Price models add a unit and prices, of which the unit alone
is read. A figure is given as soon as it is whole, in the unit set up; another unit that comes in a later read is then a
fault of its own, so that such a scale never settles.
Manuals: XK3190-A26 p.10-12 (formats 2 and 3); A23p p.21-22 (formats 3 and 4).
"""

import re

from drivers.port import LineSettings
from drivers.scale.reading import Options, Reading, fault, plain_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 9

_FRAME = re.compile(rb"=([0-9-])([0-9.]{7})")
_BEGINNING = re.compile(rb"[=A-Za-z]")
_LATE_UNIT = re.compile(rb"[A-Za-z]{2}")
_UNIT = re.compile(rb"[A-Za-z][^=]|[^=;\r\n][A-Za-z]")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    beginning = _BEGINNING.search(data)
    if not beginning or beginning.start():
        return beginning.start() if beginning else len(data), None
    if beginning[0] != b"=":
        return _late_unit(data, options.unit or "kg")
    if len(data) < LENGTH:
        return 0, None
    frame = _FRAME.match(data)
    if not frame:
        return 1, None
    if data[LENGTH:].isalpha() and len(data) == LENGTH + 1:
        return 0, None
    unit = _UNIT.match(data, LENGTH)
    end = unit.end() if unit else LENGTH
    return end, _reading(frame, unit_named(unit[0]) if unit else options.unit or "kg", data[:end])


def _late_unit(data: bytes, assumed: str) -> tuple[int, Reading | None]:
    written = _LATE_UNIT.match(data)
    if not written:
        return min(1, len(data) - 1), None
    unit = unit_named(written[0])
    if unit == assumed:
        return 2, None
    return 2, fault("unit-unconfirmed" if unit else "not-a-mass", written[0])


def _reading(frame: re.Match[bytes], unit: str | None, raw: bytes) -> Reading:
    value = plain_decimal(frame[2])
    if value is None or frame[1] not in b"0-":
        return fault("unreadable", raw)
    if unit is None:
        return fault("not-a-mass", raw)
    return weight(-value if frame[1] == b"-" else value, unit, raw)
