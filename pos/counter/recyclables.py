"""外卖, 交接: materials leave the store, sold to a dealer or, when they are hazardous, handed to a licensed collector.

The store weighs first. Money goes into drawer or fund under a voucher number; the slip is signed by both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.materials import Material, ScaleClass
from catalog.units import Fen, Grams
from pos.core import accounts, bins, selling
from pos.core.bins import Basis, PaidInto, SaleLine
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.refusals import ReasonMissing
from pos.core.scales import Standing
from pos.core.selling import Draft
from pos.core.sheets import Cell, Count, Fact, Label, Mass, Money, Share, Sheet, Table
from pos.core.transfers import Books
from pos.core.weigh_in import MANUAL
from pos.counter import buyers, paper
from pos.counter.desk import Desk, check_signatures
from pos.counter.scales import load_standings
from pos.counter.setup import Tare
from pos.storage import books, catalogue, fund
from pos.storage import buyers as rows
from pos.storage.books import Transaction

SELLS = SERVES
"""Who may sell materials and hand them over."""

PRICE_REASONS = ("market-fell", "poor-quality", "small-load", "other")
LOSS_REASONS = ("moisture", "dirt", "dealer-scale", "other")
"""Why less was paid, and why less arrived, as the journal keeps it."""


@dataclass(frozen=True, slots=True)
class Yard:
    """What a sale is filled in by: materials, what the books say is in each bin, contract prices, tares and scales."""

    materials: Mapping[str, Material]
    held: Books
    writer: str
    contracts: Mapping[str, int]
    """Fen per kilogram or piece that the buyer's contract says today."""
    tares: tuple[Tare, ...]
    scales: Mapping[str, Standing]

    def book(self, material: str) -> int:
        """Grams or pieces in the bin by the books."""
        return self.held.of(accounts.bin_(self.writer), f"m:{material}")

    def lines(self, draft: Draft) -> tuple[SaleLine, ...]:
        """What the sale comes to."""
        return selling.lines(draft, self.materials, self.contracts)


def open_yard(desk: Desk, buyer: str = "") -> Yard:
    """The bins, as a sale to this buyer sees them; without prices for a hand-over. Raises `DayNotOpen`."""
    with desk.store.read() as connection:
        day = books.day(connection)
        materials = catalogue.materials(connection)
        writer = desk.store.identity.writer
        return Yard(
            materials,
            books.peek(connection, writer, _bins(materials, writer)),
            writer,
            rows.prices(connection, buyer, day.business_date) if buyer else {},
            tuple(Tare(*row) for row in catalogue.tares(connection)),
            load_standings(connection, desk, day.opened),
        )


def sell(desk: Desk, by: Signatures, draft: Draft) -> Sheet:
    """Materials to a dealer, money in, the slip filed. Raises `Refused`.

    Two people for a typed load, and for a loss beyond the tolerance, which also needs a reason.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=SELLS)
        day = books.day(tx.connection)
        buyer = buyers.find(tx.connection, draft.buyer, buyers.DEALER)
        materials = catalogue.materials(tx.connection)
        held = tx.books(_bins(materials, tx.writer))
        contracts = rows.prices(tx.connection, buyer.code, day.business_date)
        loads = selling.check_loads(draft, materials, load_standings(tx.connection, desk, day.opened))
        if any(load.evidence.criterion == MANUAL and not load.evidence.reason for load in draft.loads):
            raise ReasonMissing()
        lines = selling.lines(draft, materials, contracts)
        over = bins.check_sale(lines, materials, held, tx.writer)
        check_signatures(tx.connection, by, two=over or draft.manual, roles=SELLS)
        shares = {line.material: line.loss_share(_book(held, line.material, tx.writer)) for line in lines}
        plate = draft.plate or buyer.plate
        voucher = fund.next_voucher(tx.connection, "s", day.business_date.year)
        taker, salt = rows.hashed(buyer.name, plate)
        written = tx.append(desk.now(), by, bins.sell(taker, lines, draft.paid_into, held, tx.writer, voucher, loads))
        fund.take_voucher(tx.connection, voucher, written.entry.seq)
        rows.remember(tx.connection, written.entry.seq, buyer.name, plate, salt)
        if draft.paid_into is PaidInto.DRAWER:
            paper.open_drawer(desk, tx, written)
        amount = sum((line.amount for line in lines), Fen(0))
        facts = (
            *_taker(buyer.name, plate, buyer.licence),
            Fact("voucher", voucher),
            Fact("paid-into", Label(f"into-{draft.paid_into}")),
            Fact("amount", Money(amount)),
        )
        tables = (_sold(lines, materials, shares), _weighed(loads, materials))
        return paper.file(desk, tx, written, "material-sale", facts, tables, _notes(lines), ("dealer", "keeper"))


def hand_over(desk: Desk, by: Signatures, collector: str, load: Mapping[str, int], plate: str = "") -> Sheet:
    """Hazards (grams or pieces by material) to a licensed collector, without income. Raises `Refused`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=SELLS)
        books.day(tx.connection)
        found = buyers.find(tx.connection, collector, buyers.COLLECTOR)
        materials = catalogue.materials(tx.connection)
        bins.check_hazards(load, materials)
        held = tx.books(_bins(load, tx.writer))
        plate = plate or found.plate
        taker, salt = rows.hashed(found.name, plate)
        written = tx.append(desk.now(), by, bins.hand_over(taker, load.items(), held, tx.writer))
        rows.remember(tx.connection, written.entry.seq, found.name, plate, salt)
        left = _left(tx, load)
        table = Table(
            ("material", "handed", "left"),
            tuple(
                (materials[code].name, figure(materials[code], n), figure(materials[code], left[code]))
                for code, n in load.items()
            ),
        )
        facts = _taker(found.name, plate, found.licence)
        return paper.file(
            desk, tx, written, "hazard-slip", facts, (table,), ("note-no-income",), ("collector", "keeper")
        )


def figure(material: Material, quantity: int) -> Cell:
    """So much of a material as a sheet says it: kilograms, or pieces."""
    return Count(quantity) if material.scale is ScaleClass.COUNT else Mass(Grams(quantity))


def _bins(materials: Mapping[str, object], writer: str) -> list[tuple[accounts.Account, str]]:
    return [(accounts.bin_(writer), f"m:{code}") for code in materials]


def _book(held: Books, material: str, writer: str) -> int:
    return held.of(accounts.bin_(writer), f"m:{material}")


def _left(tx: Transaction, load: Mapping[str, int]) -> dict[str, int]:
    held = tx.books(_bins(load, tx.writer))
    return {code: _book(held, code, tx.writer) for code in load}


def _taker(name: str, plate: str, licence: str) -> tuple[Fact, ...]:
    said = (("buyer", name), ("plate", plate), ("licence", licence))
    return tuple(Fact(label, text) for label, text in said if text)


def _sold(lines: tuple[SaleLine, ...], materials: Mapping[str, Material], shares: Mapping[str, int]) -> Table:
    table_rows = tuple(
        (
            materials[line.material].name,
            figure(materials[line.material], line.own),
            figure(materials[line.material], line.dealer),
            Share(shares[line.material]),
            Money(Fen(line.unit_fen)),
            Money(line.amount),
        )
        for line in lines
    )
    return Table(("material", "own-figure", "dealer-figure", "loss-share", "unit-price", "amount"), table_rows)


def _weighed(loads: tuple[bins.Load, ...], materials: Mapping[str, Material]) -> Table:
    table_rows = tuple(
        (
            materials[load.material].name,
            Mass(load.gross),
            Mass(load.tare),
            Mass(load.net),
            load.evidence.scale or Label("typed-weight"),
        )
        for load in loads
    )
    return Table(("material", "gross", "tare", "net", "scale"), table_rows, title="own-loads")


def _notes(lines: tuple[SaleLine, ...]) -> tuple[str, ...]:
    """What whoever reads the slip should look at twice."""
    said = {
        "note-dealer-slip": any(line.basis is Basis.SLIP for line in lines),
        "note-under-contract": any(line.price_reason for line in lines),
        "note-loss": any(line.loss_reason for line in lines),
    }
    return tuple(code for code, holds in said.items() if holds)
