"""The signed records of this installation's grants feed, each kept for good beside the entry that took it over.

A ledger that comes from its own backup learns from them what it has forgotten.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert_into
from sqlalchemy.sql import text

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import POINTS
from pos.database import Prepared
from pos.storage import tables as t

_EXCESS = Prepared(
    text(
        "SELECT g.household, g.points FROM targets g JOIN balances b"
        " ON b.account = 'pts:' || g.household || '@' || :writer AND b.commodity = 'pt'"
        " WHERE b.quantity > g.points ORDER BY g.household"
    )
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A record: number `number` of a life, the digest before it, its line, its digest, the ledger's signature."""

    life: int
    number: int
    seq: int
    before: bytes
    line: bytes
    digest: bytes
    signature: bytes


def keep(connection: Connection, record: Kept) -> None:
    """Keep a record that entry `seq` took over."""
    connection.execute(insert(t.feed_records), _row(record))


def records(connection: Connection, after: tuple[int, int], limit: int) -> list[Kept]:
    """Up to `limit` records after (life, number), oldest first."""
    c = t.feed_records.c
    later = (c.life > after[0]) | ((c.life == after[0]) & (c.number > after[1]))
    query = select(t.feed_records).where(later).order_by(c.life, c.number).limit(limit)
    return [Kept(*row) for row in connection.execute(query)]


def by_entry(connection: Connection) -> dict[int, tuple[bytes, bytes]]:
    """By the entry that took it over: the digest before each record, and its line."""
    c = t.feed_records.c
    return {row.seq: (row.before, row.line) for row in connection.execute(select(c.seq, c.before, c.line))}


def newest(connection: Connection) -> Kept | None:
    """The newest record that was taken over."""
    c = t.feed_records.c
    row = connection.execute(select(t.feed_records).order_by(c.life.desc(), c.number.desc()).limit(1)).one_or_none()
    return Kept(*row) if row else None


def set_target(connection: Connection, household: str, target: Points) -> None:
    """What a household should hold here from now on."""
    statement = upsert_into(t.targets)
    change = statement.on_conflict_do_update(index_elements=["household"], set_={"points": statement.excluded.points})
    connection.execute(change, {"household": household, "points": target.amount})


def target(connection: Connection, household: str) -> Points | None:
    """What a household should hold here, if the ledger has said."""
    query = select(t.targets.c.points).where(t.targets.c.household == household)
    found: int | None = connection.execute(query).scalar_one_or_none()
    return None if found is None else Points(found)


def excess(connection: Connection, writer: str) -> list[tuple[str, Points]]:
    """Households that hold more here than their target, with it."""
    return [(household, Points(points)) for household, points in _EXCESS.rows(connection, writer=writer)]


def held(connection: Connection, writer: str) -> int:
    """Points (1/100) of all households that may be spent here."""
    c = t.balances.c
    query = select(c.quantity).where(c.account.startswith("pts:"), c.account.endswith(f"@{writer}"))
    return sum(connection.execute(query.where(c.commodity == POINTS)).scalars())


def needs(household: str, by: str) -> list[tuple[accounts.Account, str]]:
    """The balances that taking over a grant changes."""
    kinds = (accounts.moving, accounts.points, accounts.debt)
    return [(kind(household, by), POINTS) for kind in kinds]


def _row(record: Kept) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Kept.__dataclass_fields__}
