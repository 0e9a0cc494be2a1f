"""What lies on the shelves, lot by lot, now or right after an earlier entry; and the rows that name a lot."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert_into
from sqlalchemy.sql import text

from catalog.goods import Lot, first_out
from pos.core import accounts
from pos.core.accounts import Account
from pos.core.stock import Adjust
from pos.database import Prepared
from pos.storage import books
from pos.storage import tables as t

_SHELVES = Prepared(
    text(
        "SELECT l.good, l.place, l.owner, l.lot, l.expiry, l.cost_fen, b.quantity, g.name, g.unit, l.batch FROM lots l"
        " JOIN balances b ON b.account = l.account AND b.commodity = 'g:' || l.good JOIN goods g ON g.code = l.good"
        " WHERE b.quantity > 0 AND (:good = '' OR l.good = :good)"
    )
)
_THEN = Prepared(
    text(
        "SELECT l.good, l.place, l.owner, l.lot, l.expiry, l.cost_fen, b.quantity - coalesce((SELECT"
        " sum(CASE m.destination WHEN l.account THEN m.quantity ELSE -m.quantity END) FROM transfers m"
        " WHERE m.seq > :at AND m.commodity = b.commodity AND l.account IN (m.source, m.destination)), 0) FROM lots l"
        " JOIN balances b ON b.account = l.account AND b.commodity = 'g:' || l.good WHERE l.good = :good"
    )
)
_ON_THE_WAY = Prepared(text("SELECT commodity, quantity FROM balances WHERE account = :account ORDER BY commodity"))


_CORRECTED = Prepared(
    text(
        "SELECT coalesce(sum(CASE WHEN source IN (:found, :short) THEN quantity ELSE -quantity END), 0) FROM transfers"
        " WHERE seq > :at AND commodity = :commodity"
        " AND (source IN (:found, :short) OR destination IN (:found, :short))"
    )
)
_COUNTS = Prepared(text("SELECT seq FROM journal WHERE kind = 'count' ORDER BY seq DESC LIMIT :most"))
_NEWEST_COUNTS = 200
_ADJUSTED = Prepared(text("SELECT seq FROM journal WHERE kind = 'adjust' AND seq > :since ORDER BY seq"))


@dataclass(frozen=True, slots=True)
class Shelved:
    """A lot on hand, and what its good is called."""

    lot: Lot
    name: str
    unit: str
    batch: str


def on_hand(connection: Connection, good: str = "") -> list[Shelved]:
    """Every lot on hand, of one good where it is named, expired ones too; by good, in the order lots leave."""
    found = {
        (good, place, owner, lot): Shelved(_lot(good, place, owner, lot, expiry, cost, quantity), name, unit, batch)
        for good, place, owner, lot, expiry, cost, quantity, name, unit, batch in _SHELVES.rows(connection, good=good)
    }
    ordered = sorted(first_out([each.lot for each in found.values()]), key=lambda lot: lot.good)
    return [found[lot.good, lot.place, lot.owner, lot.lot] for lot in ordered]


def lots_then(connection: Connection, good: str, at: int) -> list[Lot]:
    """The lots of a good as the books had them right after entry `at`, empty ones left out, in the order they leave."""
    return first_out([_lot(*row) for row in _THEN.rows(connection, good=good, at=at) if row[-1] > 0])


def rows_of(connection: Connection, codes: Iterable[str]) -> list[Lot]:
    """Every lot that these goods ever had, whatever is left of it."""
    query = select(t.lots).where(t.lots.c.good.in_(list(codes)))
    return [
        _lot(row.good, row.place, row.owner, row.lot, row.expiry, row.cost_fen, 0) for row in connection.execute(query)
    ]


def expired(connection: Connection, codes: Iterable[str], today: date) -> dict[str, date]:
    """Those of these goods of which an expired lot is still on hand, with its last day."""
    wanted = set(codes)
    found: dict[str, date] = {}
    for each in on_hand(connection) if wanted else ():
        if each.lot.good in wanted and each.lot.expiry is not None and each.lot.expiry < today:
            found.setdefault(each.lot.good, each.lot.expiry)
    return found


def on_the_way(connection: Connection, slip: str, writer: str) -> dict[str, int] | None:
    """Pieces of each good still on the road under a slip for `writer`; None when nothing was ever sent from here."""
    rows = _ON_THE_WAY.rows(connection, account=str(Account("way", slip, writer)))
    return {commodity.partition(":")[2]: quantity for commodity, quantity in rows} or None


def shelve(connection: Connection, writer: str, lot: Lot, produced: date | None, batch: str) -> None:
    """Write the row of a new lot."""
    connection.execute(insert(t.lots), _row(writer, lot, produced, batch))


def corrected_since(connection: Connection, commodity: str, at: int, writer: str) -> int:
    """What the books of a commodity were put up by (below zero: down) after entry `at`, though nothing moved."""
    found, short = str(Account("in", "found", writer)), str(Account("out", "short", writer))
    rows = _CORRECTED.rows(connection, at=at, commodity=commodity, found=found, short=short)
    quantity: int = rows[0][0]
    return quantity


def adjusted_since(connection: Connection, seq: int, refs: Collection[int]) -> int | None:
    """The entry after number `seq` that put one of the counts `refs` into the books, if one did."""
    for (found,) in _ADJUSTED.rows(connection, since=seq):
        body = books.read_entry(connection, found).body
        if isinstance(body, Adjust) and set(body.refs) & set(refs):
            number: int = found
            return number
    return None


def counts(connection: Connection) -> list[int]:
    """Numbers of the newest counts, the newest first."""
    return [found for (found,) in _COUNTS.rows(connection, most=_NEWEST_COUNTS)]


def keep_found(connection: Connection, writer: str, goods: Iterable[str]) -> None:
    """The village's lot `0` of each of these goods, where what was found lies; one that is there stays as it is."""
    rows = [_row(writer, Lot(accounts.PLACE, "village", "0", good, None, 0, 0), None, "") for good in goods]
    if rows:
        connection.execute(upsert_into(t.lots).on_conflict_do_nothing(), rows)


def _lot(good: str, place: str, owner: str, lot: str, expiry: str | None, cost: int, quantity: int) -> Lot:
    return Lot(place, owner, lot, good, date.fromisoformat(expiry) if expiry else None, cost, quantity)


def _row(writer: str, lot: Lot, produced: date | None, batch: str) -> dict[str, str | int | None]:
    return {
        "good": lot.good,
        "place": lot.place,
        "owner": lot.owner,
        "lot": lot.lot,
        "account": str(accounts.stock(lot.owner, lot.lot, writer, lot.place)),
        "expiry": lot.expiry.isoformat() if lot.expiry else None,
        "cost_fen": lot.cost_fen,
        "produced": produced.isoformat() if produced else None,
        "batch": batch,
    }
