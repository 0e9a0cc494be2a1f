"""盘点: begin, close a round of counting, look at the differences, approve them. The session itself is a draft."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.units import Fen, Points
from pos.core import stock
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.refusals import TicketEmpty
from pos.core.sheets import Cell, Fact, Label, Money, Score, Sheet, Table
from pos.core.sheets import Count as Pieces
from pos.core.stock import Change, Count, CountLine, VarianceReason
from pos.core.stock_refusals import AlreadyAdjusted, CountAgain, NotInCount
from pos.core.stocktake import (
    LINES_AN_ENTRY,
    Phase,
    Session,
    Tally,
    check_approval,
    count_lines,
    tallies,
    to_recount,
    value,
)
from pos.core.transfers import Decision
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.counter.receiving import prices_now
from pos.storage import books, catalogue, shelves
from pos.storage.books import Transaction

COUNTS = SERVES
"""Who may count; whoever did may not approve."""

_CHANGES_AN_ENTRY = 50


@dataclass(frozen=True, slots=True)
class Variance:
    """A good that was counted otherwise than the books say."""

    good: str
    name: str
    book: int
    counted: int
    cost: Fen
    """What the difference cost, below zero for what is missing."""
    points: Points
    """What the difference is redeemed for; zero without a price."""
    reason: VarianceReason | None

    @property
    def difference(self) -> int:
        """Pieces more than the books say."""
        return self.counted - self.book


def begin(desk: Desk, high_value: bool = False) -> Session:
    """A stocktake of every good, or of the dear ones alone. Nothing is written until a round is closed."""
    with desk.store.read() as connection:
        head = books.head(connection, desk.store.installation).seq
        prices = prices_now(connection, desk.today())
        codes = [good.code for good in catalogue.all_goods(connection)]
    dear = Points(desk.stock_policy.high_value_points * 100)
    goods = [code for code in codes if not high_value or (code in prices and prices[code].points >= dear)]
    return Session(head, tuple(goods))


def count(desk: Desk, session: Session, good: str, pieces: int, *, more: bool) -> tuple[Session, bool]:
    """The session with `pieces` of a good, or so many `more`; whether its count was started anew.

    A count that goes on after the good was sold or came in starts anew: half of it would be held against other books.
    """
    with desk.store.read() as connection:
        if good not in session.goods:
            raise NotInCount(item=_names(connection).get(good, good))
        head = books.head(connection, desk.store.installation).seq
        before = session.of(good) if more else None
        if before is None:
            return session.with_count(good, pieces, head), False
        if _book(connection, good, before.at) != _book(connection, good, head):
            return session.with_count(good, pieces, head), True
        return session.with_count(good, before.pieces + pieces, head), False


def left_out(desk: Desk, session: Session) -> list[str]:
    """Names of the goods that nobody counted in this round although the books have some."""
    with desk.store.read() as connection:
        held = {each.lot.good: each.name for each in shelves.on_hand(connection)}
    return [held[good] for good in session.uncounted if good in held]


def close_round(desk: Desk, by: Signatures, session: Session) -> Session:
    """Write down what was counted in this round, and say what is counted again. Goods left out stay as they are.

    Raises `CountAgain` for a second round that leaves a good out.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=COUNTS)
        if session.phase is Phase.SECOND and session.uncounted:
            raise CountAgain(item=_names(tx.connection)[session.uncounted[0]])
        refs = session.refs + tuple(
            tx.append(desk.now(), by, Decision(Count(tuple(lines)), ())).entry.seq for lines in _entries(tx, session)
        )
        found = tallies(_counts(tx.connection, refs))
        points = {code: price.points for code, price in prices_now(tx.connection, desk.today()).items()}
    above = Points(desk.stock_policy.recount_points * 100)
    again = to_recount(found, points, above) if session.phase is Phase.FIRST else ()
    phase = Phase.SECOND if again else Phase.REVIEW
    return Session(session.started, again, phase, (), refs)


def variances(desk: Desk, session: Session) -> list[Variance]:
    """Every good that differs, dearest first, as the last count of it found it."""
    with desk.store.read() as connection:
        found = tallies(_counts(connection, session.refs))
        return _variances(connection, desk, session, found)


def approve(desk: Desk, by: Signatures, session: Session) -> Sheet:
    """Put the differences into the books: approved by somebody who did not count, and filed to be signed.

    Raises `CounterApproves`, `ReasonMissing`, `AlreadyAdjusted`, or `CountAgain` when more was sold since than was
    there.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=COUNTS)
        assert by.approver is not None
        counters = {books.read_entry(tx.connection, ref).by.operator for ref in session.refs}
        found = tallies(_counts(tx.connection, session.refs))
        check_approval(session, found, counters, by.approver)
        _check_once(tx.connection, session.refs)
        table = _sheet_rows(_variances(tx.connection, desk, session, found))
        changes = list(_changes(tx, session, found))
        for start in range(0, max(1, len(changes)), _CHANGES_AN_ENTRY):
            part = changes[start : start + _CHANGES_AN_ENTRY]
            written = tx.append(desk.now(), by, stock.adjust(session.refs, part, tx.writer))
        names = _names(tx.connection)
        every = tuple(
            (names[each.good], Pieces(each.book), Pieces(each.counted), Pieces(each.difference))
            for each in found.values()
        )
        facts = (Fact("snapshot", str(session.started)), Fact("counted-by", " ".join(sorted(counters))))
        tables = (table, Table(("good", "book", "counted", "difference"), every, title="all-counted"))
        return paper.file(desk, tx, written, "stocktake", facts, tables, (), ("counter", "clerk", "supervisor"))


def _entries(tx: Transaction, session: Session) -> list[list[CountLine]]:
    """The round's lines, a good never in two entries."""
    if not session.counted:
        raise TicketEmpty()
    entries: list[list[CountLine]] = [[]]
    for counted in session.counted:
        lots = shelves.lots_then(tx.connection, counted.good, counted.at)
        lines = count_lines(counted, lots, tx.writer)
        if len(entries[-1]) + len(lines) > LINES_AN_ENTRY:
            entries.append([])
        entries[-1] += lines
    return entries


def _counts(connection: Connection, refs: tuple[int, ...]) -> list[Count]:
    bodies = [books.read_entry(connection, ref).body for ref in refs]
    return [body for body in bodies if isinstance(body, Count)]


def _book(connection: Connection, good: str, at: int) -> int:
    return sum(lot.on_hand for lot in shelves.lots_then(connection, good, at))


def _names(connection: Connection) -> dict[str, str]:
    return {good.code: good.name for good in catalogue.all_goods(connection)}


def _variances(connection: Connection, desk: Desk, session: Session, found: Mapping[str, Tally]) -> list[Variance]:
    names, prices = _names(connection), prices_now(connection, desk.today())
    reasons = {each.good: each.reason for each in session.reasons}
    listed = [
        Variance(
            good,
            names[good],
            tally.book,
            tally.counted,
            value(tally.difference, shelves.lots_then(connection, good, tally.at)),
            prices[good].points * tally.difference if good in prices else Points(0),
            reasons.get(good),
        )
        for good, tally in found.items()
        if tally.difference
    ]
    return sorted(listed, key=lambda each: -abs(each.points.amount))


def _check_once(connection: Connection, refs: tuple[int, ...]) -> None:
    if (seq := shelves.adjusted_since(connection, min(refs, default=0), refs)) is not None:
        raise AlreadyAdjusted(number=seq)


def _changes(tx: Transaction, session: Session, found: Mapping[str, Tally]) -> list[Change]:
    reasons = {each.good: each.reason for each in session.reasons}
    changes: list[Change] = []
    for good, tally in found.items():
        if not tally.difference:
            continue
        # An override, or another stocktake, may have put the same difference into the books since.
        left = tally.difference - shelves.corrected_since(tx.connection, f"g:{good}", tally.at, tx.writer)
        lots = [each.lot for each in shelves.on_hand(tx.connection, good)]
        if sum(lot.on_hand for lot in lots) + left < 0:
            raise CountAgain(item=_names(tx.connection)[good])
        if left > 0 and not lots:
            shelves.keep_found(tx.connection, tx.writer, [good])
        for account, part in stock.spread(good, left, lots, tx.writer):
            changes.append(Change(account, f"g:{good}", part, reasons[good]))
    return changes


def _sheet_rows(listed: list[Variance]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            each.name,
            Pieces(each.book),
            Pieces(each.counted),
            Pieces(each.difference),
            Money(each.cost),
            Score(each.points),
            Label(f"variance-{each.reason}"),
        )
        for each in listed
    )
    cost = sum((each.cost for each in listed), Fen(0))
    points = sum((each.points for each in listed), Points(0))
    columns = ("good", "book", "counted", "difference", "cost", "points", "reason")
    return Table(columns, rows, (Label("total"), "", "", "", Money(cost), Score(points), ""), "differences")
