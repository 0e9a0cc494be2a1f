"""What an open ticket is judged by, read once when it is opened: what is on the shelf, and what the bench takes in.

The screen quotes by it at every key; the commit reads everything anew and decides by that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from catalog.goods import Good, Service
from catalog.prices import EveryPieces, PriceBook, Terms
from catalog.units import Points
from pos.core import accounts, receiving, redemption, weigh_in
from pos.core.accounts import POINTS
from pos.core.cards import ReadAs
from pos.core.local_time import local_time
from pos.core.redemption import PickedGood, Redeem
from pos.core.refusals import OutOfStock, Refused
from pos.core.stock_refusals import GoodsExpired
from pos.core.transfers import Books
from pos.core.weigh_in import CountedDraft, Weigh
from pos.counter import allowances
from pos.counter.allowances import Customer
from pos.counter.desk import Desk
from pos.counter.redeem import month
from pos.counter.setup import Tare
from pos.counter.weigh_in import load_rules
from pos.storage import books, catalogue, policies, registry, services, shelves

TWICE_MS = 120_000
"""How long the same ticket of the same household once more is asked about."""

_LATELY = 10


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every good as one household may redeem it now."""

    rules: redemption.Rules
    books: Books
    writer: str
    barcodes: Mapping[str, str]
    """Code of the good by its barcode."""
    available: Points
    """What the household may spend."""
    expired: Mapping[str, date]
    """Goods of which an expired lot lies on the shelf, with its last day."""
    open_now: bool
    """Whether this is within the store's hours."""

    @property
    def everything(self) -> tuple[Good | Service, ...]:
        """All goods and services."""
        return (*self.rules.goods.values(), *self.rules.services.values())

    def near_expiry(self, good: str) -> date | None:
        """The last day of the pieces that leave first, when it is near."""
        last = next((lot.expiry for lot in self.rules.lots.get(good, ())), None)
        return last if receiving.near_expiry(last, self.rules.today, self.rules.policy.near_days) else None

    def on_hand(self, good: Good) -> int:
        """Pieces that may leave the shelf now; expired ones may not."""
        return sum(lot.on_hand for lot in self.rules.lots.get(good.code, ()))

    def refusal(self, line: PickedGood, overridden: tuple[str, ...] = ()) -> Refused | None:
        """Why this line may not stand on a ticket, by itself."""
        try:
            redemption.total(redemption.Draft("", "", ReadAs.NUMBER, (line,), overridden=overridden), self.rules)
        except OutOfStock as refused:
            last = self.expired.get(line.good)
            return GoodsExpired(item=self.rules.goods[line.good].name, expiry=last) if last else refused
        except Refused as refused:
            return refused
        return None

    def total(self, draft: redemption.Draft) -> Points:
        """Points of the whole ticket, whatever the household has. Raises a `TicketRefused` for a line on it."""
        return redemption.total(draft, self.rules)

    def quote(self, draft: redemption.Draft) -> Redeem:
        """What the ticket comes to. Raises `Refused` as the commit would."""
        return redemption.quote(draft, self.rules, self.books, self.writer)


def open_shelf(desk: Desk, household: str) -> Shelf:
    """The shelf for one household on the open day. Raises `DayNotOpen`."""
    with desk.store.read() as connection:
        day = books.day(connection)
        goods = {good.code: good for good in catalogue.all_goods(connection)}
        limited = [code for code, good in goods.items() if good.monthly_limit is not None]
        prices = catalogue.good_prices(connection, day.book)
        wall = desk.now().wall
        version, policy = policies.in_force(connection, day.business_date)
        whose = Customer(desk, household, day, wall)
        rules = redemption.Rules(
            goods,
            PriceBook(day.book, day.business_date, prices, {}, catalogue.service_prices(connection, day.book)),
            Terms(day.terms, day.fen_per_point, day.step),
            catalogue.lots(connection, goods, day.business_date),
            registry.taken(connection, household, limited, month(desk, wall)),
            allowances.discount(connection, whose, policy),
            services.services(connection),
            policy,
            version,
            day.business_date,
            allowances.lately(connection, whose, goods, policy),
            services.booked_from(connection, day.business_date),
            allowances.offline(whose, policy),
        )
        writer = desk.store.identity.writer
        draft = redemption.Draft(household, "", ReadAs.NUMBER)
        held = books.peek(connection, writer, redemption.needs(draft, writer))
        barcodes = {barcode: good.code for good in goods.values() for barcode in good.barcodes}
        available = Points(held.of(accounts.points(household, writer), POINTS))
        expired = shelves.expired(connection, goods, day.business_date)
        at = local_time(wall, desk.store.identity.utc_offset_minutes)
        return Shelf(rules, held, writer, barcodes, available, expired, policy.open_at(at))


@dataclass(frozen=True, slots=True)
class Bench:
    """Every material as it is taken in from one household now."""

    rules: weigh_in.Rules
    tares: tuple[Tare, ...]
    books: Books
    writer: str
    available: Points
    """What the household may spend before this ticket."""
    debt: Points
    """What new points pay first."""

    def quote(self, draft: weigh_in.Draft) -> Weigh:
        """What the ticket comes to. Raises `Refused` as the commit would."""
        return weigh_in.quote(draft, self.rules, self.books, self.writer)


def open_bench(desk: Desk, household: str) -> Bench:
    """The bench for one household on the open day. Raises `DayNotOpen`."""
    with desk.store.read() as connection:
        rules = load_rules(connection, books.day(connection), desk, household)
        tares = tuple(Tare(*row) for row in catalogue.tares(connection))
        writer = desk.store.identity.writer
        held = _held(connection, household, rules, writer)
        return Bench(
            rules,
            tares,
            held,
            writer,
            Points(held.of(accounts.points(household, writer), POINTS)),
            Points(-held.of(accounts.debt(household, writer), POINTS)),
        )


def written(desk: Desk, draft: weigh_in.Draft | redemption.Draft) -> bool:
    """Whether the household's newest entry is this very ticket, as far as its lines tell."""
    with desk.store.read() as connection:
        newest = books.newest(connection, 1, draft.household)
        body = books.read_entry(connection, newest[0].seq).body if newest else None
    return _same(draft, body)


def repeated(desk: Desk, draft: weigh_in.Draft | redemption.Draft) -> int | None:
    """Number of an entry of the last two minutes that is this very ticket once more, and was not taken back."""
    since = desk.clock.wall() - TWICE_MS
    with desk.store.read() as connection:
        for listed in books.newest(connection, _LATELY, draft.household):
            if listed.wall < since:
                break
            if listed.reversed_by is None and _same(draft, books.read_entry(connection, listed.seq).body):
                return listed.seq
    return None


def _same(draft: weigh_in.Draft | redemption.Draft, body: object) -> bool:
    match draft, body:
        case weigh_in.Draft(), Weigh():
            return [_load(line) for line in draft.lines] == [_load(line) for line in body.lines]
        case redemption.Draft(), Redeem():
            picked = {line.good: line.quantity for line in draft.lines}
            services = sorted(line.service for line in draft.services)
            return picked == {line.good: line.quantity for line in body.lines} and services == sorted(
                line.service for line in body.services
            )
        case _:
            return False


def _load(line: weigh_in.LineDraft | weigh_in.Line) -> tuple[object, ...]:
    if isinstance(line, weigh_in.WeighedDraft | weigh_in.WeighedLine):
        return line.material, line.gross, line.tare, line.evidence
    return line.material, line.pieces


def _held(connection: Connection, household: str, rules: weigh_in.Rules, writer: str) -> Books:
    pooled = (code for code, price in rules.book.materials.items() if isinstance(price, EveryPieces))
    draft = weigh_in.Draft(household, "", ReadAs.NUMBER, tuple(CountedDraft(code, 1) for code in pooled))
    return books.peek(connection, writer, weigh_in.needs(draft, rules, writer))
