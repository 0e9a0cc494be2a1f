"""NCI (Weigh-Tronix SCP-01): commands end in CR, answers stand between LF and ETX (MT Diva p.35-37; Adam MDW p.13).

`X` switches Adam MDW and Brecknell scales off. Dialect `diva`: six characters with leading zeros, capital unit, and a
weight out of range is left out.
"""

from drivers.simulated.framing import LINE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("diva",)
COMMAND = LINE

UNKNOWN = b"\n?\r\x03"
_OUT_OF_RANGE = {True: "_" * 6, False: "^" * 6}


def frame(shown: Indication, dialect: str = "") -> bytes:
    """Weight with unit, and the status."""
    if dialect == "diva":
        if shown.over:
            return b"\n" + _status(shown) + b"\r\x03"
        sign, figure, unit = shown.minus.strip(), shown.text.rjust(6 - shown.negative, "0"), shown.symbol.upper()
    else:
        sign, figure, unit = shown.minus, shown.text.rjust(6), shown.symbol
        if shown.over:
            sign, figure = "", _OUT_OF_RANGE[shown.negative]
        elif not shown.zeroed:
            sign, figure = "", "------"
    return f"\n{sign}{figure}{unit}\r\n".encode("ascii") + _status(shown) + b"\r\x03"


def obey(command: bytes, head: Indicator) -> bytes:
    """One line; switched off, it is deaf."""
    word = command.strip(b"\r\n")
    if not word or head.standby:
        return b""
    match word:
        case b"W":
            return head.frame()
        case b"H":
            return frame(head.shown(tenfold=True), head.dialect)
        case b"Z":
            head.zero()
        case b"T":
            head.tare()
        case b"X":
            head.standby = True
            return b""
        case b"S":
            pass
        case _:
            return UNKNOWN
    return b"\n" + (b"S" if head.dialect == "diva" else b"") + _status(head.shown()) + b"\r\x03"


def _status(shown: Indication) -> bytes:
    """Two characters, a third one for net; bit 6 of the second announces it."""
    first = 0x30 | (not shown.stable) | shown.at_zero << 1
    second = 0x30 | shown.below | shown.above << 1 | shown.net << 6
    initial_zero = (not shown.zeroed) << 3
    if initial_zero:
        second |= 0x40
    third = [0x30 | shown.net << 2 | initial_zero] if second & 0x40 else []
    return bytes([first, second, *third])
