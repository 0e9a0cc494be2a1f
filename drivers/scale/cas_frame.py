"""The 15-byte frame of CAS, Ohaus Aviator, Gram and Pinnacle 顶尖.

    SOH STX status sign d6 unit2 BCC ETX EOT

`status`: S stable, U unstable, F out of range or never zeroed. `sign`: space or minus; F means overload, with F for
all digits. `d6`: the weight with its point, spaces allowed. BCC is the XOR of status to unit; Pinnacle's manual can
also be read as including SOH and STX, so both values pass.
Manuals: CAS PD-II p.23, AP-1, SW-II p.16; Ohaus Aviator 7000 p.36; Gram ZFOC p.42; Pinnacle OS2CX p.15-16.
"""

import re

from drivers.port import Poll
from drivers.scale.framing import xor_of
from drivers.scale.reading import Reading, fault, plain_decimal, unit_named, weight

START = b"\x01"
LENGTH = 15
HANDSHAKE = Poll(b"\x05", 0.25, answers=((b"\x06", b"\x11"),))
"""The host sends ENQ; the scale answers ACK when it is ready, NAK when not; the host then sends DC1 for the frame."""

_NAK = b"\x15"
_BEGINNING = re.compile(b"[" + START + _NAK + b"]")
_FRAME = re.compile(rb"\x01\x02([SUF])([ F-])(.{6})(.{2})(.)\x03\x04", re.DOTALL)


def scan_answer(data: bytes) -> tuple[int, Reading | None]:
    """Split one answer of the handshake off the front of `data`: a frame, or NAK, which is no weight."""
    beginning = _BEGINNING.search(data)
    if not beginning or beginning.start():
        return beginning.start() if beginning else len(data), None
    if beginning[0] == _NAK:
        return 1, fault("no-weight", _NAK)
    if len(data) < LENGTH:
        return 0, None
    return (LENGTH, reading_of(data[:LENGTH])) if is_frame(data) else (1, None)


def is_frame(data: bytes) -> bool:
    """Whether `data` starts with a whole frame whose BCC is right."""
    match = _FRAME.match(data)
    return match is not None and xor_of(data[2:12]) in (match[5][0], match[5][0] ^ 0x01 ^ 0x02)


def reading_of(frame: bytes) -> Reading:
    """The reading in a frame for which `is_frame` holds."""
    match = _FRAME.fullmatch(frame)
    assert match
    status, sign, digits, unit = match.group(1, 2, 3, 4)
    if status == b"F":
        return fault("out-of-range", frame)
    if sign == b"F":
        return fault("overload", frame)
    value = plain_decimal(digits.strip(b" "))
    if value is None:
        return fault("unreadable", frame)
    named = unit_named(unit)
    if named is None:
        return fault("not-a-mass", frame)
    return weight(-value if sign == b"-" else value, named, frame, stable=status == b"S")
