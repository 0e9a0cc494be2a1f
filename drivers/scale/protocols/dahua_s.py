"""Dahua 大华 ACS counter scales, the fixed line: eleven bytes, sent without pause, without stability or sign.

    s g4 space n4 CR

`g4` is the weight in grams; what the second group holds is not said, and it is not used. Source: a vendor's note on
settings of 大华 electronic scales; no manual, so compare with a known load before trusting it. Other lines of this make
belong to the comma family, or to `custom`.
"""

import re
from decimal import Decimal

from drivers.port import LineSettings
from drivers.scale.framing import noise_before
from drivers.scale.reading import Options, Reading, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 11

_FRAME = re.compile(rb"s([0-9]{4}) [0-9]{4}\r")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    if noise := noise_before(data, b"s"):
        return noise, None
    frame = data[:LENGTH]
    following = frame.find(b"s", 1)
    if following > 0:
        return following, None
    if len(frame) < LENGTH:
        return 0, None
    match = _FRAME.fullmatch(frame)
    return (LENGTH, weight(Decimal(match[1].decode()), "g", frame)) if match else (1, None)
