"""Award batches as the committee keeps them in a spreadsheet, and as they are hung up: masked, no deduction named."""

import re

from sqlalchemy import Connection, select

from catalog.units import Points
from pos.core.households import mask
from pos.ledger import award_items, awards, sheets
from pos.ledger import tables as t
from pos.ledger.awards import DraftLine
from pos.ledger.sheets import Problem

HEADINGS = {
    "户号": "household", "household": "household",
    "事项": "item", "item": "item",
    "分值": "points", "points": "points",
    "倍数": "times", "times": "times",
}  # fmt: skip
"""Headings of the list; points and times may be left out."""

_HOUSEHOLD = re.compile(r"[0-9]{16}")
_FIGURE = re.compile(r"([+-]?)([0-9]{1,6})(?:\.([0-9]{1,2}))?")


def read(data: bytes) -> tuple[tuple[DraftLine, ...], list[Problem]]:
    """The lines of a list, and what could not be read. Raises `Invalid` or `TooLarge` when it is no such list."""
    found, problems = [], []
    for row in sheets.read(data, HEADINGS, ("household", "item")):
        cells = row.cells
        points, times = cells.get("points", ""), cells.get("times", "") or "1"
        wrong = [
            (code, text)
            for code, text, fine in (
                ("household", cells["household"], _HOUSEHOLD.fullmatch(cells["household"])),
                ("points", points, not points or _FIGURE.fullmatch(points)),
                ("times", times, re.fullmatch("[0-9]{1,2}", times)),
            )
            if not fine
        ]
        if wrong:
            problems += [Problem(row.row, *each) for each in wrong]
        else:
            figure = _points(points) if points else None
            found.append(DraftLine(cells["household"], cells["item"], figure, int(times), row.row))
    return tuple(found), problems


def board(connection: Connection, township: str, batch: str) -> list[tuple[str, str, str, Points]]:
    """What is hung up: household number, masked name, what for and points; deductions and private items as a total."""
    names = {
        row.household: mask(row.head)
        for row in connection.execute(select(t.residents.c.household, t.residents.c.head).filter_by(township=township))
    }
    items = award_items.items(connection, township)
    found: list[tuple[str, str, str, Points]] = []
    apart: dict[str, int] = {}
    for line in awards.lines(connection, township, batch):
        item = items[line.item]
        if line.total < 0 or item.private:
            apart[line.household] = apart.get(line.household, 0) + line.total
        else:
            found.append((line.household, names.get(line.household, "*"), item.name, Points(line.total)))
    found += [(of, "", "", Points(total)) for of, total in apart.items()]
    return sorted(found, key=lambda each: (each[0], each[2]))


def _points(text: str) -> Points:
    found = _FIGURE.fullmatch(text)
    assert found is not None
    amount = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return Points(-amount if found[1] == "-" else amount)
