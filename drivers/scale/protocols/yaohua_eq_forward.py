"""Yaohua 耀华 `=` lines, forward: `=0003.000` is 3.000, `=-0001.00` is -1.00; sent without pause.

    = sign d7
    = sign d7 ; price
    = sign d7 unit2 separator price separator amount

A 0 or a minus, then seven characters with the point; no end, no check, no stability. It cannot be told from the
reversed layout by one frame: set-up asks for a known load. Price models add a unit and prices, of which the unit alone
is read; a figure is given as soon as it is whole, so a unit that comes in a later read is told by the next frame.
Manuals: XK3190-A26 p.10-12 (formats 2 and 3); A23p p.21-22 (formats 3 and 4).
"""

import re

from drivers.port import LineSettings
from drivers.scale.framing import noise_before
from drivers.scale.reading import Options, Reading, fault, plain_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 9

_FRAME = re.compile(rb"=([0-9-])([0-9.]{7})")
_UNIT = re.compile(rb"[A-Za-z][^=]|[^=;\r\n][A-Za-z]")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if noise := noise_before(data, b"="):
        return noise, None
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


def _reading(frame: re.Match[bytes], unit: str | None, raw: bytes) -> Reading:
    value = plain_decimal(frame[2])
    if value is None or frame[1] not in b"0-":
        return fault("unreadable", raw)
    if unit is None:
        return fault("not-a-mass", raw)
    return weight(-value if frame[1] == b"-" else value, unit, raw)
