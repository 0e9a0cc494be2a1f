"""Opening and closing the business day, and confirming the clock."""

from datetime import date

from pos.core.acts import Act, ActCode
from pos.core.day import Day, DayClose, DayOpen
from pos.core.entries import Signatures
from pos.core.receipts import local_date
from pos.core.refusals import DayAlreadyOpen, DayNotOpen
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, catalogue


def open_day(desk: Desk, by: Signatures) -> Day:
    """Open today with the price book and terms in force; they hold until it is closed. Raises `DayAlreadyOpen`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        try:
            still = books.day(tx.connection)
        except DayNotOpen:
            now = desk.now()
            today = local_date(now.wall, desk.store.identity.utc_offset_minutes)
            book = catalogue.book_in_force(tx.connection, today)
            terms = catalogue.terms_in_force(tx.connection, today)
            body = DayOpen(today, book, terms.effective, terms.fen_per_point, terms.step)
            seq = tx.append(now, by, Decision(body, ())).entry.seq
            return Day(today, seq, book, terms.fen_per_point, terms.step, terms.effective)
        raise DayAlreadyOpen(date=still.business_date.isoformat())


def close_day(desk: Desk, by: Signatures) -> date:
    """Close the open day and sign the journal's head. Raises `DayNotOpen`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        today = books.day(tx.connection)
        body = DayClose(today.business_date, today.opened, tx.head.seq + 2 - today.opened)
        tx.append(desk.now(), by, Decision(body, ()))
        desk.store.sign_head(tx, "day-close")
    return today.business_date


def confirm_clock(desk: Desk, by: Signatures) -> None:
    """Go on although the clock stands before the last entry: two people say that it is right now."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        tx.append(desk.now(), by, Decision(Act(ActCode.CLOCK), ()))
