"""Adam CPWplus: one letter with or without CR LF (CPWplus manual p.14). `T` sends the tare; `Z` is the key for both.

Dialect `asng` is the streaming variant, `ASNG/W+ 1.75 kg`, with U for motion; it needs `streams`.
"""

from decimal import Decimal

from drivers.simulated.framing import BYTE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("asng",)
COMMAND = BYTE


def frame(shown: Indication, dialect: str = "") -> bytes:
    """The gross weight; mute out of range."""
    if shown.over:
        return b""
    if dialect == "asng":
        status = "S" if shown.stable else "U"
        return f"A{status}NG/W{shown.sign} {shown.text} {shown.symbol}\r\n".encode("ascii")
    return _line("G", shown.weight + shown.tare, shown)


def obey(command: bytes, head: Indicator) -> bytes:
    """One letter."""
    shown = head.shown()
    match command:
        case b"G":
            return head.frame()
        case b"N" if not shown.over:
            return _line("N", shown.weight, shown)
        case b"T":
            return _line("T", shown.tare, shown)
        case b"Z" if not head.zero():
            head.tare()
    return b""


def _line(letter: str, value: Decimal, shown: Indication) -> bytes:
    sign = "-" if value < 0 else "+"
    return f"{letter} {sign}{abs(value):>7f} {shown.symbol}\r\n".encode("ascii")
