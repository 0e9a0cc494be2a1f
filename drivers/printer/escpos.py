"""A laid-out document as the bytes of one ESC/POS job.

Epson ESC/POS reference for the commands named in each function; Chinese as GBK after FS &, enlarged with GS !, which
is the one size command that single-byte and double-byte characters both obey on printers of every make.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from drivers.errors import DriverError
from drivers.printer.characters import GETA, encode, in_rom
from drivers.printer.document import Align, Barcode, Cut, Feed, Qr
from drivers.printer.layout import Laid, Line
from drivers.printer.library import printers
from drivers.printer.profile import PrinterProfile

if TYPE_CHECKING:
    from drivers.printer.raster import Font

INITIALISE = b"\x1b@"
CHINESE_MODE = b"\x1c&"
PAPER_STATUS = b"\x1dr\x01"
"""GS r 1, queued: its answer says that everything before it has been done."""

TAGGED_STATUS = b"\x1d(H\x06\x0000"
"""GS ( H function 48, before four characters: they come back when everything before has been printed."""

TEAR_LINES = 6
"""Lines between print head and cutter or tear bar."""

REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")
"""What a printer takes for a real-time command even inside a picture or a barcode."""

_ALIGN = {Align.LEFT: b"\x1ba\x00", Align.CENTRE: b"\x1ba\x01", Align.RIGHT: b"\x1ba\x02"}
_QR_LEVEL_M = 1
_MAX_DOTS_OF_BARCODE_MODULE = 3


class FontMissing(DriverError):
    """The printer has no Chinese characters, and the computer no font to draw them with."""

    code = "font-missing"


def receipt_bytes(laid: Sequence[Laid], profile: PrinterProfile, tag: bytes, font: "Font | None" = None) -> bytes:
    """The whole job: ESC @, FS &, the document, and the profile's question, which holds `tag` (4 bytes) if it can.

    Without a font a line that should be drawn is printed as text with 〓. Raises `FontMissing` for a raster printer.
    """
    if profile.raster and font is None:
        raise FontMissing
    job = _Job(profile, font)
    for block in laid:
        job.add(block)
    return job.end(tag)


def drawer_pulse(profile: PrinterProfile, tag: bytes) -> bytes:
    """A job of its own that opens the cash drawer on pin 2: 100 ms on, 100 ms off (ESC p)."""
    job = _Job(profile, None)
    job.pulse()
    return job.end(tag)


class _Job:
    """Collects a job in python-escpos's Dummy; each block starts and ends at the start of a line."""

    def __init__(self, profile: PrinterProfile, font: "Font | None") -> None:
        self._profile = profile
        self._font = font
        # the library has no types
        self._dummy: Any = printers().Dummy()
        self._style: dict[str, bytes] = {"align": _ALIGN[Align.LEFT], "bold": b"\x1bE\x00", "size": b"\x1d!\x00"}
        self._raw(INITIALISE)
        if profile.double_byte:
            self._raw(CHINESE_MODE)

    def add(self, block: Laid) -> None:
        """The commands for one block."""
        match block:
            case Line():
                self._line(block)
            case Qr(data=data):
                self._qr(data)
            case Barcode(digits=digits):
                self._barcode(digits)
            case Feed(lines=lines):
                self._select()
                self._raw(b"\x1bd" + bytes([lines]))
            case Cut():
                self._cut()

    def pulse(self) -> None:
        """ESC p."""
        self._dummy.cashdraw(2)

    def end(self, tag: bytes) -> bytes:
        """The bytes of the job."""
        match self._profile.question:
            case "gs_r":
                self._raw(PAPER_STATUS)
            case "gs_h":
                self._raw(TAGGED_STATUS + tag)
        return bytes(self._dummy.output)

    def _raw(self, data: bytes) -> None:
        self._dummy._raw(data)

    def _select(self, align: Align = Align.LEFT, bold: bool = False, size: tuple[int, int] = (1, 1)) -> None:
        """ESC a, ESC E and GS !, each only where it changes; ESC a counts at the start of a line alone."""
        wide, high = size
        wanted = {
            "align": _ALIGN[align],
            "bold": b"\x1bE" + bytes([bold]),
            "size": b"\x1d!" + bytes([(wide - 1) << 4 | (high - 1)]),
        }
        self._raw(b"".join(command for kind, command in wanted.items() if command != self._style[kind]))
        self._style = wanted

    def _line(self, line: Line) -> None:
        """A line of text and LF, or its picture."""
        if self._font and line.text and (line.drawn or self._profile.raster):
            from drivers.printer import raster

            self._select()
            self._raw(raster.raster_commands(raster.line_picture(line, self._profile.dots, self._font)))
            return
        self._select(line.align, line.bold, line.size.value)
        known = (character if in_rom(character, self._profile.charset) else GETA for character in line.text)
        self._raw(encode("".join(known), self._profile.charset) + b"\n")

    def _qr(self, data: str) -> None:
        """GS ( k functions 65, 67, 69, 80 and 81, or the picture of the code; centred."""
        from drivers.printer import raster

        self._select(Align.CENTRE)
        if self._profile.qr:
            size = raster.module_dots(raster.qr_modules(data), self._profile.dots)
            self._dummy.qr(data, ec=_QR_LEVEL_M, size=size, native=True)
        else:
            self._raw(raster.raster_commands(raster.qr_picture(data, self._profile.dots)))

    def _barcode(self, digits: str) -> None:
        """GS k 73 in code set C, where two digits are one byte; set B where those bytes would be a command, or odd."""
        pairs = bytes(int(digits[i : i + 2]) for i in range(0, len(digits), 2))
        pairable = len(digits) % 2 == 0 and not REAL_TIME.search(pairs)
        content = b"{C" + pairs if pairable else b"{B" + digits.encode()
        # start, check and stop symbols take 11 + 11 + 13 modules, the white margins 10 each
        modules = 11 * (len(content) - 2) + 55
        width = min(_MAX_DOTS_OF_BARCODE_MODULE, self._profile.dots // modules)
        self._select(Align.CENTRE)
        self._raw(b"\x1dh\x40" + b"\x1dw" + bytes([width]) + b"\x1df\x00" + b"\x1dH\x02")
        self._raw(b"\x1dkI" + bytes([len(content)]) + content)

    def _cut(self) -> None:
        """ESC d and GS V 1; only the feed where there is no cutter."""
        self._select()
        if self._profile.cutter:
            self._dummy.cut("PART")
        else:
            self._dummy.print_and_feed(TEAR_LINES)
