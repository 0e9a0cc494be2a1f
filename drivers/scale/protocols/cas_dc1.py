"""CAS PD-II type 6, AP-1, SW-II, Ohaus Aviator, Gram, and Pinnacle 顶尖 OS2 in passive mode: asked by a handshake.

The host sends ENQ; the scale answers ACK when it is ready, NAK when not; the host then sends DC1 and gets the frame of
`drivers.scale.cas_frame`. Manuals: CAS PD-II p.19-23; AP-1 (stable after 500 ms); SW-II p.16; Ohaus Aviator 7000 p.36;
Gram ZFOC p.30. DC2 would ask for prices too.
"""

from drivers.port import LineSettings, Poll
from drivers.scale.cas_frame import LENGTH, START, is_frame, reading_of
from drivers.scale.framing import noise_before
from drivers.scale.reading import Options, Reading, fault

SETTINGS = LineSettings()
NAK = b"\x15"
POLL = Poll(b"\x05", 0.25, answers=((b"\x06", b"\x11"),))


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if data.startswith(NAK):
        return 1, fault("no-weight", NAK)
    if noise := noise_before(data, START):
        return noise, None
    if len(data) < LENGTH:
        return 0, None
    return (LENGTH, reading_of(data[:LENGTH])) if is_frame(data) else (1, None)
