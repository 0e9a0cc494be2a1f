"""The versions of what the village decided about redemptions; published, never changed."""

from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.sql import text

from pos.core import codec
from pos.core.store_policy import StorePolicy
from pos.database import Prepared
from pos.storage import tables as t

_IN_FORCE = Prepared(
    text("SELECT version, body FROM policies WHERE effective <= :on ORDER BY effective DESC, version DESC LIMIT 1")
)


def in_force(connection: Connection, on: date) -> tuple[int, StorePolicy]:
    """The newest version that holds on a day; before the first one version 0, which asks for nothing."""
    row = _IN_FORCE.row(connection, on=on.isoformat())
    return (row[0], _policy(row[1])) if row else (0, StorePolicy())


def versions(connection: Connection) -> list[tuple[int, date]]:
    """Every version with its effective date, newest first."""
    query = select(t.policies.c.version, t.policies.c.effective).order_by(t.policies.c.version.desc())
    return [(row.version, date.fromisoformat(row.effective)) for row in connection.execute(query)]


def publish(connection: Connection, effective: date, policy: StorePolicy) -> int:
    """Write the next version and return its number. Its act carries `published.policy`."""
    version: int = 1 + connection.execute(select(func.coalesce(func.max(t.policies.c.version), 0))).scalar_one()
    body = codec.dumps(codec.plain(policy))
    connection.execute(insert(t.policies), {"version": version, "effective": effective.isoformat(), "body": body})
    return version


@lru_cache(maxsize=8)
def _policy(body: bytes) -> StorePolicy:
    return codec.build(StorePolicy, codec.loads(body))
