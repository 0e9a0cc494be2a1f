"""What the four lists share: their shape, and the act that records an edit of reference rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from catalog.prices import PriceBook
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.lists import Cells, Change, Column, Problem
from pos.core.transfers import Decision
from pos.counter import prices
from pos.counter.desk import Desk
from pos.storage import rows
from pos.storage.books import Transaction
from pos.storage.rows import digest

Known = Mapping[tuple[str, ...], Cells]


@dataclass(frozen=True, slots=True)
class ListOf:
    """One list: its columns, those that say what a row is about, and how it is read, judged and taken over."""

    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    known: Callable[[Desk, Connection], Known]
    """What stands in the shop, in normal text."""
    judge: Callable[[Desk, Connection, Sequence[Change], Known], list[Problem]]
    """What of the changes does not fit this shop."""
    take: Callable[[Desk, Signatures, Transaction, Sequence[Change]], None]


def edit(desk: Desk, by: Signatures, tx: Transaction, table: Table, edited: list[dict[str, Any]]) -> None:
    """Save reference rows and record them with one act."""
    if edited:
        rows.save(tx.connection, table, edited)
        act = Act(ActCode.REFERENCE, str(table.name), digest=digest(edited))
        tx.append(desk.now(), by, Decision(act, ()))


def publish(desk: Desk, by: Signatures, tx: Transaction, priced: Callable[[PriceBook], PriceBook]) -> None:
    """Every book that is or will be in force anew, with other prices: they hold from the next opening on."""
    for book in list(prices.books_from(tx.connection, desk.today())):
        prices.publish(desk, by, tx, priced(book))
