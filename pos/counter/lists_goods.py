"""商品: code, name, unit, barcodes, monthly limit, price in points and on the shelf."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from catalog.goods import Good
from catalog.prices import GoodPrice, PriceBook
from catalog.units import Fen, Points
from pos.core.entries import Signatures
from pos.core.lists import Cells, Change, Column, Flaw, Problem, amount, barcodes, code, decimal, label, whole
from pos.counter import new_goods, setup
from pos.counter.desk import Desk
from pos.counter.lists_parts import Known, ListOf, edit, publish
from pos.storage import catalogue
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.listed import drop_barcodes

_PRICE = ("points", "shelf-yuan")


def _known(desk: Desk, connection: Connection) -> Known:
    prices = catalogue.good_prices(connection, catalogue.book_in_force(connection, desk.today()))
    return {(good.code,): _cells(good, prices.get(good.code)) for good in catalogue.all_goods(connection)}


def _cells(good: Good, price: GoodPrice | None) -> Cells:
    return {
        "code": good.code,
        "name": good.name,
        "unit": good.unit,
        "barcodes": " ".join(sorted(good.barcodes)),
        "monthly-limit": "" if good.monthly_limit is None else str(good.monthly_limit),
        "points": str(price.points) if price else "",
        "shelf-yuan": str(price.shelf) if price else "",
    }


def _judge(desk: Desk, connection: Connection, changes: Sequence[Change], known: Known) -> list[Problem]:
    del desk, connection
    found = []
    after = {**known, **{change.key: change.new for change in changes}}
    carried: dict[str, list[str]] = {}
    for (good,), cells in after.items():
        for barcode in cells["barcodes"].split():
            carried.setdefault(barcode, []).append(good)
    for change in changes:
        taken = [each for each in change.new["barcodes"].split() if len(carried[each]) > 1]
        found += [Problem(change.row, "barcodes", Flaw.BARCODE_TAKEN, barcode) for barcode in taken]
        said = [bool(change.new[name]) for name in _PRICE]
        if any(said) != all(said) or (change.old is not None and change.old["points"] and not any(said)):
            found.append(Problem(change.row, "points", Flaw.PRICE, change.new["points"]))
    return found


def _take(desk: Desk, by: Signatures, tx: Transaction, changes: Sequence[Change]) -> None:
    goods = [_good(change.new) for change in changes]
    edit(desk, by, tx, t.goods, [setup.good_row(good) for good in goods])
    moved = [change for change in changes if change.old is None or change.old["barcodes"] != change.new["barcodes"]]
    drop_barcodes(tx.connection, [change.new["code"] for change in moved])
    carried = [{"barcode": each, "good": c.new["code"]} for c in moved for each in c.new["barcodes"].split()]
    edit(desk, by, tx, t.barcodes, carried)
    prices = {
        change.new["code"]: GoodPrice(Points(amount(change.new["points"])), Fen(amount(change.new["shelf-yuan"])))
        for change in changes
        if change.new["points"] and [change.new[n] for n in _PRICE] != [(change.old or {}).get(n) for n in _PRICE]
    }

    def priced(book: PriceBook) -> PriceBook:
        return replace(book, goods={**book.goods, **prices})

    if prices:
        publish(desk, by, tx, priced)


def _good(cells: Cells) -> Good:
    limit = int(cells["monthly-limit"]) if cells["monthly-limit"] else None
    carried = tuple(cells["barcodes"].split())
    return Good(cells["code"], cells["name"], cells["unit"], carried, new_goods.initials(cells["name"]), limit)


GOODS = ListOf(
    (
        Column("code", code),
        Column("name", label()),
        Column("unit", label()),
        Column("barcodes", barcodes, needed=False),
        Column("monthly-limit", whole(1, 999), needed=False),
        Column("points", decimal(2), needed=False),
        Column("shelf-yuan", decimal(2), needed=False),
    ),
    ("code",),
    _known,
    _judge,
    _take,
)
