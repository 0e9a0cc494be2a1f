"""Yaohua `=` lines with the lowest digit first and the sign last (A23p p.21-22, A26 p.10-12); mute on overload."""

from drivers.simulated.indication import Indication

STREAMS = True


def frame(shown: Indication) -> bytes:
    """`=`, seven characters with the point turned round, `0` or `-`."""
    if shown.over:
        return b""
    return f"={shown.text.rjust(7, '0')[::-1]}{'-' if shown.negative else '0'}".encode("ascii")
