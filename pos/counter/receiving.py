"""入库: a receiving note into the books: lots onto the shelf, the supplier's due, and the note filed to be signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from catalog.goods import Good, Lot
from catalog.prices import GoodPrice
from catalog.units import Fen
from pos.core import accounts, receiving, stock
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.fund import Source, Use, check_use
from pos.core.people import SERVES
from pos.core.receiving import Draft, Line, Rules
from pos.core.refusals import AlreadyReversed, NotReversible, PriceMissing
from pos.core.reversal import ReversalReason
from pos.core.sheets import Count, Day, Fact, Label, Money, Sheet, Table
from pos.core.stock import Origin, Receive
from pos.core.stock_refusals import MoreThanSent, SlipMissing, SlipUsed
from pos.core.transfers import Decision, touched
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue, deliveries, fund, jobs, keys, rows, shelves
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.deliveries import Supplier
from pos.storage.rows import digest

RECEIVES = SERVES
"""Who may take goods in and send them out."""

_SIGNED_BY = ("receiver", "checker")


@dataclass(frozen=True, slots=True)
class Stockroom:
    """What a receiving note is filled in by: goods, prices and suppliers as they are now."""

    rules: Rules
    suppliers: Mapping[str, Supplier]

    @property
    def goods(self) -> Mapping[str, Good]:
        """Every good by code."""
        return self.rules.goods


def open_stockroom(desk: Desk) -> Stockroom:
    """Goods, prices and suppliers for an open note."""
    with desk.store.read() as connection:
        return _stockroom(connection, desk.today())


def receive(desk: Desk, by: Signatures, draft: Draft) -> Sheet:
    """Goods onto the shelf, each line a lot; the receiving note is filed to be signed. Raises `Refused`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=RECEIVES)
        room = _stockroom(tx.connection, desk.today())
        lots = receiving.received(draft, room.rules)
        _check_paper(tx, draft)
        seq, salt = tx.head.seq + 1, keys.new_salt()
        body = Receive(
            draft.origin,
            draft.slip,
            draft.supplier or None,
            deliveries.giver_hash(draft.giver, salt),
            tuple(lot for _, lot in lots),
            _funding(tx.connection, draft),
        )
        written = tx.append(desk.now(), by, stock.receive(body, seq, tx.writer))
        for place, (line, lot) in enumerate(lots, 1):
            name = stock.lot_name(seq, place, tx.writer)
            shelved = Lot(accounts.PLACE, lot.owner, name, lot.good, lot.expiry, lot.cost_fen, lot.quantity)
            shelves.shelve(tx.connection, tx.writer, shelved, line.produced, line.batch)
        deliveries.keep(tx.connection, seq, draft.origin.value, draft.supplier, draft.slip, draft.giver, salt)
        facts, table = _facts(draft, room), _table(desk, draft, room)
        return paper.file(desk, tx, written, "receiving", facts, (table,), _notes(draft, room), _SIGNED_BY)


def send_back(desk: Desk, by: Signatures, seq: int, reason: ReversalReason) -> Sheet:
    """Receiving note `seq` taken back whole, by two people: sent back to who brought it, or booked wrongly.

    Raises `NotReversible`, `AlreadyReversed`, or `LotTouched` once anything of it has left.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=RECEIVES)
        original = books.read_entry(tx.connection, seq)
        if not isinstance(original.body, Receive):
            raise NotReversible()
        if earlier := books.reversal_of(tx.connection, seq):
            raise AlreadyReversed(number=earlier)
        names = {good.code: good.name for good in catalogue.all_goods(tx.connection)}
        held = tx.books(touched(original.transfers))
        decision = receiving.send_back(seq, original.transfers, reason, held, names)
        written = tx.append(desk.now(), by, decision)
        note = jobs.of_entry(tx.connection, seq)[0].paper
        assert isinstance(note, Sheet)
        facts = (Fact("taken-back", note.number), Fact("reason", Label(f"back-{reason}")), *note.facts)
        return paper.file(desk, tx, written, "sent-back", facts, note.tables, (), _SIGNED_BY)


def come_back(desk: Desk, slip: str) -> tuple[Line, ...]:
    """What is still on the road under a slip of this store's own, lot by lot, to be taken in again.

    Raises `SlipMissing` when nothing was sent under it for this store itself.
    """
    with desk.store.read() as connection:
        left = shelves.on_the_way(connection, slip, desk.store.identity.writer)
        if left is None or not any(pieces > 0 for pieces in left.values()):
            raise SlipMissing()
        sent = books.read_entry(connection, int(slip.rpartition("-")[2]))
        known = {(each.good, each.owner, each.lot): each for each in shelves.rows_of(connection, left)}
    found: list[Line] = []
    for move in sent.transfers:
        good = move.commodity.partition(":")[2]
        _, owner, name = move.source.subject.split("/")
        lot = known[good, owner, name]
        pieces = min(move.quantity, left.get(good, 0))
        left[good] = left.get(good, 0) - pieces
        if pieces:
            found.append(Line(good, pieces, 1, Fen(lot.cost_fen), lot.expiry, owner=owner))
    return tuple(found)


def save_supplier(desk: Desk, by: Signatures, supplier: Supplier) -> None:
    """Put a supplier on the list, or change what the list says of one."""
    row = {"code": supplier.code, "name": supplier.name, "telephone": supplier.telephone}
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=RECEIVES)
        rows.save(tx.connection, t.suppliers, [row])
        known = digest([row, keys.new_salt()])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "suppliers", digest=known), ()))


def suppliers(desk: Desk) -> list[Supplier]:
    """Every supplier, by code."""
    with desk.store.read() as connection:
        return list(deliveries.suppliers(connection).values())


def prices_now(connection: Connection, on: date) -> dict[str, GoodPrice]:
    """What goods cost by the book in force on a date; nothing before the first book."""
    try:
        return catalogue.good_prices(connection, catalogue.book_in_force(connection, on))
    except PriceMissing:
        return {}


def owner_cell(owner: str) -> Label | str:
    """Whose goods, as a sheet says it: a word, or the keeper's code."""
    return owner if owner.startswith("k-") else Label(f"owner-{owner}")


def _stockroom(connection: Connection, on: date) -> Stockroom:
    goods = {good.code: good for good in catalogue.all_goods(connection)}
    known = deliveries.suppliers(connection)
    return Stockroom(Rules(goods, prices_now(connection, on), frozenset(known), on), known)


def _funding(connection: Connection, draft: Draft) -> str:
    """The source that is to pay for it. Raises `UseRestricted` for one that may not be spent on goods."""
    if not draft.funding or draft.origin is not Origin.PURCHASE:
        return ""
    source = Source(draft.funding)
    check_use(source, Use.GOODS, fund.uses(connection).get(source, ()))
    return source.value


def _check_paper(tx: Transaction, draft: Draft) -> None:
    """Nothing comes in twice: a paper's number once a party; from the road never more than was sent."""
    left = shelves.on_the_way(tx.connection, draft.slip, tx.writer) if draft.origin is Origin.SHIPPED else None
    if left is not None and any(pieces > 0 for pieces in left.values()):
        _check_road(tx, draft, left)
        return
    earlier = deliveries.with_slip(tx.connection, draft.origin.value, draft.supplier, draft.slip)
    if earlier is not None:
        raise SlipUsed(slip=draft.slip, number=earlier)


def _check_road(tx: Transaction, draft: Draft, left: dict[str, int]) -> None:
    names = {good.code: good.name for good in catalogue.all_goods(tx.connection)}
    for line in draft.lines:
        left[line.good] = left.get(line.good, 0) - line.pieces
        if left[line.good] < 0:
            raise MoreThanSent(item=names[line.good], sent=left[line.good] + line.pieces)


def _facts(draft: Draft, room: Stockroom) -> tuple[Fact, ...]:
    supplier = room.suppliers.get(draft.supplier)
    facts = [
        Fact("origin", Label(f"origin-{draft.origin}")),
        Fact("owner", owner_cell(draft.owner)),
        *([Fact("supplier", supplier.name)] if supplier else []),
        *([Fact("brought-by", draft.giver)] if draft.giver else []),
        *([Fact("slip", draft.slip)] if draft.slip else []),
        *([Fact("funding", Label(f"source-{draft.funding}"))] if draft.funding else []),
    ]
    return tuple(facts)


def _table(desk: Desk, draft: Draft, room: Stockroom) -> Table:
    near = desk.stock_policy.near_days
    table_rows = tuple(
        (
            room.goods[line.good].name,
            Count(line.pieces if line.noted is None else line.noted),
            Count(line.pieces),
            Money(receiving.cost(line, draft.origin, room.rules)),
            Day(line.expiry) if line.expiry else "",
            line.batch,
            Label("short-dated") if receiving.short_dated(line, room.rules.today, near) else "",
        )
        for line in draft.lines
    )
    pieces = sum(line.pieces for line in draft.lines)
    total = (Label("total"), "", Count(pieces), Money(receiving.check(draft, room.rules)), "", "", "")
    return Table(("good", "noted", "received", "cost", "expiry", "batch", "remark"), table_rows, total)


def _notes(draft: Draft, room: Stockroom) -> tuple[str, ...]:
    differs = any(line.noted is not None and line.noted != line.pieces for line in draft.lines)
    unpriced = any(line.good not in room.rules.prices for line in draft.lines)
    notes = {"note-differs": differs, "note-unpriced": unpriced, "note-labels": True}
    return tuple(code for code, said in notes.items() if said)
