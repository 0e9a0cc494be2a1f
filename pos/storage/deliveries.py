"""Rows beside the journal about goods that come in: suppliers, who gave what, and prices that wait for approval.

Who gave something is a row that can be erased; the journal holds its salted hash.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Exists, delete, exists, func, insert, select

from catalog.prices import GoodPrice
from catalog.units import Fen, Points
from pos.storage import tables as t
from pos.storage.rows import digest


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who sells to the store; `code` names them in the books."""

    code: str
    name: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A price that waits for a second person: of which good, what it cost, and who proposed it."""

    good: str
    name: str
    unit: str
    cost: Fen
    price: GoodPrice
    by: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came in with entry `seq`, and who gave it; `giver` is empty where nobody is remembered."""

    seq: int
    wall: int
    origin: str
    giver: str


@dataclass(frozen=True, slots=True)
class Brought:
    """Who brought what an entry took in: the supplier's code, the number of the paper, the giver."""

    supplier: str
    slip: str
    giver: str


def suppliers(connection: Connection) -> dict[str, Supplier]:
    """Every supplier by code."""
    query = select(t.suppliers).order_by(t.suppliers.c.code)
    return {row.code: Supplier(row.code, row.name, row.telephone) for row in connection.execute(query)}


def giver_hash(giver: str, salt: str) -> str:
    """What the journal says of who gave something; empty for nobody."""
    return digest([salt, giver]) if giver else ""


def keep(connection: Connection, seq: int, origin: str, supplier: str, slip: str, giver: str, salt: str) -> None:
    """Remember who entry `seq` came from, and under which paper's number."""
    row = {"seq": seq, "origin": origin, "supplier": supplier, "slip": slip, "giver": giver, "salt": salt}
    connection.execute(insert(t.deliveries), row)


def with_slip(connection: Connection, origin: str, supplier: str, slip: str) -> int | None:
    """The entry that took in a paper of this number from the same party, if one did and was not taken back."""
    d = t.deliveries.c
    query = select(func.min(d.seq)).where(
        d.slip == slip, d.slip != "", d.origin == origin, d.supplier == supplier, ~_sent_back()
    )
    found: int | None = connection.execute(query).scalar_one()
    return found


def came_from(connection: Connection, seq: int) -> Brought:
    """Who entry `seq` came from, and under which paper's number; empty where nothing is remembered."""
    d = t.deliveries.c
    row = connection.execute(select(d.supplier, d.slip, d.giver).where(d.seq == seq)).one_or_none()
    return Brought(*row) if row else Brought("", "", "")


def gifts(connection: Connection, since: int, until: int) -> list[Delivery]:
    """Donations with a wall clock (ms) from `since` up to and without `until`, oldest first; none taken back."""
    query = (
        select(t.deliveries.c.seq, t.journal.c.wall, t.deliveries.c.origin, t.deliveries.c.giver)
        .join(t.journal, t.journal.c.seq == t.deliveries.c.seq)
        .where(t.deliveries.c.origin == "donation", t.journal.c.wall >= since, t.journal.c.wall < until, ~_sent_back())
        .order_by(t.deliveries.c.seq)
    )
    return [Delivery(*row) for row in connection.execute(query)]


def _sent_back() -> Exists:
    """Whether a delivery was taken back by a reversal."""
    reversals = t.journal.alias()
    return exists().where(reversals.c.kind == "reverse", reversals.c.ref == t.deliveries.c.seq)


def proposals(connection: Connection) -> list[Proposal]:
    """Prices that wait for approval, by good."""
    p, g = t.proposals.c, t.goods.c
    query = (
        select(p.good, g.name, g.unit, p.cost_fen, p.points, p.shelf, p.by)
        .join(t.goods, g.code == p.good)
        .order_by(p.good)
    )
    return [
        Proposal(good, name, unit, Fen(cost), GoodPrice(Points(points), Fen(shelf)), by)
        for good, name, unit, cost, points, shelf, by in connection.execute(query)
    ]


def settle_proposal(connection: Connection, good: str) -> None:
    """The price of this good waits no longer."""
    connection.execute(delete(t.proposals).where(t.proposals.c.good == good))
