"""A paper as lines of text and as a picture: what paper shows, for the screen, the demo and exported files."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from drivers.printer.layout import lay_out, nothing
from drivers.printer.plain import plain_text
from pos.core.sheets import Paper
from pos.i18n import Words
from pos.printing.papers import paper_document
from pos.printing.wording import Copy

if TYPE_CHECKING:
    from PIL.Image import Image

    from drivers.printer.raster import Font


def preview(
    paper: Paper,
    words: Words,
    columns: int,
    copy: Copy | None = None,
    drawable: Callable[[str], bool] = nothing,
) -> list[str]:
    """The lines that paper of 32 or 48 columns shows; `drawable` says which rare characters a font can draw there."""
    return plain_text(lay_out(paper_document(paper, words, copy, columns), columns, drawable=drawable), columns)


def picture(paper: Paper, words: Words, columns: int, font: "Font", copy: Copy | None = None) -> "Image":
    """The paper in its printer's dots, black on white (mode L)."""
    from drivers.printer import raster

    laid = lay_out(paper_document(paper, words, copy, columns), columns, drawable=font.has)
    return raster.picture(laid, columns, font)
