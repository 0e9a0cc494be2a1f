"""Which village a thing belongs to, for operators who are kept to one."""

from sqlalchemy import Connection, select

from pos.ledger import tables as t
from pos.ledger.refusals import NotFound

VILLAGE = 12
"""Digits of a household's number that are its village's code."""


def of_card(connection: Connection, township: str, card: str) -> str:
    """The village of the household that a card is of. Raises `NotFound`."""
    c = t.cards.c
    household = connection.execute(select(c.household).where(c.township == township, c.card == card)).scalar()
    if household is None:
        raise NotFound("card-unknown", card=card[-4:])
    return str(household)[:VILLAGE]


def of_batch(connection: Connection, township: str, batch: str) -> str:
    """The village that a batch of awards is for. Raises `NotFound`."""
    c = t.award_batches.c
    village = connection.execute(select(c.village).where(c.township == township, c.batch == batch)).scalar()
    if village is None:
        raise NotFound("batch-unknown", batch=batch)
    return str(village)


def of_item(connection: Connection, township: str, item: str) -> str:
    """The village whose own item it is; empty for one of the whole township. Raises `NotFound`."""
    c = t.award_items.c
    row = connection.execute(select(c.village).where(c.township == township, c.item == item)).one_or_none()
    if row is None:
        raise NotFound("item-unknown", item=item)
    return row.village or ""
