"""A4 pages: pieces to be cut apart, page by page, and their PDF."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from drivers.printer.document import Align
from drivers.printer.raster import Font
from pos.i18n import Words
from pos.printing.sheets.canvas import Canvas

DPI = 300
A4_WIDTH, A4_HEIGHT = 210.0, 297.0
_MARK, _GAP = 4.0, 1.0
"""Length of a cutting mark, and its distance from the piece; mm."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is drawn on one piece of paper; `width` and `height` in mm."""

    width: float
    height: float
    draw: Callable[[Canvas], None]

    def on(self, dpi: int, font: Font) -> Canvas:
        """The piece, drawn."""
        canvas = Canvas(self.width, self.height, dpi, font)
        self.draw(canvas)
        return canvas


def sheets(pieces: Sequence[Piece], title: str, hint: str, words: Words, font: Font) -> Iterator[Image.Image]:
    """Pages of pieces of one size side by side, with marks to cut along."""
    width, height = pieces[0].width, pieces[0].height
    across, down = int(A4_WIDTH // width), int((A4_HEIGHT - 20) // height)
    pages = -(-len(pieces) // (across * down))
    left, top = (A4_WIDTH - across * width) / 2, (A4_HEIGHT - down * height) / 2
    for page in range(pages):
        canvas = Canvas(A4_WIDTH, A4_HEIGHT, DPI, font)
        number = words("printout.page", page=page + 1, pages=pages)
        canvas.text(30, top - 9, 150, f"{title}    {number}", 3.5, align=Align.CENTRE)
        canvas.text(30, A4_HEIGHT - top + 5.5, 150, hint, 3, align=Align.CENTRE)
        for place, piece in enumerate(pieces[page * across * down :][: across * down]):
            row, column = divmod(place, across)
            canvas.paste(left + column * width, top + row * height, piece.on(DPI, font))
        _marks(canvas, [left + n * width for n in range(across + 1)], [top + n * height for n in range(down + 1)])
        yield one_bit(canvas)


def one_bit(canvas: Canvas) -> Image.Image:
    """The picture in black and white, a bit a dot."""
    return canvas.image.convert("1", dither=Image.Dither.NONE)


def pdf(pages: Sequence[Image.Image]) -> bytes:
    """The pages in one file, at their true size."""
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", resolution=DPI, save_all=True, append_images=pages[1:])
    return stream.getvalue()


def _marks(canvas: Canvas, columns: list[float], rows: list[float]) -> None:
    """Short lines outside the grid, at each of its lines."""
    for x in columns:
        canvas.rule(x, rows[0] - _GAP - _MARK, x, rows[0] - _GAP)
        canvas.rule(x, rows[-1] + _GAP, x, rows[-1] + _GAP + _MARK)
    for y in rows:
        canvas.rule(columns[0] - _GAP - _MARK, y, columns[0] - _GAP, y)
        canvas.rule(columns[-1] + _GAP, y, columns[-1] + _GAP + _MARK, y)
