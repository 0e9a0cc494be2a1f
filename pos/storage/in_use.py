"""Cards in use, as they are printed: every household with the card it holds."""

from sqlalchemy import Connection, select

from pos.core.cards import Card, CardState
from pos.core.households import Household
from pos.storage import tables as t
from pos.storage.registry import household_of


def households(connection: Connection) -> list[tuple[Household, Card | None]]:
    """Every household by number, with its newest card in use."""
    active = select(t.cards).where(t.cards.c.state == CardState.ACTIVE.value).order_by(t.cards.c.version)
    held = {
        row.household: Card(row.number, row.household, row.version, CardState(row.state))
        for row in connection.execute(active)
    }
    return [
        (household_of(row), held.get(row.number))
        for row in connection.execute(select(t.households).order_by(t.households.c.number))
    ]
