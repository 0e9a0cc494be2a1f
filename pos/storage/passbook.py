"""One account's movements in a stretch of time, with what it held before: the pages of a passbook."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.sql import text

from pos.core.accounts import Account
from pos.database import Prepared
from pos.storage.books import Movement

_DAY_BEFORE = Prepared(text("SELECT max(seq) FROM journal WHERE kind IN ('day-open', 'day-close') AND wall < :wall"))
_SINCE = Prepared(
    text(
        "SELECT t.seq, CASE WHEN j.kind = 'opening' AND j.household IS NOT NULL THEN 'award' ELSE j.kind END, j.wall,"
        " sum(CASE t.destination WHEN :account THEN t.quantity ELSE -t.quantity END)"
        " FROM transfers t JOIN journal j ON j.seq = t.seq"
        " WHERE t.seq > :after AND t.commodity = :commodity AND :account IN (t.source, t.destination)"
        " GROUP BY t.seq ORDER BY t.seq"
    )
)
_NOW = Prepared(text("SELECT quantity FROM balances WHERE account = :account AND commodity = :commodity"))


@dataclass(frozen=True, slots=True)
class Page:
    """What the account held before, each entry that changed it, oldest first, and what it held after."""

    opening: int
    movements: tuple[Movement, ...]

    @property
    def closing(self) -> int:
        """What it held at the end."""
        return self.opening + sum(move.points for move in self.movements)


def page(connection: Connection, account: Account, commodity: str, start: int, end: int) -> Page:
    """The account from wall clock `start` to before `end` (ms), worked back from what it holds now.

    An account is no entry's own: an opening or an award changes many, so that transfers are read and not households.
    """
    before = _DAY_BEFORE.row(connection, wall=start)
    named = {"account": str(account), "commodity": commodity}
    rows = _SINCE.rows(connection, after=(before and before[0]) or 0, **named)
    later = [move for move in (Movement(*row) for row in rows) if move.wall >= start]
    held = _NOW.row(connection, **named)
    opening = (held[0] if held else 0) - sum(move.points for move in later)
    return Page(opening, tuple(move for move in later if move.wall < end))
