"""户: number, head, group, persons. A state is shown only: it is set at the counter, where new households get cards."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from pos.core.entries import Signatures
from pos.core.households import Household, HouseholdState
from pos.core.lists import Cells, Change, Column, Flaw, Problem, choice, household, label, whole
from pos.counter.desk import Desk
from pos.counter.lists_parts import Known, ListOf, edit
from pos.storage import in_use, keys, registry
from pos.storage import tables as t
from pos.storage.books import Transaction

_NEW = {HouseholdState.NORMAL.value, HouseholdState.AWAY.value}


def _known(desk: Desk, connection: Connection) -> Known:
    del desk
    return {(each.number,): _cells(each) for each, _ in in_use.households(connection)}


def _cells(each: Household) -> Cells:
    return {
        "number": each.number,
        "head": each.head,
        "group": each.group,
        "persons": str(each.persons),
        "state": each.state.value,
    }


def _judge(desk: Desk, connection: Connection, changes: Sequence[Change], known: Known) -> list[Problem]:
    del known
    found = []
    for change in changes:
        new = change.new
        if not new["number"].startswith(desk.store.identity.village):
            found.append(Problem(change.row, "number", Flaw.OTHER_VILLAGE, new["number"]))
        if new["state"] not in (_NEW if change.old is None else {change.old["state"]}):
            found.append(Problem(change.row, "state", Flaw.STATE, new["state"]))
        people = registry.members(connection, new["number"])
        if new["persons"] and people and int(new["persons"]) <= len(people):
            found.append(Problem(change.row, "persons", Flaw.PERSONS, new["persons"]))
    return found


def _take(desk: Desk, by: Signatures, tx: Transaction, changes: Sequence[Change]) -> None:
    """Salted, since a name is soon guessed from its hash."""
    edited: list[dict[str, Any]] = []
    for change in changes:
        new = change.new
        old = registry.household(tx.connection, new["number"])
        if old is None:
            state = HouseholdState(new["state"])
            home = desk.store.identity.store
            old = Household(new["number"], new["head"], new["group"], int(new["persons"]), state, home)
        each = replace(old, head=new["head"], group=new["group"], persons=int(new["persons"]))
        edited.append(registry.household_row(each) | {"salt": keys.new_salt()})
    edit(desk, by, tx, t.households, edited)


HOUSEHOLDS = ListOf(
    (
        Column("number", household),
        Column("head", label()),
        Column("group", label()),
        Column("persons", whole(1, 99)),
        choice("state", *(each.value for each in HouseholdState)),
    ),
    ("number",),
    _known,
    _judge,
    _take,
)
