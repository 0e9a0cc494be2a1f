"""Who works here: keepers and the others who may approve, with their PINs hashed and their wrong tries counted."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from pos.core.people import SERVES, Role
from pos.database import Prepared
from pos.storage import tables as t

_KEEPER = Prepared(select(t.keepers).where(t.keepers.c.number == bindparam("of")))


@dataclass(frozen=True, slots=True)
class Keeper:
    """One person with a PIN (argon2 hash); locked until `locked_until` (wall clock ms) after wrong tries."""

    number: str
    name: str
    role: Role
    pin: str
    active: bool
    failures: int
    locked_until: int


def keeper(connection: Connection, number: str) -> Keeper | None:
    """The person with this number."""
    row = _KEEPER.row(connection, of=number)
    return _keeper(row) if row else None


def everybody(connection: Connection) -> list[Keeper]:
    """All who ever worked here, in the order of their numbers."""
    return [_keeper(tuple(row)) for row in connection.execute(select(t.keepers).order_by(t.keepers.c.number))]


def row_of(keeper: Keeper) -> dict[str, Any]:
    """The row of a person, its salt aside."""
    return {
        "number": keeper.number,
        "name": keeper.name,
        "role": keeper.role.value,
        "pin": keeper.pin,
        "active": int(keeper.active),
        "failures": keeper.failures,
        "locked_until": keeper.locked_until,
    }


def serving(connection: Connection) -> int:
    """How many people here may serve and approve."""
    roles = [role.value for role in SERVES]
    query = select(func.count()).select_from(t.keepers).where(t.keepers.c.active == 1, t.keepers.c.role.in_(roles))
    return connection.execute(query).scalar_one()


def note_try(connection: Connection, number: str, failures: int, locked_until: int) -> None:
    """Remember how many wrong PINs came in a row, and until when no other is taken."""
    connection.execute(
        update(t.keepers).where(t.keepers.c.number == number).values(failures=failures, locked_until=locked_until)
    )


def _keeper(row: tuple[Any, ...]) -> Keeper:
    number, name, role, pin, active, failures, locked_until, _salt = row
    return Keeper(number, name, Role(role), pin, bool(active), failures, locked_until)
