"""A piece of paper drawn on in millimetres; codes in whole dots, never narrower than asked for."""

from functools import cache

import segno
from PIL import Image, ImageDraw, ImageFont

from drivers.printer.characters import GETA, normalise
from drivers.printer.document import Align
from drivers.printer.layout import wrap
from drivers.printer.raster import QUIET_MODULES, Font

_WHITE, _BLACK = 255, 0
_SMALLEST = 0.5
"""How much smaller than asked for text may become so that it fits."""

_STEP = 0.05
_LINE = 1.15
"""From one line to the next, in heights of the text."""


class Canvas:
    """White paper of `width` times `height` mm at `dpi` dots an inch; mode L, black on white."""

    def __init__(self, width: float, height: float, dpi: int, font: Font) -> None:
        self.width, self.height, self.dpi, self.font = width, height, dpi, font
        self.image = Image.new("L", (self.dots(width), self.dots(height)), _WHITE)
        self._draw = ImageDraw.Draw(self.image)

    def dots(self, mm: float) -> int:
        """A length in dots."""
        return round(mm * self.dpi / 25.4)

    def module(self, mm: float) -> int:
        """Dots of a code's module that is at least so wide."""
        return -int(-mm * self.dpi // 25.4)

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """A thin line."""
        self._draw.line([self.dots(each) for each in (left, top, right, bottom)], fill=_BLACK, width=self.dots(0.15))

    def paste(self, left: float, top: float, piece: "Canvas") -> None:
        """Another piece of paper of the same resolution."""
        self.image.paste(piece.image, (self.dots(left), self.dots(top)))

    def text(
        self,
        left: float,
        top: float,
        width: float,
        text: str,
        height: float,
        *,
        align: Align = Align.LEFT,
        bold: bool = False,
        lines: int = 1,
    ) -> float:
        """Text in so many lines of `width` mm, made smaller where it would not fit; the mm from `top` to its end."""
        clean = "".join(character if self.font.has(character) else GETA for character in normalise(text))
        for step in range(round((1 - _SMALLEST) / _STEP) + 1):
            size = height * (1 - step * _STEP)
            wrapped = wrap(clean, max(2, int(2 * width / size)))
            if len(wrapped) <= lines and all(self._length(line, size) <= self.dots(width) for line in wrapped):
                break
        for number, line in enumerate(wrapped[:lines]):
            room = self.dots(width) - self._length(line, size)
            indent = {Align.LEFT: 0, Align.CENTRE: room // 2, Align.RIGHT: room}[align]
            self._line(self.dots(left) + indent, self.dots(top + number * size * _LINE), line, size, bold=bold)
        return min(len(wrapped), lines) * size * _LINE

    def qr(self, left: float, top: float, data: str, module: float) -> float:
        """A QR code, level M, with four white modules around it; the mm that it takes with them."""
        code = segno.make_qr(data, error="m", boost_error=False)
        size = self.module(module)
        rows = [list(map(bool, row)) for row in code.matrix]
        for y, row in enumerate(rows, QUIET_MODULES):
            for x, dark in enumerate(row, QUIET_MODULES):
                if dark:
                    self._box(self.dots(left) + x * size, self.dots(top) + y * size, size, size)
        return (len(rows) + 2 * QUIET_MODULES) * size * 25.4 / self.dpi

    def bars(self, left: float, top: float, width: float, modules: str, module: float, height: float) -> None:
        """A barcode given as ones and zeros, in the middle of `width` mm."""
        size = self.module(module)
        start = self.dots(left) + (self.dots(width) - len(modules) * size) // 2
        for place, dark in enumerate(modules):
            if dark == "1":
                self._box(start + place * size, self.dots(top), size, self.dots(height))

    def _box(self, left: int, top: int, width: int, height: int) -> None:
        self._draw.rectangle((left, top, left + width - 1, top + height - 1), fill=_BLACK)

    def _length(self, text: str, size: float) -> int:
        return round(sum(self._face(character, size).getlength(character) for character in text))

    def _line(self, left: int, top: int, text: str, size: float, *, bold: bool) -> None:
        base, at, stroke = top + self.dots(size * 0.88), float(left), self.dots(size * 0.03) if bold else 0
        for character in text:
            face = self._face(character, size)
            self._draw.text((at, base), character, fill=_BLACK, font=face, anchor="ls", stroke_width=stroke)
            at += face.getlength(character)

    def _face(self, character: str, size: float) -> ImageFont.FreeTypeFont:
        face = self.font.face(character) or self.font.face(" ")
        assert face is not None, "every font has a space"
        return _sized(face, self.dots(size))


@cache
def _sized(face: ImageFont.FreeTypeFont, dots: int) -> ImageFont.FreeTypeFont:
    return face.font_variant(size=dots)
