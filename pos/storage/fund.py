"""The fund beside the journal: voucher numbers, what each source may be spent on, and the movements of its book."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.sql import text

from pos.core.accounts import Account
from pos.core.fund import Source
from pos.database import Prepared
from pos.storage import tables as t

_CASH = Prepared(
    text(
        "SELECT m.seq, j.kind, j.wall, m.source, m.destination, m.quantity"
        " FROM transfers m JOIN journal j ON j.seq = m.seq"
        " WHERE m.seq >= :first AND m.seq < :stop AND m.commodity = 'cash' ORDER BY m.seq, m.n"
    )
)
_DUE = Prepared(
    text(
        "SELECT DISTINCT seq FROM transfers WHERE seq > :after AND seq <= :until AND commodity = 'due'"
        " AND :party IN (source, destination) ORDER BY seq"
    )
)


@dataclass(frozen=True, slots=True)
class Move:
    """One movement of money: by which entry, of which kind, when (wall clock, ms), and between which accounts."""

    seq: int
    kind: str
    wall: int
    source: str
    destination: str
    fen: int


def moves(connection: Connection, entries: range) -> list[Move]:
    """Every movement of money by these entries, oldest first."""
    return [Move(*row) for row in _CASH.rows(connection, first=entries.start, stop=entries.stop)]


def next_voucher(connection: Connection, side: str, year: int) -> str:
    """The next voucher number of a side (`s` income 收, `f` expense 付) in a year: `s-2026-0001`."""
    start = f"{side}-{year}-"
    query = select(func.count()).where(t.fund_vouchers.c.number.startswith(start, autoescape=True))
    return f"{start}{connection.execute(query).scalar_one() + 1:04d}"


def take_voucher(connection: Connection, number: str, seq: int) -> None:
    """Entry `seq` has this number."""
    connection.execute(insert(t.fund_vouchers), {"number": number, "seq": seq})


def vouchers(connection: Connection, entries: range) -> dict[int, str]:
    """Voucher numbers by entry."""
    query = select(t.fund_vouchers).where(t.fund_vouchers.c.seq >= entries.start, t.fund_vouchers.c.seq < entries.stop)
    return {row.seq: row.number for row in connection.execute(query)}


def uses(connection: Connection) -> dict[Source, tuple[str, ...]]:
    """What each source may be spent on; a source that is not bound to anything is left out."""
    found: dict[Source, tuple[str, ...]] = {}
    for row in connection.execute(select(t.fund_uses).order_by(t.fund_uses.c.source, t.fund_uses.c.use)):
        found[Source(row.source)] = (*found.get(Source(row.source), ()), row.use)
    return found


def bind(connection: Connection, source: Source, allowed: Iterable[str]) -> None:
    """From now on this source may be spent on these uses alone; on anything when there are none."""
    connection.execute(delete(t.fund_uses).where(t.fund_uses.c.source == source.value))
    rows = [{"source": source.value, "use": use} for use in allowed]
    if rows:
        connection.execute(insert(t.fund_uses), rows)


def touching(connection: Connection, party: Account, after: int, until: int) -> list[int]:
    """Numbers of the entries after `after` up to `until` that changed what a party is owed."""
    return [row[0] for row in _DUE.rows(connection, party=str(party), after=after, until=until)]


def own_household(connection: Connection, party: str) -> str:
    """The household of a party's own people; empty where nobody has said."""
    query = select(t.own_households.c.household).where(t.own_households.c.party == party)
    return connection.execute(query).scalar_one_or_none() or ""
