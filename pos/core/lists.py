"""Lists as spreadsheets bring them: which columns each has, what a cell may say, and what a file would change.

A cell is compared as normal text: `2`, `2.0` and `２` in a column of points all are `2.00`. What was exported and left
as it is changes nothing. A column that a file leaves out keeps what stands in the shop's own rows.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

Cells = Mapping[str, str]
"""Normal text by the column's name."""

_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {ord("　"): " "}
_DECIMAL = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?")
_CODE = re.compile(r"[a-z0-9-]{1,24}")
_HOUSEHOLD = re.compile(r"[0-9]{16}")
_BARCODE = re.compile(r"[0-9]{8}|[0-9]{12,13}")
_DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?")
_SERIAL = re.compile(r"[0-9]{5}")
_SERIAL_ZERO = date(1899, 12, 30)
"""Day nought of a spreadsheet's count of days."""
_YES, _NO = "yes", "no"


class Flaw(StrEnum):
    """What is wrong with a row, or with a column's heading."""

    MISSING = "missing"
    FIGURE = "figure"
    WHOLE = "whole"
    DATE = "date"
    CHOICE = "choice"
    CODE = "code"
    LABEL = "label"
    HOUSEHOLD = "household"
    BARCODE = "barcode"
    TWICE = "twice"
    MERGED = "merged"
    COLUMN_UNKNOWN = "column-unknown"
    COLUMN_MISSING = "column-missing"
    EMPTY = "empty"
    OTHER_VILLAGE = "other-village"
    BARCODE_TAKEN = "barcode-taken"
    PRICE = "price"
    """Only half of a price, or none for what has one."""
    UNIT = "unit"
    """Counted and weighed at once, or changed from the one to the other."""
    STATE = "state"
    PERSONS = "persons"
    UNKNOWN = "unknown"
    OWNER = "owner"
    OPENED = "opened"
    """Opened already, with another figure, or in use since."""


class ListError(Exception):
    """A cell that says nothing its column can hold."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `normal` gives a cell's normal text or raises `ListError`; `choices` are values named in words."""

    name: str
    normal: Callable[[str], str]
    needed: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: in which row of the file, in which column, and what stands there."""

    row: int
    column: str
    flaw: Flaw
    text: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A row of the file: its number there, and its cells; of the columns that the file has."""

    row: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one thing: as it stands in the shop (None for a new one), and as it will."""

    row: int
    key: tuple[str, ...]
    old: Cells | None
    new: Cells


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do, and everything that forbids it."""

    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    @property
    def added(self) -> int:
        """How many are new."""
        return sum(change.old is None for change in self.changes)


def label(most: int = 40) -> Callable[[str], str]:
    """Words, at most so many signs, none of them a control sign."""

    def normal(text: str) -> str:
        if len(text) > most or any(unicodedata.category(sign).startswith("C") for sign in text):
            raise ListError(Flaw.LABEL)
        return text

    return normal


def decimal(places: int, flaw: Flaw = Flaw.FIGURE) -> Callable[[str], str]:
    """A figure of zero or more with at most so many places, always written with all of them; nothing is rounded."""

    def normal(text: str) -> str:
        found = _DECIMAL.fullmatch(half_width(text))
        decimals = (found[2] or "").rstrip("0") if found else ""
        if found is None or len(decimals) > places:
            raise ListError(flaw)
        return f"{int(found[1])}.{decimals.ljust(places, '0')}" if places else str(int(found[1]))

    return normal


def amount(text: str) -> int:
    """The figure of a decimal's normal text, in units of its last place."""
    return int(text.replace(".", ""))


def whole(low: int, high: int) -> Callable[[str], str]:
    """A whole number from `low` to `high`."""
    figure = decimal(0, Flaw.WHOLE)

    def normal(text: str) -> str:
        found = figure(text)
        if not low <= int(found) <= high:
            raise ListError(Flaw.WHOLE)
        return found

    return normal


def code(text: str) -> str:
    """A code as the books keep it."""
    return _matched(_CODE, half_width(text).lower(), Flaw.CODE)


def household(text: str) -> str:
    """A household's whole number; a spreadsheet that took it for a figure has lost its last digits."""
    return _matched(_HOUSEHOLD, half_width(text), Flaw.HOUSEHOLD)


def barcodes(text: str) -> str:
    """Any number of barcodes, in the order of their digits."""
    found = {_matched(_BARCODE, each, Flaw.BARCODE) for each in re.split(r"[\s,;，；、]+", half_width(text)) if each}
    return " ".join(sorted(found))


def day(text: str) -> str:
    """A date, also as a spreadsheet's count of days."""
    plain = half_width(text)
    try:
        if _SERIAL.fullmatch(plain):
            return (_SERIAL_ZERO + timedelta(days=int(plain))).isoformat()
        found = _DAY.fullmatch(plain)
        if found is None:
            raise ListError(Flaw.DATE)
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        raise ListError(Flaw.DATE) from None


def choice(name: str, *values: str, needed: bool = True) -> Column:
    """A column of named values; what names them is put in their place before a cell is read."""

    def normal(text: str) -> str:
        if text not in values:
            raise ListError(Flaw.CHOICE)
        return text

    return Column(name, normal, needed, values)


def yes_or_no(name: str) -> Column:
    """A column that says whether."""
    return choice(name, _YES, _NO)


def is_yes(text: str) -> bool:
    """Whether such a cell says so."""
    return text == _YES


def said(value: bool) -> str:
    """Such a cell."""
    return _YES if value else _NO


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as their ASCII twins."""
    return text.translate(_WIDE).strip()


def read(row: int, texts: Mapping[str, str], columns: Sequence[Column]) -> tuple[Read, list[Problem]]:
    """A row of the file in normal text, and every cell of it that has none."""
    cells: dict[str, str] = {}
    problems = []
    for column in columns:
        if column.name not in texts:
            continue
        text = texts[column.name]
        try:
            cells[column.name] = column.normal(text) if text else ""
        except ListError as wrong:
            problems.append(Problem(row, column.name, wrong.flaw, text[:40]))
    return Read(row, cells), problems


def compare(
    rows: Sequence[Read], columns: Sequence[Column], keys: Sequence[str], known: Mapping[tuple[str, ...], Cells]
) -> Plan:
    """What these rows would add to and change in what is `known`; what the file does not name stays."""
    changes: list[Change] = []
    problems: list[Problem] = []
    seen: set[tuple[str, ...]] = set()
    unchanged = 0
    for each in rows:
        key = tuple(each.cells.get(name, "") for name in keys)
        old = known.get(key)
        new = {column.name: each.cells.get(column.name, old[column.name] if old else "") for column in columns}
        lacking = [column.name for column in columns if column.needed and not new[column.name]]
        problems += [Problem(each.row, name, Flaw.MISSING) for name in lacking]
        if key in seen:
            problems.append(Problem(each.row, keys[0], Flaw.TWICE, " ".join(key).strip()))
        seen.add(key)
        if new == old:
            unchanged += 1
        else:
            changes.append(Change(each.row, key, old, new))
    return Plan(tuple(changes), unchanged, tuple(problems))


def _matched(pattern: re.Pattern[str], text: str, flaw: Flaw) -> str:
    if not pattern.fullmatch(text):
        raise ListError(flaw)
    return text
