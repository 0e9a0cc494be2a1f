"""`ww` and `wn` lines of Chinese clones (Liden LUW2001 p.16, continuous output A); mute on overload."""

from drivers.simulated.indication import Indication

STREAMS = True


def frame(shown: Indication) -> bytes:
    """`ww` gross or `wn` net, nine characters with sign and point, unit, CR LF."""
    if shown.over:
        return b""
    signed = f"-{shown.text.rjust(8, '0')}" if shown.negative else shown.text.rjust(9, "0")
    return f"w{'n' if shown.net else 'w'}{signed}{shown.symbol}\r\n".encode("ascii")
