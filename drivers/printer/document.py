"""What is to be printed, as a value: text, rows of cells, codes, feeds and cuts. Knows no paper and no shop."""

from dataclasses import dataclass
from enum import Enum

MAX_QR_CHARACTERS = 300
MAX_BARCODE_DIGITS = 12
MAX_FEED_LINES = 40


class Align(Enum):
    """Where text sits on its line or in its cell."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Size(Enum):
    """How many times wider and higher than normal the characters are."""

    NORMAL = (1, 1)
    TALL = (1, 2)
    WIDE = (2, 1)
    BIG = (2, 2)

    @property
    def wide(self) -> int:
        """Width factor, 1 or 2."""
        return self.value[0]

    @property
    def high(self) -> int:
        """Height factor, 1 or 2."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; wrapped where it is too long, and broken at each line feed."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    size: Size = Size.NORMAL


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row; `width` in columns, or None to take what the other cells leave.

    A right-aligned cell is an amount: it is never wrapped while there is another way.
    """

    text: str
    width: int | None = None
    align: Align = Align.LEFT

    def __post_init__(self) -> None:
        if self.width is not None and self.width < 2:
            raise ValueError("a cell is at least 2 columns wide, the width of a hanzi")


@dataclass(frozen=True, slots=True)
class Row:
    """Fields side by side on one line of paper, or on more where a field wraps."""

    cells: tuple[Cell, ...]
    bold: bool = False
    size: Size = Size.NORMAL


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of hyphens across the paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, error correction M, centred. Printable text of 1 to 300 characters."""

    data: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.data) <= MAX_QR_CHARACTERS or not self.data.isprintable():
            raise ValueError(f"a QR code holds 1 to {MAX_QR_CHARACTERS} printable characters")


@dataclass(frozen=True, slots=True)
class Barcode:
    """A Code128 barcode with its digits below, centred. 2 to 12 digits, so that it fits 58 mm paper in any code set."""

    digits: str

    def __post_init__(self) -> None:
        if not 2 <= len(self.digits) <= MAX_BARCODE_DIGITS or not (self.digits.isascii() and self.digits.isdigit()):
            raise ValueError(f"a barcode holds 2 to {MAX_BARCODE_DIGITS} digits")


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines, 1 to 40."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= MAX_FEED_LINES:
            raise ValueError(f"a feed is 1 to {MAX_FEED_LINES} lines")


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of a paper: cut, or fed past the tear bar where the printer has no cutter."""


Block = Text | Row | Rule | Qr | Barcode | Feed | Cut


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks from the top of the paper to its end."""

    blocks: tuple[Block, ...]
