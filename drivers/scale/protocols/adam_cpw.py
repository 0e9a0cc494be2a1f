"""Adam CPWplus: the host sends `G`, the scale answers one line; it can also be set to send by itself.

    kind space sign w space unit CR LF             an answer: kind G gross, N net, T the tare and no weight
    A status mark kind /W sign w space unit CR LF  by itself: status S stable, U unstable

Gross is asked for: it alone tells whether the pan is empty, so a tare taken on the indicator is not taken off here. `Z`
zeroes, or tares what stands on the pan. Many adapters reach this indicator only while DTR and RTS are off.
Manual: Adam CPWplus p.14; the line sent by itself is from the field.
"""

import re

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import next_line
from drivers.scale.reading import Mode, Options, Reading, fault, signed_decimal, unit_named, weight

SETTINGS = LineSettings(dtr=False, rts=False)
# without a stability mark, stillness is judged from the figures: a few a second could all catch the same swing
POLL = Poll(b"G\r\n", 0.1)
COMMANDS = Commands(zero=b"Z\r\n")

_LINE = re.compile(
    rb"(?:A(?P<status>[SU])[A-Z](?P<sent>[GNT])/W|(?P<asked>[GNT])(?: |/W +))"
    rb"(?P<figure>[+-] *[0-9.]+) +(?P<unit>[^\x00-\x20]{1,4})[\r\n]+"
)
_MODES: dict[bytes, Mode] = {b"G": "gross", b"N": "net"}


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(data)
    match = _LINE.fullmatch(line)
    return used, _reading(match) if match else None


def _reading(match: re.Match[bytes]) -> Reading:
    value, unit, raw = signed_decimal(match["figure"]), unit_named(match["unit"]), match[0]
    if value is None:
        return fault("unreadable", raw)
    if unit is None:
        return fault("not-a-mass", raw)
    kind = match["sent"] or match["asked"]
    if kind not in _MODES:
        return fault("no-weight", raw, tare=value)
    stable = match["status"] == b"S" if match["status"] else None
    return weight(value, unit, raw, stable=stable, mode=_MODES[kind])
