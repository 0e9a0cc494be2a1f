"""Kern balances before KCP ("Re Cr"; FKB, PCB, KDE): the host sends `w` without CR LF, the scale answers 18 bytes.

    mark sign w10 space unit3 CR LF        eleven spaces and `Error` for a fault

The unit is blank while the weight is not stable. Manuals: Kern FKB, PCB and KDE-T, "Re Cr" (remote control).
"""

import re

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import next_line
from drivers.scale.reading import Options, Reading, fault, signed_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = Poll(b"w", 0.25)
COMMANDS = Commands(tare=b"t")

_LINE = re.compile(rb"[ A-Z]([ +-][ +\-0-9.]{10}) ([!-\xff ]{3})[\r\n]+")
_ERROR = re.compile(rb"(?=.{16}[\r\n]) +Error *[\r\n]+")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(data)
    if _ERROR.fullmatch(line):
        return used, fault("device-error", line)
    match = _LINE.fullmatch(line)
    return used, _reading(match, options.unit) if match else None


def _reading(match: re.Match[bytes], confirmed: str | None) -> Reading:
    value, unit = signed_decimal(match[1]), match[2].strip(b" ")
    if value is None:
        return fault("unreadable", match[0])
    if not unit:
        return weight(value, confirmed, match[0], stable=False)
    named = unit_named(unit)
    if named is None:
        return fault("not-a-mass", match[0])
    return weight(value, named, match[0], stable=True)
