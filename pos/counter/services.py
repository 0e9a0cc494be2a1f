"""服务: what can be redeemed beside goods, who gives it, what it costs, and the list that a provider is settled by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from catalog.goods import Service
from catalog.units import Fen, Points
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import ANYONE, SERVES
from pos.core.redeem_refusals import ProviderUnknown, ServiceUnknown
from pos.core.refusals import PriceMissing
from pos.core.sheets import Count, Day, Fact, Money, Sheet, Table
from pos.core.transfers import Decision
from pos.counter import paper, prices
from pos.counter.desk import Desk, check_signatures
from pos.counter.new_goods import initials
from pos.storage import catalogue, dues, rows, services
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.rows import digest
from pos.storage.services import IssuedVoucher, Provider

OFFERS = SERVES
"""Who may put services and providers on the list; two people, for both decide what is owed to whom."""

READS = ANYONE


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as the list shows it; without a price it cannot be redeemed yet."""

    service: Service
    provider: str
    points: Points | None


def offers(desk: Desk) -> list[Offer]:
    """Every service with the price of the book in force today, by code."""
    today = desk.today()
    with desk.store.read() as connection:
        try:
            priced = catalogue.service_prices(connection, catalogue.book_in_force(connection, today))
        except PriceMissing:
            priced = {}
        givers = services.providers(connection)
        return [
            Offer(each, givers[each.provider].name, priced.get(each.code))
            for each in services.services(connection).values()
        ]


def providers(desk: Desk) -> list[tuple[Provider, Fen]]:
    """Every provider with what it is owed now, by code."""
    with desk.store.read() as connection:
        due = dict(dues.balances(connection, desk.store.identity.writer))
        return [(each, Fen(due.get(each.code, 0))) for each in services.providers(connection).values()]


def save_provider(desk: Desk, by: Signatures, provider: Provider) -> None:
    """Put a provider on the list, or change what the list says of one; two people."""
    row = {"code": provider.code, "name": provider.name, "telephone": provider.telephone}
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=OFFERS)
        rows.save(tx.connection, t.providers, [row])
        _record(desk, by, tx, "providers", row)


def offer(desk: Desk, by: Signatures, service: Service, points: Points) -> None:
    """Put a service on the list at a price, or change it; two people. The price holds from the next opening.

    Raises `ProviderUnknown`.
    """
    service = replace(service, initials=service.initials or initials(service.name))
    row = services.service_row(service)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=OFFERS)
        if service.provider not in services.providers(tx.connection):
            raise ProviderUnknown(code=service.provider)
        rows.save(tx.connection, t.services, [row])
        _record(desk, by, tx, "services", row)
        for book in prices.books_from(tx.connection, desk.today()):
            prices.publish(desk, by, tx, replace(book, services={**book.services, service.code: points}))


def find(desk: Desk, code: str) -> Service:
    """The service with this code. Raises `ServiceUnknown`."""
    with desk.store.read() as connection:
        found = services.services(connection, [code])
    if code not in found:
        raise ServiceUnknown(text=code)
    return found[code]


def settlement_list(desk: Desk, by: Signatures, provider: str) -> Sheet:
    """The vouchers of a provider that were used since it was last settled, to hold against its own pile of them."""
    with desk.store.read() as connection:
        found = services.providers(connection).get(provider)
        if found is None:
            raise ProviderUnknown(code=provider)
        used = services.used(connection, provider, dues.last_settled(connection, provider))
        known = services.services(connection)
        due = dict(dues.balances(connection, desk.store.identity.writer)).get(provider, 0)
    facts = (
        Fact("party", found.name),
        Fact("telephone", found.telephone),
        Fact("vouchers", Count(len(used))),
        Fact("due", Money(Fen(due))),
    )
    return paper.report(desk, by, "provider-settlement", facts, (_by_service(used, known), _by_voucher(used, known)))


def attendance(desk: Desk, by: Signatures, code: str) -> Sheet:
    """Who came to a service: its vouchers that were used, by day and household."""
    service = find(desk, code)
    with desk.store.read() as connection:
        used = [each for each in services.used(connection, service.provider, 0) if each.service == code]
    table = Table(
        ("voucher", "household", "day"),
        tuple((each.number, each.household[-4:], Day(each.slot or each.issued)) for each in used),
    )
    facts = (Fact("service", service.name), Fact("people", Count(len(used))))
    return paper.report(desk, by, "attendance", facts, (table,))


def _by_service(used: list[IssuedVoucher], known: Mapping[str, Service]) -> Table:
    counts: dict[str, int] = {}
    for each in used:
        counts[each.service] = counts.get(each.service, 0) + 1
    lines = [(known[code], count) for code, count in sorted(counts.items())]
    return Table(
        ("service", "vouchers", "cost-each", "amount"),
        tuple(
            (service.name, Count(count), Money(Fen(service.cost_fen)), Money(Fen(service.cost_fen * count)))
            for service, count in lines
        ),
        (
            "",
            Count(len(used)),
            "",
            Money(Fen(sum(service.cost_fen * count for service, count in lines))),
        ),
    )


def _by_voucher(used: list[IssuedVoucher], known: Mapping[str, Service]) -> Table:
    return Table(
        ("voucher", "household", "service"),
        tuple((each.number, each.household[-4:], known[each.service].name) for each in used),
        title="used-vouchers",
    )


def _record(desk: Desk, by: Signatures, tx: Transaction, subject: str, row: Mapping[str, object]) -> None:
    tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, subject, digest=digest([row])), ()))
