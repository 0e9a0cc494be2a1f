"""CAS PD-II type 6, AP-1, SW-II and Ohaus Aviator: ENQ, ACK, DC1, weight (PD-II p.23, AP-1, Aviator 7000 p.36).

Dialect `gram` marks overload in the status, with jin and other units (Gram ZFOC p.30, 42); dialect `w` streams from `W`
until CR (PD-II p.19).
"""

from drivers.simulated.framing import ACK, BYTE, DC1, ENQ, NAK, xor_of
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("gram", "w")
COMMAND = BYTE
READY = "ready"


def body(status: bytes, sign: str, figure: str, unit: str) -> bytes:
    """Status to unit, which the check covers."""
    return status + f"{sign}{figure}{unit:<2}".encode("ascii")


def frame(shown: Indication, dialect: str = "") -> bytes:
    """SOH STX, status, sign, six characters, unit, XOR, ETX EOT; F all over on overload."""
    if shown.over:
        bad = body(b"F", " ", f"{0:06.{shown.decimals}f}", shown.symbol)
        inner = bad if dialect == "gram" else body(b"S", "F", "FFFFFF", shown.symbol)
    else:
        inner = body(b"S" if shown.stable else b"U", shown.minus, shown.text.rjust(6, "0"), shown.symbol)
    return b"\x01\x02" + inner + bytes([xor_of(inner)]) + b"\x03\x04"


def obey(command: bytes, head: Indicator) -> bytes:
    """The handshake; DC1 without it is not answered."""
    ready, head.mode = head.mode, ""
    if command == ENQ:
        head.mode = READY if head.shown().zeroed else ""
        return ACK if head.mode else NAK
    if command == DC1 and ready:
        return head.frame()
    if head.dialect == "w" and command in (b"W", b"\r"):
        head.stream = head.firmware.frame if command == b"W" else None
    return b""
