"""What a household did lately, read off its own entries in the journal."""

from sqlalchemy import Connection
from sqlalchemy.sql import text

from pos.core import accounts
from pos.core.entries import Entry
from pos.database import Prepared
from pos.storage import books

_OPENED = Prepared(
    text("SELECT min(seq) FROM journal WHERE kind = 'day-open' AND kind IN ('day-open', 'day-close') AND wall >= :wall")
)
_SEQS = Prepared(
    text(
        "SELECT seq FROM journal WHERE household = :household AND seq >= :since"
        " AND kind IN ('redeem', 'reverse', 'take-back', 'voucher') ORDER BY seq"
    )
)
_EARNED = Prepared(
    text(
        "SELECT coalesce(sum(CASE WHEN t.source IN (:weigh, :award) OR t.source LIKE 'budget:%' THEN t.quantity"
        " ELSE -t.quantity END), 0) FROM journal j JOIN transfers t USING (seq)"
        " WHERE j.household = :household AND j.wall >= :wall AND t.commodity = 'pt'"
        " AND (t.source IN (:weigh, :award) OR t.destination IN (:weigh, :award)"
        " OR t.source LIKE 'budget:%' OR t.destination LIKE 'budget:%')"
    )
)


def first_opened(connection: Connection, wall: int) -> int:
    """Number of the first entry that opened a day at `wall` (ms) or later; past the newest one where there is none."""
    found: int | None = _OPENED.rows(connection, wall=wall)[0][0]
    return 2**62 if found is None else found


def taken_since(connection: Connection, household: str, seq: int) -> list[Entry]:
    """The entries since number `seq` by which a household took or brought back something, oldest first."""
    found = _SEQS.rows(connection, household=household, since=seq)
    return [books.read_entry(connection, number) for (number,) in found]


def earned_since(connection: Connection, household: str, writer: str, wall: int) -> int:
    """What a household earned by weigh-ins and awards since `wall` (ms), deductions and reversals off; 1/100 point."""
    weigh, award = (str(accounts.Account("issue", origin, writer)) for origin in ("weigh", "award"))
    found: int = _EARNED.rows(connection, household=household, wall=wall, weigh=weigh, award=award)[0][0]
    return found
