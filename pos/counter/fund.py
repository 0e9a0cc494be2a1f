"""运营资金: income and expense by source under voucher numbers, money between fund and drawer, the drawer counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.units import Fen
from pos.core import accounts
from pos.core import fund as rules_of
from pos.core.accounts import CASH, Account
from pos.core.acts import Act, ActCode
from pos.core.day import Day
from pos.core.entries import Signatures
from pos.core.fund import CashReason, Source, Use
from pos.core.people import SERVES
from pos.core.refusals import ReasonMissing
from pos.core.sheets import Fact, Label, Money, Sheet
from pos.core.transfers import Decision
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, buyers, fund
from pos.storage.books import Transaction, Written
from pos.storage.rows import digest

KEEPS_FUND = SERVES
"""Who may move money; expenses and what a source is bound to take two people."""

COUNT_REASONS = ("change-given", "forgotten", "unknown")
"""Why the drawer is short or over, as the journal keeps it."""

_GIVEN = (Source.DONATION, Source.ENTERPRISE, Source.VILLAGE, Source.FISCAL)


@dataclass(frozen=True, slots=True)
class Purse:
    """What there is now: by source, in the drawer, and what a bound source may be spent on."""

    fund: Mapping[Source, Fen]
    drawer: Fen
    uses: Mapping[Source, tuple[str, ...]]

    @property
    def total(self) -> Fen:
        """The whole fund, the drawer aside."""
        return sum(self.fund.values(), Fen(0))


def purse(desk: Desk) -> Purse:
    """How the money stands."""
    writer = desk.store.identity.writer
    sources = {source: accounts.fund(source, writer) for source in Source}
    drawer = accounts.drawer(writer)
    with desk.store.read() as connection:
        held = books.peek(connection, writer, [(account, CASH) for account in (drawer, *sources.values())])
        uses = fund.uses(connection)
    return Purse(
        {source: Fen(held.of(account, CASH)) for source, account in sources.items()}, Fen(held.of(drawer, CASH)), uses
    )


def income(desk: Desk, by: Signatures, source: Source, amount: Fen, giver: str, note: str = "") -> Sheet:
    """Money that was given to the fund; its slip filed to be signed. What is sold comes in with its sale."""
    if source not in _GIVEN:
        raise ValueError("recyclables are income with their sale")
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=KEEPS_FUND)
        day = books.day(tx.connection)
        given = Account("world", "donor", tx.writer)
        if amount <= Fen(0):
            raise rules_of.NothingMoved()
        moved = _Money(CashReason.GIFT, given, accounts.fund(source, tx.writer), amount)
        return _filed(desk, by, tx, day, moved, "s", giver, note, (Fact("source", Label(f"source-{source}")),))


def spend(desk: Desk, by: Signatures, source: Source, use: Use, amount: Fen, payee: str, note: str = "") -> Sheet:
    """Money of the fund paid out, by two people; its slip filed to be signed.

    Raises `MoneyShort`, and `UseRestricted` where the source is bound to other uses.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=KEEPS_FUND)
        day = books.day(tx.connection)
        paid_from = check(tx, source, amount, use)
        moved = _Money(CashReason.SPENT, paid_from, Account("world", "supplier", tx.writer), amount, use)
        said = (Fact("source", Label(f"source-{source}")), Fact("use", Label(f"use-{use}")))
        return _filed(desk, by, tx, day, moved, "f", payee, note, said)


def into_drawer(desk: Desk, by: Signatures, source: Source, amount: Fen) -> Written:
    """Money of the fund into the drawer: change, and what weigh-ins are paid with in cash."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=KEEPS_FUND)
        books.day(tx.connection)
        paid_from = check(tx, source, amount, Use.WEIGH)
        return _put(desk, by, tx, CashReason.FLOAT, paid_from, accounts.drawer(tx.writer), amount)


def into_fund(desk: Desk, by: Signatures, source: Source, amount: Fen) -> Written:
    """Money out of the drawer back into the fund."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=KEEPS_FUND)
        books.day(tx.connection)
        drawer = accounts.drawer(tx.writer)
        rules_of.check_spending(drawer, amount, tx.books([(drawer, CASH)]), None, ())
        return _put(desk, by, tx, CashReason.BANKED, drawer, accounts.fund(source, tx.writer), amount)


def count_drawer(desk: Desk, by: Signatures, counted: Fen, reason: str = "") -> Fen:
    """The drawer as it was counted, and how much it is over; below zero when short. A difference needs a reason."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=KEEPS_FUND)
        books.day(tx.connection)
        drawer = accounts.drawer(tx.writer)
        held = tx.books([(drawer, CASH)])
        difference = counted - Fen(held.of(drawer, CASH))
        if difference and not reason:
            raise ReasonMissing()
        now = desk.now()
        written = tx.append(now, by, rules_of.count_drawer(counted, held, tx.writer))
        if difference:
            act = Act(ActCode.OVERRIDE, "drawer", written.entry.seq, reason=reason)
            tx.append(now, by, Decision(act, ()))
        return difference


def bind(desk: Desk, by: Signatures, source: Source, allowed: tuple[Use, ...]) -> None:
    """Bind a source to these uses, or to none in particular; two people."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=KEEPS_FUND)
        fund.bind(tx.connection, source, allowed)
        known = digest([source.value, [use.value for use in allowed]])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "fund_uses", digest=known), ()))


def check(tx: Transaction, source: Source, amount: Fen, use: Use) -> Account:
    """The source's account, when it holds as much and may be spent so. Raises as `spend` does."""
    account = accounts.fund(source, tx.writer)
    allowed = fund.uses(tx.connection).get(source, ())
    rules_of.check_spending(account, amount, tx.books([(account, CASH)]), use, allowed)
    return account


@dataclass(frozen=True, slots=True)
class _Money:
    reason: CashReason
    source: Account
    destination: Account
    amount: Fen
    use: str = ""


def _put(
    desk: Desk, by: Signatures, tx: Transaction, reason: CashReason, source: Account, destination: Account, amount: Fen
) -> Written:
    written = tx.append(desk.now(), by, rules_of.move_cash(reason, source, destination, amount))
    paper.open_drawer(desk, tx, written)
    return written


def _filed(
    desk: Desk,
    by: Signatures,
    tx: Transaction,
    day: Day,
    money: _Money,
    side: str,
    party: str,
    note: str,
    said: tuple[Fact, ...],
) -> Sheet:
    voucher = fund.next_voucher(tx.connection, side, day.business_date.year)
    hashed, salt = buyers.hashed(party, note)
    decision = rules_of.move_cash(
        money.reason, money.source, money.destination, money.amount, money.use, voucher, hashed
    )
    written = tx.append(desk.now(), by, decision)
    fund.take_voucher(tx.connection, voucher, written.entry.seq)
    if hashed:
        buyers.remember(tx.connection, written.entry.seq, party, note, salt)
    texts = (("giver" if side == "s" else "payee", party), ("memo", note))
    facts = (
        Fact("voucher", voucher),
        *said,
        *(Fact(label, text) for label, text in texts if text),
        Fact("amount", Money(money.amount)),
    )
    signed = ("giver", "keeper") if side == "s" else ("payee", "keeper", "clerk")
    return paper.file(desk, tx, written, "fund-income" if side == "s" else "fund-expense", facts, signatures=signed)
