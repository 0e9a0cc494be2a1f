"""Toledo 8217 and 8213: one-letter commands, STX and CR around the answer (MT Diva service manual p.39, 44-45).

The status byte has three dialects: Diva's (bit 6 always set), `ps60` (bits 5 and 6 always set; Brecknell 67xxU) and
`third`, in which bit 6 says that the last command was not understood, and bit 3 is never set.
"""

from drivers.simulated.framing import BYTE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("ps60", "third")
COMMAND = BYTE
TARE_TIME = 0.15
"""Seconds until `T` and `C` are answered, and in which digits after `T` make it a digital tare."""

ECHO = "echo"


def frame(shown: Indication, dialect: str = "") -> bytes:
    """The answer to `W`: a weight when still and not negative, else the status."""
    if not shown.stable or shown.negative or shown.over:
        return _status(shown, dialect)
    net = "N" if shown.net else ""
    return f"\x02{shown.text.rjust(max(6, shown.decimals + 3), '0')}{net}\r".encode("ascii")


def obey(command: bytes, head: Indicator) -> bytes:
    """One byte; in the echo test all but `F` come back, and after `T` up to five digits and CR belong to it."""
    if head.mode == ECHO:
        head.mode = "" if command == b"F" else ECHO
        return b"" if command == b"F" else command
    if head.mode.startswith("T"):
        if command.isdigit() or command == b"\r":
            return _digit(command, head)
        head.mode = ""
    match command:
        case b"W":
            return head.frame()
        case b"Z":
            if not head.shown().net:
                head.zero()
            return _status(head.shown(), head.dialect)
        case b"T":
            head.mode = "T"
            head.after(TARE_TIME, lambda: _tare(head))
        case b"C":
            head.after(TARE_TIME, lambda: _clear(head))
        case b"H":
            shown = head.shown(tenfold=True)
            return frame(shown, head.dialect)
        case b"E":
            head.mode = ECHO
            return b"\x02E\r"
        case b"B":
            return b"\x02@\r"
        case b"A":
            pass
        case _ if head.dialect == "third":
            return _status(head.shown(), head.dialect, unknown=True)
    return b""


def _status(shown: Indication, dialect: str, unknown: bool = False) -> bytes:
    status = (not shown.stable) | shown.above << 1 | shown.negative << 2 | shown.at_zero << 4 | shown.net << 5
    if dialect == "third":
        status |= unknown << 6
    else:
        status |= 0x40 | (not shown.zeroed) << 3 | (dialect == "ps60") << 5
    return b"\x02?" + bytes([status]) + b"\r"


def _tare(head: Indicator) -> bytes:
    """`T` alone: from gross, still and above zero."""
    if head.mode != "T":
        return b""
    head.mode = ""
    shown = head.shown()
    if shown.weight > 0 and not shown.net:
        head.tare()
    return _status(head.shown(), head.dialect)


def _clear(head: Indicator) -> bytes:
    if head.shown().stable:
        head.pan.clear_tare()
    return _status(head.shown(), head.dialect)


def _digit(command: bytes, head: Indicator) -> bytes:
    """A digital tare in thousandths of a kilogram or hundredths of a pound; CR ends it."""
    if command != b"\r":
        head.mode += command.decode("ascii")
        return b""
    digits, head.mode = head.mode[1:], ""
    if len(digits) == 5:
        head.pan.preset_tare(int(digits) if head.pan.unit == "kg" else round(int(digits) * 4.5359237))
    return _status(head.shown(), head.dialect)
