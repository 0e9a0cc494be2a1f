"""Toledo 8217 (Mettler-Toledo Diva, Ariva-S; sibling 8213): the host sends `W`, the scale answers.

    STX digits . digits [N] CR       a still weight at or above zero; N: net; leading zeros may be spaces
    STX ? status CR                  no weight, and why

Manual: MT Diva service manual p.39 and 44-45. Three decimals are kilograms, two are pounds, unless set-up says
otherwise; four are the tenfold service resolution (Brecknell 67xxU p.71-74). Of the status byte only bits 0-2 mean the
same on every make. Bit 7 is the parity of a sender read as 8N1.
"""

import re
from decimal import Decimal

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import noise_before, one_parity, seven_bits
from drivers.scale.reading import Options, Reading, fault, weight

SETTINGS = LineSettings(bytesize=7, parity="E")
POLL = Poll(b"W", 0.25)
COMMANDS = Commands(zero=b"Z", tare=b"T", clear=b"C")
LONGEST = 10

_STATUS = re.compile(rb"\x02\?(.)\r", re.DOTALL)
_WEIGHT = re.compile(rb"\x02(?=.{2,3}\.) *([0-9]+\.([0-9]{2,4}))(N?)\r")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    plain = seven_bits(data)
    if noise := noise_before(plain, b"\x02"):
        return noise, None
    if frame := _STATUS.match(plain):
        return frame.end(), _status(frame[1][0], data[: frame.end()])
    if frame := _WEIGHT.match(plain):
        end = frame.end()
        return (end, _weight(frame, data[:end], options)) if one_parity(data[:end]) else (1, None)
    if plain[1:2] == b"?":
        return (0, None) if len(plain) < 4 else (1, None)
    ended = len(plain) >= LONGEST or b"\r" in plain or b"\x02" in plain[1:]
    return (1, None) if ended else (0, None)


def _weight(frame: re.Match[bytes], raw: bytes, options: Options) -> Reading:
    if len(frame[2]) > 3:
        return fault("resolution", raw)
    unit = options.unit or ("kg" if len(frame[2]) == 3 else "lb")
    return weight(Decimal(frame[1].decode()), unit, raw, stable=True, mode="net" if frame[3] else "gross")


def _status(status: int, raw: bytes) -> Reading:
    if status & 0b010:
        return fault("overload", raw)
    if status & 0b100:
        return fault("under-zero", raw)
    return fault("motion" if status & 0b001 else "no-weight", raw)
