"""What was weighed, counted or handed out, line by line: two lines of paper an item on 58 mm, one on 80 mm."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.units import Fen, Points
from drivers.printer.document import Align, Block, Cell, Row
from pos.core.receipts import BackFact, CountedFact, GoodFact, PooledFact, WeighedFact, WeighFact
from pos.core.take_back import Condition
from pos.core.weigh_in import TareFrom
from pos.i18n import Words
from pos.printing.figures import plain, signed

WIDE = 48
"""Columns from which an item has one line."""

_QUANTITY, _PRICE, _SUM = 8, 9, 10
_GROSS, _TARE, _NET, _RATE, _AMOUNT = 8, 7, 8, 6, 7


@dataclass(frozen=True, slots=True)
class Style:
    """Words, columns of paper, and whether the figures are those of a reversal."""

    words: Words
    columns: int
    reversed: bool = False

    @property
    def wide(self) -> bool:
        """Whether an item has one line."""
        return self.columns >= WIDE

    @property
    def sign(self) -> int:
        """-1 on a reversal, whose figures are below zero."""
        return -1 if self.reversed else 1


def pair(left: str, right: str, *, bold: bool = False) -> Row:
    """A label and its figure at the right edge."""
    return Row((Cell(left), Cell(right, align=Align.RIGHT)), bold=bold)


def single(text: str) -> Row:
    """Text on lines of its own, in which a line feed is a space: data cannot begin a new line."""
    return Row((Cell(text),))


def weigh_lines(lines: Iterable[WeighFact], style: Style) -> list[Block]:
    """The lines of a weigh-in, with a heading on wide paper."""
    words = style.words
    heading = ("receipt.gross", "receipt.tare", "receipt.net", "receipt.rate", "receipt.yuan")
    blocks: list[Block] = []
    if style.wide and not style.reversed:
        blocks.append(_weighed_row(words("receipt.item"), *(words(label) for label in heading)))
    for line in lines:
        match line:
            case WeighedFact():
                blocks += _weighed(line, style)
            case CountedFact():
                detail = words("receipt.counted", pieces=line.pieces * style.sign, price=plain(line.fen_per_piece))
                blocks += _item(line.name, detail, plain(line.amount * style.sign), style)
            case PooledFact():
                blocks += _pooled(line, style)
    return blocks


def good_lines(lines: Iterable[GoodFact | BackFact], style: Style) -> list[Block]:
    """The goods of a redemption or a return, with a heading on wide paper."""
    words = style.words
    blocks: list[Block] = []
    if style.wide:
        heading = (words("receipt.quantity"), words("receipt.price"), words("receipt.sum"))
        blocks.append(_good_row(words("receipt.item"), *heading))
    for line in lines:
        quantity, total = line.quantity * style.sign, plain(line.total * style.sign)
        if style.wide:
            blocks.append(_good_row(line.name, f"{quantity}{line.unit}", plain(line.points), total))
        else:
            blocks += [single(line.name), pair(f"  {quantity}{line.unit} x {plain(line.points)}", total)]
        if isinstance(line, BackFact) and line.condition is Condition.OPENED:
            blocks.append(single(f" {words('receipt.opened')}"))
    return blocks


def _weighed(line: WeighedFact, style: Style) -> list[Block]:
    words = style.words
    rate, amount = plain(line.fen_per_kg), plain(line.amount * style.sign)
    notes = _notes(line, words)
    if style.reversed:
        given_back = words("receipt.given-back", net=-line.net, price=rate)
        return [*_item(line.name, given_back, amount, style), *notes]
    if style.wide:
        row = _weighed_row(line.name, str(line.gross), str(line.tare), str(line.net), rate, amount)
        return [row, *notes]
    return [
        single(line.name),
        pair(words("receipt.gross-tare", gross=line.gross, tare=line.tare), words("receipt.net-kg", net=line.net)),
        *notes,
        pair(words("receipt.per-kg", price=rate), amount),
    ]


def _notes(line: WeighedFact, words: Words) -> list[Block]:
    """What else is to be said of a weighed line: how the tare came, a deduction, a typed weight."""
    notes = []
    if line.tare_from in (TareFrom.PRESET, TareFrom.TYPED):
        notes.append(words(f"tare.{line.tare_from}"))
    if line.deduction:
        notes.append(words("receipt.deduction", percent=line.deduction))
    if line.manual_reason:
        notes.append(words("receipt.manual", reason=reason(line.manual_reason, words)))
    return [single(f" {'  '.join(notes)}")] if notes else []


def reason(code: str, words: Words) -> str:
    """A reason in words; as it is when a later release wrote it."""
    try:
        return words(f"reason.{code}")
    except KeyError:
        return code


def _pooled(line: PooledFact, style: Style) -> list[Block]:
    words = style.words
    detail = words("receipt.pooled", pieces=line.pieces * style.sign, every=line.every)
    paid = words("receipt.points", points=signed(line.points * style.sign))
    blocks = _item(line.name, detail, paid, style)
    if not style.reversed:
        blocks.append(single(words("receipt.carried-pieces", pieces=line.carried_pieces)))
        if line.refused:
            blocks.append(single(words("receipt.over-cap", points=plain(line.refused))))
    return blocks


def _item(name: str, detail: str, value: str, style: Style) -> list[Block]:
    if style.wide:
        return [Row((Cell(name), Cell(detail, align=Align.RIGHT), Cell(value, _SUM, Align.RIGHT)))]
    return [single(name), pair(f" {detail}", value)]


def _weighed_row(*texts: str) -> Row:
    return _table_row(texts, (_GROSS, _TARE, _NET, _RATE, _AMOUNT))


def _good_row(*texts: str) -> Row:
    return _table_row(texts, (_QUANTITY, _PRICE, _SUM))


def _table_row(texts: tuple[str, ...], widths: tuple[int, ...]) -> Row:
    name, *figures = texts
    amounts = (Cell(text, width, Align.RIGHT) for text, width in zip(figures, widths, strict=True))
    return Row((Cell(name), *amounts))


def pooled_points(lines: Iterable[WeighFact]) -> Points:
    """Points that a weigh-in's "every N pieces" lines paid, beside those of its amount."""
    return sum((line.points for line in lines if isinstance(line, PooledFact)), Points(0))


def carried_before(amount: Fen, points: Points, carried: Fen, fen_per_point: int) -> Fen:
    """The fraction that stood before a weigh-in whose `amount` gave `points` and left `carried`; exact, as terms."""
    return carried + Fen(points.amount * fen_per_point // 100) - amount
