"""CAS indicators' 22-byte line with a lamp byte that is no ASCII (CAS CI-600D p.75)."""

from drivers.simulated.indication import Indication

STREAMS = True
DEVICE = b"1"


def frame(shown: Indication) -> bytes:
    """Status, mode, device and lamps, eight characters, unit, CR LF; blanks out of range.

    Lamps: bit 6 stable, 2 gross, 1 tare, 0 zero; bit 7 is always set.
    """
    status = b"OL" if shown.over else b"ST" if shown.stable else b"US"
    mode = b"NT" if shown.net else b"GS"
    lamps = 0x80 | shown.stable << 6 | (not shown.net) << 2 | shown.net << 1 | shown.at_zero
    signed = f"-{shown.text:0>7}" if shown.negative else f"{shown.text:0>8}"
    figure = f"{'' if shown.over else signed:8} {shown.symbol:>2}".encode("ascii")
    return b",".join((status, mode, DEVICE + bytes([lamps]), figure)) + b"\r\n"
