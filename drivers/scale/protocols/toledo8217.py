"""Toledo 8217 (Mettler-Toledo Diva, Ariva-S; sibling 8213): the host sends `W`, the scale answers.

    STX digits . digits [N] CR       a still weight at or above zero; N: net
    STX ? status CR                  no weight, and why

Manual: MT Diva service manual p.39 and 44-45. Three decimals are kilograms, two are pounds, unless set-up says
otherwise. Of the status byte only bits 0-2 mean the same on every make. Bit 7 is masked: it is the parity of a sender
read as 8N1.
"""

import re
from decimal import Decimal

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.reading import Mode, Options, Reading, fault, weight

SETTINGS = LineSettings(bytesize=7, parity="E")
POLL = Poll(b"W", 0.25)
COMMANDS = Commands(zero=b"Z", tare=b"T", clear=b"C")
LONGEST = 9

_WEIGHT = re.compile(rb"\x02([0-9]{2,3}\.([0-9]{2,3}))(N?)\r")
_MASK = bytes(byte & 0x7F for byte in range(256))


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    plain = data.translate(_MASK)
    start = plain.find(b"\x02")
    if start:
        return start if start > 0 else len(data), None
    if plain[1:2] == b"?":
        if len(data) < 4:
            return 0, None
        return (4, _status(plain[2], data[:4])) if plain[3:4] == b"\r" else (1, None)
    end = plain.find(b"\r", 0, LONGEST) + 1
    if not end:
        following = plain.find(b"\x02", 1)
        if following > 0:
            return following, None
        return (1, None) if len(data) >= LONGEST else (0, None)
    match = _WEIGHT.fullmatch(plain, 0, end)
    if not match:
        return 1, None
    unit = options.unit or ("kg" if len(match[2]) == 3 else "lb")
    mode: Mode = "net" if match[3] else "gross"
    return end, weight(Decimal(match[1].decode()), unit, data[:end], stable=True, mode=mode)


def _status(status: int, raw: bytes) -> Reading:
    if status & 0b010:
        return fault("overload", raw)
    if status & 0b100:
        return fault("under-zero", raw)
    return fault("motion" if status & 0b001 else "no-weight", raw)
