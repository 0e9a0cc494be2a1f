"""Lists in files: written so that a spreadsheet shows each cell as it is, read by their headings in either language."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pos import i18n
from pos.core.list_refusals import ListUnwritten
from pos.core.lists import Cells, Column, Flaw, Problem, Read, half_width, read
from pos.core.redeem_refusals import FileUnread
from pos.counter.spreadsheets import SUFFIXES, read_rows

_FORMULA = re.compile(r"^['=+\-@\t\r]")
"""What a spreadsheet would work out, and the sign that keeps it from doing so."""
_WIDTH = 18


def write(path: Path, columns: Sequence[Column], rows: Iterable[Cells], language: str) -> int:
    """Write a list as .xlsx or .csv, whole or not at all; how many rows. Raises `ListUnwritten`."""
    words = i18n.load(language)
    shown = {value: words(f"list-choice.{value}") for column in columns for value in column.choices}
    head = [words(f"list-column.{column.name}") for column in columns]
    body = [[shown.get(row[c.name], "") if c.choices else row[c.name] for c in columns] for row in rows]
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        match path.suffix.lower():
            case ".csv":
                fresh.write_bytes(_csv([head, *body]))
            case ".xlsx":
                _write_xlsx(fresh, [head, *body])
            case suffix:
                raise ListUnwritten(file=path.name, detail=f"{suffix}: {' '.join(SUFFIXES)}")
        fresh.replace(path)
    except OSError as error:
        raise ListUnwritten(file=path.name, detail=error.strerror or str(error)) from None
    return len(body)


def load(path: Path, columns: Sequence[Column], keys: Sequence[str]) -> tuple[list[Read], list[Problem]]:
    """The rows of a file in normal text, and everything wrong with them by themselves. Raises `FileUnread`.

    Without the columns of `keys` no row says what it is about.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise FileUnread(file=path.name, problem=" ".join(SUFFIXES))
    found = read_rows(path)
    if not found:
        return [], [Problem(0, "", Flaw.EMPTY)]
    (top, *heads), *rows = found
    named = _headings(columns)
    names = [named.get(half_width(head).lower(), "") for head in heads]
    known = {column.name for column in columns}
    problems = [
        Problem(int(top), head, Flaw.COLUMN_UNKNOWN, head)
        for head, name in zip(heads, names, strict=True)
        if head and name not in known
    ]
    problems += [Problem(int(top), name, Flaw.TWICE, name) for name in sorted(known) if names.count(name) > 1]
    needed = [column.name for column in columns if column.needed and column.name in keys]
    problems += [Problem(int(top), name, Flaw.COLUMN_MISSING) for name in needed if name not in names]
    merged = _merged(path)
    taken: list[Read] = []
    for number, *cells in rows:
        if int(number) in merged:
            problems.append(Problem(int(number), "", Flaw.MERGED))
            continue
        texts = _texts(names, cells, columns, plain=path.suffix.lower() == ".csv")
        row, wrong = read(int(number), texts, columns)
        taken.append(row)
        problems += wrong
    return taken, problems


def _texts(names: Sequence[str], cells: Sequence[str], columns: Sequence[Column], *, plain: bool) -> dict[str, str]:
    texts = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=False))
    if plain:
        texts = {name: text[1:] if text.startswith("'") else text for name, text in texts.items()}
    for column in columns:
        if column.choices and column.name in texts:
            texts[column.name] = _choices(column).get(half_width(texts[column.name]).lower(), texts[column.name])
    return texts


def _headings(columns: Sequence[Column]) -> Mapping[str, str]:
    """A column's name by its heading in any language; its name is one, too."""
    found = {}
    for language in i18n.LANGUAGES:
        words = i18n.load(language)
        for column in columns:
            found[words(f"list-column.{column.name}").lower()] = column.name
            found[column.name] = column.name
    return found


def _choices(column: Column) -> Mapping[str, str]:
    every = [i18n.load(language) for language in i18n.LANGUAGES]
    named = {words(f"list-choice.{value}").lower(): value for words in every for value in column.choices}
    return named | {value: value for value in column.choices}


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _write_xlsx(path: Path, rows: Sequence[Sequence[str]]) -> None:
    # It takes a moment to load, and only lists need it.
    from openpyxl import Workbook  # type: ignore[import-untyped]
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for place in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            # Text whatever it looks like: long numbers keep their digits, and nothing is worked out.
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def _merged(path: Path) -> set[int]:
    """Rows of a spreadsheet in which cells are merged: only one of them would have what stands there."""
    if path.suffix.lower() != ".xlsx":
        return set()
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    ranges = book.worksheets[0].merged_cells.ranges
    return {row for each in ranges for row in range(each.min_row, each.max_row + 1)}
