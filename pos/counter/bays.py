"""粗盘: what lies in the bays of recyclables, roughly: bags times what one weighs, or weighed out.

A count stands in the journal as it is made, blind; the books follow it when somebody else says so, and why. A rough
figure that is not worth it is left alone.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from catalog.materials import Material, ScaleClass
from catalog.units import Grams
from pos.core import accounts, stock
from pos.core.entries import Entry, Signatures
from pos.core.local_time import local_date
from pos.core.people import SERVES
from pos.core.refusals import EntryUnknown, MaterialUnknown, QuantityOutOfRange
from pos.core.sheets import Cell, Day, Fact, Label, Mass, Share, Sheet, Table
from pos.core.sheets import Count as Pieces
from pos.core.stock import Change, Count, CountLine, VarianceReason
from pos.core.stock_refusals import AlreadyAdjusted, CountAgain, CounterApproves
from pos.core.transfers import Decision
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue, shelves

COUNTS = SERVES
"""Who may count; whoever did may not approve."""

MOST = 100_000_000
"""Grams, or pieces, of the fullest bay."""


@dataclass(frozen=True, slots=True)
class Found:
    """The newest count of a bay: its entry, its day, and whether the books have followed it."""

    seq: int
    day: date
    book: int
    counted: int
    approved: bool

    @property
    def difference(self) -> int:
        """Grams or pieces more than the books said, below zero for less."""
        return self.counted - self.book


@dataclass(frozen=True, slots=True)
class Bay:
    """A material's bay, and its newest count where there is one."""

    material: Material
    found: Found | None

    @property
    def weighed(self) -> bool:
        """Whether its figures are grams; pieces otherwise."""
        return self.material.scale is not ScaleClass.COUNT


def bays(desk: Desk) -> list[Bay]:
    """Every material's bay, in the order of the list."""
    with desk.store.read() as connection:
        known, newest = catalogue.materials(connection), _newest(desk, connection)
    return [Bay(material, newest.get(code)) for code, material in known.items()]


def count(desk: Desk, by: Signatures, material: str, amount: int) -> Found:
    """So much lies there: grams, or pieces of what is counted. Raises `MaterialUnknown` or `QuantityOutOfRange`."""
    if not 0 <= amount <= MOST:
        raise QuantityOutOfRange(most=MOST)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=COUNTS)
        if material not in catalogue.materials(tx.connection):
            raise MaterialUnknown(material=material)
        bin_, commodity = accounts.bin_(tx.writer), f"m:{material}"
        book = tx.books([(bin_, commodity)]).of(bin_, commodity)
        line = CountLine(str(bin_), commodity, tx.head.seq, book, amount)
        written = tx.append(desk.now(), by, Decision(Count((line,)), ()))
        return _found(desk, written.entry, line, approved=False)


def approve(desk: Desk, by: Signatures, seq: int, reason: VarianceReason) -> Sheet:
    """The books follow count `seq`, which somebody else made; its paper filed to be signed.

    Raises `EntryUnknown`, `CounterApproves`, `AlreadyAdjusted`, or `CountAgain` when too much has left since.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=COUNTS)
        entry = books.read_entry(tx.connection, seq)
        line = _bay_line(entry)
        if line is None:
            raise EntryUnknown(number=seq)
        if entry.by.operator == by.approver:
            raise CounterApproves()
        known = catalogue.materials(tx.connection)[line.commodity.partition(":")[2]]
        if later := shelves.adjusted_since(tx.connection, seq, (seq,)):
            raise AlreadyAdjusted(number=later)
        left = line.counted - line.book - shelves.corrected_since(tx.connection, line.commodity, line.at, tx.writer)
        bin_ = accounts.bin_(tx.writer)
        if tx.books([(bin_, line.commodity)]).of(bin_, line.commodity) + left < 0:
            raise CountAgain(item=known.name)
        change = Change(bin_, line.commodity, left, reason)
        written = tx.append(desk.now(), by, stock.adjust((seq,), [change], tx.writer))
        found = _found(desk, entry, line, approved=True)
        facts = (Fact("counted-by", entry.by.operator), Fact("day", Day(found.day)))
        table = _table(Bay(known, found), found, reason)
        return paper.file(desk, tx, written, "bay-count", facts, (table,), (), ("counter", "clerk", "supervisor"))


def _newest(desk: Desk, connection: Connection) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for seq in shelves.counts(connection):
        entry = books.read_entry(connection, seq)
        line = _bay_line(entry)
        code = line.commodity.partition(":")[2] if line else ""
        if line is not None and code not in found:
            followed = shelves.adjusted_since(connection, seq, (seq,)) is not None
            found[code] = _found(desk, entry, line, approved=followed)
    return found


def _bay_line(entry: Entry) -> CountLine | None:
    """The line of a bay's count; None for any other entry."""
    lines = entry.body.lines if isinstance(entry.body, Count) else ()
    return next((line for line in lines if line.commodity.startswith("m:")), None)


def _found(desk: Desk, entry: Entry, line: CountLine, *, approved: bool) -> Found:
    day = local_date(entry.at.wall, desk.store.identity.utc_offset_minutes)
    return Found(entry.seq, day, line.book, line.counted, approved)


def _table(bay: Bay, found: Found, reason: VarianceReason) -> Table:
    def cell(amount: int) -> Cell:
        return Mass(Grams(amount)) if bay.weighed else Pieces(amount)

    share: Cell = Share(found.difference * 10_000 // found.book) if found.book else ""
    row = (
        bay.material.name,
        cell(found.book),
        cell(found.counted),
        cell(found.difference),
        share,
        Label(f"variance-{reason}"),
    )
    return Table(("material", "book", "counted", "difference", "share", "reason"), (row,))
