"""Setting a store up: reference data and opening balances, each edit recorded as an act with its hash.

All of it takes two people once anyone works here; names stay in rows that can be erased, the journal holds hashes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from catalog.goods import Good, Service
from catalog.materials import Material
from catalog.prices import PriceBook, Terms
from catalog.units import Grams, Points
from pos.core import accounts
from pos.core.accounts import POINTS, Account
from pos.core.acts import Act, ActCode, Opening
from pos.core.entries import Signatures
from pos.core.households import Household, Member
from pos.core.transfers import Decision, Transfer, moved
from pos.counter.desk import Desk, check_signatures
from pos.storage import catalogue, published, registry, rows
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.rows import digest
from pos.storage.services import Provider, service_row

_CHUNK = 60
"""Opening transfers in one entry; an entry carries at most 64."""


@dataclass(frozen=True, slots=True)
class Tare:
    """A preset tare."""

    code: str
    name: str
    grams: Grams


@dataclass(frozen=True, slots=True)
class Village:
    """The reference data a store starts with."""

    households: tuple[Household, ...]
    members: Mapping[str, tuple[Member, ...]]
    """The members of a household by its number."""
    goods: tuple[Good, ...]
    materials: tuple[Material, ...]
    tares: tuple[Tare, ...]
    book: PriceBook
    terms: Terms
    providers: tuple[Provider, ...] = ()
    services: tuple[Service, ...] = ()


def load(desk: Desk, by: Signatures, village: Village) -> None:
    """Write a village's reference data, all of it or nothing."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        _edit(desk, by, tx, t.households, [registry.household_row(h) for h in village.households])
        members = [
            {"household": number, "place": member.place, "name": member.name}
            for number, people in village.members.items()
            for member in people
        ]
        _edit(desk, by, tx, t.members, members)
        _edit(desk, by, tx, t.goods, [good_row(good) for good in village.goods])
        barcodes = [{"barcode": code, "good": good.code} for good in village.goods for code in good.barcodes]
        _edit(desk, by, tx, t.barcodes, barcodes)
        _edit(desk, by, tx, t.materials, [material_row(m, place) for place, m in enumerate(village.materials, 1)])
        _edit(desk, by, tx, t.tares, [{"code": e.code, "name": e.name, "grams": e.grams.amount} for e in village.tares])
        if village.services:
            givers = [{"code": e.code, "name": e.name, "telephone": e.telephone} for e in village.providers]
            _edit(desk, by, tx, t.providers, givers)
            _edit(desk, by, tx, t.services, [service_row(service) for service in village.services])
        catalogue.publish(tx.connection, village.book)
        catalogue.agree(tx.connection, village.terms)
        effective = village.terms.effective.isoformat()
        for subject, hashed in (
            (published.BOOK, published.book(tx.connection, village.book.version)),
            (published.TERMS, published.terms(tx.connection, effective)),
        ):
            tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, subject, digest=hashed), ()))


def open_points(desk: Desk, by: Signatures, points: Mapping[str, Points]) -> None:
    """Opening points of households by number, as counted when the paper books were closed; two people."""

    def moves(writer: str) -> Iterator[Transfer]:
        for household, amount in points.items():
            issue = Account("issue", "opening", writer)
            yield from moved(issue, accounts.points(household, writer), POINTS, amount.amount)

    _open(desk, by, moves, [[household, amount.amount] for household, amount in points.items()])


@dataclass(frozen=True, slots=True)
class OpeningLot:
    """Pieces on the shelf when the journal begins; `owner` as in `catalog.goods.Lot`."""

    good: str
    quantity: int
    owner: str
    cost_fen: int
    expiry: str | None = None


def open_stock(desk: Desk, by: Signatures, lots: Iterable[OpeningLot]) -> None:
    """Opening stock, one lot `0` a good and owner; two people."""
    counted = list(lots)

    def moves(writer: str) -> Iterator[Transfer]:
        for lot in counted:
            shelf = accounts.stock(lot.owner, "0", writer)
            yield from moved(Account("in", "opening", writer), shelf, f"g:{lot.good}", lot.quantity)

    def shelve(tx: Transaction) -> None:
        rows.save(tx.connection, t.lots, [_lot(lot, tx.writer) for lot in counted])

    _open(desk, by, moves, [[lot.good, lot.quantity, lot.owner] for lot in counted], shelve)


def _open(
    desk: Desk,
    by: Signatures,
    moves: Callable[[str], Iterable[Transfer]],
    source: list[list[str | int]],
    also: Callable[[Transaction], None] = lambda _tx: None,
) -> None:
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        also(tx)
        transfers = tuple(moves(tx.writer))
        for start in range(0, len(transfers), _CHUNK):
            opening = Decision(Opening(digest(source)), transfers[start : start + _CHUNK])
            tx.append(desk.now(), by, opening)


def _edit(desk: Desk, by: Signatures, tx: Transaction, table: Table, edited: list[dict[str, Any]]) -> None:
    rows.save(tx.connection, table, edited)
    tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, str(table.name), digest=digest(edited)), ()))


def good_row(good: Good) -> dict[str, Any]:
    """A good as its row, its barcodes aside."""
    return {
        "code": good.code,
        "name": good.name,
        "unit": good.unit,
        "initials": good.initials,
        "monthly_limit": good.monthly_limit,
    }


def material_row(material: Material, position: int) -> dict[str, Any]:
    """A material as its row, at a place of the keeper's grid."""
    return {
        "code": material.code,
        "name": material.name,
        "scale": material.scale.value,
        "minimum": material.minimum.amount,
        "hazardous": int(material.hazardous),
        "note": material.note,
        "position": position,
        "metal": int(material.metal),
        "daily_limit": material.daily_limit,
        "tolerance": material.tolerance,
        "paused": int(material.paused),
        "campaign": material.campaign,
    }


def _lot(lot: OpeningLot, writer: str) -> dict[str, Any]:
    return {
        "good": lot.good,
        "place": accounts.PLACE,
        "owner": lot.owner,
        "lot": "0",
        "account": str(accounts.stock(lot.owner, "0", writer)),
        "expiry": lot.expiry,
        "cost_fen": lot.cost_fen,
    }
