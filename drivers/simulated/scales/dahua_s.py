"""大华 ACS counter scales: `s`, four digits of grams, a blank, four digits, CR; mute where four digits do not do."""

from drivers.simulated.indication import Indication

STREAMS = True
UNIT = "g"
LARGEST = 9999


def frame(shown: Indication) -> bytes:
    """Grams, and a price of nothing."""
    grams = shown.grams(shown.weight)
    if shown.over or not 0 <= grams <= LARGEST:
        return b""
    return f"s{grams:04} 0000\r".encode("ascii")
