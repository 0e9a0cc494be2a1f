"""A sheet: what a store's paperwork says beside its receipts, as a value. Receiving notes, counts, closes, reports.

Labels are codes that `pos.printing` words (`sheet.<code>`), figures keep their unit: the same sheet is a screen, a
paper, a spreadsheet and a page to sign. One that was printed is kept, so that it never has to be worked out again.
"""

from dataclasses import dataclass
from datetime import date

from catalog.units import Fen, Grams, Points
from pos.core.receipts import Receipt
from pos.core.refusals import FileRefused


@dataclass(frozen=True, slots=True)
class Score:
    """A figure in points."""

    points: Points


@dataclass(frozen=True, slots=True)
class Money:
    """A figure in yuan."""

    fen: Fen


@dataclass(frozen=True, slots=True)
class Mass:
    """A figure in kilograms."""

    grams: Grams


@dataclass(frozen=True, slots=True)
class Count:
    """A number of pieces, of papers, of people."""

    pieces: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share in hundredths of a per cent: 221 is 2.21 %."""

    hundredths: int


@dataclass(frozen=True, slots=True)
class Day:
    """A date."""

    day: date


@dataclass(frozen=True, slots=True)
class Label:
    """A word of the glossary, by its code."""

    code: str


Cell = str | Score | Money | Mass | Count | Share | Day | Label
"""A text as it is, a figure, or a word."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a sheet states: the code of its label, and the cell."""

    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings (codes); `total` closes it where there is one. The first column is the widest."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in (*self.rows, *([self.total] if self.total else []))):
            raise ValueError("a cell in each column")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper: what it is (`title`, a code), whose and when, what it states, and who signs it (codes).

    `number` is that of the entry it belongs to, empty for a report. Times are local text, `by` and `approver` keepers.
    """

    title: str
    number: str
    store: str
    time: str
    by: str
    approver: str
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    """Codes of sentences at the foot."""
    signatures: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    """Codes of those who each get one of it, signed alike; empty where one paper does."""


class SheetFormat(FileRefused):
    """A sheet becomes a spreadsheet, a PDF or a picture and no other file."""

    code = "sheet-format"


class FontMissing(FileRefused):
    """Nothing can be drawn without a Chinese font."""

    code = "font-missing"


Paper = Receipt | Sheet
"""What a print job puts on paper."""
