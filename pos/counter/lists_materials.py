"""品类: what the store takes in, how it is weighed or counted, and what it pays."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from catalog.materials import USUAL_TOLERANCE, Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, EveryPieces, MaterialPrice, PriceBook
from catalog.units import Grams
from pos.core.entries import Signatures
from pos.core.lists import (
    Cells,
    Change,
    Column,
    Flaw,
    Problem,
    amount,
    choice,
    code,
    decimal,
    is_yes,
    label,
    said,
    yes_or_no,
)
from pos.counter import setup
from pos.counter.desk import Desk
from pos.counter.lists_parts import Known, ListOf, edit, publish
from pos.storage import catalogue
from pos.storage import tables as t
from pos.storage.books import Transaction

_PRICE = ("per", "price")


def _known(desk: Desk, connection: Connection) -> Known:
    prices = catalogue.material_prices(connection, catalogue.book_in_force(connection, desk.today()))
    return {(code,): _cells(each, prices.get(code)) for code, each in catalogue.materials(connection).items()}


def _cells(material: Material, price: MaterialPrice | None) -> Cells:
    limit = material.daily_limit
    per, paid = _paid(price)
    usual = material.tolerance == USUAL_TOLERANCE
    return {
        "code": material.code,
        "name": material.name,
        "scale": material.scale.value,
        "minimum-kg": _thousandths(material.minimum.amount),
        "hazardous": said(material.hazardous),
        "metal": said(material.metal),
        "note": material.note,
        "daily-limit": "" if limit is None else _thousandths(limit * _unit(material.scale)),
        "tolerance": "" if usual else f"{material.tolerance // 100}.{material.tolerance % 100:02}",
        "per": per,
        "price": paid,
    }


def _judge(desk: Desk, connection: Connection, changes: Sequence[Change], known: Known) -> list[Problem]:
    del desk, connection, known
    found = []
    for change in changes:
        new, old = change.new, change.old
        counted = new["scale"] == ScaleClass.COUNT
        if old is not None and counted is not (old["scale"] == ScaleClass.COUNT):
            found.append(Problem(change.row, "scale", Flaw.UNIT, new["scale"]))
        if new["per"] and counted is not (new["per"] != "kg"):
            found.append(Problem(change.row, "per", Flaw.UNIT, new["per"]))
        priced = [bool(new[name]) for name in _PRICE]
        fits = new["per"] != "every" or (new["price"].endswith(".00") and amount(new["price"] or "0") > 0)
        if any(priced) != all(priced) or not fits or (old is not None and old["price"] and not new["price"]):
            found.append(Problem(change.row, "price", Flaw.PRICE, new["price"]))
        limit = amount(new["daily-limit"] or "0.001")
        if limit == 0 or (counted and new["daily-limit"] and limit % 1000):
            found.append(Problem(change.row, "daily-limit", Flaw.FIGURE, new["daily-limit"]))
        if new["tolerance"] and amount(new["tolerance"]) > 10_000:
            found.append(Problem(change.row, "tolerance", Flaw.FIGURE, new["tolerance"]))
    return found


def _take(desk: Desk, by: Signatures, tx: Transaction, changes: Sequence[Change]) -> None:
    there = catalogue.materials(tx.connection)
    places = {code: place for place, code in enumerate([*there, *(c.new["code"] for c in changes if c.old is None)], 1)}
    edited = [_material(change.new, there.get(change.new["code"])) for change in changes]
    edit(desk, by, tx, t.materials, [setup.material_row(each, places[each.code]) for each in edited])
    prices = {
        change.new["code"]: _price(change.new)
        for change in changes
        if change.new["price"] and [change.new[n] for n in _PRICE] != [(change.old or {}).get(n) for n in _PRICE]
    }

    def priced(book: PriceBook) -> PriceBook:
        return replace(book, materials={**book.materials, **prices})

    if prices:
        publish(desk, by, tx, priced)


def _material(cells: Cells, old: Material | None) -> Material:
    """What a keeper decides from day to day, such as a pause, is not in the list and stays."""
    scale = ScaleClass(cells["scale"])
    limit = amount(cells["daily-limit"]) // _unit(scale) if cells["daily-limit"] else None
    return Material(
        cells["code"],
        cells["name"],
        scale,
        Grams(amount(cells["minimum-kg"])),
        is_yes(cells["hazardous"]),
        cells["note"],
        is_yes(cells["metal"]),
        limit,
        amount(cells["tolerance"]) if cells["tolerance"] else USUAL_TOLERANCE,
        old.paused if old else False,
        old.campaign if old else "",
    )


def _unit(scale: ScaleClass) -> int:
    """Thousandths of a kilogram, or of a piece, that the books count by."""
    return 1000 if scale is ScaleClass.COUNT else 1


def _thousandths(figure: int) -> str:
    return f"{figure // 1000}.{figure % 1000:03}"


def _paid(price: MaterialPrice | None) -> tuple[str, str]:
    match price:
        case None:
            return "", ""
        case ByWeight(fen):
            return "kg", f"{fen // 100}.{fen % 100:02}"
        case ByPiece(fen):
            return "piece", f"{fen // 100}.{fen % 100:02}"
        case EveryPieces(pieces):
            return "every", f"{pieces}.00"


def _price(cells: Cells) -> MaterialPrice:
    figure = amount(cells["price"])
    match cells["per"]:
        case "kg":
            return ByWeight(figure)
        case "piece":
            return ByPiece(figure)
        case _:
            return EveryPieces(figure // 100)


MATERIALS = ListOf(
    (
        Column("code", code),
        Column("name", label()),
        choice("scale", *(each.value for each in ScaleClass)),
        Column("minimum-kg", decimal(3)),
        yes_or_no("hazardous"),
        yes_or_no("metal"),
        Column("note", label(60), needed=False),
        Column("daily-limit", decimal(3), needed=False),
        Column("tolerance", decimal(2), needed=False),
        choice("per", "kg", "piece", "every", needed=False),
        Column("price", decimal(2), needed=False),
    ),
    ("code",),
    _known,
    _judge,
    _take,
)
