"""Opening and closing the business day, and confirming the clock."""

from sqlalchemy import Connection

from catalog.units import Fen
from pos.core import accounts, codec, fund
from pos.core import day as days
from pos.core.accounts import CASH
from pos.core.acts import Act, ActCode
from pos.core.closing import Closing
from pos.core.day import Day, DayClose, DayOpen, Review
from pos.core.entries import Moment, Signatures
from pos.core.local_time import local_date
from pos.core.people import SERVES, Role
from pos.core.refusals import DayAlreadyOpen, DayNotOpen, ReasonMissing
from pos.core.sheets import Sheet
from pos.core.transfers import Decision
from pos.counter import closing, paper, township, vouchers, z
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue, closes, day_figures, people
from pos.storage.books import Transaction
from pos.storage.rows import digest

OPENS = CLOSES = SERVES
UNCOUNTED = Closing()


def open_day(desk: Desk, by: Signatures, warnings: tuple[str, ...] = (), counts: Closing = UNCOUNTED) -> Day:
    """Open today with the price book and terms in force; they hold until it is closed. Raises `DayAlreadyOpen`.

    `warnings` are the codes of the opening checks that were not green; cash in `counts` is booked as it was counted.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=OPENS)
        try:
            still = books.day(tx.connection)
        except DayNotOpen:
            now = desk.now()
            today = local_date(now.wall, desk.store.identity.utc_offset_minutes)
            township.switch(tx, now)
            book = catalogue.book_in_force(tx.connection, today)
            terms = catalogue.terms_in_force(tx.connection, today)
            body = DayOpen(today, book, terms.effective, terms.fen_per_point, terms.step, warnings)
            seq = tx.append(now, by, Decision(body, ())).entry.seq
            _count_cash(tx, now, by, counts)
            return Day(today, seq, book, terms.fen_per_point, terms.step, terms.effective)
        raise DayAlreadyOpen(date=still.business_date.isoformat())


def check_serving(desk: Desk, by: Signatures) -> None:
    """Whether this person may serve now. Raises `NotPermitted`, `DayNotOpen`, or `DayNotClosed` for an earlier day."""
    with desk.store.read() as connection:
        check_signatures(connection, by)
        wall, offset = desk.clock.wall(), desk.store.identity.utc_offset_minutes
        days.check_current(books.day(connection), local_date(wall, offset))


def close_day(desk: Desk, by: Signatures, counts: Closing = UNCOUNTED) -> Sheet:
    """Close the open day, sign the journal's head, and file the Z document: it is printed now and never made again.

    Vouchers whose last day is over expire with it.
    `counts` is what lay in drawer and shelves. Without a clerk among the signatures, or with cash that nobody counted,
    it stands as 待复核 until a clerk signs it. Raises `DayNotOpen`, or `ReasonMissing` for a difference without one.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=CLOSES)
        open_day = books.day(tx.connection)
        vouchers.expire(desk, by, tx, open_day.business_date)
        now, before = desk.now(), closes.last(tx.connection)
        expected = _count_cash(tx, now, by, counts)
        if any(spot.counted != spot.book and not spot.reason for spot in counts.spots):
            raise ReasonMissing()
        counted = counts.counted is not None or not closing.cash_in_use(tx.connection, before, tx.writer)
        review = Review.SIGNED if counted and _clerk_signed(tx.connection, by) else Review.PENDING
        found = z.figures(tx.connection, tx.writer, open_day, counts, expected, review)
        body = DayClose(
            open_day.business_date,
            open_day.opened,
            tx.head.seq + 1 - before.seq,
            before.number + 1,
            digest([codec.plain(found.facts), codec.plain(found.tables)]),
            review,
        )
        written = tx.append(now, by, Decision(body, ()))
        desk.store.sign_head(tx, DayClose.KIND)
        notes = ("z-pending",) if review is Review.PENDING else ()
        facts = (*found.facts, *z.pinned(written.hash))
        sheet = paper.file(desk, tx, written, "z", facts, found.tables, notes, ("keeper", "clerk"))
        closes.keep(tx.connection, body.z, written.entry.seq, sheet, found.held)
        day_figures.keep(tx.connection, body.z, body.business_date, found.kept)
    return sheet


def confirm_clock(desk: Desk, by: Signatures) -> None:
    """Go on although the clock stands before the last entry: two people say that it is right now."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        tx.append(desk.now(), by, Decision(Act(ActCode.CLOCK), ()))


def _count_cash(tx: Transaction, now: Moment, by: Signatures, counts: Closing) -> Fen:
    """Put what was counted into the books, with the reason of a difference, and return what should have been there."""
    drawer = accounts.drawer(tx.writer)
    held = tx.books([(drawer, CASH)])
    expected = Fen(held.of(drawer, CASH))
    if counts.counted is not None:
        differs = counts.counted != expected
        if differs and not counts.cash_reason:
            raise ReasonMissing()
        written = tx.append(now, by, fund.count_drawer(counts.counted, held, tx.writer))
        if differs:
            act = Act(ActCode.OVERRIDE, drawer.kind, written.entry.seq, reason=counts.cash_reason)
            tx.append(now, by, Decision(act, ()))
    return expected


def _clerk_signed(connection: Connection, by: Signatures) -> bool:
    signers = (people.keeper(connection, number) for number in (by.operator, by.approver) if number)
    return by.approver is not None and any(signer is not None and signer.role is Role.CLERK for signer in signers)
