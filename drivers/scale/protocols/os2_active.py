"""Pinnacle 顶尖 OS2 and OS2X in active mode: a 16-byte frame about ten times a second.

    SOH STX status sign d6 unit2 BCC ETX EOT flags

`status`: S stable, U unstable, F out of range or never zeroed. `d6`: the weight with its point, spaces allowed; a sign
F means overload. BCC is the XOR of status to unit; the manual can also be read as including SOH and STX, so both values
pass. `flags`: bit 4 zero, 5 tare active, 6 out of range. Manual: Pinnacle OS2CX p.15-16 and 20; the frame without flags
is that of CAS AP-1 and PD-II p.23.
"""

import re
from functools import reduce
from operator import xor

from drivers.port import LineSettings
from drivers.scale.reading import Options, Reading, fault, plain_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = None
BODY, LENGTH = 15, 16

_FRAME = re.compile(rb"\x01\x02([SUF])([ F-])(.{6})(.{2})(.)\x03\x04", re.DOTALL)


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    start = data.find(b"\x01")
    if start:
        return start if start > 0 else len(data), None
    if len(data) < LENGTH:
        return 0, None
    match = _FRAME.match(data)
    if not match or reduce(xor, data[2:12]) not in (match[5][0], match[5][0] ^ 0x01 ^ 0x02):
        return 1, None
    # a scale set to send no flags: what follows is the next frame's SOH
    length = BODY if data[BODY] == 0x01 else LENGTH
    flags = None if length == BODY else data[BODY]
    status, sign, digits, unit = match.group(1, 2, 3, 4)
    return length, _reading(status, sign, digits, unit, flags, data[:length])


def _reading(status: bytes, sign: bytes, digits: bytes, unit: bytes, flags: int | None, raw: bytes) -> Reading:
    if status == b"F" or (flags is not None and flags & 0x40):
        return fault("out-of-range", raw)
    if sign == b"F":
        return fault("overload", raw)
    value = plain_decimal(digits.strip(b" "))
    if value is None:
        return fault("unreadable", raw)
    named = unit_named(unit.decode("ascii", "replace"))
    if named is None:
        return fault("not-a-mass", raw)
    if sign == b"-":
        value = -value
    stable = status == b"S"
    if flags is None:
        return weight(value, named, raw, stable=stable)
    return weight(value, named, raw, stable=stable, mode="net" if flags & 0x20 else "gross", zero=bool(flags & 0x10))
