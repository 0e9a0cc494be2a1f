"""Lists that people keep in spreadsheets (XLSX): rows by their headings, every cell as text, nothing rounded."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pos.ledger.refusals import Invalid, TooLarge

MOST_ROWS = 20_000
_MOST_BYTES, _MOST_UNPACKED = 8 << 20, 64 << 20
_MOST_TEXT, _MOST_COLUMNS = 60, 40
_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row (1 is the headings, 0 the whole list): a code, and what stands there."""

    row: int
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row's cells by field; a cell that is missing or empty is empty text."""

    row: int
    cells: Mapping[str, str]


def read(data: bytes, headings: Mapping[str, str], needed: Sequence[str]) -> list[SheetRow]:
    """The rows of the first sheet; `headings` names the field of each heading, `needed` fields must have one.

    Raises `TooLarge`, or `Invalid` when it is no such list.
    """
    if len(data) > _MOST_BYTES:
        raise TooLarge("too-large", most=_MOST_BYTES)
    # A workbook library that only imports need.
    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST_UNPACKED:
                raise TooLarge("too-large", most=_MOST_UNPACKED)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            return list(_rows(book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS, values_only=True), headings, needed))
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, SyntaxError) as error:
        raise Invalid("sheet", detail=type(error).__name__) from None


def _rows(found: Iterable[tuple[Any, ...]], headings: Mapping[str, str], needed: Sequence[str]) -> Iterator[SheetRow]:
    lines = iter(found)
    fields = [headings.get(_text(cell)) for cell in next(lines, ())]
    missing = [field for field in needed if field not in fields]
    if missing:
        raise Invalid("sheet-heading", heading=next(name for name, field in headings.items() if field == missing[0]))
    for row, line in enumerate(lines, 2):
        if row > MOST_ROWS:
            raise TooLarge("too-many-rows", most=MOST_ROWS)
        cells = {field: _text(cell) for field, cell in zip(fields, line, strict=False) if field}
        if any(cells.values()):
            yield SheetRow(row, cells)


def _text(cell: object) -> str:
    """A cell as text; of a number that is too long for a spreadsheet to keep exactly, something that nobody takes."""
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()[:_MOST_TEXT]
        case int() | float() if abs(cell) >= _EXACT:
            return f"{cell:.9E}"
        case _:
            return str(cell).removesuffix(".0")[:_MOST_TEXT]
