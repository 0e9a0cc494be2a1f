"""Pinnacle 顶尖 OS2 and OS2X in active mode: the frame of `drivers.scale.cas_frame` and a flag byte, ten a second.

Flags: bit 4 zero, 5 tare active, 6 out of range; a scale set to send none is read too. Manual: Pinnacle OS2CX p.15-16
and 20. In passive mode it is asked with ENQ and DC1, and sends the frame alone. The commands that change the mode
(`<AL>`, `<PB>`, `<DB>`) are never sent.
"""

from dataclasses import replace

from drivers.port import Commands, LineSettings
from drivers.scale.cas_frame import HANDSHAKE, LENGTH, START, is_frame, reading_of, scan_answer
from drivers.scale.framing import noise_before
from drivers.scale.reading import Options, Reading, fault

SETTINGS = LineSettings()
POLL = None
PASSIVE = HANDSHAKE
COMMANDS = Commands(zero=b"<ZK>\t", tare=b"<TK>\t")


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if options.asked:
        return scan_answer(data)
    if noise := noise_before(data, START):
        return noise, None
    if len(data) < LENGTH + 1:
        return 0, None
    if not is_frame(data):
        return 1, None
    reading = reading_of(data[:LENGTH])
    if data[LENGTH] == START[0]:  # no flags: the next frame already
        return LENGTH, reading
    return LENGTH + 1, _flagged(reading, data[LENGTH], data[: LENGTH + 1])


def _flagged(reading: Reading, flags: int, raw: bytes) -> Reading:
    if flags & 0x40:
        return fault("out-of-range", raw)
    if reading.fault:
        return replace(reading, raw=raw)
    return replace(reading, raw=raw, mode="net" if flags & 0x20 else "gross", zero=bool(flags & 0x10))
