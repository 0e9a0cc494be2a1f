"""What points are awarded for: categories and items as data, of a scheme that a township adopts, and of its villages.

`three` 三治 (自治, 法治, 德治), `six` 积孝 to 积美 with 97 items, `ring` 1+5+N. Figures in the lists are whole points.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from sqlalchemy import Connection, insert, select, update

from catalog.prices import POINT
from catalog.units import Points
from pos.ledger import audit
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Invalid, NotFound
from pos.ledger.service import Ledger

SCHEMES = ("three", "six", "ring")
MOST_TIMES = 10


@dataclass(frozen=True, slots=True)
class Item:
    """What is awarded or deducted: a figure between `low` and `high`; of one village, or of all."""

    code: str
    scheme: str
    category: str
    name: str
    low: Points
    high: Points
    most_times: int = 1
    """What the figure may be multiplied with: 2 where a deduction counts double for some."""
    private: bool = False
    """Its name stands on no paper and no board: health and the like."""
    village: str | None = None
    meeting: str = ""
    """The meeting that decided a village's own item."""
    active: bool = True


def adopt(ledger: Ledger, township: str, scheme: str, by: str) -> int:
    """Take a scheme's categories and items over; what is there stays as it is. Returns how many items are new."""
    if scheme not in SCHEMES:
        raise NotFound("scheme-unknown", scheme=scheme[:24])

    def work(act: Act) -> int:
        _add_categories(act, scheme)
        known = set(act.connection.execute(select(t.award_items.c.item).filter_by(township=township)).scalars())
        new = [item for item in _items(scheme) if item.code not in known]
        if new:
            act.connection.execute(insert(t.award_items), [_row(township, item) for item in new])
        audit.note(act.connection, township, act.now, by, "adopt", scheme, str(len(new)))
        return len(new)

    return ledger.act(township, work)


def add(ledger: Ledger, township: str, item: Item, by: str) -> None:
    """Add a village's own item, which a meeting decided. Raises a `LedgerRefused`."""
    if not item.meeting or item.village is None:
        raise Invalid("item-undecided", item=item.code)
    if item.low > item.high or not 1 <= item.most_times <= MOST_TIMES:
        raise Invalid("item-figures", item=item.code)

    def work(act: Act) -> None:
        known, villages, trees = t.award_items.c, t.villages.c, t.award_categories.c
        here = select(known.item).where(known.township == township, known.item == item.code)
        if act.connection.execute(here).first():
            raise Conflict("item-taken", item=item.code)
        village = select(villages.name).where(villages.township == township, villages.village == item.village)
        if act.connection.execute(village).first() is None:
            raise NotFound("village-unknown", village=item.village or "")
        tree = select(trees.name).where(
            trees.township == township, trees.scheme == item.scheme, trees.category == item.category
        )
        if act.connection.execute(tree).first() is None:
            raise NotFound("category-unknown", category=item.category)
        act.connection.execute(insert(t.award_items).values(**_row(township, item)))
        audit.note(act.connection, township, act.now, by, "item", item.code, item.meeting)

    ledger.act(township, work)


def retire(ledger: Ledger, township: str, code: str, by: str) -> None:
    """Award nothing more for an item. Raises `NotFound`."""

    def work(act: Act) -> None:
        c = t.award_items.c
        here = update(t.award_items).where(c.township == township, c.item == code, c.active == 1)
        if not act.connection.execute(here.values(active=0)).rowcount:
            raise NotFound("item-unknown", item=code)
        audit.note(act.connection, township, act.now, by, "retire", code)

    ledger.act(township, work)


def items(connection: Connection, township: str, village: str | None = None) -> dict[str, Item]:
    """The township's items by code; with `village`, those that may be awarded there."""
    c = t.award_items.c
    query = select(t.award_items).where(c.township == township).order_by(c.item)
    found = {
        row.item: Item(
            row.item, row.scheme, row.category, row.name, Points(row.low), Points(row.high), row.most_times,
            bool(row.private), row.village, row.meeting, bool(row.active),
        )
        for row in connection.execute(query)
    }  # fmt: skip
    return {
        code: item
        for code, item in found.items()
        if village is None or (item.active and item.village in (None, village))
    }


def _add_categories(act: Act, scheme: str) -> None:
    c = t.award_categories.c
    known = select(c.category).where(c.township == act.township, c.scheme == scheme)
    there = set(act.connection.execute(known).scalars())
    rows = [
        {
            "township": act.township,
            "scheme": scheme,
            "category": row["category"],
            "parent": row["parent"] or None,
            "name": row["name"],
            "position": position,
        }
        for position, row in enumerate(_list(f"{scheme}_categories.csv"), 1)
        if row["category"] not in there
    ]
    if rows:
        act.connection.execute(insert(t.award_categories), rows)


def _items(scheme: str) -> Iterator[Item]:
    for row in _list(f"{scheme}_items.csv"):
        low, high = POINT * int(row["low"]), POINT * int(row["high"])
        times, private = int(row["most_times"]), row["private"] == "1"
        yield Item(row["item"], scheme, row["category"], row["name"], low, high, times, private)


def _list(name: str) -> list[dict[str, str]]:
    text = (resources.files("pos.ledger") / "award_catalogue" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _row(township: str, item: Item) -> dict[str, object]:
    return {
        "township": township,
        "item": item.code,
        "scheme": item.scheme,
        "category": item.category,
        "village": item.village,
        "name": item.name,
        "low": item.low.amount,
        "high": item.high.amount,
        "most_times": item.most_times,
        "private": int(item.private),
        "meeting": item.meeting,
        "active": int(item.active),
    }
