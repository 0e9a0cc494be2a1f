"""Sartorius and Minebea SBI: commands behind ESC, lines of 22 characters (Combics p.105, Entris II p.3).

Dialect `short` leaves the six characters of identification out. ESC S restarts, ESC Z calibrates.
"""

import re

from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("short",)
COMMAND = re.compile(rb"[^\x1b]*\x1b(?:x1_|[A-Z])(?:\r\n)?|[^\x1b]+|\x1b[^A-Zx]")


def frame(shown: Indication, dialect: str = "") -> bytes:
    """Sign, blank, eight characters, blank, unit in three; the unit only when stable; H and L out of range."""
    short = dialect == "short"
    if shown.over:
        told = f"      {'L' if shown.negative else 'H'}       "
        return f"{'' if short else 'Stat  '}{told}\r\n".encode("ascii")
    ident = "" if short else f"{'N' if shown.net else 'G':6}"
    unit = shown.symbol if shown.stable else ""
    return f"{ident}{shown.sign} {shown.text:>8} {unit:<3}\r\n".encode("ascii")


def obey(command: bytes, head: Indicator) -> bytes:
    """One command."""
    match command.partition(b"\x1b")[2].strip():
        case b"P":
            return head.frame()
        case b"T" | b"U":
            head.tare()
        case b"V":
            head.zero()
        case b"S":
            return head.power_up(head.now)
        case b"Z":
            head.mode = "calibrating"
        case b"x1_":
            return b"SIM150\r\n"
    return b""
