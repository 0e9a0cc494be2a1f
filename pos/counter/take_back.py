"""退货: some of what a receipt handed out comes back, on a later day or because only part of it is meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.goods import Good
from catalog.units import Points
from pos.core import accounts, households, journal
from pos.core import take_back as rules_of
from pos.core.accounts import CASH, POINTS
from pos.core.entries import Entry, Signatures
from pos.core.households import Household
from pos.core.receipts import BackFact, Receipt, TakeBackFacts
from pos.core.redemption import Redeem
from pos.core.refusals import AlreadyReversed, HouseholdUnknown, NotReversible
from pos.core.sync_refusals import UndoneElsewhere
from pos.core.take_back import BackLine, TakeBack
from pos.core.transfers import Books, Decision, Key
from pos.counter import paper, slips
from pos.counter.desk import Desk, check_signatures
from pos.counter.redeem import month
from pos.storage import books, catalogue, jobs, registry, township_rows


@dataclass(frozen=True, slots=True)
class Sale:
    """A redemption whose goods may come back, and what has come back of it."""

    entry: Entry
    body: Redeem
    earlier: tuple[TakeBack, ...]
    household: Household
    goods: Mapping[str, Good]
    barcodes: Mapping[str, str]
    """Code of a good on the ticket by its barcode."""
    books: Books

    @property
    def left(self) -> Mapping[str, int]:
        """Pieces of each good that may still come back."""
        return rules_of.left_of(self.body, self.earlier)

    def decide(self, lines: tuple[BackLine, ...]) -> Decision[TakeBack]:
        """What these lines give back. Raises `TicketEmpty`, `GoodUnknown` or `QuantityOutOfRange`."""
        by = self.books.keeper
        return rules_of.decide(self.entry.seq, self.body, self.entry.transfers, lines, self.earlier, self.books, by)


def sale(desk: Desk, seq: int) -> Sale:
    """Redemption `seq` as its goods may be brought back now.

    Raises `EntryUnknown`, `NotReversible` for an entry that handed out no goods, `AlreadyReversed`, `UndoneElsewhere`
    when nothing is left of it, `HouseholdUnknown` or another `HouseholdRefused`.
    """
    with desk.store.read() as connection:
        held = books.peek(connection, desk.store.identity.writer, _needs(desk, connection, seq))
        return _sale(desk, connection, seq, held)


def take_back(desk: Desk, by: Signatures, seq: int, lines: tuple[BackLine, ...]) -> Receipt:
    """Goods of redemption `seq` back, points and cash as they were paid, receipt queued.

    Above the desk's limit a second person must approve. What counts towards the household's month is given back too.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        books.day(tx.connection)
        sold = _sale(desk, tx.connection, seq, tx.books(_needs(desk, tx.connection, seq)))
        decision = sold.decide(lines)
        if rules_of.worth(sold.body, lines) > desk.void_limit:
            check_signatures(tx.connection, by, two=True)
        before = Points(sold.books.of(accounts.points(sold.household.number, tx.writer), POINTS))
        written = tx.append(desk.now(), by, decision)
        counts: dict[str, int] = {}
        for line in lines:
            counts[line.good] = counts.get(line.good, 0) + line.quantity
        registry.give_back(tx.connection, sold.household.number, month(desk, sold.entry.at.wall), counts)
        receipt = Receipt(
            slips.slip(desk, written, sold.household, before, tx.books(())),
            _facts(tx.connection, sold, decision.body),
        )
        jobs.queue(tx.connection, written.entry.seq, 0, receipt, desk.language, by.operator, written.entry.at.wall)
        if any(move.commodity == CASH for move in decision.transfers):
            paper.open_drawer(desk, tx, written)
    return receipt


def undone(desk: Desk, connection: Connection, seq: int) -> list[int]:
    """Lines (places from 1) of entry `seq` whose goods came back at another store, as the ledger has told."""
    here = desk.store.identity
    number = journal.number(here.store, here.device, here.epoch, seq)
    return sorted(township_rows.undone(connection, number))


def _needs(desk: Desk, connection: Connection, seq: int) -> set[Key]:
    by = desk.store.identity.writer
    household = books.read_entry(connection, seq).household or ""
    if not household:
        raise NotReversible()
    own = (accounts.points(household, by), accounts.debt(household, by))
    return {(account, POINTS) for account in own}


def _sale(desk: Desk, connection: Connection, seq: int, held: Books) -> Sale:
    entry = books.read_entry(connection, seq)
    body = entry.body
    if not isinstance(body, Redeem) or not body.lines:
        raise NotReversible()
    if reversed_by := books.reversal_of(connection, seq):
        raise AlreadyReversed(number=reversed_by)
    household = registry.household(connection, body.household)
    if household is None:
        raise HouseholdUnknown(household=body.household[-4:])
    households.admit(household)
    codes = {line.good for line in body.lines}
    goods = {good.code: good for good in catalogue.all_goods(connection) if good.code in codes}
    taken = (found.body for found in books.take_backs(connection, body.household, seq))
    earlier = [each for each in taken if isinstance(each, TakeBack)]
    if back := undone(desk, connection, seq):
        left = rules_of.left_of(body, earlier)
        places = [place for place in back if left[body.lines[place - 1].good]]
        if len(places) == sum(map(bool, left.values())):
            raise UndoneElsewhere()
        if places:
            earlier.append(rules_of.back_whole(seq, body, entry.transfers, places, earlier, held.keeper))
    return Sale(
        entry,
        body,
        tuple(earlier),
        household,
        goods,
        {barcode: good.code for good in goods.values() for barcode in good.barcodes},
        held,
    )


def _facts(connection: Connection, sold: Sale, body: TakeBack) -> TakeBackFacts:
    """The original's number is what its own paper says."""
    original = jobs.of_entry(connection, body.ref)[0].paper
    assert original is not None
    prices = {line.good: line.points for line in sold.body.lines}
    return TakeBackFacts(
        original.number,
        tuple(
            BackFact(
                sold.goods[line.good].name,
                line.quantity,
                sold.goods[line.good].unit,
                prices[line.good],
                prices[line.good] * line.quantity,
                line.condition,
            )
            for line in body.lines
        ),
        sold.body.discount.percent if sold.body.discount else 0,
        body.points,
        body.cash,
    )
