"""What each party is owed now: suppliers, keepers for their own goods, providers."""

from dataclasses import dataclass

from catalog.units import Fen
from pos.counter.desk import Desk
from pos.storage import dues


@dataclass(frozen=True, slots=True)
class Owed:
    """What one party is owed, below zero what it owes; `name` is empty for an owner who is on no list."""

    party: str
    name: str
    amount: Fen


def owed(desk: Desk) -> list[Owed]:
    """Every party that is owed something, or owes it."""
    with desk.store.read() as connection:
        names = dues.names(connection)
        balances = dues.balances(connection, desk.store.identity.writer)
        return [Owed(party, names.get(party, ""), Fen(fen)) for party, fen in balances]
