"""兑换: put a redemption ticket into the books."""

from sqlalchemy import Connection

from catalog.prices import PriceBook, Terms
from catalog.units import Points
from pos.core import accounts
from pos.core import redemption as rules_of
from pos.core.accounts import POINTS
from pos.core.acts import Act, ActCode
from pos.core.day import Day
from pos.core.entries import Signatures
from pos.core.receipts import Receipt, local_date
from pos.core.redemption import Draft, Redeem, Rules
from pos.core.transfers import Decision
from pos.counter import slips
from pos.counter.desk import Desk, check_signatures, serve
from pos.storage import books, catalogue, jobs, registry


def redeem(desk: Desk, by: Signatures, draft: Draft) -> Receipt:
    """Goods out, points and cash in, receipt queued; cash also opens the drawer, as an act and a job of its own.

    Handing out what the books do not have (`overridden`) takes two people.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=bool(draft.overridden))
        household = serve(tx.connection, draft.household, draft.card)
        now = desk.now()
        rules = load_rules(tx.connection, books.day(tx.connection), desk, draft, now.wall)
        held = tx.books(rules_of.needs(draft, tx.writer))
        before = Points(held.of(accounts.points(household.number, tx.writer), POINTS))
        decision = rules_of.decide(draft, rules, held, tx.writer)
        written = tx.append(now, by, decision)
        registry.take(tx.connection, household.number, month(desk, now.wall), pieces(decision.body))
        receipt = Receipt(
            slips.slip(desk, written, household, before, tx.books(())),
            slips.redeem_facts(decision.body, rules.goods),
        )
        jobs.queue(tx.connection, written.entry.seq, 0, receipt, desk.language, by.operator, now.wall)
        if decision.body.cash:
            opened = tx.append(now, by, Decision(Act(ActCode.DRAWER, ref=written.entry.seq), ()))
            jobs.queue(tx.connection, opened.entry.seq, 0, None, desk.language, by.operator, now.wall)
    return receipt


def quote(desk: Desk, draft: Draft) -> Redeem:
    """What the ticket comes to now, for the screen; nothing is written. Raises `Refused` as `redeem` would."""
    with desk.store.read() as connection:
        rules = load_rules(connection, books.day(connection), desk, draft, desk.now().wall)
        writer = desk.store.identity.writer
        held = books.peek(connection, writer, rules_of.needs(draft, writer))
        return rules_of.quote(draft, rules, held, writer)


def load_rules(connection: Connection, day: Day, desk: Desk, draft: Draft, wall: int) -> Rules:
    """What this ticket is judged by on an open day: only the goods on it are read."""
    codes = [line.good for line in draft.lines]
    goods, prices = catalogue.goods(connection, codes, day.book)
    limited = [code for code, good in goods.items() if good.monthly_limit is not None]
    return Rules(
        goods,
        PriceBook(day.book, day.business_date, prices, {}),
        Terms(day.terms, day.fen_per_point, day.step),
        catalogue.lots(connection, codes, day.business_date),
        registry.taken(connection, draft.household, limited, month(desk, wall)) if limited else {},
    )


def month(desk: Desk, wall: int) -> str:
    """The calendar month that limits count in: of the entry's own local date."""
    return local_date(wall, desk.store.identity.utc_offset_minutes).isoformat()[:7]


def pieces(body: Redeem) -> dict[str, int]:
    """Pieces of each good on a ticket: all are counted, so that a limit set later knows what was taken before it."""
    return {line.good: line.quantity for line in body.lines}
