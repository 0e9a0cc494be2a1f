"""What each party is owed now: suppliers, keepers for their own goods, providers."""

from catalog.units import Fen
from pos.counter.desk import Desk
from pos.storage import dues


def owed(desk: Desk) -> list[tuple[str, Fen]]:
    """Every party that is owed something, or owes it (below zero)."""
    with desk.store.read() as connection:
        return [(party, Fen(fen)) for party, fen in dues.balances(connection, desk.store.identity.writer)]
