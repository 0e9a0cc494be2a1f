"""Toledo 托利多 standard continuous output (XK3124, XK3123, IND, 8530, Jaguar, Wildcat and many others).

    STX SWA SWB SWC w6 t6 CR [CKS]

Weight and tare are six digits without sign or point, leading zeros may be spaces; three status bytes say the rest. CKS
makes the sum of the whole frame zero in its low 7 bits; whether it is sent is a setting of the scale: `checksum` True
demands it, False ends the frame at CR, None takes a frame without it, and checks it where it stands.
Manuals: MT Wildcat technical manual 6-8 to 6-11; for the Chinese copies Liden LUW2001 p.16-17.

Bit 7 is the parity of a sender read as 8N1. With decimal codes 0 and 1 the display ends in two fixed zeros or in one,
which some makes send among the digits and others do not: refused until a known load has told which. The tenfold
resolution, which is for service and never for trade, is always refused.
"""

import re
from decimal import Decimal

from drivers.port import LineSettings
from drivers.scale.framing import noise_before, one_parity, seven_bits
from drivers.scale.reading import Mode, Options, Reading, fault, weight

SETTINGS = LineSettings()
POLL = None
LENGTH = 17

_FRAME = re.compile(rb"\x02[\x20-\x7f]{3}[ 0-9]{12}\r")
_NUMBER = re.compile(rb" *([0-9]+)")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    plain = seven_bits(data)
    if noise := noise_before(plain, b"\x02"):
        return noise, None
    if len(plain) < LENGTH:
        return 0, None
    length = _length(plain, options.checksum) if _FRAME.match(plain) else 0
    if length is None:
        return 0, None
    if not length or not one_parity(data[:length]):
        return 1, None
    return length, _reading(plain[:LENGTH], data[:length], options)


def _length(plain: bytes, checksum: bool | None) -> int | None:
    """Bytes of the frame at the front, checksum included; 0 if the checksum refuses it, None if more must come."""
    following = plain[LENGTH : LENGTH + 2]
    if checksum is False or (checksum is None and not following):
        return LENGTH
    if not following:
        return None
    if sum(plain[: LENGTH + 1]) & 0x7F == 0:
        return LENGTH + 1
    if checksum or following[0] != 0x02:
        return 0
    # 02 is the next frame's STX, or a wrong checksum before it
    if len(following) == 1:
        return None
    return 0 if following[1] == 0x02 else LENGTH


def _reading(frame: bytes, raw: bytes, options: Options) -> Reading:
    swa, swb, swc = frame[1:4]
    if swb & 0x40:
        return fault("not-zeroed", raw)
    if swb & 0x04:
        return fault("out-of-range", raw)
    decimals = (swa & 0x07) - 2
    if swc & 0x10 or (decimals < 0 and options.dummy_zeros is None):
        return fault("resolution", raw)
    if options.dummy_zeros == "sent":
        decimals = max(0, decimals)
    value = _number(frame[4:10], decimals)
    if value is None:
        return fault("unreadable", raw)
    if swb & 0x02:
        value = -value
    mode: Mode = "net" if swb & 0x01 else "gross"
    named = _unit(swa, swb, swc, options.unit)
    return weight(value, named, raw, stable=not swb & 0x08, mode=mode, tare=_number(frame[10:16], decimals))


def _number(digits: bytes, decimals: int) -> Decimal | None:
    match = _NUMBER.fullmatch(digits)
    return Decimal(match[1].decode()).scaleb(-decimals) if match else None


def _unit(swa: int, swb: int, swc: int, confirmed: str | None) -> str:
    """The unit: what the status bytes say, unless it is one they cannot say and set-up confirmed it."""
    if swa & 0x60 == 0x40:  # the Chinese copies mark themselves so and keep kg/lb elsewhere
        said = "lb" if swc & 0x01 else "kg"
    elif swb & 0x10:
        said = "g" if swc & 0x01 else "kg"
    else:
        said = "lb"
    return confirmed if confirmed and said == "kg" and confirmed not in ("g", "lb") else said
