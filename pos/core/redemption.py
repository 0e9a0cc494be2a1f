"""兑换: goods leave the shelf for points; what the points do not cover is paid in cash if the keeper chose so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from catalog.goods import OWNERS_FIRST_OUT, Good, Lot, Service
from catalog.prices import PriceBook, Terms, discounted
from catalog.units import Fen, Points
from pos.core import accounts, allowances, tenders
from pos.core.accounts import CASH, OWED, Account
from pos.core.accounts import POINTS as PT
from pos.core.allowances import Lately
from pos.core.cards import ReadAs
from pos.core.households import MOST_MEMBERS
from pos.core.redeem_refusals import ServiceUnknown, SlotFull, SlotMissing, SlotPast
from pos.core.refusals import (
    GoodUnknown,
    OutOfStock,
    OverLimit,
    PointsShort,
    PriceMissing,
    QuantityOutOfRange,
    TicketEmpty,
    TooManyLines,
)
from pos.core.store_policy import StorePolicy
from pos.core.transfers import MOST_AN_ENTRY, Books, Decision, Key, Transfer, moved

MOST_LINES = 20
MOST_PIECES = 999
MOST_TRANSFERS = MOST_AN_ENTRY - 4
"""Leaves room for the legs that a reversal adds when points are already spent."""


class Shortfall(StrEnum):
    """What happens when the points do not cover the ticket."""

    REFUSE = "refuse"
    CASH = "cash"


class Collector(StrEnum):
    """Who takes the goods away."""

    HEAD = "self"
    MEMBER = "member"
    PROXY = "proxy"


class OverrideReason(StrEnum):
    """Why a good lies on the shelf although the books have too few."""

    NOT_BOOKED = "not-booked"
    MISCOUNTED = "miscounted"
    MIXED_UP = "mixed-up"


class Note(StrEnum):
    """What else is to be remembered of who came."""

    NONE = ""
    CHILD_ALONE = "child-alone"


@dataclass(frozen=True, slots=True)
class PickedGood:
    """So many pieces of one good on an open ticket."""

    good: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PickedService:
    """One service on an open ticket, the number that its voucher will have, and the day that it is booked for."""

    service: str
    voucher: str = ""
    slot: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An open redemption ticket: a value that the screen holds and the drafts file keeps.

    Raises `ValueError` for a good on two lines, which would pass its limit and its stock twice, and for a member's
    place that cannot be.
    """

    household: str
    card: str
    read_as: ReadAs
    lines: tuple[PickedGood, ...] = ()
    shortfall: Shortfall = Shortfall.REFUSE
    collector: Collector = Collector.HEAD
    services: tuple[PickedService, ...] = ()
    overridden: tuple[str, ...] = ()
    """Goods that lie on the shelf although the books have too few; only with a second person's approval."""
    override_reason: OverrideReason | None = None
    member: int = 0
    """Place of the member who collects, 0 where nobody said which."""
    given: Fen = field(default=Fen(0))
    """Money that lies on the counter; none where nobody counted it in."""
    note: Note = Note.NONE

    def __post_init__(self) -> None:
        if len({line.good for line in self.lines}) != len(self.lines):
            raise ValueError("one line a good")
        if not 0 <= self.member <= (MOST_MEMBERS if self.collector is Collector.MEMBER else 0):
            raise ValueError("a place among the members, of a member")

    @property
    def empty(self) -> bool:
        """Whether nothing is on it."""
        return not self.lines and not self.services

    def adding(self, good: str, quantity: int = 1) -> "Draft":
        """The ticket with `quantity` more of `good`: one line a good, in the order of first picking."""
        for place, line in enumerate(self.lines):
            if line.good == good:
                more = replace(line, quantity=line.quantity + quantity)
                return replace(self, lines=(*self.lines[:place], more, *self.lines[place + 1 :]))
        return replace(self, lines=(*self.lines, PickedGood(good, quantity)))

    def without(self, place: int) -> "Draft":
        """The ticket without its line number `place`; the services come after the goods."""
        rest = place - len(self.lines)
        if rest < 0:
            return replace(self, lines=self.lines[:place] + self.lines[place + 1 :])
        return replace(self, services=self.services[:rest] + self.services[rest + 1 :])


@dataclass(frozen=True, slots=True)
class Discount:
    """A reduction in percent that `bearer` (a party) pays for."""

    percent: int
    bearer: str


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A line as the journal keeps it: pieces, and the price of one in points and in money on the shelf."""

    good: str
    quantity: int
    points: Points
    shelf: Fen

    @property
    def total(self) -> Points:
        """Points of the whole line, before any discount."""
        return self.points * self.quantity


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service as the journal keeps it: its voucher, what it cost, its last day, and the day it is booked for."""

    service: str
    voucher: str
    points: Points
    until: date
    slot: date | None = None


@dataclass(frozen=True, slots=True)
class Redeem:
    """The body of a redemption entry: `price` after discount is paid with `points` and `cash`.

    Discount and cash are of the goods alone; services are paid in points, so that a voucher can be cancelled for them.
    """

    KIND: ClassVar[str] = "redeem"
    household: str
    card: str
    read_as: ReadAs
    collector: Collector
    book: int
    fen_per_point: int
    lines: tuple[GoodLine, ...]
    discount: Discount | None
    price: Points
    points: Points
    cash: Fen
    services: tuple[ServiceLine, ...] = ()
    member: int = 0
    policy: int = 0
    """Version of the village's policy; 0 where none was published."""
    note: Note = Note.NONE
    pin: int = 0
    """1 where the household's own PIN confirmed it."""

    @property
    def full(self) -> Points:
        """Points of all goods before any discount."""
        return sum((line.total for line in self.lines), Points(0))

    @property
    def served(self) -> Points:
        """Points paid for services."""
        return sum((line.points for line in self.services), Points(0))


@dataclass(frozen=True, slots=True)
class Rules:
    """What a redemption is judged by: goods, the book in force, what is on the shelf and what was taken this month."""

    goods: Mapping[str, Good]
    book: PriceBook
    terms: Terms
    lots: Mapping[str, list[Lot]]
    """Lots of each good that may leave now, in the order they leave (`catalog.goods.first_out`)."""
    taken: Mapping[str, int]
    discount: Discount | None = None
    services: Mapping[str, Service] = field(default_factory=dict)
    policy: StorePolicy = field(default_factory=StorePolicy)
    version: int = 0
    """Version of the policy."""
    today: date = date.min
    """The business date."""
    lately: Lately = field(default_factory=Lately)
    booked: Mapping[tuple[str, date], int] = field(default_factory=dict)
    """Places taken of each service and day on the ticket."""
    offline: bool = False
    """Whether this is an enrolled store past its soft sync age."""


def needs(draft: Draft, by: str) -> set[Key]:
    """The balances a decision and its receipt depend on, the shelf aside."""
    return {(accounts.points(draft.household, by), PT), (accounts.debt(draft.household, by), PT)}


def quote(draft: Draft, rules: Rules, books: Books, by: str) -> Redeem:
    """What the ticket comes to now; the screen shows it live and the entry keeps it. Raises `Refused`.

    Raises `PointsShort` when the points do not cover it and the draft does not take cash.
    """
    if draft.empty:
        raise TicketEmpty()
    if len(draft.lines) + len(draft.services) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    lines = tuple(_price(line, rules, draft) for line in draft.lines)
    services = _services(draft, rules)
    full = sum((line.total for line in lines), Points(0))
    served = sum((line.points for line in services), Points(0))
    price = discounted(full, rules.discount.percent) if rules.discount else full
    available = Points(books.of(accounts.points(draft.household, by), PT))
    tender = tenders.split(price, available - served, rules.terms, rules.policy.cash_step)
    if served > available or (tender.points < price and draft.shortfall is Shortfall.REFUSE):
        raise PointsShort(short=price + served - available, available=available, cash=tender.cash)
    tenders.check_share(tender, price, [(line.good, line.total) for line in lines], rules.policy)
    tenders.change(tender.cash, draft.given)
    allowances.check_large([(line.quantity, line.points) for line in lines], rules.policy)
    allowances.check_spending(tender.points + served, rules.lately, rules.policy, offline=rules.offline)
    return Redeem(
        draft.household,
        draft.card,
        draft.read_as,
        draft.collector,
        rules.book.version,
        rules.terms.fen_per_point,
        lines,
        rules.discount,
        price + served,
        tender.points + served,
        tender.cash,
        services,
        draft.member,
        rules.version,
        draft.note,
    )


def total(draft: Draft, rules: Rules) -> Points:
    """Points of the whole ticket at the book's prices, before discount and whatever the household has."""
    goods = sum((_price(line, rules, draft).total for line in draft.lines), Points(0))
    return goods + sum((line.points for line in _services(draft, rules)), Points(0))


def _price(line: PickedGood, rules: Rules, draft: Draft) -> GoodLine:
    good = rules.goods.get(line.good)
    if good is None:
        raise GoodUnknown(text=line.good)
    price = rules.book.goods.get(line.good)
    if price is None:
        raise PriceMissing(item=good.name)
    if not 1 <= line.quantity <= MOST_PIECES:
        raise QuantityOutOfRange(most=MOST_PIECES)
    on_hand = sum(lot.on_hand for lot in rules.lots.get(line.good, ()))
    if line.quantity > on_hand and line.good not in draft.overridden:
        raise OutOfStock(item=good.name, on_hand=on_hand)
    taken = rules.taken.get(line.good, 0)
    if good.monthly_limit is not None and taken + line.quantity > good.monthly_limit:
        raise OverLimit(item=good.name, limit=good.monthly_limit, taken=taken)
    allowances.check_good(good, line.quantity, rules.lately, rules.policy, rules.today)
    return GoodLine(line.good, line.quantity, price.points, price.shelf)


def _services(draft: Draft, rules: Rules) -> tuple[ServiceLine, ...]:
    return tuple(_price_service(picked, draft.services[:place], rules) for place, picked in enumerate(draft.services))


def _price_service(picked: PickedService, before: tuple[PickedService, ...], rules: Rules) -> ServiceLine:
    """The line of a service; those `before` it on the ticket take places of their day, too."""
    service = rules.services.get(picked.service)
    if service is None:
        raise ServiceUnknown(text=picked.service)
    if picked.service not in rules.book.services:
        raise PriceMissing(item=service.name)
    until, slot = rules.today + timedelta(days=rules.policy.voucher_days), None
    if service.places:
        slot = until = _slot(service, picked.slot, before, rules)
    return ServiceLine(picked.service, picked.voucher, rules.book.services[picked.service], until, slot)


def _slot(service: Service, slot: date | None, before: tuple[PickedService, ...], rules: Rules) -> date:
    if slot is None:
        raise SlotMissing(item=service.name)
    if slot < rules.today:
        raise SlotPast(item=service.name, day=slot)
    here = sum(1 for other in before if (other.service, other.slot) == (service.code, slot))
    if rules.booked.get((service.code, slot), 0) + here >= service.places:
        raise SlotFull(item=service.name, day=slot, places=service.places)
    return slot


def decide(draft: Draft, rules: Rules, books: Books, by: str) -> Decision[Redeem]:
    """The entry and its transfers as `books.md` prescribes `redeem`. Raises `Refused` when a rule forbids it."""
    body = quote(draft, rules, books, by)
    transfers = (*_tenders(body, by), *_goods(body, rules, by), *_discount(body, rules, by), *_vouchers(body, by))
    if len(transfers) > MOST_TRANSFERS:
        raise TooManyLines(most=MOST_LINES)
    return Decision(body, transfers)


def _tenders(body: Redeem, by: str) -> Iterable[Transfer]:
    points = accounts.points(body.household, by)
    yield from moved(points, Account("spent", "goods", by), PT, (body.points - body.served).amount)
    yield from moved(points, Account("spent", "service", by), PT, body.served.amount)
    yield from moved(Account("world", "customer", by), accounts.drawer(by), CASH, body.cash.amount)


def _goods(body: Redeem, rules: Rules, by: str) -> Iterable[Transfer]:
    handed = Account("out", "handed", by)
    for line in body.lines:
        left, commodity = line.quantity, f"g:{line.good}"
        for lot in rules.lots.get(line.good, ()):
            pieces = min(left, lot.on_hand)
            left -= pieces
            yield from moved(accounts.stock(lot.owner, lot.lot, by, lot.place), handed, commodity, pieces)
            if lot.owner not in OWNERS_FIRST_OUT:
                owed = lot.cost_fen * pieces
                yield from moved(Account("cost", "goods", by), Account("due", lot.owner, by), OWED, owed)
        shelf = accounts.stock("village", "0", by)
        yield from moved(Account("in", "found", by), shelf, commodity, left)
        yield from moved(shelf, handed, commodity, left)


def _discount(body: Redeem, rules: Rules, by: str) -> Iterable[Transfer]:
    if body.discount is None:
        return
    given = rules.terms.worth(body.full + body.served - body.price)
    bearer = Account("due", body.discount.bearer, by)
    yield from moved(bearer, Account("cost", "discount", by), OWED, given.amount)


def _vouchers(body: Redeem, by: str) -> Iterable[Transfer]:
    for line in body.services:
        yield from moved(Account("vout", "issued", by), accounts.voucher(line.voucher, by), f"v:{line.service}", 1)
