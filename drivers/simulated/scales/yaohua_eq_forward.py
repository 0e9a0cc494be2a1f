"""Yaohua `=` lines with the sign first (A23p p.21-22, A26 p.10-12); mute on overload.

Dialect `priced` is A26's format 3, with a unit price behind a semicolon.
"""

from drivers.simulated.indication import Indication

STREAMS = True
DIALECTS = ("priced",)


def frame(shown: Indication, dialect: str = "") -> bytes:
    """`=`, `0` or `-`, seven characters with the point."""
    if shown.over:
        return b""
    price = ";0002.50" if dialect == "priced" else ""
    return f"={'-' if shown.negative else '0'}{shown.text.rjust(7, '0')}{price}".encode("ascii")
