"""A sheet as an XLSX workbook: figures as numbers, their units in the headings, one worksheet a table.

Text is text: a cell that begins like a formula is marked so that no spreadsheet works it out.
"""

import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from rich.cells import cell_len

from pos.core.sheets import Cell, Count, Day, Label, Mass, Money, Score, Share, Sheet, Table
from pos.i18n import Words
from pos.printing.tables import shown

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook  # type: ignore[import-untyped]
    from openpyxl.worksheet.worksheet import Worksheet  # type: ignore[import-untyped]

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_MOST_NAME, _WIDEST = 31, 60


def workbook(sheet: Sheet, words: Words) -> bytes:
    """The file: what the sheet states on the first worksheet, each table on one of its own."""
    # It takes a moment to load, and nothing at the counter needs it.
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook()
    _summary(book.active, sheet, words)
    for table in sheet.tables:
        _table(book, table, sheet, words)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _summary(page: "Worksheet", sheet: Sheet, words: Words) -> None:
    page.title = _name(words(f"sheet.{sheet.title}"))
    head = [(words(f"sheet.{sheet.title}"), ""), (sheet.store, ""), (words("sheet.time", time=sheet.time), "")]
    head += [(words("sheet.number", number=sheet.number), "")] if sheet.number else []
    for row in head:
        _row(page, row, words)
    page["A1"].font = _bold()
    for fact in sheet.facts:
        _row(page, (f"{words(f'sheet.{fact.label}')}{_unit([fact.cell], words)}", fact.cell), words)
    for note in sheet.notes:
        _row(page, (words(f"sheet.{note}"), ""), words)
    for code in sheet.signatures:
        _row(page, (words(f"sheet.sign-{code}"), ""), words)
    _fit(page)


def _table(book: "Workbook", table: Table, sheet: Sheet, words: Words) -> None:
    page = book.create_sheet(_name(words(f"sheet.{table.title or sheet.title}")))
    columns = [[row[place] for row in table.rows] for place in range(len(table.columns))]
    units = [_unit(cells, words) for cells in columns]
    _row(page, [f"{words(f'sheet.{code}')}{unit}" for code, unit in zip(table.columns, units, strict=True)], words)
    mixed = [not unit for unit in units]
    for row in table.rows:
        _row(page, row, words, mixed)
    if table.total:
        _row(page, table.total, words, mixed)
    for place in [1, page.max_row] if table.total else [1]:
        for cell in page[place]:
            cell.font = _bold()
    page.freeze_panes = "A2"
    _fit(page)


def _row(page: "Worksheet", cells: Sequence[Cell], words: Words, mixed: Sequence[bool] = ()) -> None:
    """Append a row; where a column has no unit of its own its cells show theirs."""
    place = page.max_row + 1 if page.max_row > 1 or page["A1"].value is not None else 1
    for column, cell in enumerate(cells, 1):
        target = page.cell(place, column)
        value = _value(cell, words)
        target.value = value
        if isinstance(value, str):
            target.data_type = "s"
            target.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t", "\r")
        elif not isinstance(cell, str):
            target.number_format = _format(cell, words, alone=bool(mixed) and mixed[column - 1])


def _value(cell: Cell, words: Words) -> object:
    """What a spreadsheet calculates with, exact."""
    match cell:
        case str() | Label():
            return _UNPRINTABLE.sub("", shown(cell, words)) or None
        case Score(points=points):
            return Decimal(points.amount).scaleb(-2)
        case Money(fen=fen):
            return Decimal(fen.amount).scaleb(-2)
        case Mass(grams=grams):
            return Decimal(grams.amount).scaleb(-3)
        case Count(pieces=pieces):
            return pieces
        case Share(hundredths=hundredths):
            return Decimal(hundredths).scaleb(-4)
        case Day(day=day):
            return day
        case _ as never:
            assert_never(never)


def _format(cell: Cell, words: Words, *, alone: bool) -> str:
    """How a number is shown; with its unit where it stands `alone`."""
    unit = words(f"sheet.unit-{_UNITS[type(cell)]}") if alone and type(cell) in _UNITS else ""
    quoted = f'"{unit}"' if unit else ""
    match cell:
        case Score() | Money():
            return f"#,##0.00{quoted}"
        case Mass():
            return f"#,##0.000{quoted}"
        case Share():
            return "0.00%"
        case Day():
            return "yyyy-mm-dd"
        case _:
            return "#,##0"


_UNITS: dict[type, str] = {Score: "points", Money: "yuan", Mass: "kg"}


def _unit(cells: Iterable[Cell], words: Words) -> str:
    """The unit of a column in brackets, where all its figures have the same."""
    kinds = {type(cell) for cell in cells if not isinstance(cell, str | Label)}
    kind = kinds.pop() if len(kinds) == 1 else None
    return f" ({words(f'sheet.unit-{_UNITS[kind]}')})" if kind in _UNITS else ""


def _name(text: str) -> str:
    return _NOT_IN_A_NAME.sub(" ", text)[:_MOST_NAME]


def _bold() -> object:
    from openpyxl.styles import Font  # type: ignore[import-untyped]

    return Font(bold=True)


def _fit(page: "Worksheet") -> None:
    """Columns as wide as what stands in them."""
    for cells in page.columns:
        widest = max((cell_len(str(cell.value)) for cell in cells if cell.value is not None), default=0)
        page.column_dimensions[cells[0].column_letter].width = min(_WIDEST, widest + 4)
