"""Yaohua 耀华 XK3190-A12(E): a 15-byte line with its check, sent without pause, without stability.

    W mode d7 unit2 x x CR LF

`mode`: G gross, N net. `d7`: the weight with its point, a minus in the first place, a space in the last where there is
no point. The XOR of everything before it is sent as two hexadecimal capitals. Above range nine spaces and OL stand for
mode to unit, below it (20 divisions) nine spaces and LO. Manual: XK3190-A12(E) p.13.
"""

import re

from drivers.port import LineSettings
from drivers.scale.framing import next_line, xor_of
from drivers.scale.reading import Options, Reading, fault, signed_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 15

_FRAME = re.compile(rb"(.{11})([0-9A-F]{2})\r\n", re.DOTALL)
_WEIGHT = re.compile(rb"W([GN])([ \-0-9][ 0-9.]{6})([A-Za-z]{2})")
_OVER, _UNDER = b"OL".rjust(11), b"LO".rjust(11)


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(data)
    frame = _FRAME.fullmatch(line[-LENGTH:])
    if not frame or int(frame[2], 16) != xor_of(frame[1]):
        return used, None
    return used, _reading(frame[1], frame[0])


def _reading(body: bytes, raw: bytes) -> Reading:
    if body == _OVER:
        return fault("overload", raw)
    if body == _UNDER:
        return fault("under-zero", raw)
    match = _WEIGHT.fullmatch(body)
    value = signed_decimal(match[2]) if match else None
    if not match or value is None:
        return fault("unreadable", raw)
    unit = unit_named(match[3])
    if unit is None:
        return fault("not-a-mass", raw)
    return weight(value, unit, raw, mode="gross" if match[1] == b"G" else "net")
