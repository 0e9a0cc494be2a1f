"""Yaohua XK3190-A12(E), fifteen bytes: W, G or N, weight, unit, XOR, CR LF (manual p.13)."""

from drivers.simulated.framing import in_hex, xor_of
from drivers.simulated.indication import Indication

STREAMS = True
LOWEST = 20


def frame(shown: Indication) -> bytes:
    """A weight, or OL and LO behind nine spaces."""
    if shown.over:
        return f"{'':9}{'LO' if shown.negative else 'OL'}23\r\n".encode("ascii")
    figure = shown.text if shown.decimals else shown.text + " "
    signed = "-" + figure.rjust(6, "0") if shown.negative else figure.rjust(7, "0")
    body = f"W{'N' if shown.net else 'G'}{signed}{shown.symbol:<2}".encode("ascii")
    return body + in_hex(xor_of(body)) + b"\r\n"
