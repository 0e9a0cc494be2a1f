"""Dibal's digit protocol (G310, GDPOS): `98`, unit price, check; `99`, 0, five digits of grams, seven digits, check.

A load that moves is answered when it stands still, within seven seconds; what it cannot weigh reads zero (DPOS400
p.45).
"""

import re

from drivers.simulated.framing import LINE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
COMMAND = LINE
PATIENCE = 7.0

_REQUEST = re.compile(r"98([0-9]{5})([0-9]+)")


def check(digits: str) -> str:
    """All digits, exclusive or."""
    total = 0
    for digit in digits:
        total ^= int(digit)
    return str(total)


def frame(shown: Indication) -> bytes:
    """The answer at price zero."""
    return _reply(shown, 0)


def obey(command: bytes, head: Indicator) -> bytes:
    """A weight, if the check is right."""
    found = _REQUEST.fullmatch(command.strip().decode("latin-1"))
    if not found or check("98" + found[1]) != found[2]:
        return b""
    price = int(found[1])
    return head.when_still(lambda: _reply(head.shown(), price), PATIENCE, lambda: b"")


def _reply(shown: Indication, price: int) -> bytes:
    grams = 0 if shown.over or shown.negative else shown.grams(shown.weight)
    digits = f"990{grams:05}{grams * price // 1000:07}"
    return f"{digits}{check(digits)}\r\n".encode("ascii")
