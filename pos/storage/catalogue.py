"""What is traded: goods and their lots, materials, preset tares, price books and terms."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.sql import text

from catalog.goods import Good, Lot, first_out
from catalog.materials import Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, EveryPieces, GoodPrice, MaterialPrice, PriceBook, Terms
from catalog.units import Fen, Grams, Points
from pos.core.refusals import PriceMissing
from pos.database import Prepared
from pos.storage import tables as t

_GOODS = Prepared(
    text(
        "SELECT g.code, g.name, g.unit, g.initials, g.monthly_limit, p.points, p.shelf"
        " FROM json_each(:codes) k JOIN goods g ON g.code = k.value"
        " LEFT JOIN good_prices p ON p.good = g.code AND p.version = :version"
    )
)
_LOTS = Prepared(
    text(
        "SELECT l.good, l.place, l.owner, l.lot, l.expiry, l.cost_fen, b.quantity FROM json_each(:codes) k"
        " JOIN lots l ON l.good = k.value"
        " JOIN balances b ON b.account = l.account AND b.commodity = 'g:' || l.good"
        " WHERE b.quantity > 0 AND (l.expiry IS NULL OR l.expiry >= :today)"
    )
)


def goods(connection: Connection, codes: Iterable[str], version: int) -> tuple[dict[str, Good], dict[str, GoodPrice]]:
    """The goods with these codes, and their prices in that version of the book. Barcodes are left out."""
    found: dict[str, Good] = {}
    prices: dict[str, GoodPrice] = {}
    rows = _GOODS.rows(connection, codes=json.dumps(list(codes)), version=version)
    for code, name, unit, initials, limit, points, shelf in rows:
        found[code] = Good(code, name, unit, (), initials, limit)
        if points is not None:
            prices[code] = GoodPrice(Points(points), Fen(shelf))
    return found, prices


def all_goods(connection: Connection) -> list[Good]:
    """Every good with its barcodes, by code."""
    barcodes: dict[str, list[str]] = {}
    for row in connection.execute(select(t.barcodes)):
        barcodes.setdefault(row.good, []).append(row.barcode)
    return [
        Good(row.code, row.name, row.unit, tuple(barcodes.get(row.code, ())), row.initials, row.monthly_limit)
        for row in connection.execute(select(t.goods).order_by(t.goods.c.code))
    ]


def good_by_barcode(connection: Connection, barcode: str) -> str | None:
    """Code of the good that carries this barcode."""
    found: str | None = connection.execute(
        select(t.barcodes.c.good).where(t.barcodes.c.barcode == barcode)
    ).scalar_one_or_none()
    return found


def lots(connection: Connection, codes: Iterable[str], today: date) -> dict[str, list[Lot]]:
    """Lots on hand and not expired on `today`, of these goods, in the order they leave."""
    found: dict[str, list[Lot]] = {}
    rows = _LOTS.rows(connection, codes=json.dumps(list(codes)), today=today.isoformat())
    for good, place, owner, lot, expiry, cost, quantity in rows:
        until = date.fromisoformat(expiry) if expiry else None
        found.setdefault(good, []).append(Lot(place, owner, lot, good, until, cost, quantity))
    return {good: first_out(each) for good, each in found.items()}


def materials(connection: Connection) -> dict[str, Material]:
    """Every material by code, in the order of the keeper's grid."""
    return {
        row.code: Material(
            row.code,
            row.name,
            ScaleClass(row.scale),
            Grams(row.minimum),
            bool(row.hazardous),
            row.note,
            bool(row.metal),
            row.daily_limit,
            row.tolerance,
            bool(row.paused),
            row.campaign,
        )
        for row in connection.execute(select(t.materials).order_by(t.materials.c.position))
    }


def tares(connection: Connection) -> list[tuple[str, str, Grams]]:
    """Preset tares: code, name, mass."""
    return [
        (row.code, row.name, Grams(row.grams)) for row in connection.execute(select(t.tares).order_by(t.tares.c.code))
    ]


def material_prices(connection: Connection, version: int) -> dict[str, MaterialPrice]:
    """Prices of materials in one version of the book."""
    query = select(t.material_prices).where(t.material_prices.c.version == version)
    return {row.material: _material_price(row.per, row.amount) for row in connection.execute(query)}


def _material_price(per: str, amount: int) -> MaterialPrice:
    match per:
        case "kg":
            return ByWeight(amount)
        case "piece":
            return ByPiece(amount)
        case _:
            return EveryPieces(amount)


def good_prices(connection: Connection, version: int) -> dict[str, GoodPrice]:
    """Prices of goods in one version of the book."""
    query = select(t.good_prices).where(t.good_prices.c.version == version)
    return {row.good: GoodPrice(Points(row.points), Fen(row.shelf)) for row in connection.execute(query)}


def service_prices(connection: Connection, version: int) -> dict[str, Points]:
    """Prices of services in one version of the book."""
    query = select(t.service_prices).where(t.service_prices.c.version == version)
    return {row.service: Points(row.points) for row in connection.execute(query)}


def book(connection: Connection, version: int) -> PriceBook:
    """One version of the price book, whole."""
    return PriceBook(
        version,
        book_dates(connection)[version],
        good_prices(connection, version),
        material_prices(connection, version),
        service_prices(connection, version),
    )


def book_dates(connection: Connection) -> dict[int, date]:
    """Effective date of every version of the price book."""
    return {row.version: date.fromisoformat(row.effective) for row in connection.execute(select(t.price_books))}


def book_in_force(connection: Connection, on: date) -> int:
    """The newest version whose effective date is not after `on`. Raises `PriceMissing` when there is none."""
    query = (
        select(t.price_books.c.version)
        .where(t.price_books.c.effective <= on.isoformat())
        .order_by(t.price_books.c.effective.desc(), t.price_books.c.version.desc())
        .limit(1)
    )
    found: int | None = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise PriceMissing(item=on.isoformat())
    return found


def terms_in_force(connection: Connection, on: date) -> Terms:
    """The newest terms whose effective date is not after `on`. Raises `PriceMissing` when there are none."""
    query = select(t.terms).where(t.terms.c.effective <= on.isoformat()).order_by(t.terms.c.effective.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise PriceMissing(item=on.isoformat())
    return Terms(date.fromisoformat(row.effective), row.fen_per_point, Points(row.step))


def on_hand(connection: Connection) -> dict[str, int]:
    """Pieces of every good on the shelf."""
    query = (
        select(t.lots.c.good, func.sum(t.balances.c.quantity))
        .join(t.balances, (t.balances.c.account == t.lots.c.account) & (t.balances.c.commodity == "g:" + t.lots.c.good))
        .group_by(t.lots.c.good)
    )
    return {good: int(quantity) for good, quantity in connection.execute(query)}


def publish(connection: Connection, book: PriceBook) -> None:
    """Write a new version of the price book; versions are never changed. Its act carries `published.book`."""
    connection.execute(insert(t.price_books), {"version": book.version, "effective": book.effective.isoformat()})
    for table, rows in (
        (t.good_prices, [_good_row(book.version, good, price) for good, price in book.goods.items()]),
        (t.material_prices, [_material_row(book.version, code, price) for code, price in book.materials.items()]),
        (t.service_prices, [_service_row(book.version, code, price) for code, price in book.services.items()]),
    ):
        if rows:
            connection.execute(insert(table), rows)


def agree(connection: Connection, terms: Terms) -> None:
    """Write terms that hold from their effective date on. Their act carries `published.terms`."""
    connection.execute(
        insert(t.terms),
        {"effective": terms.effective.isoformat(), "fen_per_point": terms.fen_per_point, "step": terms.step.amount},
    )


def _good_row(version: int, good: str, price: GoodPrice) -> dict[str, Any]:
    return {"version": version, "good": good, "points": price.points.amount, "shelf": price.shelf.amount}


def _service_row(version: int, service: str, price: Points) -> dict[str, Any]:
    return {"version": version, "service": service, "points": price.amount}


def _material_row(version: int, material: str, price: MaterialPrice) -> dict[str, Any]:
    match price:
        case ByWeight():
            per, amount = "kg", price.fen_per_kg
        case ByPiece():
            per, amount = "piece", price.fen_per_piece
        case EveryPieces():
            per, amount = "every", price.pieces
    return {"version": version, "material": material, "per": per, "amount": amount}
