"""What a keeper does at a simulated terminal: the rules' own decisions, in the store's own transactions.

The counter's use cases around them need an open day and the village's lists. What those look up in the journal before
something is taken back is looked up here as well. Whatever the rules forbid raises `Refused`.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any, TypeVar

import pytest

from catalog.goods import Lot
from catalog.units import Points
from pos.core import accounts, entries, redemption, reversal, rights, stock, take_back, vouchers, weigh_in
from pos.core.accounts import POINTS
from pos.core.acts import Act, ActCode
from pos.core.entries import Entry, Signatures
from pos.core.local_time import local_date
from pos.core.redemption import PickedService, Redeem, ServiceLine, Shortfall
from pos.core.refusals import AlreadyReversed
from pos.core.reversal import AlreadyReturned, ReversalReason, Reverse
from pos.core.rights import Ask, Confirm
from pos.core.stock import Origin, Receive, ReceivedLine
from pos.core.take_back import BackLine, Condition, TakeBack
from pos.core.transfers import Amount, Decision, Key
from pos.core.weigh_in import Payout, Weigh
from pos.storage import books, registry
from pos.storage.books import Transaction
from tests.core.village import SERVICES, bag, basket, load, redeem_rules, weigh_rules
from tests.simulation.terminal import Terminal

BY = Signatures("02", "01")
RULES = weigh_rules()
SERVICE = "haircut"
B = TypeVar("B")
Counted = Callable[[Transaction], None]


def weigh(till: Terminal, points: int, household: str, payout: Payout) -> None:
    """Somebody brings cardboard for about so many points (1/100)."""
    draft = replace(bag(load("p01", max(points * 10, 1_000)), payout=payout), household=household)
    needs = weigh_in.needs(draft, RULES, till.writer)
    _write(till, lambda tx: weigh_in.decide(draft, RULES, tx.books(needs), till.writer))


def redeem(till: Terminal, goods: dict[str, int], household: str, *, service: bool) -> None:
    """Goods for points, the rest in cash; what the books do not have is found on the shelf."""

    def decide(tx: Transaction) -> Decision[Redeem]:
        voucher = PickedService(SERVICE, f"v{till.identity.epoch}-{tx.head.seq + 1}")
        draft = replace(basket(goods, Shortfall.CASH), household=household, overridden=tuple(goods))
        draft = replace(draft, services=(voucher,)) if service else draft
        held = tx.books(redemption.needs(draft, till.writer))
        return redemption.decide(draft, redeem_rules(lots=_lots(till)), held, till.writer)

    month = _month(till, till.now().wall)
    _write(till, decide, lambda tx: registry.take(tx.connection, household, month, goods))


def confirm(till: Terminal, chance: Random) -> None:
    """The clerk confirms points that wait."""
    past = {ref for _, body in _found(till, Confirm) for ref in body.refs}
    waiting = [(entry, body) for entry, body in _found(till, Weigh) if body.payout is Payout.PENDING]
    waiting = [(entry, body) for entry, body in waiting if entry.seq not in past]
    if waiting:
        entry, body = chance.choice(waiting)
        refs, of = (entry.seq,), _needs(body.household, till.writer)
        _write(till, lambda tx: rights.confirm(body.household, refs, body.points, tx.books(of), till.writer))


def reverse(till: Terminal, chance: Random) -> None:
    """A ticket is taken back; what was reversed before, the database refuses."""
    tickets: list[tuple[Entry, Weigh | Redeem]] = [*_found(till, Weigh), *_found(till, Redeem)]
    if not tickets:
        return
    original, body = chance.choice(tickets)
    needs = reversal.needs(body.household, original.transfers, till.writer)

    def decide(tx: Transaction) -> Decision[Reverse]:
        if earlier := books.take_backs(tx.connection, body.household, original.seq):
            raise AlreadyReturned(number=earlier[-1].seq)
        moves, why = original.transfers, ReversalReason.OTHER
        return reversal.decide(original.seq, body, moves, why, tx.books(needs), till.writer)

    def count(tx: Transaction) -> None:
        if isinstance(body, Redeem):
            pieces = {line.good: line.quantity for line in body.lines}
            registry.give_back(tx.connection, body.household, _month(till, original.at.wall), pieces)

    again = any(each.ref == original.seq for _, each in _found(till, Reverse))
    with pytest.raises(sqlite3.IntegrityError) if again else nullcontext():
        _write(till, decide, count)


def bring_back(till: Terminal, chance: Random) -> None:
    """A piece of what was handed out comes back, however often it is tried."""
    sales = [(entry, body) for entry, body in _found(till, Redeem) if body.lines]
    if not sales:
        return
    sale, body = chance.choice(sales)
    line = BackLine(chance.choice(body.lines).good, 1, chance.choice([*Condition]))

    def decide(tx: Transaction) -> Decision[TakeBack]:
        if reversed_by := books.reversal_of(tx.connection, sale.seq):
            raise AlreadyReversed(number=reversed_by)
        found = [entry.body for entry in books.take_backs(tx.connection, body.household, sale.seq)]
        earlier = [each for each in found if isinstance(each, TakeBack)]
        held = tx.books(_needs(body.household, till.writer))
        return take_back.decide(sale.seq, body, sale.transfers, (line,), earlier, held, till.writer)

    month = _month(till, sale.at.wall)
    _write(till, decide, lambda tx: registry.give_back(tx.connection, body.household, month, {line.good: 1}))


def end_voucher(till: Terminal, chance: Random, household: str) -> None:
    """A voucher is used, or given back for its points; one that an earlier epoch issued is used."""
    accounts_here = [(accounts.parse(name), n) for (name, _), n in till.balances().items()]
    held = sorted(a.subject for a, n in accounts_here if (a.kind, a.writer) == ("vch", till.writer) and n)
    if not held:
        return
    number = chance.choice(held)
    issued = [(body, line) for _, body in _found(till, Redeem) for line in body.services if line.voucher == number]
    if issued and chance.random() < 0.5:
        body, line = issued[0]
        of = _needs(body.household, till.writer)
        _write(till, lambda tx: vouchers.cancel(body.household, line, tx.books(of), till.writer))
    else:
        burnt = ServiceLine(SERVICE, number, Points(0), date.max)
        _write(till, lambda _: vouchers.use(household, burnt, SERVICES[SERVICE], till.writer))


def receive(till: Terminal, good: str, pieces: int, slip: str = "") -> None:
    """Goods come in: bought, or those that another store sent under this slip."""
    origin = Origin.SHIPPED if slip else Origin.PURCHASE
    body = Receive(origin, slip or "s1", None, "", (ReceivedLine(good, pieces, "village", None, 150),))
    _write(till, lambda tx: stock.receive(body, tx.head.seq + 1, till.writer))


def ship(till: Terminal, slip: str, to: str, chance: Random) -> Lot | None:
    """Some of a lot goes to the writer `to`; what was sent."""
    if not (lots := _lots(till)):
        return None
    lot = chance.choice(lots)
    sent = replace(lot, on_hand=chance.randint(1, lot.on_hand))
    shelf = accounts.stock(lot.owner, lot.lot, till.writer)
    _write(till, lambda _: stock.ship(slip, to, [Amount(shelf, f"g:{lot.good}", sent.on_hand)]))
    return sent


def ask(till: Terminal, points: int, household: str) -> None:
    """Points of a household are asked for."""
    _write(till, lambda _: Decision(Ask(household, Points(points)), ()))


def _write(till: Terminal, decide: Callable[[Transaction], Decision[Any]], count: Counted = lambda _: None) -> None:
    """Write an entry and what is counted with it; a clock that went back is confirmed by a second person first."""
    with till.store.write() as tx:
        now = till.now()
        if now.wall < tx.head.wall:
            tx.append(now, BY, Decision(Act(ActCode.CLOCK), ()))
        written = tx.append(now, BY, decide(tx))
        count(tx)
    till.print(written)


def _found(till: Terminal, kind: type[B]) -> list[tuple[Entry, B]]:
    """The journal's entries with a body of this kind."""
    sql = "SELECT bytes FROM journal WHERE kind = ? ORDER BY seq"
    with till.store.read() as connection:
        lines = connection.exec_driver_sql(sql, (kind.KIND,)).scalars()  # type: ignore[attr-defined]
        found = [entries.decode(line) for line in lines]
    return [(entry, entry.body) for entry in found if isinstance(entry.body, kind)]


def _lots(till: Terminal) -> list[Lot]:
    """What is on the shelf, in the order of its accounts."""
    found = []
    for (name, what), n in sorted(till.balances().items()):
        account = accounts.parse(name)
        if (account.kind, account.writer) == ("stock", till.writer) and n:
            place, owner, lot = account.subject.split("/")
            found.append(Lot(place, owner, lot, what[2:], None, 0, n))
    return found


def _needs(household: str, by: str) -> Iterable[Key]:
    kinds = (accounts.pending, accounts.points, accounts.debt)
    return [(kind(household, by), POINTS) for kind in kinds]


def _month(till: Terminal, wall: int) -> str:
    return local_date(wall, till.identity.utc_offset_minutes).isoformat()[:7]
