"""A laid-out document as text: for the preview on the screen and the text file beside a receipt's picture."""

import unicodedata
from collections.abc import Sequence

from drivers.printer.characters import columns
from drivers.printer.document import Align, Barcode, Cut, Feed, Qr
from drivers.printer.layout import Laid, Line, pad, wrap


def plain_text(laid: Sequence[Laid], width: int) -> list[str]:
    """The lines as paper of `width` columns would show them; enlarged characters are shown at normal size.

    A character that paper prints two columns wide and a terminal one cell wide is followed by a space, so that
    columns line up on the screen as they do on paper.
    """
    return [_on_screen(line).rstrip(" ") for block in laid for line in _lines(block, width)]


def _lines(block: Laid, width: int) -> list[str]:
    """One laid-out block in lines padded to the width of the paper."""
    match block:
        case Line(text=text, align=align):
            return [pad(text, width, align)]
        case Qr(data=data):
            return [pad(part, width, Align.CENTRE) for part in wrap(f"[QR] {data}", width)]
        case Barcode(digits=digits):
            return [pad(f"[|||] {digits}", width, Align.CENTRE)]
        case Feed(lines=lines):
            return [""] * lines
        case Cut():
            return []


def _on_screen(text: str) -> str:
    """Text with every character as wide in terminal cells as it is in printer columns."""
    return "".join(
        character + " "
        if columns(character) == 2 and unicodedata.east_asian_width(character) not in "WF"
        else character
        for character in text
    )
