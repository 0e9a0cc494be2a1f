"""Samsung-type ESP counter scales: the host sends `$`, the scale answers digits with a point and CR.

    [-] digits[.digits] CR

Neither sign, stability nor unit is defined. A leading minus is taken for one, as nothing else can be meant. A line with
any other byte is no answer: it may be another make's. An empty line in front of a weight makes it unreadable: CR is a
minus with one bit turned (0D, 2D). Source: openbravo ScaleSamsungEsp2, which makes positive weights of negative ones.
"""

import re

from drivers.port import LineSettings, Poll
from drivers.scale.framing import LONGEST_LINE
from drivers.scale.reading import Options, Reading, fault, plain_decimal, weight

SETTINGS = LineSettings()
POLL = Poll(b"$", 0.25)

_ECHO = re.compile(rb"\$|\r?\n")
_ANSWER = re.compile(rb"(\r?+)(-?)([^\r]*)\r")
_FOREIGN = re.compile(rb"[^0-9.\-]")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one answer off the front of `data`: bytes done with, and the reading in them."""
    if echo := _ECHO.match(data):
        return echo.end(), None
    answer = _ANSWER.match(data)
    if not answer:
        return max(0, len(data) - LONGEST_LINE), None
    if answer[1] and not answer[2] and not answer[3]:
        return 1, None
    if _FOREIGN.search(answer[3]):
        return answer.end(), None
    value = plain_decimal(answer[3])
    if value is None or (answer[1] and value and not answer[2]):
        return answer.end(), fault("unreadable", answer[0])
    return answer.end(), weight(-value if answer[2] else value, options.unit or "kg", answer[0])
