"""Dialog 06 (Mettler, Bizerba, Dibal, Epelsa, Ohaus Aviator), without its checksum lock (MT Diva p.54-55).

The host sends a price, asks with EOT ENQ, and gets a weight once per load, or NAK and the reason on request.
"""

import re

from drivers.simulated.framing import ACK, NAK
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
COMMAND = re.compile(rb"[^\x02\x04]*(?:\x04?\x02([^\x03]{1,60})\x03|\x04\x05|\x04(?![\x02\x05]|\Z))", re.DOTALL)
MINIMUM = 20
"""Divisions below which no weight is given."""

OK, BAD_RECORD, UNFINISHED = "00", "10", "22"
_PRICE = re.compile(r"01\x1b([0-9]{6})\x1b")


def frame(shown: Indication) -> bytes:
    """Record 02 at price zero; none below zero or out of range."""
    return b"" if shown.over or shown.negative else _record(shown, 0)


def obey(command: bytes, head: Indicator) -> bytes:
    """One record or enquiry. `mode`: status, moves of the pan when a weight was last given, and the price."""
    status, given, price = (head.mode or f"{UNFINISHED}//").split("/")
    found = COMMAND.match(command)
    record = found[1].decode("latin-1") if found and found[1] else ""
    answer = b""
    if record == "08":
        return b"\x0209\x1b" + status.encode("ascii") + b"\x03"
    if record:
        told = _PRICE.fullmatch(record)
        status, price = (OK, told[1]) if told else (BAD_RECORD, "")
        answer = ACK if told else NAK
    elif command.endswith(b"\x05"):
        shown = head.shown()
        status = _refusal(shown, head, given) if price else UNFINISHED
        answer = NAK if status != OK else _record(shown, int(price))
        given = str(head.pan.moves) if status == OK else given
    head.mode = f"{status}/{given}/{price}"
    return answer


def _refusal(shown: Indication, head: Indicator, given: str) -> str:
    """Why no weight can be given, or that it can."""
    if shown.over:
        return "31" if shown.negative else "32"
    if not shown.stable:
        return "20"
    if shown.negative:
        return "31"
    if shown.grams(shown.weight) < MINIMUM * head.pan.division:
        return "30"
    return "21" if given == str(head.pan.moves) else OK


def _record(shown: Indication, price: int) -> bytes:
    grams = shown.grams(shown.weight)
    return f"\x0202\x1b3\x1b{grams:05}\x1b{price:06}\x1b{grams * price // 1000:06}\x03".encode("ascii")
