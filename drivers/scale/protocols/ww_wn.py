"""Lines `ww00015.000kg` (gross) and `wn00015.000kg` (net): "continuous A" of Liden, many T-series and A12+E copies.

    w mode [sign] digits[.digits] unit CR LF

The number of digits varies between makes; neither stability nor overload is sent. Manual: Liden LUW2001 p.16.
"""

import re

from drivers.port import LineSettings
from drivers.scale.framing import next_line
from drivers.scale.reading import Options, Reading, fault, plain_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = None

_WEIGHT = re.compile(rb"w([wn])([+-]?)0*([0-9]+(?:\.[0-9]+)?)([^\x00-\x20+\-.0-9]+)")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(data)
    start = max(line.rfind(b"ww"), line.rfind(b"wn"))
    return used, _reading(line[start:]) if start >= 0 else None


def _reading(raw: bytes) -> Reading:
    match = _WEIGHT.fullmatch(raw.rstrip(b" \r\n"))
    value = plain_decimal(match[3]) if match else None
    if not match or value is None:
        return fault("unreadable", raw)
    unit = unit_named(match[4])
    if unit is None:
        return fault("not-a-mass", raw)
    return weight(-value if match[2] == b"-" else value, unit, raw, mode="gross" if match[1] == b"w" else "net")
