"""What an open ticket is judged by, read once when it is opened: what is on the shelf, and what the bench takes in.

The screen quotes by it at every key; the commit reads everything anew and decides by that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.goods import Good
from catalog.prices import EveryPieces, PriceBook, Terms
from catalog.units import Points
from pos.core import accounts, redemption, weigh_in
from pos.core.accounts import POINTS
from pos.core.cards import ReadAs
from pos.core.redemption import PickedGood, Redeem
from pos.core.refusals import Refused
from pos.core.transfers import Books
from pos.core.weigh_in import CountedDraft, Weigh
from pos.counter.desk import Desk
from pos.counter.redeem import month
from pos.counter.setup import Tare
from pos.counter.weigh_in import load_rules
from pos.storage import books, catalogue, registry


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

    def on_hand(self, good: Good) -> int:
        """Pieces that may leave the shelf now; expired ones may not."""
        return sum(lot.on_hand for lot in self.rules.lots.get(good.code, ()))

    def refusal(self, line: PickedGood) -> Refused | None:
        """Why this line may not stand on a ticket, by itself."""
        try:
            redemption.total(redemption.Draft("", "", ReadAs.NUMBER, (line,)), self.rules)
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
        rules = redemption.Rules(
            goods,
            PriceBook(day.book, day.business_date, prices, {}),
            Terms(day.terms, day.fen_per_point, day.step),
            catalogue.lots(connection, goods, day.business_date),
            registry.taken(connection, household, limited, month(desk, desk.now().wall)),
        )
        writer = desk.store.identity.writer
        draft = redemption.Draft(household, "", ReadAs.NUMBER)
        held = books.peek(connection, writer, redemption.needs(draft, writer))
        barcodes = {barcode: good.code for good in goods.values() for barcode in good.barcodes}
        available = Points(held.of(accounts.points(household, writer), POINTS))
        return Shelf(rules, held, writer, barcodes, available)


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
        rules = load_rules(connection, books.day(connection), desk)
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
    match draft, body:
        case weigh_in.Draft(), Weigh():
            return [_load(line) for line in draft.lines] == [_load(line) for line in body.lines]
        case redemption.Draft(), Redeem():
            picked = [(line.good, line.quantity) for line in draft.lines]
            return picked == [(line.good, line.quantity) for line in body.lines]
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
