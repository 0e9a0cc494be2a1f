"""Generic Chinese bench scales, five bytes: FF, status, three bytes of packed BCD with the low pair first."""

from drivers.simulated.indication import Indication

STREAMS = True


def frame(shown: Indication) -> bytes:
    """Status: bits 0-2 decimals and one, 5 negative, 6 stable, 7 overflow."""
    status = shown.decimals + 1 | shown.negative << 5 | shown.stable << 6
    if shown.over:
        return bytes([0xFF, 0x80 | shown.decimals + 1, 0, 0, 0])
    return bytes([0xFF, status]) + bytes.fromhex(shown.digits(shown.weight))[::-1]
