"""Price boards: the goods with their points, and what the store takes in; for the wall, and for the roll."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from catalog.materials import Material
from catalog.prices import ByPiece, ByWeight, EveryPieces, MaterialPrice
from catalog.units import Fen
from drivers.printer.document import Align, Cell, Cut, Document, Row, Rule, Size, Text
from drivers.printer.raster import Font
from pos.counter.price_list import PriceList
from pos.i18n import Words
from pos.printing.figures import plain
from pos.printing.sheets.canvas import Canvas
from pos.printing.sheets.page import A4_HEIGHT, A4_WIDTH, DPI, one_bit

_LEFT, _TOP, _ROW, _ROWS = 15.0, 58.0, 8.4, 26
"""Margins, height of a row (mm), rows a page."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a board: its heading, its share of the width in per cent, and where its text sits."""

    heading: str
    share: int
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Board:
    """A board's content, whatever it is put on."""

    title: str
    store: str
    terms: tuple[str, ...]
    foot: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    roll: tuple[tuple[str, str, str], ...]
    """For paper too narrow for the columns: name, price, and what else is to be said."""


def goods_board(prices: PriceList, words: Words) -> Board:
    """Every good with its points and its price in money."""
    columns = (
        Column(words("printout.good"), 46),
        Column(words("printout.unit"), 10),
        Column(words("printout.points"), 22, Align.RIGHT),
        Column(words("printout.yuan"), 22, Align.RIGHT),
    )
    rows = tuple((good.name, good.unit, plain(price.points), plain(price.shelf)) for good, price in prices.goods)
    roll = tuple((name, f"{points} {words('printout.points-each', unit=unit)}", "") for name, unit, points, _ in rows)
    return _board(words("printout.goods-board"), prices, words, columns, rows, roll)


def materials_board(prices: PriceList, words: Words) -> Board:
    """Every material with its price, and what to bring it like."""
    columns = (
        Column(words("printout.material"), 26),
        Column(words("printout.price"), 24, Align.RIGHT),
        Column(words("printout.note"), 50),
    )
    rows = tuple((material.name, _price(price, words), _note(material, words)) for material, price in prices.materials)
    return _board(words("printout.materials-board"), prices, words, columns, rows, rows)


def pages(board: Board, words: Words, font: Font) -> Iterator[Image.Image]:
    """The board on A4 pages."""
    count = max(1, -(-len(board.rows) // _ROWS))
    for page in range(count):
        canvas = Canvas(A4_WIDTH, A4_HEIGHT, DPI, font)
        width = A4_WIDTH - 2 * _LEFT
        canvas.text(_LEFT, 12, width, board.store, 7, align=Align.CENTRE)
        canvas.text(_LEFT, 22, width, board.title, 14, align=Align.CENTRE, bold=True)
        canvas.text(_LEFT, 41, width, "    ".join(board.terms), 5, align=Align.CENTRE)
        _draw_row(canvas, board, tuple(column.heading for column in board.columns), _TOP - _ROW, bold=True)
        for place, row in enumerate(board.rows[page * _ROWS :][:_ROWS]):
            _draw_row(canvas, board, row, _TOP + place * _ROW)
        number = words("printout.page", page=page + 1, pages=count)
        canvas.text(_LEFT, A4_HEIGHT - 14, width, f"{board.foot}    {number}", 4, align=Align.CENTRE)
        yield one_bit(canvas)


def document(board: Board) -> Document:
    """The board on the roll."""
    lines: list[Row | Text] = []
    for name, price, note in board.roll:
        lines.append(Row((Cell(name), Cell(price, align=Align.RIGHT))))
        if note:
            lines.append(Text(f"  {note}"))
    return Document(
        (
            Text(board.store, Align.CENTRE),
            Text(board.title, Align.CENTRE, bold=True, size=Size.TALL),
            *(Text(each, Align.CENTRE) for each in board.terms),
            Rule(),
            *lines,
            Rule(),
            Text(board.foot, Align.CENTRE),
            Cut(),
        )
    )


def _board(
    title: str,
    prices: PriceList,
    words: Words,
    columns: tuple[Column, ...],
    rows: tuple[tuple[str, ...], ...],
    roll: tuple[tuple[str, str, str], ...],
) -> Board:
    since = words("printout.effective", date=prices.effective.isoformat())
    rate = words("printout.rate", yuan=plain(Fen(prices.fen_per_point)))
    terms = since, words("printout.book", book=prices.version), rate
    foot = words("printout.telephone", telephone=prices.telephone) if prices.telephone else ""
    return Board(title, prices.store, terms, foot, columns, rows, roll)


def _price(price: MaterialPrice, words: Words) -> str:
    match price:
        case ByWeight(fen_per_kg=fen):
            return words("printout.per-kg", yuan=plain(Fen(fen)))
        case ByPiece(fen_per_piece=fen):
            return words("printout.per-piece", yuan=plain(Fen(fen)))
        case EveryPieces(pieces=pieces):
            return words("printout.every", pieces=pieces)


def _note(material: Material, words: Words) -> str:
    parts = [words("printout.hazardous")] if material.hazardous else []
    parts += [words("printout.minimum", mass=material.minimum)] if material.minimum else []
    parts += [material.note] if material.note and material.note not in parts else []
    return "，".join(parts)


def _draw_row(canvas: Canvas, board: Board, texts: tuple[str, ...], top: float, *, bold: bool = False) -> None:
    left, width = _LEFT, A4_WIDTH - 2 * _LEFT
    for column, text in zip(board.columns, texts, strict=True):
        canvas.text(left + 2, top + 1.5, width * column.share / 100 - 4, text, 5, align=column.align, bold=bold)
        left += width * column.share / 100
    canvas.rule(_LEFT, top + _ROW - 0.6, A4_WIDTH - _LEFT, top + _ROW - 0.6)
