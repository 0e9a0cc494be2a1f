"""Generic Chinese bench scales: five bytes, sent without pause, without any check.

    FF status b1 b2 b3

`status`: bits 0-2 decimals plus one, 3-4 mode (0 weight, 1 count, 2 per cent), 5 negative, 6 stable, 7 over range.
`b1`-`b3`: six digits, two a byte, the lowest pair first. The frame names no unit. Source: vendors' notes collected at
blog.gitcode.com; no manual. A turned bit of the status goes unseen, so such a scale wants a short, good cable.
"""

from decimal import Decimal

from drivers.port import LineSettings
from drivers.scale.framing import noise_before
from drivers.scale.reading import Options, Reading, fault, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 5
DECIMALS = range(6)

_NEGATIVE, _STABLE, _OVER = 0x20, 0x40, 0x80


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if noise := noise_before(data, b"\xff"):
        return noise, None
    frame = data[:LENGTH]
    if b"\xff" in frame[1:]:
        return frame.index(b"\xff", 1), None
    if len(frame) < LENGTH:
        return 0, None
    status, digits = frame[1], frame[:1:-1].hex()
    if status & _OVER:
        return LENGTH, fault("out-of-range" if status & _NEGATIVE else "overload", frame)
    if not digits.isdecimal():
        return 1, None
    if status & 0b11000:
        return LENGTH, fault("not-a-mass", frame)
    decimals = (status & 0b111) - 1
    if decimals not in DECIMALS:
        return LENGTH, fault("resolution", frame)
    value = Decimal(digits).scaleb(-decimals)
    value = -value if status & _NEGATIVE else value
    return LENGTH, weight(value, options.unit or "kg", frame, stable=bool(status & _STABLE))
