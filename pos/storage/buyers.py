"""Who takes materials away: dealers with their contract prices, and licensed collectors of what is hazardous.

Names and plates are rows that can be erased. So is who stands behind one entry; the journal holds its salted hash.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from pos.storage import keys
from pos.storage import tables as t
from pos.storage.rows import digest

FOREVER = date(9999, 12, 31)
"""The last day of a contract that names none."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """A dealer, or a licensed collector; `plate` is that of the usual vehicle."""

    code: str
    name: str
    plate: str
    telephone: str
    licence: str
    kind: str
    """`dealer` or `collector`."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Contract:
    """What a buyer pays for a kilogram or a piece of a material, from the first day to the last."""

    buyer: str
    material: str
    effective: date
    until: date
    fen: int


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands behind an entry, with a note; both empty once erased."""

    name: str
    note: str


def buyers(connection: Connection) -> dict[str, Buyer]:
    """Every buyer and collector by code, those who no longer come included."""
    query = select(t.buyers).order_by(t.buyers.c.code)
    return {
        row.code: Buyer(row.code, row.name, row.plate, row.telephone, row.licence, row.kind, bool(row.active))
        for row in connection.execute(query)
    }


def contracts(connection: Connection, buyer: str) -> list[Contract]:
    """All prices that a buyer ever agreed to, by material, the newest first."""
    query = (
        select(t.contracts)
        .where(t.contracts.c.buyer == buyer)
        .order_by(t.contracts.c.material, t.contracts.c.effective.desc())
    )
    return [
        Contract(row.buyer, row.material, date.fromisoformat(row.effective), date.fromisoformat(row.until), row.fen)
        for row in connection.execute(query)
    ]


def prices(connection: Connection, buyer: str, on: date) -> dict[str, int]:
    """Fen per kilogram or piece that a buyer's contract says on a day: the newest that has begun and not ended."""
    found: dict[str, int] = {}
    for each in contracts(connection, buyer):
        if each.effective <= on <= each.until:
            found.setdefault(each.material, each.fen)
    return found


def remember(connection: Connection, seq: int, name: str, note: str, salt: str) -> None:
    """Keep who stands behind entry `seq`."""
    connection.execute(insert(t.parties), {"seq": seq, "name": name, "note": note, "salt": salt})


def hashed(name: str, note: str) -> tuple[str, str]:
    """What the journal says of a party, and the salt to keep beside its name; nothing of nobody."""
    if not name and not note:
        return "", ""
    salt = keys.new_salt()
    return digest([salt, name, note]), salt


def party(connection: Connection, seq: int) -> Party:
    """Who stands behind entry `seq`; empty for nobody."""
    row = connection.execute(select(t.parties).where(t.parties.c.seq == seq)).one_or_none()
    return Party(row.name, row.note) if row else Party("", "")
