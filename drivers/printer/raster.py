"""Laid-out lines as a picture in the printer's dots: for paper without Chinese characters, for PNG and PDF files.

Each character is drawn in its own cell, 12 dots wide for ASCII and 24 for all else, and enlarged by whole dots,
as a printer does it.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont

from drivers.printer import code128
from drivers.printer.characters import GETA, columns
from drivers.printer.document import Align, Barcode, Cut, Feed, Qr
from drivers.printer.layout import Laid, Line
from drivers.printer.profile import BLOCK_ROWS, DOTS_PER_COLUMN

DPI = 203
CELL_DOTS = 24
LEADING_DOTS = 6
QUIET_MODULES = 4
BARCODE_QUIET_MODULES = 10
BARCODE_DOTS = 64

FONT_HELP = "no Chinese font found; on Debian or Ubuntu: apt install fonts-wqy-zenhei"

_FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "C:/Windows/Fonts/simsun.ttc",
    "C:/Windows/Fonts/msyh.ttc",
    "C:/Windows/Fonts/simhei.ttf",
    "C:/Windows/Fonts/simsunb.ttf",
    "/System/Library/Fonts/PingFang.ttc",
)
_NO_CHARACTER = "\U0010fffe"
_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
_WHITE, _BLACK = 255, 0


class Font:
    """One or more font files; a character is drawn from the first that has it."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._faces = [ImageFont.truetype(path, CELL_DOTS) for path in paths]
        self._missing = [bytes(face.getmask(_NO_CHARACTER)) for face in self._faces]
        self._cells: dict[str, Image.Image] = {}

    def has(self, character: str) -> bool:
        """Whether a picture would show the character, and not the font's sign for a missing one."""
        return self.face(character) is not None

    def cell(self, character: str) -> Image.Image:
        """The character in a cell of 24 dots' height, squeezed where it is too wide; 〓 if no font file has it."""
        if character not in self._cells:
            face = self.face(character)
            self._cells[character] = _draw(character, face) if face else self.cell(GETA) if self.has(GETA) else _cell(2)
        return self._cells[character]

    def face(self, character: str) -> ImageFont.FreeTypeFont | None:
        """The first font file with the character."""
        for face, missing in zip(self._faces, self._missing, strict=True):
            if character == " " or bytes(face.getmask(character)) != missing:
                return face
        return None


def find_font(paths: Iterable[str] = _FONTS) -> Font | None:
    """The system's Chinese fonts, or None where there are none; `FONT_HELP` says what to do then."""
    found = [path for path in paths if Path(path).is_file()]
    return Font(found) if found else None


def picture(laid: Sequence[Laid], width: int, font: Font) -> Image.Image:
    """A whole document, `width` columns wide; mode L with 0 for black and 255 for white."""
    dots = width * DOTS_PER_COLUMN
    parts = [_part(block, dots, font) for block in laid] or [_blank(dots, CELL_DOTS)]
    whole = _blank(dots, sum(part.height for part in parts))
    top = 0
    for part in parts:
        whole.paste(part, ((dots - part.width) // 2, top))
        top += part.height
    return whole


def line_picture(line: Line, dots: int, font: Font) -> Image.Image:
    """One line on paper `dots` wide, with the space that keeps it off the next."""
    strip = _blank(columns(line.text) * DOTS_PER_COLUMN or 1, CELL_DOTS)
    left = 0
    for character in line.text:
        cell = font.cell(character)
        strip.paste(cell, (left, 0))
        left += columns(character) * DOTS_PER_COLUMN
    if line.bold:
        strip = ImageChops.darker(strip, ImageChops.offset(strip, 1, 0))
    strip = strip.resize((strip.width * line.size.wide, strip.height * line.size.high), Image.Resampling.NEAREST)
    paper = _blank(dots, strip.height + LEADING_DOTS)
    room = dots - strip.width
    paper.paste(strip, ({Align.LEFT: 0, Align.CENTRE: room // 2, Align.RIGHT: room}[line.align], 0))
    return paper


def qr_picture(data: str, dots: int) -> Image.Image:
    """A QR code with four white modules around it, at 6 dots a module or fewer where the paper is too narrow."""
    code = segno.make_qr(data, error="m", boost_error=False)
    rows = [list(map(bool, row)) for row in code.matrix]
    return _modules(rows, module_dots(len(rows), dots), QUIET_MODULES, QUIET_MODULES)


def qr_modules(data: str) -> int:
    """Modules along one side of the QR code, without its white border: 21 to 177."""
    side, _ = segno.make_qr(data, error="m", boost_error=False).symbol_size(border=0)
    return int(side)


def module_dots(modules: int, dots: int) -> int:
    """Dots for a QR code's module, 1 to 6: as large as the paper and its white border let it be."""
    return max(1, min(6, dots // (modules + 2 * QUIET_MODULES)))


def png(image: Image.Image) -> bytes:
    """The picture as a PNG file of 1 bit per dot."""
    return _file(image, "PNG", dpi=(DPI, DPI))


def pdf(image: Image.Image) -> bytes:
    """The picture as a PDF page of the paper's true size."""
    return _file(image, "PDF", resolution=DPI)


def raster_commands(image: Image.Image) -> bytes:
    """`GS v 0` commands that print the picture at the left of the line, in blocks a cheap printer's buffer can hold.

    No block is 48n rows high, at which some printers lose count, and none holds the bytes of a real-time command.
    """
    black = image.point(lambda dot: _WHITE if dot < 128 else _BLACK, mode="1")
    _, _, right, _ = black.getbbox() or (0, 0, 1, 0)
    across = (right + 7) // 8
    packed = black.crop((0, 0, across * 8, black.height)).tobytes()
    rows = [packed[start : start + across] for start in range(0, len(packed), across)]
    return b"".join(_block(part, across) for part in _blocks(rows, across))


def _blocks(rows: list[bytes], across: int) -> Iterator[list[bytes]]:
    """The rows in blocks, with a white row after a block of an unlucky height."""
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        yield part if len(part) % 48 else [*part, bytes(across)]


def _block(rows: list[bytes], across: int) -> bytes:
    """One GS v 0 command; a black dot more where its bytes would be a real-time command."""
    header = b"\x1dv0\x00" + across.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return header + _REAL_TIME.sub(b"\x30", b"".join(rows))


def _part(block: Laid, dots: int, font: Font) -> Image.Image:
    """One block of the document as a picture."""
    match block:
        case Line():
            return line_picture(block, dots, font)
        case Qr(data=data):
            return qr_picture(data, dots)
        case Barcode(digits=digits):
            return _barcode_picture(digits, dots, font)
        case Feed(lines=lines):
            return _blank(dots, lines * (CELL_DOTS + LEADING_DOTS))
        case Cut():
            return _blank(dots, CELL_DOTS)


def _barcode_picture(digits: str, dots: int, font: Font) -> Image.Image:
    """A Code128 barcode at 2 dots a module with its digits below."""
    bars = [[module == "1" for module in code128.modules(digits)]]
    symbol = _modules(bars, 2, BARCODE_QUIET_MODULES, 0).resize(
        (2 * (len(bars[0]) + 2 * BARCODE_QUIET_MODULES), BARCODE_DOTS), Image.Resampling.NEAREST
    )
    text = line_picture(Line(digits, Align.CENTRE), dots, font)
    whole = _blank(dots, symbol.height + LEADING_DOTS + text.height)
    whole.paste(symbol, ((dots - symbol.width) // 2, 0))
    whole.paste(text, (0, symbol.height + LEADING_DOTS))
    return whole


def _modules(rows: list[list[bool]], size: int, across: int, down: int) -> Image.Image:
    """Black and white modules of `size` dots with white modules around them, some across and some down."""
    image = _blank(len(rows[0]) + 2 * across, len(rows) + 2 * down)
    for y, row in enumerate(rows, down):
        for x, dark in enumerate(row, across):
            if dark:
                image.putpixel((x, y), _BLACK)
    return image.resize((image.width * size, image.height * size), Image.Resampling.NEAREST)


def _draw(character: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    """A glyph in its cell, in the middle if it is narrower and squeezed if it is wider; black and white only."""
    cell = _cell(columns(character))
    advance = max(round(face.getlength(character)), cell.width)
    glyph = _blank(advance, CELL_DOTS)
    ImageDraw.Draw(glyph).text((advance // 2, CELL_DOTS - 4), character, fill=_BLACK, font=face, anchor="ms")
    if advance > cell.width:
        glyph = glyph.resize(cell.size, Image.Resampling.BOX)
    return glyph.point(lambda dot: _BLACK if dot < 128 else _WHITE)


def _cell(width: int) -> Image.Image:
    """An empty cell of so many columns."""
    return _blank(width * DOTS_PER_COLUMN, CELL_DOTS)


def _blank(width: int, height: int) -> Image.Image:
    """White paper."""
    return Image.new("L", (width, height), _WHITE)


def _file(image: Image.Image, form: str, **options: object) -> bytes:
    """The picture in a file format."""
    stream = io.BytesIO()
    image.point(lambda dot: _BLACK if dot < 128 else _WHITE, mode="1").save(stream, form, **options)
    return stream.getvalue()
