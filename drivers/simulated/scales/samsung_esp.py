"""Samsung ESP: `$`, answered by digits with a point, and CR; neither stability nor overload exist (openbravo)."""

from drivers.simulated.framing import BYTE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
COMMAND = BYTE


def frame(shown: Indication) -> bytes:
    """The figure, with a minus in front below zero; mute out of range."""
    if shown.over:
        return b""
    return f"{shown.minus.strip()}{shown.text.rjust(6, '0')}\r".encode("ascii")


def obey(command: bytes, head: Indicator) -> bytes:
    """`$` is the only command."""
    return head.frame() if command == b"$" else b""
