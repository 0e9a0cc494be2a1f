"""台账: books that are printed, signed page by page and filed: stock, goods received, counts, each day's work."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from itertools import groupby

from sqlalchemy import Connection

from catalog.units import Fen, Points
from pos.core import closing as rules_of
from pos.core.closing import Pool
from pos.core.entries import Signatures
from pos.core.local_time import local_time
from pos.core.sheets import Cell, Count, Day, Fact, Label, Money, Score, Sheet, Table
from pos.core.stock import Adjust, Receive, WriteOff
from pos.core.transfers import Transfer
from pos.counter import paper
from pos.counter.desk import Desk
from pos.counter.recyclables import figure
from pos.reports import figures
from pos.storage import books, catalogue, day_figures, deliveries, periods, registry

Rows = tuple[tuple[Cell, ...], ...]


class Register(StrEnum):
    """Which book."""

    STOCK = "stock-book"
    RECEIVING = "receiving-book"
    STOCKTAKE = "stocktake-book"
    DAILY = "day-register"


_COLUMNS = {
    Register.STOCK: ("good", "date", "came", "went", "left"),
    Register.RECEIVING: ("good", "date", "entry", "came-from", "pieces", "cost", "expiry"),
    Register.STOCKTAKE: ("item", "date", "entry", "difference", "reason", "by-whom"),
    Register.DAILY: ("household", "time-of-day", "entry", "what", "points", "collected-by"),
}


def register(desk: Desk, by: Signatures, which: Register, first: date, last: date) -> Sheet:
    """One book of business dates `first` to `last`, to be signed on each page."""
    with desk.store.read() as connection:
        match which:
            case Register.STOCK:
                rows = tuple(_stock(desk, connection, first, last))
            case Register.RECEIVING:
                rows = tuple(_received(desk, connection, figures.entries(desk, connection, first, last)))
            case Register.STOCKTAKE:
                rows = tuple(_corrected(desk, connection, figures.entries(desk, connection, first, last)))
            case Register.DAILY:
                rows = tuple(_served(desk, connection, figures.entries(desk, connection, first, last)))
    facts = (Fact("first-day", Day(first)), Fact("last-day", Day(last)))
    made = paper.report(desk, by, which, facts, (Table(_COLUMNS[which], rows),))
    return replace(made, signatures=("keeper", "clerk", "supervisor"))


def _stock(desk: Desk, connection: Connection, first: date, last: date) -> Iterator[tuple[Cell, ...]]:
    """Each good's days on which something moved, and what was left after each: the card of that good."""
    writer = desk.store.identity.writer
    names = {good.code: good.name for good in catalogue.all_goods(connection)}
    _, opening = day_figures.close(connection, day_figures.next_after(connection, first) - 1)
    moves = sorted(figures.goods_moved(desk, connection, first, last), key=lambda each: (each[1].commodity, each[0]))
    for commodity, of_good in groupby(moves, key=lambda each: each[1].commodity):
        code = commodity.partition(":")[2]
        left = opening.get((Pool.STOCK, commodity), 0)
        for day, moved in groupby(of_good, key=lambda each: each[0]):
            came, went = _both(moved, writer)
            left += came - went
            yield names.get(code, code), Day(day), Count(came), Count(went), Count(left)


def _both(moved: Iterable[tuple[date, Transfer]], writer: str) -> tuple[int, int]:
    flows = rules_of.flows((move for _, move in moved), Pool.STOCK, writer)
    return sum(flow.came for flow in flows), sum(flow.went for flow in flows)


def _received(desk: Desk, connection: Connection, span: range) -> Iterator[tuple[Cell, ...]]:
    names = {good.code: good.name for good in catalogue.all_goods(connection)}
    suppliers = deliveries.suppliers(connection)
    for seq in periods.of_kinds(connection, span, (Receive.KIND,)):
        entry, came = books.read_entry(connection, seq), deliveries.came_from(connection, seq)
        assert isinstance(entry.body, Receive)
        supplier = suppliers.get(came.supplier)
        # Who gave something is on no list without having agreed; the origin says enough.
        party: Cell = supplier.name if supplier is not None else Label(f"origin-{entry.body.origin}")
        for line in entry.body.lines:
            yield (
                names.get(line.good, line.good),
                _day(desk, entry.at.wall),
                f"#{seq}",
                party,
                Count(line.quantity),
                Money(Fen(line.cost_fen) * line.quantity),
                Day(line.expiry) if line.expiry else "",
            )


def _corrected(desk: Desk, connection: Connection, span: range) -> Iterator[tuple[Cell, ...]]:
    """What counts put right, and what was written off."""
    goods = {good.code: good.name for good in catalogue.all_goods(connection)}
    materials, writer = catalogue.materials(connection), desk.store.identity.writer
    for seq in periods.of_kinds(connection, span, (Adjust.KIND, WriteOff.KIND)):
        entry = books.read_entry(connection, seq)
        for place, move in enumerate(entry.transfers):
            code = move.commodity.partition(":")[2]
            material = materials.get(code)
            inside = rules_of.pool_of(move.destination, writer) in (Pool.STOCK, Pool.BIN)
            amount = move.quantity if inside else -move.quantity
            yield (
                material.name if material else goods.get(code, code),
                _day(desk, entry.at.wall),
                f"#{seq}",
                figure(material, amount) if material else Count(amount),
                _reason(entry.body, place),
                entry.by.operator + (f"/{entry.by.approver}" if entry.by.approver else ""),
            )


def _reason(body: object, place: int) -> Cell:
    match body:
        case Adjust(reasons=reasons) if place < len(reasons):
            return Label(f"variance-{reasons[place]}")
        case WriteOff(reason=reason):
            return Label(f"loss-{reason}")
        case _:
            return ""


def _served(desk: Desk, connection: Connection, span: range) -> Iterator[tuple[Cell, ...]]:
    offset = desk.store.identity.utc_offset_minutes
    for each in periods.served(connection, span):
        found = registry.household(connection, each.household)
        name = f"{each.household[-4:]} {found.masked if found else ''}".rstrip()
        time = local_time(each.wall, offset)[5:16]
        yield name, time, f"#{each.seq}", Label(f"kind-{each.kind}"), Score(Points(each.points)), ""


def _day(desk: Desk, wall: int) -> Day:
    return Day(date.fromisoformat(local_time(wall, desk.store.identity.utc_offset_minutes)[:10]))
