"""库存: what lies on the shelves; goods sent away, written off, or near their last day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from catalog.goods import Good, Lot
from catalog.prices import GoodPrice
from catalog.units import Fen, Points
from pos.core import accounts, receiving, stock
from pos.core.entries import Signatures
from pos.core.redemption import PickedGood
from pos.core.refusals import GoodUnknown, OutOfStock, QuantityOutOfRange, TicketEmpty, TooManyLines
from pos.core.sheets import Count, Day, Fact, Label, Money, Score, Sheet, Table
from pos.core.stock import LossReason
from pos.core.stock_refusals import ReceiverUnknown
from pos.core.transfers import Amount
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.counter.receiving import RECEIVES, owner_cell, prices_now
from pos.storage import catalogue, shelves
from pos.storage.shelves import Shelved

MOST_GOODS = 25
"""Goods on one paper that sends them away."""

_WRITER = re.compile(r"[a-z0-9-]{1,24}\.(0|[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class OnShelf:
    """A lot on hand as the lists show it."""

    good: str
    name: str
    unit: str
    owner: str
    lot: str
    place: str
    batch: str
    expiry: date | None
    days_left: int | None
    """Days until its last one; below zero once it is past."""
    pieces: int
    cost: Fen
    points: Points | None
    """What one piece is redeemed for; None without a price."""

    @property
    def expired(self) -> bool:
        """Whether its last day is past: it may only be written off."""
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class Stocked:
    """A good with all its lots together."""

    good: Good
    price: GoodPrice | None
    pieces: int
    expired: int
    """Of these pieces, those past their last day."""
    expiry: date | None
    """The first last day among those that are not past it."""
    cost: Fen
    """What all of it cost."""


def on_shelf(desk: Desk, near_days: int | None = None) -> list[OnShelf]:
    """Every lot on hand, the earliest last day first; only those near or past it when `near_days` says how near."""
    on = desk.today()
    with desk.store.read() as connection:
        prices = prices_now(connection, on)
        found = [_on_shelf(each, prices, on) for each in shelves.on_hand(connection)]
    if near_days is not None:
        found = [each for each in found if receiving.near_expiry(each.expiry, on, near_days)]
    return sorted(found, key=lambda each: (each.expiry or date.max, each.good))


def near(desk: Desk) -> int:
    """How many goods are near their last day or past it."""
    return len({each.good for each in on_shelf(desk, desk.stock_policy.near_days)})


def _on_shelf(each: Shelved, prices: Mapping[str, GoodPrice], on: date) -> OnShelf:
    lot, price = each.lot, prices.get(each.lot.good)
    return OnShelf(
        lot.good,
        each.name,
        each.unit,
        lot.owner,
        lot.lot,
        lot.place,
        each.batch,
        lot.expiry,
        (lot.expiry - on).days if lot.expiry else None,
        lot.on_hand,
        Fen(lot.cost_fen),
        price.points if price else None,
    )


def stocked(desk: Desk) -> list[Stocked]:
    """Every good of the catalogue and what is on hand of it, by code."""
    on = desk.today()
    with desk.store.read() as connection:
        prices = prices_now(connection, on)
        lots: dict[str, list[Shelved]] = {}
        for each in shelves.on_hand(connection):
            lots.setdefault(each.lot.good, []).append(each)
        goods = catalogue.all_goods(connection)
    return [_stocked(good, prices.get(good.code), lots.get(good.code, []), on) for good in goods]


def _stocked(good: Good, price: GoodPrice | None, lots: list[Shelved], on: date) -> Stocked:
    fresh = [each.lot for each in lots if each.lot.expiry is None or each.lot.expiry >= on]
    pieces = sum(each.lot.on_hand for each in lots)
    return Stocked(
        good,
        price,
        pieces,
        pieces - sum(lot.on_hand for lot in fresh),
        min((lot.expiry for lot in fresh if lot.expiry), default=None),
        sum((Fen(each.lot.cost_fen) * each.lot.on_hand for each in lots), Fen(0)),
    )


def stock_report(desk: Desk, by: Signatures) -> Sheet:
    """What is on hand of every good, at cost and in points, to look at and to print."""
    held = [each for each in stocked(desk) if each.pieces]
    table_rows = tuple(
        (
            each.good.name,
            Count(each.pieces),
            Money(each.cost),
            Score(each.price.points * each.pieces) if each.price else Label("no-price"),
            Day(each.expiry) if each.expiry else "",
        )
        for each in held
    )
    total = (
        Label("total"),
        Count(sum(each.pieces for each in held)),
        Money(sum((each.cost for each in held), Fen(0))),
        Score(sum((each.price.points * each.pieces for each in held if each.price), Points(0))),
        "",
    )
    return paper.report(
        desk, by, "stock", tables=(Table(("good", "pieces", "cost", "points", "expiry"), table_rows, total),)
    )


def near_report(desk: Desk, by: Signatures) -> Sheet:
    """The near-expiry list, to hang out beside the shelf."""
    table_rows = tuple(
        (
            each.name,
            Count(each.pieces),
            Day(each.expiry) if each.expiry else "",
            Label("expired") if each.expired else Count(each.days_left or 0),
        )
        for each in on_shelf(desk, desk.stock_policy.near_days)
    )
    return paper.report(desk, by, "near-expiry", tables=(Table(("good", "pieces", "expiry", "days-left"), table_rows),))


def write_off(desk: Desk, by: Signatures, what: OnShelf, pieces: int, reason: LossReason) -> Sheet:
    """Pieces of one lot out of the books, as what is thrown away.

    Above the desk's limit in points it takes two people, as taking back that much does. Raises `OutOfStock`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=RECEIVES)
        price = prices_now(tx.connection, desk.today()).get(what.good)
        worth = price.points * pieces if price else Points(0)
        check_signatures(tx.connection, by, two=worth > desk.void_limit, roles=RECEIVES)
        shelf = accounts.stock(what.owner, what.lot, tx.writer, what.place)
        on_hand = tx.books([(shelf, f"g:{what.good}")]).of(shelf, f"g:{what.good}")
        if pieces < 1:
            raise QuantityOutOfRange(most=on_hand)
        if pieces > on_hand:
            raise OutOfStock(item=what.name, on_hand=on_hand)
        load = [Amount(shelf, f"g:{what.good}", pieces)]
        written = tx.append(desk.now(), by, stock.write_off(reason, load, tx.writer))
        expiry = Day(what.expiry) if what.expiry else ""
        row = (what.name, Count(pieces), Money(what.cost * pieces), Score(worth), expiry)
        table = Table(("good", "pieces", "cost", "points", "expiry"), (row,))
        facts = (Fact("reason", Label(f"loss-{reason}")),)
        return paper.file(desk, tx, written, "write-off", facts, (table,), (), ("keeper", "witness"))


@dataclass(frozen=True, slots=True)
class Load:
    """Goods to be sent away: to another terminal's `device.epoch`, or on the road for this store where it is empty."""

    receiver: str = ""
    lines: tuple[PickedGood, ...] = ()
    """A good once."""

    def adding(self, good: str, pieces: int) -> "Load":
        """The load with so many more of a good."""
        before = {line.good: line.quantity for line in self.lines}
        lines = before | {good: before.get(good, 0) + pieces}
        return Load(self.receiver, tuple(PickedGood(*line) for line in lines.items()))

    def without(self, place: int) -> "Load":
        """The load without its line number `place`."""
        return Load(self.receiver, self.lines[:place] + self.lines[place + 1 :])


def ship(desk: Desk, by: Signatures, load: Load) -> Sheet:
    """Goods off the shelf and on their way, by first-expiring lots; the slip names each lot for the receiver.

    Raises `ReceiverUnknown`, `TicketEmpty`, `OutOfStock` (expired pieces do not travel).
    """
    if not load.lines:
        raise TicketEmpty()
    if len(load.lines) > MOST_GOODS:
        raise TooManyLines(most=MOST_GOODS)
    if load.receiver and not _WRITER.fullmatch(load.receiver):
        raise ReceiverUnknown(receiver=load.receiver)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=RECEIVES)
        picked = _picked(tx.connection, load, desk.today())
        amounts = [
            Amount(accounts.stock(lot.owner, lot.lot, tx.writer, lot.place), f"g:{lot.good}", pieces)
            for _, lot, pieces in picked
        ]
        slip = f"{tx.writer.replace('.', '-')}-{tx.head.seq + 1}"
        written = tx.append(desk.now(), by, stock.ship(slip, load.receiver or tx.writer, amounts))
        facts = (Fact("slip", slip), Fact("destination", load.receiver or Label("receiver-own")))
        table_rows = tuple(
            (
                name,
                Count(pieces),
                Money(Fen(lot.cost_fen)),
                owner_cell(lot.owner),
                Day(lot.expiry) if lot.expiry else "",
            )
            for name, lot, pieces in picked
        )
        table = Table(("good", "pieces", "cost-each", "owner", "expiry"), table_rows)
        return paper.file(desk, tx, written, "shipping", facts, (table,), (), ("sender", "carrier", "receiver"))


def _picked(connection: Connection, load: Load, on: date) -> list[tuple[str, Lot, int]]:
    """Name, lot and pieces of everything that is sent, first-expiring lots first."""
    lots = catalogue.lots(connection, [line.good for line in load.lines], on)
    names = {good.code: good.name for good in catalogue.all_goods(connection)}
    found = []
    for line in load.lines:
        if line.good not in names:
            raise GoodUnknown(text=line.good)
        held = lots.get(line.good, [])
        on_hand = sum(lot.on_hand for lot in held)
        if not 1 <= line.quantity <= on_hand:
            raise OutOfStock(item=names[line.good], on_hand=on_hand)
        found += [(names[line.good], lot, part) for lot, part in stock.taken_out(held, line.quantity)]
    return found
