"""The stores of a township and how far each is heard: what an operator looks at in the morning."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from pos.core import accounts
from pos.ledger import tables as t


@dataclass(frozen=True, slots=True)
class Installation:
    """One life of a store's terminal; times are the ledger's clock, ms."""

    device: str
    epoch: int
    state: str
    approved: int | None
    """When a store that ran alone was approved; of any other, when it enrolled."""
    stopped: str
    """Why nothing more is granted to it; empty when it is not stopped."""
    seen: int
    entries: int
    """Entries of its journal that are here."""
    behind: int
    """Entries that it said it has beside those."""
    grants_waiting: int
    """Records of its grants that it had not taken over when it was last heard."""


@dataclass(frozen=True, slots=True)
class StoreFound:
    """A store and its installations, the newest first."""

    store: str
    village: str
    name: str
    differences: int
    """Differences that nobody has put aside yet."""
    installations: tuple[Installation, ...]


def stores(connection: Connection, township: str) -> list[StoreFound]:
    """All stores of a township by their code."""
    c = t.epochs.c
    query = select(t.epochs).where(c.township == township).order_by(c.device, c.epoch.desc())
    grants, open_ones = _grants(connection, township), _differences(connection, township)
    installations: dict[str, list[Installation]] = {}
    differences: dict[str, int] = {}
    for row in connection.execute(query):
        writer = accounts.writer(row.device, row.epoch)
        installations.setdefault(row.store, []).append(_installation(row, grants.get(writer, 0)))
        differences[row.store] = differences.get(row.store, 0) + open_ones.get(writer, 0)
    places = select(t.stores).where(t.stores.c.township == township).order_by(t.stores.c.store)
    return [
        StoreFound(
            row.store, row.village, row.name, differences.get(row.store, 0), tuple(installations.get(row.store, ()))
        )
        for row in connection.execute(places)
    ]


def villages(connection: Connection, township: str) -> list[Row[Any]]:
    """The township's villages by their code."""
    c = t.villages.c
    return list(connection.execute(select(c.village, c.name).where(c.township == township).order_by(c.village)))


def _installation(row: Row[Any], grants: int) -> Installation:
    behind, waiting = max(row.device_head - row.head_seq, 0), max(grants - row.feed_cursor, 0)
    facts = (row.device, row.epoch, row.state, row.approved, row.stopped, row.seen, row.head_seq)
    return Installation(*facts, behind=behind, grants_waiting=waiting)


def _grants(connection: Connection, township: str) -> dict[str, int]:
    c = t.feeds.c
    return {row.feed: row.number for row in connection.execute(select(c.feed, c.number).where(c.township == township))}


def _differences(connection: Connection, township: str) -> dict[str, int]:
    c = t.findings.c
    query = select(c.writer, func.count().label("open")).where(c.township == township, c.settled.is_(None))
    return {row.writer: row.open for row in connection.execute(query.group_by(c.writer))}
