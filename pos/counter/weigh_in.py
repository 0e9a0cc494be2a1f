"""称重回收: put a weigh-in ticket into the books."""

from sqlalchemy import Connection

from catalog.prices import PriceBook, Terms
from catalog.units import Points
from pos.core import accounts
from pos.core import weigh_in as rules_of
from pos.core.accounts import POINTS
from pos.core.day import Day
from pos.core.entries import Signatures
from pos.core.receipts import Receipt
from pos.core.refusals import ReasonMissing
from pos.core.weigh_in import MANUAL, Draft, Rules, Weigh, WeighedDraft
from pos.counter import slips
from pos.counter.desk import Desk, check_signatures, serve
from pos.storage import books, catalogue, jobs


def weigh_in(desk: Desk, by: Signatures, draft: Draft) -> Receipt:
    """Materials in, points to the household, receipt queued. A typed weight needs a reason and an approver."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=draft.manual)
        _check_reasons(draft)
        household = serve(tx.connection, draft.household, draft.card)
        rules = load_rules(tx.connection, books.day(tx.connection), desk)
        held = tx.books(rules_of.needs(draft, rules, tx.writer))
        before = Points(held.of(accounts.points(household.number, tx.writer), POINTS))
        decision = rules_of.decide(draft, rules, held, tx.writer)
        written = tx.append(desk.now(), by, decision)
        after = tx.books(())
        names = {code: material.name for code, material in rules.materials.items()}
        receipt = Receipt(
            slips.slip(desk, written, household, before, after), slips.weigh_facts(decision.body, names, rules)
        )
        jobs.queue(tx.connection, written.entry.seq, 0, receipt, desk.language, by.operator, written.entry.at.wall)
    return receipt


def quote(desk: Desk, draft: Draft) -> Weigh:
    """What the ticket comes to now, for the screen; nothing is written. Raises `Refused` as `weigh_in` would."""
    with desk.store.read() as connection:
        rules = load_rules(connection, books.day(connection), desk)
        writer = desk.store.identity.writer
        held = books.peek(connection, writer, rules_of.needs(draft, rules, writer))
        return rules_of.quote(draft, rules, held, writer)


def load_rules(connection: Connection, day: Day, desk: Desk) -> Rules:
    """What weigh-ins are judged by on an open day."""
    book = PriceBook(
        day.book,
        catalogue.book_dates(connection)[day.book],
        {},
        catalogue.material_prices(connection, day.book),
    )
    return Rules(catalogue.materials(connection), desk.scales, book, Terms(day.terms, day.fen_per_point, day.step))


def _check_reasons(draft: Draft) -> None:
    for line in draft.lines:
        if isinstance(line, WeighedDraft) and line.evidence.criterion == MANUAL and not line.evidence.reason:
            raise ReasonMissing()
