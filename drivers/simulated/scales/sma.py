"""SMA SCP-0499, levels 1 and 2: LF, letter, CR; the answer is one line of twenty characters (SCP-0499)."""

import re
from decimal import Decimal, InvalidOperation

from drivers.simulated.indication import GRAMS_IN, Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
COMMAND = re.compile(rb"[^\n\x1b]*(?:\x1b|\n([^\r]*)\r)")

UNKNOWN = b"\n?\r"
_ABOUT = {b"A": b"\nSMA:2/1.0\r", b"B": b"\nMFG:Simulated\r", b"I": b"\nSMA:2/1.0\r", b"N": b"\nMFG:Simulated\r"}


def frame(shown: Indication) -> bytes:
    """Status, range 1, gross or net, motion, ten characters, unit in three."""
    status = "O" if shown.above else "U" if shown.below else "E" if not shown.zeroed else "Z" if shown.at_zero else " "
    figure = "-" * 10 if status == "E" else f"{shown.weight:f}"
    return _line(status, "N" if shown.net else "G", shown, figure)


def obey(command: bytes, head: Indicator) -> bytes:
    """One command; any but the continuous ones ends a stream."""
    found = COMMAND.match(command)
    word = found[1] if found else None
    head.stream = None
    if not word:
        return b""
    if word in _ABOUT:
        return _ABOUT[word]
    match word[:1]:
        case b"W" | b"P":
            return head.frame()
        case b"H" | b"Q":
            shown = head.shown(tenfold=True)
            return _line(" ", "n" if shown.net else "g", shown, f"{shown.weight:f}")
        case b"R" | b"S":
            head.stream = head.firmware.frame
            return b""
        case b"Z":
            return head.frame() if head.zero() else _line("E", "G", head.shown(), "-" * 10)
        case b"T":
            return head.frame() if _tare(word[1:], head) else _line("T", "N", head.shown(), "-" * 10)
        case b"M":
            shown = head.shown()
            return _line(" ", "T", shown, f"{shown.tare:f}")
        case b"C":
            head.pan.clear_tare()
            return head.frame()
    return UNKNOWN


def _line(status: str, mode: str, shown: Indication, figure: str) -> bytes:
    motion = " " if shown.stable else "M"
    return f"\n{status}1{mode}{motion} {figure:>10}{shown.symbol:_<3}\r".encode("ascii")


def _tare(given: bytes, head: Indicator) -> bool:
    """Tare from the pan, or as given in the scale's unit."""
    if not given.strip():
        return head.tare()
    try:
        value = Decimal(given.strip().decode("ascii")) * GRAMS_IN[head.pan.unit]
    except (InvalidOperation, UnicodeDecodeError):
        return False
    return value.is_finite() and head.pan.preset_tare(int(value))
