"""Text laid out by terminal cells: a hanzi is two of them."""

import re

from rich.cells import cell_len, set_cell_size

_PIECES = re.compile(r"[!-~]+|.")
"""Words of letters, digits and signs stay whole; a line may end behind any hanzi."""
_CLOSING = frozenset("，。：；？！、）」")
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {ord("　"): " ", ord("。"): ".", ord("×"): "*"}


def half_width(text: str) -> str:
    """Full-width letters, digits and signs of a Chinese input method as their ASCII twins."""
    return text.translate(_FULL_WIDTH)


def left(text: str, cells: int) -> str:
    """`text` cut or filled to `cells`, filled on the right."""
    return set_cell_size(text, max(0, cells))


def right(text: str, cells: int) -> str:
    """`text` filled on the left to `cells`; a longer one is kept whole, since figures are never cut."""
    return " " * (cells - cell_len(text)) + text


def folded(text: str, cells: int) -> str:
    """`text` in lines of at most `cells`, none of which begins with a closing sign."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECES.findall(paragraph):
            room = cells if piece in _CLOSING else cells - 2
            if line and cell_len(line + piece) > room:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line)
    return "\n".join(lines)


def spread(first: str, last: str, cells: int) -> str:
    """`first` at the left edge, `last` at the right one; `first` gives way."""
    return left(first, cells - cell_len(last) - 1) + " " + last if cells > cell_len(last) else last
