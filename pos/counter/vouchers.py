"""服务券: issued by a redemption, then used once at the counter, cancelled before use, or expired.

The journal burns a voucher (its account holds one, and never less than none); its row says where it is in its life.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from catalog.goods import Service
from catalog.units import Points
from pos.core import accounts, cards
from pos.core import vouchers as rules_of
from pos.core.accounts import POINTS
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.redeem_refusals import (
    VoucherCancelled,
    VoucherEarly,
    VoucherExpired,
    VoucherUnknown,
    VoucherUsed,
)
from pos.core.redemption import Draft, Redeem, Rules, ServiceLine
from pos.core.refusals import DayNotOpen
from pos.core.store_policy import Lapse
from pos.core.transfers import Books, Decision
from pos.core.vouchers import Voucher
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, keys, policies, registry, services
from pos.storage.books import Transaction
from pos.storage.services import IssuedVoucher, VoucherState

TAKES_VOUCHERS = SERVES
"""Who may use, cancel and expire vouchers."""

_LISTED = 100


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher as the counter shows it."""

    voucher: IssuedVoucher
    service: Service
    provider: str
    """The provider's name."""
    household: str
    """The serial that people say, and the head's name masked."""
    points: Points
    """What was paid for it."""


def numbered(connection: Connection, draft: Draft) -> Draft:
    """The ticket with a number for each voucher, which nothing else has that is scanned here."""
    if not draft.services:
        return draft
    numbers: set[str] = set()
    while len(numbers) < len(draft.services):
        ten = keys.new_voucher()
        number = f"{ten}{cards.check_digits(ten)}"
        if not services.number_taken(connection, number):
            numbers.add(number)
    picked = tuple(replace(each, voucher=number) for each, number in zip(draft.services, sorted(numbers), strict=True))
    return replace(draft, services=picked)


def issue(tx: Transaction, seq: int, body: Redeem, rules: Rules) -> Mapping[str, str]:
    """Write the vouchers of redemption `seq`; the names of their providers by code."""
    if not body.services:
        return {}
    issued = (
        IssuedVoucher(
            line.voucher,
            seq,
            body.household,
            line.service,
            rules.services[line.service].provider,
            line.points,
            rules.today,
            line.until,
            line.slot,
            VoucherState.ISSUED,
            None,
        )
        for line in body.services
    )
    services.keep(tx.connection, issued)
    return {code: provider.name for code, provider in services.providers(tx.connection).items()}


def look(desk: Desk, number: str) -> VoucherView:
    """The voucher with this number, whatever became of it. Raises `VoucherUnknown`."""
    with desk.store.read() as connection:
        return _view(connection, _known(connection, number))


def newest(desk: Desk) -> list[VoucherView]:
    """The vouchers issued last, newest first."""
    with desk.store.read() as connection:
        return [_view(connection, found) for found in services.newest(connection, _LISTED)]


def use(desk: Desk, by: Signatures, number: str) -> VoucherView:
    """The service was given, or somebody came to it: the voucher is burnt, its provider owed.

    Raises a `VoucherRefused`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=TAKES_VOUCHERS)
        today = books.day(tx.connection).business_date
        found = _open(tx.connection, number)
        if today > found.until:
            raise VoucherExpired(until=found.until)
        if found.slot is not None and today < found.slot:
            raise VoucherEarly(day=found.slot)
        view = _view(tx.connection, found)
        decision = rules_of.use(found.household, _line(found), view.service, tx.writer)
        return _end(desk, by, tx, view, decision, VoucherState.USED)


def cancel(desk: Desk, by: Signatures, number: str) -> VoucherView:
    """Not used: its points come back. Raises a `VoucherRefused`; after its last day it can only expire."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=TAKES_VOUCHERS)
        found = _open(tx.connection, number)
        if books.day(tx.connection).business_date > found.until:
            raise VoucherExpired(until=found.until)
        held = _held(tx, found.household)
        decision = rules_of.cancel(found.household, _line(found), held, tx.writer)
        return _end(desk, by, tx, _view(tx.connection, found), decision, VoucherState.CANCELLED)


def overdue(desk: Desk) -> list[VoucherView]:
    """Vouchers whose last day is over and that nobody has taken off the books."""
    with desk.store.read() as connection:
        try:
            today = books.day(connection).business_date
        except DayNotOpen:
            return []
        return [_view(connection, found) for found in services.overdue(connection, today)]


def expire_overdue(desk: Desk, by: Signatures) -> list[VoucherView]:
    """Take every overdue voucher off the books, its points lost or given back as the village decided."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=TAKES_VOUCHERS)
        return expire(desk, by, tx, books.day(tx.connection).business_date)


def expire(desk: Desk, by: Signatures, tx: Transaction, today: date) -> list[VoucherView]:
    """The same inside a transaction, as the day close does it."""
    ended = []
    _, policy = policies.in_force(tx.connection, today)
    for found in services.overdue(tx.connection, today):
        line = _line(found)
        if policy.lapse is Lapse.RETURNED:
            decision = rules_of.lapse(found.household, line, _held(tx, found.household), tx.writer)
        else:
            decision = rules_of.expire(found.household, line, tx.writer)
        ended.append(_end(desk, by, tx, _view(tx.connection, found), decision, VoucherState.EXPIRED))
    return ended


def check_unused(connection: Connection, seq: int) -> None:
    """Raises a `VoucherRefused` when a voucher that redemption `seq` issued was burnt: it cannot be taken back."""
    for found in services.of_entry(connection, seq):
        _open(connection, found.number)


def withdraw(connection: Connection, seq: int, reversal: int) -> None:
    """Reversal number `reversal` took redemption `seq` back, and its vouchers with it."""
    for found in services.of_entry(connection, seq):
        services.end(connection, found.number, VoucherState.CANCELLED, reversal)


def _end(
    desk: Desk, by: Signatures, tx: Transaction, view: VoucherView, decision: Decision[Voucher], state: VoucherState
) -> VoucherView:
    written = tx.append(desk.now(), by, decision)
    services.end(tx.connection, view.voucher.number, state, written.entry.seq)
    return replace(view, voucher=replace(view.voucher, state=state, ended=written.entry.seq))


def _known(connection: Connection, number: str) -> IssuedVoucher:
    found = services.voucher(connection, number)
    if found is None:
        raise VoucherUnknown()
    return found


def _open(connection: Connection, number: str) -> IssuedVoucher:
    found = _known(connection, number)
    match found.state:
        case VoucherState.ISSUED:
            return found
        case VoucherState.USED:
            raise VoucherUsed(seq=found.ended)
        case VoucherState.CANCELLED:
            raise VoucherCancelled()
        case VoucherState.EXPIRED:
            raise VoucherExpired(until=found.until)


def _held(tx: Transaction, household: str) -> Books:
    return tx.books([(accounts.points(household, tx.writer), POINTS), (accounts.debt(household, tx.writer), POINTS)])


def _line(found: IssuedVoucher) -> ServiceLine:
    return ServiceLine(found.service, found.number, found.points, found.until, found.slot)


def _view(connection: Connection, found: IssuedVoucher) -> VoucherView:
    service = services.services(connection, [found.service])[found.service]
    provider = services.providers(connection)[found.provider].name
    household = registry.household(connection, found.household)
    who = f"{household.short} {household.masked}" if household else found.household[-4:]
    return VoucherView(found, service, provider, who, found.points)
