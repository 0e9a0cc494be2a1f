"""A list as rows of text, whether it was saved as CSV or as XLSX: what a cell shows, nothing rounded."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pos.core.redeem_refusals import FileUnread

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 10_000_000, 20_000, 40
SUFFIXES = (".csv", ".xlsx")

_EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; longer ones (household numbers) have to be text."""


def read_rows(path: Path) -> list[tuple[str, ...]]:
    """The rows of a list, empty ones left out, with their number (from 1) in front. Raises `FileUnread`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileUnread(file=path.name, problem=f"> {MOST_BYTES}")
        rows = list(_xlsx(path)) if path.suffix.lower() == ".xlsx" else list(_csv(path))
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise FileUnread(file=path.name, problem=str(error)[:80]) from None
    if len(rows) > MOST_ROWS:
        raise FileUnread(file=path.name, problem=f"> {MOST_ROWS}")
    return [(str(number), *row) for number, row in enumerate(rows, 1) if any(row)]


def _csv(path: Path) -> Iterator[tuple[str, ...]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # As spreadsheets on a Chinese Windows save it.
        text = data.decode("gb18030")
    for row in csv.reader(io.StringIO(text, newline="")):
        yield tuple(cell.strip() for cell in row[:MOST_COLUMNS])


def _xlsx(path: Path) -> Iterator[tuple[str, ...]]:
    # It takes a moment to load, and only set-up reads spreadsheets.
    from zipfile import BadZipFile

    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException) as error:
        raise ValueError(str(error)) from None
    try:
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 1, values_only=True):
            yield tuple(_shown(value) for value in row)
    finally:
        book.close()


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case int() | float() if len(str(abs(int(value)))) > _EXACT_DIGITS:
            return f"{value:.14E}"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case _:
            return str(value).strip()
