"""What a printer is, as its set-up found it: where it is plugged in, its paper, its character set, what it can do."""

from dataclasses import dataclass
from typing import Literal

Charset = Literal["gbk", "gb2312"]
"""The double-byte characters in a printer's ROM; boxes that say GB18030 mean its two-byte part, GBK."""

Columns = Literal[32, 48]
"""Printer columns of 12 dots: 58 mm paper has 32 (384 dots), 80 mm paper 48 (576 dots)."""

DOTS_PER_COLUMN = 12

BLOCK_ROWS = 100
"""Rows of a picture sent in one command: more is too much for the buffers of cheap printers."""


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """One printer.

    url: `socket://HOST:PORT`, `serial:///dev/ttyUSB0?baud=9600` or `COM3`, `file:///dev/usb/lp0` or `/dev/...`,
        `folder:PATH`.
    double_byte: it has a Chinese mode to be switched on with FS &; False where firmware is always in it.
    cutter: it has one; otherwise paper is fed past the tear bar.
    qr: it draws QR codes itself (GS ( k); otherwise they are sent as pictures.
    status: it answers status requests; False for a mute one, None where nobody has tried.
    raster: it has no Chinese characters at all: every line is sent as a picture.
    """

    url: str
    columns: Columns = 48
    charset: Charset = "gbk"
    double_byte: bool = True
    cutter: bool = True
    qr: bool = True
    status: bool | None = None
    raster: bool = False

    @property
    def dots(self) -> int:
        """Width of the printable area in dots, 384 or 576."""
        return self.columns * DOTS_PER_COLUMN
