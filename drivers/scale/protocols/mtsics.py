"""Mettler-Toledo MT-SICS levels 0 and 1, also Kern KCP and Ohaus set to it: the host sends `SI`, the scale answers.

    id space status [space d10 space unit] CR LF

`id` S (some echo SI): status S stable, D dynamic, with a weight right-justified in ten characters, its minus before the
first digit; I not executable, + overload, - underload. ES, ET and EL are errors. Answers to tare commands carry the
tare and no weight, others neither. Manuals: MT-SICS 11780711; AL-IC p.72; AT p.87; JS p.30; Kern KIB-TM (at least
100 ms between requests). Radwag has the same words in another layout; its lines are refused.
"""

import re
from decimal import Decimal

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import next_line
from drivers.scale.reading import Options, Reading, fault, plain_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = Poll(b"SI\r\n", 0.25)
COMMANDS = Commands(zero=b"Z\r\n", tare=b"T\r\n", clear=b"TAC\r\n")
FIELD = 10

_ANSWER = re.compile(rb"(?<![A-Za-z0-9])(S|SI|SIR|SR|SNR|ZI?|TI?|TA|TAC) ([^ ])(?: ([^\r\n]*))?[\r\n]+")
_ERROR = re.compile(rb"(?<![A-Za-z0-9])E[STL][\r\n]+")
_FIGURE = re.compile(rb" *(-?)([0-9.]+) ([^ ]+ *)")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(data)
    if error := _ERROR.search(line):
        return used, fault("no-weight", error[0])
    answer = _ANSWER.search(line)
    return used, _reading(answer) if answer else None


def _reading(answer: re.Match[bytes]) -> Reading | None:
    asked, status, rest, raw = answer[1], answer[2], answer[3], answer[0]
    if asked.startswith(b"S"):
        return _weight(status, rest, raw)
    if asked.startswith(b"T") and rest is not None:
        return fault("no-weight", raw, tare=_figure(rest)[0])
    return None if status in b"ASD" else fault("no-weight", raw)


def _weight(status: bytes, rest: bytes | None, raw: bytes) -> Reading:
    if rest is None or not rest.strip():
        return fault("overload" if status == b"+" else "under-zero" if status == b"-" else "no-weight", raw)
    value, unit = _figure(rest)
    if value is None or status not in b"SD":
        return fault("unreadable", raw)
    named = unit_named(unit)
    if named is None:
        return fault("not-a-mass", raw)
    return weight(value, named, raw, stable=status == b"S")


def _figure(text: bytes) -> tuple[Decimal | None, bytes]:
    """Value and unit of a figure; None if it is not a plain decimal that fills its field."""
    match = _FIGURE.fullmatch(text)
    value = plain_decimal(match[2]) if match and match.end(2) == FIELD else None
    if not match or value is None:
        return None, b""
    return -value if match[1] else value, match[3]
