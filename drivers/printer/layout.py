"""A document laid out for a width of paper: pure, and the one value that bytes, picture and preview are made from."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from drivers.printer.characters import columns, in_rom, printable
from drivers.printer.document import Align, Barcode, Block, Cell, Cut, Document, Feed, Qr, Row, Rule, Size, Text
from drivers.printer.profile import Charset

NARROWEST_NAME = 12
"""Columns under which a wrapped name would be a ladder of a few hanzi: its row is stacked instead."""

_TOKENS = re.compile(r" +|(?:[!-~]+|[^ ])[，。、；：？！）》」』”’]{0,2}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of paper: normalised text that fits, at the start of the paper or centred or right-aligned on it.

    drawn: it holds a character the printer's ROM lacks and goes to paper as a picture.
    """

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    size: Size = Size.NORMAL
    drawn: bool = False


Laid = Line | Qr | Barcode | Feed | Cut


def nothing(_character: str) -> bool:
    """What can be drawn without a font."""
    return False


def lay_out(
    document: Document, width: int, charset: Charset = "gbk", drawable: Callable[[str], bool] = nothing
) -> tuple[Laid, ...]:
    """The document in lines of at most `width` printer columns (32 or 48).

    A character that the ROM lacks stays, and marks its line as `drawn`, if `drawable` says that a picture can show it;
    otherwise it becomes 〓.
    """

    def clean(text: str) -> str:
        return printable(text, charset, drawable)

    def line(text: str, block: Text | Row, align: Align = Align.LEFT) -> Line:
        drawn = not all(in_rom(character, charset) for character in text)
        return Line(text.rstrip(" "), align, block.bold, block.size, drawn)

    def lines(block: Block) -> list[Laid]:
        match block:
            case Text(text=text, align=align, size=size):
                wrapped = (part for given in text.split("\n") for part in wrap(clean(given), width // size.wide))
                return [line(part, block, align) for part in wrapped]
            case Row(cells=cells, size=size):
                return [line(part, block) for part in fit(cells, [clean(c.text) for c in cells], width // size.wide)]
            case Rule():
                return [Line("-" * width)]
            case other:
                return [other]

    return tuple(laid for block in document.blocks for laid in lines(block))


def wrap(text: str, width: int) -> list[str]:
    """Text in lines of at most `width` (>= 2) columns, at least one line; words and numbers are kept whole if they fit.

    Spaces at a break are dropped; a closing mark does not start a line unless it has to.
    """
    lines: list[str] = []
    current = ""
    for token in _TOKENS.findall(text):
        if columns(current) + columns(token) <= width:
            current += token
        elif token.isspace():
            lines, current = [*lines, current], ""
        else:
            if current.strip():
                lines.append(current)
            *whole, current = _broken(token, width)
            lines += whole
    if current.strip() or not lines:
        lines.append(current)
    return [line.rstrip(" ") for line in lines]


def _broken(token: str, width: int) -> list[str]:
    """One token in pieces of at most `width` columns; mostly itself."""
    pieces = [""]
    for character in token:
        if columns(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def fit(cells: tuple[Cell, ...], texts: list[str], width: int) -> list[str]:
    """Cells side by side in lines of `width` columns; where they do not fit, names above and amounts below."""
    inner = _inner_widths(cells, texts, width)
    if inner is None:
        return _stacked(cells, texts, width)
    wrapped = [wrap(text, usable) for text, usable in zip(texts, inner, strict=True)]
    gaps = _gaps(cells)
    return [
        "".join(
            " " * before + pad(part, usable, cell.align) + " " * after
            for cell, part, usable, (before, after) in zip(cells, parts, inner, gaps, strict=True)
        )
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def pad(text: str, width: int, align: Align) -> str:
    """Text filled up with spaces to `width` columns."""
    room = max(0, width - columns(text))
    match align:
        case Align.LEFT:
            return text + " " * room
        case Align.CENTRE:
            return " " * (room // 2) + text + " " * (room - room // 2)
        case Align.RIGHT:
            return " " * room + text


def _gaps(cells: tuple[Cell, ...]) -> list[tuple[int, int]]:
    """The empty columns before and after each cell that keep it off its neighbours."""
    return [
        (
            int(i > 0 and cell.align is Align.RIGHT),
            int(i + 1 < len(cells) and cells[i + 1].align is not Align.RIGHT),
        )
        for i, cell in enumerate(cells)
    ]


def _inner_widths(cells: tuple[Cell, ...], texts: list[str], width: int) -> list[int] | None:
    """Columns for the text of each cell, without the gaps; None if the row has to be stacked.

    An amount takes more than its width if it must; cells without a width share the rest, names before amounts.
    """
    gaps = [before + after for before, after in _gaps(cells)]
    natural = [columns(text) + gap for text, gap in zip(texts, gaps, strict=True)]
    free = [i for i, cell in enumerate(cells) if cell.width is None]
    stretch = [i for i in free if cells[i].align is not Align.RIGHT] or free[-1:]
    widths = [
        0 if i in stretch and cell.align is not Align.RIGHT
        else max(cell.width or 0, natural[i]) if cell.align is Align.RIGHT
        else cell.width or 0
        for i, cell in enumerate(cells)
    ]  # fmt: skip
    rest = width - sum(widths)
    for i, index in enumerate(stretch):
        widths[index] += rest // len(stretch) + (rest % len(stretch) if i == 0 else 0)
    inner = [given - gap for given, gap in zip(widths, gaps, strict=True)]
    enough = all(given >= min(NARROWEST_NAME, columns(text)) for given, text in zip(inner, texts, strict=True))
    return inner if rest >= 0 and enough else None


def _stacked(cells: tuple[Cell, ...], texts: list[str], width: int) -> list[str]:
    """Names on lines of their own, then the amounts on one line, or on one each if that is too narrow."""
    pairs = list(zip(cells, texts, strict=True))
    names = [part for cell, text in pairs if cell.align is not Align.RIGHT for part in wrap(text, width)]
    amounts = [text for cell, text in pairs if cell.align is Align.RIGHT]
    together = " ".join(amounts)
    below = [together] if columns(together) <= width else [part for text in amounts for part in wrap(text, width)]
    return names + [pad(part, width, Align.RIGHT) for part in below if part]
