"""A sheet in words, for paper of 32 or 48 columns; a table too wide for it stands row by row, with its headings."""

from typing import assert_never

from rich.cells import cell_len

from drivers.printer.document import Align, Block, Cut, Document, Feed, Row, Rule, Size, Text
from drivers.printer.document import Cell as Field
from pos.core.sheets import Cell, Count, Day, Fact, Label, Mass, Money, Score, Share, Sheet, Table
from pos.i18n import Words
from pos.printing.figures import plain
from pos.printing.lines import pair, single
from pos.printing.wording import Copy, copy_mark, copy_origin

_NAME = 12
"""Columns that the first cell of a row has at least, to stand on one line with the others."""


def sheet_document(sheet: Sheet, words: Words, copy: Copy | None, columns: int) -> Document:
    """The sheet as it goes to paper, once for each of its copies; `copy` is None for the original."""
    again = copy_mark(copy, words)
    head: list[Block] = [
        *again,
        *copy_origin(copy, words),
        Text(sheet.store, Align.CENTRE, bold=True),
        Text(words(f"sheet.{sheet.title}"), Align.CENTRE, bold=True, size=Size.TALL),
        *([single(words("sheet.number", number=sheet.number))] if sheet.number else []),
        single(words("sheet.time", time=sheet.time)),
        single(people(sheet, words)),
    ]
    facts = [_fact(fact, words) for fact in sheet.facts]
    tables = [block for table in sheet.tables for block in _table(table, words, columns)]
    notes = [single(words(f"sheet.{note}")) for note in sheet.notes]
    signatures = [block for code in sheet.signatures for block in (Feed(), single(words(f"sheet.sign-{code}")), Feed())]
    rules = [Rule()] if facts else []
    whole = (*head, *rules, *facts, *tables, Rule(), *notes, *signatures, *again)
    whose = [[Text(words(f"sheet.{copy}"), Align.CENTRE)] for copy in sheet.copies] or [[]]
    return Document(tuple(block for mark in whose for block in (*whole, *mark, Cut())))


def shown(cell: Cell, words: Words) -> str:
    """A cell as text."""
    match cell:
        case str():
            return cell
        case Score(points=points):
            return plain(points)
        case Money(fen=fen):
            return plain(fen)
        case Mass(grams=grams):
            return str(grams)
        case Count(pieces=pieces):
            return f"{pieces:,}"
        case Share(hundredths=hundredths):
            return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}%"
        case Day(day=day):
            return day.isoformat()
        case Label(code=code):
            return words(f"sheet.{code}")
        case _ as never:
            assert_never(never)


def people(sheet: Sheet, words: Words) -> str:
    """Who made it, and who agreed."""
    if sheet.approver:
        return words("sheet.by-two", by=sheet.by, approver=sheet.approver)
    return words("sheet.by", by=sheet.by)


def _fact(fact: Fact, words: Words) -> Block:
    return pair(words(f"sheet.{fact.label}"), shown(fact.cell, words))


def _table(table: Table, words: Words, columns: int) -> list[Block]:
    blocks: list[Block] = [Rule()]
    if table.title:
        blocks.append(Text(words(f"sheet.{table.title}"), bold=True))
    headings = tuple(words(f"sheet.{column}") for column in table.columns)
    rows = [tuple(shown(cell, words) for cell in row) for row in table.rows]
    total = tuple(shown(cell, words) for cell in table.total)
    every = [headings, *rows, *([total] if total else [])]
    widths = [max(cell_len(row[place]) for row in every) + 1 for place in range(1, len(headings))]
    narrow = _NAME + sum(widths) > columns
    if not rows:
        return [*blocks, single(words("sheet.nothing"))]
    if narrow:
        for row in rows:
            blocks += _stacked(headings, row)
    else:
        blocks += [_line(row, widths) for row in (headings, *rows)]
    if total:
        blocks += _stacked(headings, total) if narrow else [_line(total, widths, bold=True)]
    return blocks


def _line(row: tuple[str, ...], widths: list[int], *, bold: bool = False) -> Block:
    first, *rest = row
    figures = (Field(text, max(2, width), Align.RIGHT) for text, width in zip(rest, widths, strict=True))
    return Row((Field(first), *figures), bold=bold)


def _stacked(headings: tuple[str, ...], row: tuple[str, ...]) -> list[Block]:
    """The first cell on a line of its own, the others below it with their headings; empty ones are left out."""
    below: list[Block] = [
        pair(f" {heading}", text) for heading, text in zip(headings[1:], row[1:], strict=True) if text
    ]
    return [single(row[0]), *below] if row[0] else below
