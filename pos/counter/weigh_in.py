"""称重回收: put a weigh-in ticket into the books."""

from sqlalchemy import Connection

from catalog.prices import PriceBook, Terms
from catalog.units import Fen, Points
from pos.core import accounts, codec
from pos.core import weigh_in as rules_of
from pos.core.accounts import CASH, POINTS
from pos.core.acts import Act, ActCode
from pos.core.cards import Card, CardRead, CardState, ReadAs
from pos.core.day import Day
from pos.core.entries import Signatures
from pos.core.fund import check_spending
from pos.core.households import NOBODY, Household
from pos.core.receipts import Receipt
from pos.core.refusals import ReasonMissing
from pos.core.transfers import Decision
from pos.core.weigh_in import MANUAL, Draft, Payout, Rules, Weigh, WeighedDraft
from pos.counter import freezing, paper, slips
from pos.counter.campaigns import left
from pos.counter.cards import HouseholdView
from pos.counter.desk import Desk, check_signatures, serve
from pos.counter.scales import load_standings
from pos.storage import award_batches, books, campaigns, catalogue, jobs, sync_state
from pos.storage.books import Transaction, Written
from pos.storage.rows import digest


def weigh_in(desk: Desk, by: Signatures, draft: Draft) -> Receipt:
    """Materials in, points to the household, receipt queued; cash where the village pays so, nothing for a gift.

    A typed weight and a material beyond the daily limit need a reason and an approver.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=draft.manual or bool(draft.overridden))
        _check_reasons(draft)
        sync_state.check_halted(tx.connection)
        household = _bringer(tx.connection, draft)
        rules = _rules(tx.connection, desk, draft)
        held = tx.books(rules_of.needs(draft, rules, tx.writer))
        before = Points(held.of(accounts.points(household.number, tx.writer), POINTS))
        decision = rules_of.decide(draft, rules, held, tx.writer)
        _check_drawer(tx, decision.body)
        written = tx.append(desk.now(), by, decision)
        after = tx.books(())
        names = {code: material.name for code, material in rules.materials.items()}
        receipt = Receipt(
            slips.slip(desk, written, household, before, after, award_batches.tell(tx.connection, household.number)),
            slips.weigh_facts(decision.body, names, rules),
        )
        jobs.queue(tx.connection, written.entry.seq, 0, receipt, desk.language, by.operator, written.entry.at.wall)
        _follow(desk, tx, draft, decision.body, written)
    return receipt


def cancel(desk: Desk, by: Signatures, draft: Draft) -> None:
    """Lines taken off an open ticket, or given up with it: nothing moves, and the journal remembers that they were."""
    act = Act(ActCode.CANCELLED, draft.household, digest=digest(codec.plain(draft.lines)), reason=Weigh.KIND)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        tx.append(desk.now(), by, Decision(act, ()))


def quote(desk: Desk, draft: Draft) -> Weigh:
    """What the ticket comes to now, for the screen; nothing is written. Raises `Refused` as `weigh_in` would."""
    with desk.store.read() as connection:
        rules = _rules(connection, desk, draft)
        writer = desk.store.identity.writer
        held = books.peek(connection, writer, rules_of.needs(draft, rules, writer))
        return rules_of.quote(draft, rules, held, writer)


def nobodys_view() -> HouseholdView:
    """What a screen shows of whom a gift to the village comes from: nobody, without a card."""
    card, read = Card("", "", 0, CardState.ACTIVE), CardRead("", ReadAs.NUMBER)
    return HouseholdView(NOBODY, card, read, Points(0), Points(0), Points(0), Fen(0), (), ())


def load_rules(connection: Connection, day: Day, desk: Desk, household: str) -> Rules:
    """What a household's weigh-ins are judged by on an open day."""
    book = PriceBook(
        day.book,
        catalogue.book_dates(connection)[day.book],
        {},
        catalogue.material_prices(connection, day.book),
    )
    terms = Terms(day.terms, day.fen_per_point, day.step)
    materials = catalogue.materials(connection)
    paying = {material.campaign for material in materials.values() if material.campaign}
    limited = any(material.daily_limit is not None for material in materials.values())
    writer = desk.store.identity.writer
    return Rules(
        materials,
        load_standings(connection, desk, day.opened),
        book,
        terms,
        desk.weighing,
        campaigns.brought(connection, household, day.opened, writer) if limited else {},
        left(connection, desk, household, paying),
    )


def _rules(connection: Connection, desk: Desk, draft: Draft) -> Rules:
    """What this ticket is judged by. Raises `DayNotOpen`, or `ItemFrozen` for a material that is not taken in."""
    freezing.check(connection, (f"m:{line.material}" for line in draft.lines))
    return load_rules(connection, books.day(connection), desk, draft.household)


def _bringer(connection: Connection, draft: Draft) -> Household:
    """Whose ticket it is; nobody's when it is a gift without a card."""
    if draft.payout is Payout.DONATED and not draft.household:
        return NOBODY
    return serve(connection, draft.household, draft.card)


def _check_drawer(tx: Transaction, body: Weigh) -> None:
    if body.payout is Payout.CASH and body.amount:
        drawer = accounts.drawer(tx.writer)
        check_spending(drawer, body.amount, tx.books([(drawer, CASH)]), None, ())


def _follow(desk: Desk, tx: Transaction, draft: Draft, body: Weigh, written: Written) -> None:
    """What a weigh-in leaves behind: points that wait, cash handed out, a limit that two people let pass."""
    seq, at, by = written.entry.seq, written.entry.at, written.entry.by
    if body.payout is Payout.PENDING and body.points:
        campaigns.wait(tx.connection, seq, body.household, body.points)
    if body.payout is Payout.CASH and body.amount:
        paper.open_drawer(desk, tx, written)
    for material in draft.overridden:
        tx.append(at, by, Decision(Act(ActCode.OVERRIDE, material, seq, reason=draft.override_reason), ()))


def _check_reasons(draft: Draft) -> None:
    if draft.overridden and not draft.override_reason:
        raise ReasonMissing()
    for line in draft.lines:
        if isinstance(line, WeighedDraft) and line.evidence.criterion == MANUAL and not line.evidence.reason:
            raise ReasonMissing()
