"""Older Kern scales ("Re Cr"): one small letter without CR, answered by 18 characters (Kern FKB, PCB, KDE-T)."""

from drivers.simulated.framing import BYTE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
COMMAND = BYTE
PATIENCE = 5.0


def frame(shown: Indication) -> bytes:
    """Blank, sign, ten characters, blank, unit in three; the unit is missing in motion, `Error` stands out of range."""
    if shown.over:
        return b"           Error\r\n"
    unit = shown.symbol if shown.stable else ""
    return f" {shown.minus}{shown.text:>10} {unit:<3}\r\n".encode("ascii")


def obey(command: bytes, head: Indicator) -> bytes:
    """`s` stable, `w` any, `t` tare; nothing else is understood."""
    match command:
        case b"s":
            return head.when_still(head.frame, PATIENCE, lambda: b"")
        case b"w":
            return head.frame()
        case b"t":
            head.tare()
    return b""
