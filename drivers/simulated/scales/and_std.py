"""A&D standard format of balances and bench scales, 17 characters, on command (EK-L p.28, FZ-i p.59, HC-i p.48).

`P`, `ON` and `OFF` switch the display: a scale probed with them goes dark. Dialect `quiet` sends no ACK.
"""

from drivers.simulated.framing import ACK, LINE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("quiet",)
COMMAND = LINE
PATIENCE = 5.0
"""Seconds of motion after which `Z` and `T` give up."""

NOT_READY, UNDEFINED = b"EC,E2\r\n", b"EC,E1\r\n"
_ABOUT = {b"?ID": b"LAB-0123\r\n", b"?SN": b"0123456789\r\n", b"?TN": b"SIM-150K\r\n"}


def frame(shown: Indication, dialect: str = "") -> bytes:
    """Header, sign, eight characters, unit in three, CR LF; nines on overload, whose sign tells over from under."""
    if shown.over:
        nines = "9" * (7 - shown.decimals) + "." + "9" * shown.decimals
        return f"OL,{shown.sign}{nines}{shown.symbol:>3}\r\n".encode("ascii")
    header = "ST" if shown.stable else "US"
    return f"{header},{shown.sign}{shown.text.rjust(8, '0')}{shown.symbol:>3}\r\n".encode("ascii")


def obey(command: bytes, head: Indicator) -> bytes:
    """One line. Switched off, it hears only `P` and `ON`."""
    word = command.strip(b"\r\n")
    if not word or (head.standby and word not in (b"P", b"ON")):
        return b""
    match word:
        case b"Q" | b"SI" | b"PRT":
            return head.frame()
        case b"S":
            return head.when_still(head.frame, 60.0, lambda: NOT_READY)
        case b"SIR":
            head.stream = head.firmware.frame
        case b"C":
            head.cancel()
        case b"Z" | b"R" | b"T":
            head.after(0.0, lambda: _act(word, head))
        case b"?WT" | b"?PT":
            return head.frame()
        case b"P" | b"ON" | b"OFF":
            head.standby = word == b"OFF" or (word == b"P" and not head.standby)
        case b"CAL" | b"U":
            head.mode = word.decode("ascii")
        case _:
            return _ABOUT.get(word, UNDEFINED)
    return _done(head)


def _done(head: Indicator) -> bytes:
    return b"" if head.dialect == "quiet" else ACK


def _act(word: bytes, head: Indicator) -> bytes:
    """Zero or tare when the pan is still, said with a second ACK."""
    key = head.tare if word == b"T" else head.zero
    return head.when_still(lambda: _done(head) if key() else NOT_READY, PATIENCE, lambda: NOT_READY)
