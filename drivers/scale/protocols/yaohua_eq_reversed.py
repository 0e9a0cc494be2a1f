"""Yaohua 耀华 `=` lines, reversed: `=000.3000` is 3.000, `=00.1000-` is -1.00; sent without pause.

    = d7 sign

Seven characters with the point, lowest digit first, then 0 or a minus; no end, no check, no unit, no stability. It
cannot be told from the forward layout by one frame: set-up asks for a known load. The A22's manual has 1 for the minus;
that is refused, as one turned bit makes it from 0. Manuals: XK3190-A26 p.10-12; A23p p.21-22; A22 p.13.
"""

import re

from drivers.port import LineSettings
from drivers.scale.framing import noise_before
from drivers.scale.reading import Options, Reading, fault, plain_decimal, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 9

_FRAME = re.compile(rb"=([0-9.]{7})([0-9-])")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if noise := noise_before(data, b"="):
        return noise, None
    if len(data) < LENGTH:
        return 0, None
    match = _FRAME.match(data)
    if not match:
        return 1, None
    value = plain_decimal(match[1][::-1])
    if value is None or match[2] not in b"0-":
        return LENGTH, fault("unreadable", match[0])
    return LENGTH, weight(-value if match[2] == b"-" else value, options.unit or "kg", match[0])
