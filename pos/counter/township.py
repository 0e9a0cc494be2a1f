"""What the township tells its stores becomes rows beside the journal: at once, or when the next day is opened.

Cards, households, recalls and awards hold at once. Goods, services, materials, prices, terms and policies wait, so that
a day is served by one set of rules; they are switched together when no day is open. A row that cannot be taken over is
noted and holds nothing up: the last good one stays in force.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import IntegrityError

from catalog.goods import Good, Service
from catalog.materials import Material
from catalog.prices import ByPiece, ByWeight, EveryPieces, GoodPrice, MaterialPrice, PriceBook, Terms
from pos.core import accounts, codec
from pos.core.acts import Act, ActCode
from pos.core.cards import Card
from pos.core.codec import CodecError
from pos.core.entries import Moment, Signatures
from pos.core.freezing import FreezeReason
from pos.core.households import Household, HouseholdState
from pos.core.local_time import local_date
from pos.core.refusals import DayNotOpen
from pos.core.transfers import Decision
from pos.counter import setup
from pos.storage import (
    award_batches,
    books,
    catalogue,
    erasure,
    freezes,
    policies,
    published,
    registry,
    rows,
    services,
    township_rows,
)
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.services import IssuedVoucher, VoucherState
from pos.wire import messages, reference
from pos.wire.feeds import ReferenceRow
from pos.wire.reference import (
    AwardsNotice,
    CardKey,
    HouseholdFacts,
    MaterialFacts,
    PolicyFacts,
    PricesFacts,
    Recall,
    Undone,
    VoucherFacts,
)

F = TypeVar("F")

MACHINE = Signatures("00")
"""Who signs what no person does."""

SWITCHED = (
    reference.GOOD, reference.SERVICE, reference.MATERIAL, reference.PRICES, reference.TERMS, reference.POLICY,
)  # fmt: skip
"""Kinds that wait for an opening, in the order in which they build on each other."""

KeepKey = Callable[[CardKey], bool]
"""Keeps a village's card key outside the database; says whether it could."""


def take(tx: Transaction, at: Moment, taken: Iterable[ReferenceRow], keep_key: KeepKey) -> None:
    """Take rows over, or have them wait."""
    for row in taken:
        if row.kind in SWITCHED:
            if row.value is not None:
                township_rows.wait(tx.connection, row.kind, row.code, row.value)
            continue
        _try(tx, row.kind, row.code, partial(_at_once, tx, at, row, keep_key))


def switch(tx: Transaction, at: Moment) -> None:
    """Let everything that waited hold from now on, unless a day is open."""
    try:
        books.day(tx.connection)
    except DayNotOpen:
        for kind in SWITCHED:
            for code, value in township_rows.waiting(tx.connection, kind):
                _try(tx, kind, code, partial(_switch, tx, at, kind, value))
                township_rows.stop_waiting(tx.connection, kind, code)


def _try(tx: Transaction, kind: str, code: str, do: Callable[[], object]) -> None:
    """Do all of it or nothing; a fault is noted."""
    try:
        with tx.connection.begin_nested():
            do()
    except (CodecError, ValueError, LookupError, IntegrityError) as error:
        tx.look_again()
        township_rows.note_fault(tx.connection, kind, code, f"{type(error).__name__} {error}")
    else:
        township_rows.clear_fault(tx.connection, kind, code)


def _facts(kind: type[F], value: str) -> F:
    return messages.loads(kind, value.encode())


def _at_once(tx: Transaction, at: Moment, row: ReferenceRow, keep_key: KeepKey) -> None:
    connection = tx.connection
    if row.value is None:
        _gone(tx, at, row)
        return
    match row.kind:
        case reference.CARD:
            if not township_rows.put_card(connection, _facts(Card, row.value)):
                township_rows.wait(connection, row.kind, row.code, row.value)
        case reference.HOUSEHOLD:
            _household(connection, _facts(HouseholdFacts, row.value))
        case reference.CARD_KEY:
            if not keep_key(_facts(CardKey, row.value)):
                raise ValueError("no card key, or one too many")
        case reference.RECALL:
            _recall(tx, at, row.code, _facts(Recall, row.value))
        case reference.UNDONE:
            undone = _facts(Undone, row.value)
            township_rows.put_undone(connection, undone.paper, undone.line)
        case reference.VOUCHER:
            _voucher(tx, at, _facts(VoucherFacts, row.value))
        case reference.AWARDS:
            notice = _facts(AwardsNotice, row.value)
            points = {line.household: line.points for line in notice.lines}
            award_batches.notify(connection, notice.batch, notice.title, points)
        case _:
            raise ValueError("kind")


def _gone(tx: Transaction, at: Moment, row: ReferenceRow) -> None:
    """A thing is no more: a household's name is erased, a recall lifted; of the rest there is nothing to undo."""
    match row.kind:
        case reference.HOUSEHOLD:
            if (held := registry.household(tx.connection, row.code)) is not None:
                closed = replace(held, state=HouseholdState.CLOSED)
                erasure.forget_household(tx.connection, closed, registry.members(tx.connection, held.number))
        case reference.RECALL:
            seq = township_rows.recall(tx.connection, row.code)
            commodity = f"g:{row.code.partition('/')[0]}"
            township_rows.lift_recall(tx.connection, row.code)
            if seq is not None and (commodity, seq) in {(item, of) for item, of, _ in freezes.frozen(tx.connection)}:
                freezes.release(tx.connection, commodity)
                tx.append(at, MACHINE, Decision(Act(ActCode.RELEASED, commodity, seq), ()))
        case reference.CARD:
            township_rows.stop_waiting(tx.connection, row.kind, row.code)
        case _:
            pass


def _household(connection: Connection, facts: HouseholdFacts) -> None:
    household = Household(
        facts.number, facts.head, facts.group, facts.persons, facts.state, facts.home, bool(facts.quiet)
    )
    rows.save(connection, t.households, [registry.household_row(household)])
    for code, value in township_rows.waiting(connection, reference.CARD):
        card = _facts(Card, value)
        if card.household == facts.number and township_rows.put_card(connection, card):
            township_rows.stop_waiting(connection, reference.CARD, code)


def _voucher(tx: Transaction, at: Moment, facts: VoucherFacts) -> None:
    """Serve a voucher that was handed over: where the books hold it, and it is not known yet."""
    held = (accounts.voucher(facts.number, tx.writer), f"v:{facts.service}")
    if services.voucher(tx.connection, facts.number) is not None or not tx.books([held]).of(*held):
        return
    act = Act(ActCode.REFERENCE, str(t.vouchers.name), digest=rows.digest([codec.plain(facts)]))
    seq = tx.append(at, MACHINE, Decision(act, ())).entry.seq
    provider = services.services(tx.connection, [facts.service])[facts.service].provider
    issued = local_date(facts.issued, tx.installation.identity.utc_offset_minutes)
    of = (facts.number, seq, facts.household, facts.service, provider, facts.points, issued, facts.until, facts.slot)
    services.keep(tx.connection, [IssuedVoucher(*of, VoucherState.ISSUED, None)])


def _recall(tx: Transaction, at: Moment, code: str, recall: Recall) -> None:
    """Freeze the good: a clerk releases it here once the batch is off the shelf, or the township lifts the recall."""
    commodity = f"g:{recall.good}"
    if township_rows.recall(tx.connection, code) is not None or commodity in freezes.names(tx.connection):
        return
    reason = FreezeReason.EXPIRED if recall.reason == "expired" else FreezeReason.QUALITY
    written = tx.append(at, MACHINE, Decision(Act(ActCode.FROZEN, commodity, reason=reason.value), ()))
    freezes.freeze(tx.connection, commodity, written.entry.seq)
    township_rows.put_recall(tx.connection, code, written.entry.seq)


def _switch(tx: Transaction, at: Moment, kind: str, value: str) -> None:
    connection = tx.connection
    match kind:
        case reference.GOOD:
            _good(connection, _facts(Good, value))
        case reference.SERVICE:
            _service(connection, _facts(Service, value))
        case reference.MATERIAL:
            _material(connection, _facts(MaterialFacts, value))
        case reference.PRICES:
            if (version := _prices(connection, _facts(PricesFacts, value))) is not None:
                _announce(tx, at, published.BOOK, published.book(connection, version))
        case reference.TERMS:
            terms = _facts(Terms, value)
            if _agree(connection, terms):
                digest = published.terms(connection, terms.effective.isoformat())
                _announce(tx, at, published.TERMS, digest)
        case reference.POLICY:
            facts = _facts(PolicyFacts, value)
            if not _decided(connection, facts):
                version = policies.publish(connection, facts.effective, facts.policy)
                _announce(tx, at, published.POLICY, published.policy(connection, version))


def _announce(tx: Transaction, at: Moment, subject: str, digest: str) -> None:
    tx.append(at, MACHINE, Decision(Act(ActCode.REFERENCE, subject, digest=digest), ()))


def _good(connection: Connection, good: Good) -> None:
    rows.save(connection, t.goods, [setup.good_row(good)])
    c = t.barcodes.c
    connection.execute(delete(t.barcodes).where(c.good == good.code, c.barcode.not_in(good.barcodes)))
    rows.save(connection, t.barcodes, [{"barcode": code, "good": good.code} for code in good.barcodes])


def _service(connection: Connection, service: Service) -> None:
    if service.provider not in services.providers(connection):
        giver = {"code": service.provider, "name": service.provider, "telephone": ""}
        rows.save(connection, t.providers, [giver])
    rows.save(connection, t.services, [services.service_row(service)])


def _material(connection: Connection, facts: MaterialFacts) -> None:
    known = (facts.code, facts.name, facts.scale, facts.minimum, bool(facts.hazardous), facts.note, bool(facts.metal))
    material = Material(*known, facts.daily_limit, facts.tolerance, bool(facts.paused), facts.campaign)
    rows.save(connection, t.materials, [setup.material_row(material, facts.position)])


def _prices(connection: Connection, facts: PricesFacts) -> int | None:
    """Publish a price book, under the next free number where this store has used its own; `None` when it is here."""
    there = catalogue.book_dates(connection)
    book = PriceBook(
        facts.version if facts.version not in there else max(there) + 1,
        facts.effective,
        {each.good: GoodPrice(each.points, each.shelf) for each in facts.goods},
        {each.material: _material_price(each.per, each.amount) for each in facts.materials},
        {each.service: each.points for each in facts.services},
    )
    for version, effective in there.items():
        if effective == book.effective:
            known = catalogue.book(connection, version)
            if (known.goods, known.materials, known.services) == (book.goods, book.materials, book.services):
                return None
    catalogue.publish(connection, book)
    return book.version


def _material_price(per: str, amount: int) -> MaterialPrice:
    match per:
        case "kg":
            return ByWeight(amount)
        case "piece":
            return ByPiece(amount)
        case "every":
            return EveryPieces(amount)
        case _:
            raise ValueError(f"priced per {per}")


def _agree(connection: Connection, terms: Terms) -> bool:
    """Agree on terms; whether they are new. Raises `ValueError` when others hold from the same date."""
    effective = terms.effective.isoformat()
    there = connection.execute(select(t.terms).where(t.terms.c.effective == effective)).one_or_none()
    if there is None:
        catalogue.agree(connection, terms)
    elif (there.fen_per_point, there.step) != (terms.fen_per_point, terms.step.amount):
        raise ValueError("other terms hold from this date")
    return there is None


def _decided(connection: Connection, facts: PolicyFacts) -> bool:
    """Whether the same policy is here already, from the same date."""
    body, c = codec.dumps(codec.plain(facts.policy)), t.policies.c
    query = select(c.version).where(c.effective == facts.effective.isoformat(), c.body == body)
    return connection.execute(query).first() is not None
