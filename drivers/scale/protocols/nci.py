"""NCI, Weigh-Tronix SCP-01 ("ECR", "NCI 3825"; Adam MDW, Brecknell, an option of MT Diva): the host sends `W` CR.

    LF weight unit CR LF [S] status CR ETX        a weight
    LF [S] status CR ETX                          none
    LF ? CR ETX                                   unknown command

Status bytes are 30h plus four bits; from the second one on, bit 6 says that another follows. First: 0 motion, 1 zero,
2 and 3 memory errors. Second: 0 under, 1 over capacity, 2 and 3 calibration errors. Third: 2 net, 3 initial zero error.
Adam MDW fills the weight with `^` above range, `_` below it and `-` for a zero error. Bit 7 is masked: it is the parity
of a sender read as 8N1. Manuals: Weigh-Tronix SCP-01; MT Diva p.35-37; Brecknell 3700LP p.11; Adam MDW p.13, where `X`
switches the scale off: it is never sent.
"""

import re

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import noise_before, seven_bits
from drivers.scale.reading import Fault, Mode, Options, Reading, fault, signed_decimal, unit_named, weight

SETTINGS = LineSettings(bytesize=7, parity="E")
POLL = Poll(b"W\r", 0.25)
COMMANDS = Commands(zero=b"Z\r", tare=b"T\r")
LONGEST = 40

_FRAME = re.compile(rb"\n(?:(?P<field>[ -~]{3,16})\r\n)?(?:(?P<status>(?:S ?)?[0-?p-\x7f]{2,8})|\?)\r\x03")
_CAPACITY: dict[int, Fault] = {0b01: "under-zero", 0b10: "overload", 0b11: "out-of-range"}
_FILLED: dict[bytes, Fault] = {b"^": "overload", b"_": "under-zero", b"-": "not-zeroed"}
_FIELD = re.compile(rb"(?P<figure>.*?) *(?P<unit>[A-Za-z]+) *")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    plain = seven_bits(data)
    if noise := noise_before(plain, b"\n"):
        return noise, None
    end = plain.find(b"\x03", 0, LONGEST) + 1
    if not end:
        return (1, None) if len(plain) >= LONGEST else (0, None)
    match = _FRAME.fullmatch(plain, 0, end)
    return (end, _reading(match, data[:end])) if match else (1, None)


def _reading(match: re.Match[bytes], raw: bytes) -> Reading:
    field, status = match["field"], (match["status"] or b"00").lstrip(b"S ")
    first, second, *more = status
    if second & 0x40 and not more:
        return fault("unreadable", raw)
    third = more[0] if more else 0
    if over_under := second & 0b11:
        return fault(_CAPACITY[over_under], raw)
    if (first | second) & 0b1100:
        return fault("device-error", raw)
    if third & 0b1000:
        return fault("not-zeroed", raw)
    if field is None:
        return fault("motion" if first & 0b01 else "no-weight", raw)
    mode: Mode = "displayed" if not more else "net" if third & 0b100 else "gross"
    return _weight(field, mode, not first & 0b01, bool(first & 0b10), raw)


def _weight(field: bytes, mode: Mode, stable: bool, zero: bool, raw: bytes) -> Reading:
    match = _FIELD.fullmatch(field)
    figure = match["figure"] if match else b""
    for filling, code in _FILLED.items():
        if figure.strip(b" ") and not figure.strip(b" " + filling):
            return fault(code, raw)
    value = signed_decimal(figure)
    if not match or value is None:
        return fault("unreadable", raw)
    unit = unit_named(match["unit"])
    if unit is None:
        return fault("not-a-mass", raw)
    return weight(value, unit, raw, stable=stable, mode=mode, zero=zero)
