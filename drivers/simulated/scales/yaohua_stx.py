"""Yaohua XK3190 with `tF` = 0 (A9, A23p format 1, A26 format 0): twelve bytes; mute on overload."""

from drivers.simulated.framing import in_hex, xor_of
from drivers.simulated.indication import Indication

STREAMS = True


def frame(shown: Indication) -> bytes:
    """STX, sign, six digits, number of decimals, XOR in two hex capitals, ETX."""
    if shown.over:
        return b""
    body = f"{shown.sign}{shown.digits(shown.weight)}{shown.decimals}".encode("ascii")
    return b"\x02" + body + in_hex(xor_of(body)) + b"\x03"
