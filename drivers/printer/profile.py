"""What a printer is, as its set-up found it: where it is plugged in, its paper, its character set, what it can do."""

from dataclasses import dataclass
from typing import Literal

Charset = Literal["gbk", "gb2312", "gb18030"]
"""The characters in a printer's ROM; most boxes that say GB18030 mean its two-byte part, GBK."""

Confirm = Literal["gs_r", "gs_h", "none"]
"""The question at the end of a job whose answer says that it is on paper: GS r 1, GS ( H with a tag, or none."""

Columns = Literal[32, 48]
"""Printer columns of 12 dots: 58 mm paper has 32 (384 dots), 80 mm paper 48 (576 dots)."""

DOTS_PER_COLUMN = 12

BLOCK_ROWS = 100
"""Rows of a picture sent in one command: more is too much for the buffers of cheap printers."""


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """One printer.

    url: `socket://HOST:PORT`, `serial:///dev/ttyUSB0?baud=9600` or `COM3`, `file:///dev/usb/lp0` or `/dev/...`,
        `usb:VVVV:PPPP?in=0x81&out=0x03`, `windows:PRINTER`, `cups:QUEUE`, `folder:PATH`.
    double_byte: it has a Chinese mode to be switched on with FS &; False where firmware is always in it.
    cutter: it has one; otherwise paper is fed past the tear bar.
    qr: it draws QR codes itself (GS ( k); otherwise they are sent as pictures.
    status: it answers DLE EOT; False for a mute one, None where nobody has tried.
    confirm: what its jobs end with; None for GS r 1 unless it is mute.
    model: what it says it is (GS I 67); empty where it says nothing.
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
    confirm: Confirm | None = None
    model: str = ""

    @property
    def question(self) -> Confirm:
        """What a job ends with."""
        return self.confirm or ("none" if self.status is False else "gs_r")

    @property
    def dots(self) -> int:
        """Width of the printable area in dots, 384 or 576."""
        return self.columns * DOTS_PER_COLUMN
