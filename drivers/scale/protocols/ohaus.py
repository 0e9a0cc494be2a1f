"""Ohaus Scout, Ranger and Defender in their own format: the host sends `IP`, the scale answers one line.

    w9, w11 or w12 space unit [?] [legend] CR LF

The weight fills its field from the right (Scout 11 or 12 characters; Defender 9, the first of them its sign). A `?`
stands for motion, none for a stable weight: so on Ohaus alone. `legend`: G gross, NET net, T a tare and no weight.
`ES` is a newer model's answer to a command that it does not know.
Manuals: Ohaus RS232 kit for Scout and Navigator p.EN-3; Ranger RP p.48 and RC p.36; Defender 3000 p.EN-35.

Only LF ends a line here: a minus with one bit turned is a CR, and what is left would pass for a positive weight.
"""

import re

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import LONGEST_LINE
from drivers.scale.reading import Mode, Options, Reading, fault, signed_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = Poll(b"IP\r\n", 0.25)
COMMANDS = Commands(zero=b"Z\r\n", tare=b"T\r\n")
SHORT_FIELD = 9
FIELDS = (SHORT_FIELD, 11, 12)
REFUSAL = b"ES"

_LINE = re.compile(
    rb"(?P<field>(?=[ +-])[ +\-0-9.]{8,11}[0-9.]) (?P<unit>[^\x00-\x20?]{1,5})"
    rb"(?P<rest>(?P<moving> *\?)?(?:(?: +|(?<=\?))(?P<legend>G|NET|N|T))?)(?P<blanks> *)\r?\n"
)
_MODES: dict[bytes | None, Mode] = {None: "displayed", b"G": "gross", b"NET": "net", b"N": "net"}


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    end = data.find(b"\n") + 1
    if not end:
        return max(0, len(data) - LONGEST_LINE), None
    if data[:end].strip(b"\r\n") == REFUSAL:
        return end, fault("no-weight", data[:end])
    match = _LINE.fullmatch(data, 0, end)
    return end, _reading(match) if match else None


def _reading(match: re.Match[bytes]) -> Reading | None:
    field, rest, raw = match["field"], match["rest"], match[0]
    if len(field) not in FIELDS or (match["blanks"] and not rest and len(field) != SHORT_FIELD):
        return None
    value = signed_decimal(field)
    if value is None:
        return fault("unreadable", raw)
    unit = unit_named(match["unit"])
    if unit is None:
        return fault("not-a-mass", raw)
    if match["legend"] == b"T":
        return fault("no-weight", raw, tare=value)
    return weight(value, unit, raw, stable=not match["moving"], mode=_MODES[match["legend"]])
