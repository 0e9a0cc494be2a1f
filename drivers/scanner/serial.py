"""Scanners on a serial port or USB-CDC: bytes cut into scans at CR, LF, TAB or ETX.

Only the suffix tells that a code is whole, so the scanner must be programmed to send one; what has none is dropped
after `IDLE` seconds of silence. STX begins anew.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.events import Emit, Scanned
from drivers.port import LineSettings
from drivers.reader import BACKOFF, Reader
from drivers.scanner.codes import MAX_LENGTH

IDLE = 0.2
"""Seconds of silence after which what came without a suffix is no scan."""

STX = 0x02
_ENDS = frozenset(b"\r\n\t\x03")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Framing:
    """The machine from bytes to texts. Of an overlong burst it keeps one character more than a code may have."""

    _partial: bytes = b""
    _last: float = 0

    def feed(self, data: bytes, at: float) -> list[str]:
        """The texts that end in `data`, read at `at` seconds; call it with b"" too, so that time passes."""
        if self._partial and at - self._last > IDLE:
            log.warning("%d bytes without a suffix dropped", len(self._partial))
            self._partial = b""
        if data:
            self._last = at
        texts = []
        for byte in data:
            if byte in _ENDS:
                if self._partial:
                    texts.append(self._partial.decode("utf-8", errors="replace"))
                self._partial = b""
            elif byte == STX:
                self._partial = b""
            elif len(self._partial) <= MAX_LENGTH:
                self._partial += bytes((byte,))
        return texts


def hearing(device: str, emit: Emit) -> Callable[[bytes], bool]:
    """What a reader does with a scanner's bytes: it emits `Scanned` for each text, and says whether there was one."""
    framing = Framing()

    def hear(data: bytes) -> bool:
        at = time.monotonic()
        texts = framing.feed(data, at)
        for text in texts:
            emit(Scanned(device, text, at))
        return bool(texts)

    return hear


def serial_scanner(
    device: str, url: str, emit: Emit, settings: LineSettings | None = None, *, backoff: tuple[float, ...] = BACKOFF
) -> Reader:
    """A reader, not yet started, that emits `Scanned` for each text; 9600 8N1 unless told."""
    return Reader(device, url, settings or LineSettings(), hearing(device, emit), emit, backoff=backoff)
