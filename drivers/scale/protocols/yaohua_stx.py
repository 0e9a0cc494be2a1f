"""Yaohua 耀华 XK3190, output format `tF` = 0: a 12-byte frame, sent without pause, without stability or overload.

    STX sign d6 decimals x x ETX

Six digits without a point, one digit that says how many of them are decimals (0-4), then the XOR of sign to decimals as
two hexadecimal capitals. Manuals: XK3190-A9; A23p "format 1"; A26 "format 0"; DS3 p.6-8. The frame names no unit.
"""

import re
from decimal import Decimal

from drivers.port import LineSettings
from drivers.scale.framing import noise_before, xor_of
from drivers.scale.reading import Options, Reading, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 12

_FRAME = re.compile(rb"\x02([+-])([0-9]{6})([0-4])([0-9A-F]{2})\x03")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if noise := noise_before(data, b"\x02"):
        return noise, None
    frame = data[:LENGTH]
    if len(frame) < LENGTH:
        return 0, None
    match = _FRAME.fullmatch(frame)
    if not match or int(match[4], 16) != xor_of(frame[1:9]):
        return 1, None
    value = Decimal(f"{match[1].decode()}{match[2].decode()}").scaleb(-int(match[3]))
    return LENGTH, weight(value, options.unit or "kg", frame)
