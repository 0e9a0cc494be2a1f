"""CAS PD-II type 6, AP-1, SW-II, Ohaus Aviator, Gram, and Pinnacle 顶尖 OS2 in passive mode: asked by a handshake.

The handshake and the frame are those of `drivers.scale.cas_frame`. Manuals: CAS PD-II p.19-23; AP-1 (stable after
500 ms); SW-II p.16; Ohaus Aviator 7000 p.36; Gram ZFOC p.30. DC2 would ask for prices too.
"""

from drivers.port import LineSettings
from drivers.scale.cas_frame import HANDSHAKE, scan_answer
from drivers.scale.reading import Options, Reading

SETTINGS = LineSettings()
POLL = HANDSHAKE


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one answer off the front of `data`: bytes done with, and the reading in them."""
    return scan_answer(data)
