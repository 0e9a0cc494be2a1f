"""Dibal G310 and GDPOS digit protocol: the host sends `98` with a price of 0, the scale answers `99` with grams.

    98 price5 check CR LF        99 status grams5 d7 check CR LF

The check is the XOR of the digits before it; from 10 to 15 it is taken as one character (`:` to `?`, what an XOR of the
characters gives) or as two digits, since the sources show neither. Status 0 is fine; the scale answers when the load is
still, for which it waits up to seven seconds. A scale above its range may send zero (DPOS400), so a zero proves
nothing.
Manuals: Dibal G310 and GDPOS as quoted by sbzsystems; DPOS400 p.45.
"""

import re
from decimal import Decimal

from drivers.port import LineSettings, Poll
from drivers.scale.framing import next_line, xor_of
from drivers.scale.reading import Options, Reading, fault, weight

SETTINGS = LineSettings()
POLL = Poll(b"98000001\r\n", 0.5)
PATIENCE = 7.0

_ANSWER = re.compile(rb"(99(.)(.{5}).{7})(1[0-5]|.)\r\n", re.DOTALL)


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(data)
    answer = _ANSWER.search(line)
    return used, _reading(answer) if answer else None


def _reading(answer: re.Match[bytes]) -> Reading:
    digits, status, grams, check = answer.groups()
    expected = xor_of(digits) & 0x0F
    if not digits.isdigit() or check not in (bytes([0x30 | expected]), str(expected).encode("ascii")):
        return fault("unreadable", answer[0])
    if status != b"0":
        return fault("no-weight", answer[0])
    return weight(Decimal(grams.decode()).scaleb(-3), "kg", answer[0], stable=True)
