"""A sheet on A4 pages: lists to hang out and books to sign, with their page numbers and lines for names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image
from rich.cells import cell_len

from drivers.printer.document import Align
from drivers.printer.raster import Font
from pos.core.sheets import Cell, Label, Sheet, Table
from pos.i18n import Words
from pos.printing.sheets.canvas import Canvas
from pos.printing.sheets.page import A4_HEIGHT, A4_WIDTH, DPI, one_bit
from pos.printing.tables import people, shown

_LEFT, _WIDTH = 18.0, 174.0
_FIRST, _NEXT, _FOOT = 46.0, 24.0, 22.0
_ROW, _TEXT, _SIGN = 6.4, 3.8, 10.0
"""Margins, where rows begin on the first and on later pages, room at the foot, heights; mm."""

_SPARE = 2
"""Columns of text between two cells."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: its texts, the columns that each takes, and which of them sit at the right."""

    texts: tuple[str, ...]
    widths: tuple[int, ...]
    right: tuple[bool, ...]
    bold: bool = False
    ruled: bool = True
    heading: "_Row | None" = None
    """What stands above it once more when it begins a page."""
    needs: int = 1
    """Rows that must find room on the page where it stands."""


def pages(sheet: Sheet, words: Words, font: Font) -> Iterator[Image.Image]:
    """The sheet page by page; who signs it signs each, since a page can be taken out."""
    signing = _SIGN * -(-len(sheet.signatures) // 2)
    bottom = A4_HEIGHT - _FOOT - signing
    split = _split([*_stated(sheet, words), *_tables(sheet, words), *_notes(sheet, words)], bottom)
    for number, rows in enumerate(split, 1):
        canvas = Canvas(A4_WIDTH, A4_HEIGHT, DPI, font)
        top = _head(canvas, sheet, words, first=number == 1)
        for row in rows:
            _draw(canvas, row, top)
            top += _ROW
        for place, code in enumerate(sheet.signatures):
            left = _LEFT + (place % 2) * _WIDTH / 2
            canvas.text(left, bottom + 4 + place // 2 * _SIGN, _WIDTH / 2, words(f"sheet.sign-{code}"), _TEXT)
        foot = words("printout.page", page=number, pages=len(split))
        canvas.text(_LEFT, A4_HEIGHT - 14, _WIDTH, foot, 3.2, align=Align.CENTRE)
        yield one_bit(canvas)


def _split(rows: Sequence[_Row], bottom: float) -> list[list[_Row]]:
    """The rows of each page; at least one page."""
    found: list[list[_Row]] = [[]]
    for row in rows:
        room = int((bottom - (_FIRST if len(found) == 1 else _NEXT)) / _ROW)
        if len(found[-1]) + row.needs > room:
            found.append([row.heading] if row.heading is not None else [])
        found[-1].append(row)
    return found


def _head(canvas: Canvas, sheet: Sheet, words: Words, *, first: bool) -> float:
    """Whose and what it is; on later pages in one line. Where the rows begin."""
    title = words(f"sheet.{sheet.title}")
    said = [words("sheet.time", time=sheet.time), people(sheet, words)]
    if sheet.number:
        said.insert(0, words("sheet.number", number=sheet.number))
    if not first:
        canvas.text(_LEFT, 14, _WIDTH, "    ".join([sheet.store, title, said[0]]), 3.2)
        return _NEXT
    canvas.text(_LEFT, 14, _WIDTH, sheet.store, 5, align=Align.CENTRE)
    canvas.text(_LEFT, 22, _WIDTH, title, 8, align=Align.CENTRE, bold=True)
    canvas.text(_LEFT, 36, _WIDTH, "    ".join(said), 3.4, align=Align.CENTRE)
    return _FIRST


def _stated(sheet: Sheet, words: Words) -> Iterator[_Row]:
    for fact in sheet.facts:
        yield _Row((words(f"sheet.{fact.label}"), shown(fact.cell, words)), (3, 2), (False, True), ruled=False)


def _notes(sheet: Sheet, words: Words) -> Iterator[_Row]:
    for note in sheet.notes:
        yield _Row((words(f"sheet.{note}"),), (1,), (False,), ruled=False)


def _tables(sheet: Sheet, words: Words) -> Iterator[_Row]:
    for table in sheet.tables:
        yield from _table(table, words)


def _table(table: Table, words: Words) -> Iterator[_Row]:
    headings = tuple(words(f"sheet.{code}") for code in table.columns)
    rows = [tuple(shown(cell, words) for cell in row) for row in table.rows]
    total = tuple(shown(cell, words) for cell in table.total)
    every = [headings, *rows, *([total] if total else [])]
    widths = tuple(max(cell_len(row[place]) for row in every) + _SPARE for place in range(len(headings)))
    right = tuple(any(_figure(row[place]) for row in table.rows) for place in range(len(headings)))
    heading = _Row(headings, widths, right, bold=True)
    yield _Row(("",), (1,), (False,), ruled=False, needs=4)
    if table.title:
        yield _Row((words(f"sheet.{table.title}"),), (1,), (False,), bold=True)
    yield heading
    if not rows:
        yield _Row((words("sheet.nothing"),), (1,), (False,))
    for row in rows:
        yield _Row(row, widths, right, heading=heading)
    if total:
        yield _Row(total, widths, right, bold=True, heading=heading)


def _figure(cell: Cell) -> bool:
    return not isinstance(cell, str | Label)


def _draw(canvas: Canvas, row: _Row, top: float) -> None:
    left, whole = _LEFT, sum(row.widths)
    for text, width, at_right in zip(row.texts, row.widths, row.right, strict=True):
        cell = _WIDTH * width / whole
        align = Align.RIGHT if at_right else Align.LEFT
        canvas.text(left + 0.5, top + 1.2, cell - 2, text, _TEXT, align=align, bold=row.bold)
        left += cell
    if row.ruled:
        canvas.rule(_LEFT, top + _ROW - 0.4, _LEFT + _WIDTH, top + _ROW - 0.4)
