"""兑换: put a redemption ticket into the books."""

from dataclasses import replace

from sqlalchemy import Connection

from catalog.prices import PriceBook, Terms
from catalog.units import Points
from pos.core import accounts
from pos.core import redemption as rules_of
from pos.core.accounts import POINTS
from pos.core.acts import Act, ActCode
from pos.core.day import Day
from pos.core.entries import Moment, Signatures
from pos.core.local_time import local_date, local_time
from pos.core.receipts import Receipt
from pos.core.redeem_refusals import HouseholdPinNeeded
from pos.core.redemption import Draft, Redeem, Rules
from pos.core.refusals import ApprovalNeeded
from pos.core.store_policy import Outside, StorePolicy
from pos.core.transfers import Decision
from pos.counter import allowances, freezing, household_pins, overrides, slips, vouchers
from pos.counter.allowances import Customer
from pos.counter.desk import Desk, check_signatures, serve
from pos.storage import (
    award_batches,
    books,
    catalogue,
    jobs,
    policies,
    predecessor,
    registry,
    services,
    sync_state,
)
from pos.storage.books import Transaction
from pos.storage.rows import digest


def redeem(desk: Desk, by: Signatures, draft: Draft, pin: str = "") -> Receipt:
    """Goods out, vouchers issued, points and cash in, receipt queued; cash also opens the drawer, as an act of its own.

    Handing out what the books do not have (`overridden`) takes two people; so do tickets outside the opening hours and
    above the village's limit, where it decided so, unless the household's `pin` confirms the latter.
    """
    if pin:
        household_pins.check(desk, draft.household, pin)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=bool(draft.overridden))
        household = serve(tx.connection, draft.household, draft.card)
        now = desk.now()
        day = books.day(tx.connection)
        ticket = vouchers.numbered(tx.connection, draft)
        rules = load_rules(tx.connection, day, desk, ticket, now.wall)
        held = tx.books(rules_of.needs(ticket, tx.writer))
        before = Points(held.of(accounts.points(household.number, tx.writer), POINTS))
        decision = _confirmed(rules_of.decide(ticket, rules, held, tx.writer), pin)
        _check_agreed(desk, tx, by, decision.body, rules.policy, now)
        found = overrides.found(tx, decision, ticket, rules, day.business_date)
        written = tx.append(now, by, decision)
        registry.take(tx.connection, household.number, month(desk, now.wall), pieces(decision.body))
        providers = vouchers.issue(tx, written.entry.seq, decision.body, rules)
        members = registry.members(tx.connection, household.number) if ticket.member else ()
        news = award_batches.tell(tx.connection, household.number)
        receipt = Receipt(
            slips.slip(desk, written, household, before, tx.books(()), news),
            slips.redeem_facts(decision.body, rules, members, ticket.given, providers),
        )
        jobs.queue(tx.connection, written.entry.seq, 0, receipt, desk.language, by.operator, now.wall)
        overrides.record(desk, tx, by, written, ticket, found)
        if decision.body.cash:
            opened = tx.append(now, by, Decision(Act(ActCode.DRAWER, ref=written.entry.seq), ()))
            jobs.queue(tx.connection, opened.entry.seq, 0, None, desk.language, by.operator, now.wall)
    return receipt


def cancel(desk: Desk, by: Signatures, draft: Draft) -> None:
    """A ticket given up before it was confirmed: nothing moves, and the journal remembers that there was one."""
    lines = [[line.good, line.quantity] for line in draft.lines] + [[line.service, 1] for line in draft.services]
    act = Act(ActCode.CANCELLED, draft.household, digest=digest(lines))
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        tx.append(desk.now(), by, Decision(act, ()))


def quote(desk: Desk, draft: Draft) -> Redeem:
    """What the ticket comes to now, for the screen; nothing is written. Raises `Refused` as `redeem` would."""
    with desk.store.read() as connection:
        rules = load_rules(connection, books.day(connection), desk, draft, desk.now().wall)
        writer = desk.store.identity.writer
        held = books.peek(connection, writer, rules_of.needs(draft, writer))
        return rules_of.quote(draft, rules, held, writer)


def load_rules(connection: Connection, day: Day, desk: Desk, draft: Draft, wall: int) -> Rules:
    """What this ticket is judged by on an open day: only the goods and services on it are read. `RejoinNeeded`."""
    predecessor.check_rejoined(connection)
    sync_state.check_serving(connection, wall)
    codes = [line.good for line in draft.lines]
    freezing.check(connection, (f"g:{code}" for code in codes))
    goods, prices = catalogue.goods(connection, codes, day.book)
    limited = [code for code, good in goods.items() if good.monthly_limit is not None]
    version, policy = policies.in_force(connection, day.business_date)
    whose = Customer(desk, draft.household, day, wall)
    offered = services.services(connection, [each.service for each in draft.services]) if draft.services else {}
    return Rules(
        goods,
        PriceBook(
            day.book,
            day.business_date,
            prices,
            {},
            catalogue.service_prices(connection, day.book) if offered else {},
        ),
        Terms(day.terms, day.fen_per_point, day.step),
        catalogue.lots(connection, codes, day.business_date),
        registry.taken(connection, draft.household, limited, month(desk, wall)) if limited else {},
        allowances.discount(connection, whose, policy),
        offered,
        policy,
        version,
        day.business_date,
        allowances.lately(connection, whose, codes, policy),
        services.booked(connection, draft.services),
        allowances.offline(whose, policy),
    )


def month(desk: Desk, wall: int) -> str:
    """The calendar month that limits count in: of the entry's own local date."""
    return local_date(wall, desk.store.identity.utc_offset_minutes).isoformat()[:7]


def pieces(body: Redeem) -> dict[str, int]:
    """Pieces of each good on a ticket: all are counted, so that a limit set later knows what was taken before it."""
    return {line.good: line.quantity for line in body.lines}


def _confirmed(decision: Decision[Redeem], pin: str) -> Decision[Redeem]:
    return Decision(replace(decision.body, pin=1), decision.transfers) if pin else decision


def _check_agreed(desk: Desk, tx: Transaction, by: Signatures, body: Redeem, policy: StorePolicy, now: Moment) -> None:
    """Raises `ApprovalNeeded` or `HouseholdPinNeeded` where somebody else has to agree to this ticket."""
    if policy.outside is Outside.APPROVE and policy.hours:
        at = local_time(now.wall, desk.store.identity.utc_offset_minutes)
        check_signatures(tx.connection, by, two=not policy.open_at(at))
    above = policy.confirm_above
    if above is None or body.price <= above or body.pin or by.approver:
        return
    if household_pins.has_pin(tx.connection, body.household):
        raise HouseholdPinNeeded(points=above)
    raise ApprovalNeeded()
