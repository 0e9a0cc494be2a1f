"""What a new installation takes over of the store file before it: the village's lists, people and decisions.

The journal, and all that hangs on one of its entries, stays with the books that it was written in.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from pos.core import accounts, journal
from pos.core.acts import Act, ActCode
from pos.core.entries import Moment, Signatures
from pos.core.reopening import carried, carried_lot
from pos.core.transfers import Decision, Key
from pos.storage import predecessor, published
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.predecessor import Predecessor
from pos.storage.rows import digest

_LISTS = (
    t.households, t.members, t.cards, t.goods, t.barcodes, t.suppliers, t.proposals, t.materials, t.buyers,
    t.contracts, t.fund_uses, t.own_households, t.tares, t.keepers, t.providers, t.services, t.household_pins,
    t.award_batches,
)  # fmt: skip
"""Batches of awards too: what was posted once stays posted, in whatever life of the store."""
_PUBLISHED = (t.price_books, t.good_prices, t.material_prices, t.service_prices, t.terms, t.policies)


def take_over(old: Connection, new: Connection, writer: str, *, reopened: bool) -> None:
    """Copy the rows into a store that has none; lots get the accounts of the new `writer`.

    Where balances are `reopened` the lots are named anew; a ledger that hands them over leaves them their names.
    """
    for table in (*_LISTS, *_PUBLISHED):
        _put(new, table, _rows(old, table))
    lots = []
    for row in _rows(old, t.lots):
        account, lot = accounts.parse(row["account"]), row["lot"]
        own = carried(account, writer) if reopened else account._replace(writer=writer)
        lots.append(row | {"account": str(own), "lot": carried_lot(lot) if reopened else lot})
    _put(new, t.lots, lots)


def written(old: Connection, tx: Transaction, at: Moment, by: Signatures, store: str, before: Predecessor) -> None:
    """Write what was taken over of `before` into the new journal, so that it is known whose books it follows."""
    number = journal.number(store, before.device, before.epoch, before.seq)
    act = Act(ActCode.RESTORED, number.lower(), digest=before.hash.hex())
    since = tx.append(at, by, Decision(act, ())).entry.seq
    for subject, hashed in recorded(tx.connection):
        tx.append(at, by, Decision(Act(ActCode.REFERENCE, subject, digest=hashed), ()))
    _take_over_running(old, tx.connection, since)
    predecessor.follow(tx.connection, before)


def _take_over_running(old: Connection, new: Connection, since: int) -> None:
    """What is frozen stays so, and campaigns go on: what a household had from each is counted from entry `since` on."""
    _put(new, t.frozen, [row | {"seq": since} for row in _rows(old, t.frozen)])
    _put(new, t.campaigns, [row | {"since": since} for row in _rows(old, t.campaigns)])


def recorded(connection: Connection) -> Iterator[tuple[str, str]]:
    """Subject and hash of each act that says what was taken over."""
    for table in (*_LISTS, t.lots):
        if found := _rows(connection, table):
            yield str(table.name), digest(found)
    for subject, _, hashed in published.everything(connection):
        yield subject, hashed


def balances(old: Connection) -> dict[Key, int]:
    """Every balance of the books before."""
    query = select(t.balances.c.account, t.balances.c.commodity, t.balances.c.quantity)
    return {(accounts.parse(account), what): quantity for account, what, quantity in old.execute(query)}


def unused_vouchers(old: Connection) -> dict[str, int]:
    """Points (1/100) of the vouchers that nobody has used, by household."""
    c = t.vouchers.c
    query = select(c.household, func.sum(c.points)).where(c.state == "issued").group_by(c.household)
    return {row[0]: row[1] for row in old.execute(query)}


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(table))]


def _put(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
