"""Who is served: households, their cards, and what they took of each good this month."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update
from sqlalchemy.sql import text

from pos.core.cards import Card, CardState
from pos.core.households import Household, HouseholdState, Member
from pos.database import Prepared
from pos.storage import tables as t

_HOUSEHOLD = Prepared(select(t.households).where(t.households.c.number == bindparam("of")))
_CARD = Prepared(select(t.cards).where(t.cards.c.number == bindparam("of")))
_CARD_ACTS = Prepared(
    text(
        "SELECT a ->> 'subject', a ->> 'code', a ->> 't', a ->> 'op', coalesce(a ->> 'ap', '')"
        " FROM (SELECT seq, CAST(bytes AS TEXT) AS a FROM journal"
        " WHERE kind = 'act' AND instr(bytes, CAST('\"code\":\"card-' AS BLOB)) > 0)"
        " WHERE a ->> 'subject' IN (SELECT value FROM json_each(:numbers)) ORDER BY seq"
    )
)
_TAKEN = Prepared(
    text(
        "SELECT good, quantity FROM taken WHERE household = :household AND month = :month"
        " AND good IN (SELECT value FROM json_each(:codes))"
    )
)
_TAKE = Prepared(
    text(
        "INSERT INTO taken (household, good, month, quantity) VALUES (:household, :good, :month, :quantity)"
        " ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity"
    )
)
_GIVE_BACK = Prepared(
    text(
        "UPDATE taken SET quantity = quantity - :quantity"
        " WHERE household = :household AND good = :good AND month = :month"
    )
)


def household(connection: Connection, number: str) -> Household | None:
    """The household with this number."""
    row = _HOUSEHOLD.row(connection, of=number)
    return household_of(row) if row else None


def household_of(row: Any) -> Household:
    """The household of a row of the table."""
    number, head, group, persons, state, home, quiet, _salt = row
    return Household(number, head, group, persons, HouseholdState(state), home, bool(quiet))


def household_row(household: Household) -> dict[str, Any]:
    """The row of a household, as it is saved and hashed."""
    return {
        "number": household.number,
        "head": household.head,
        "group": household.group,
        "persons": household.persons,
        "state": household.state.value,
        "home": household.home,
        "quiet": int(household.quiet),
    }


def set_members(connection: Connection, number: str, people: Iterable[Member]) -> None:
    """Let these be the people of a household, and nobody else."""
    connection.execute(delete(t.members).where(t.members.c.household == number))
    rows = [{"household": number, "place": member.place, "name": member.name} for member in people]
    if rows:
        connection.execute(insert(t.members), rows)


def members(connection: Connection, number: str) -> tuple[Member, ...]:
    """The people of a household who have a place of their own, in their order."""
    query = select(t.members.c.place, t.members.c.name).where(t.members.c.household == number).order_by("place")
    return tuple(Member(row.place, row.name) for row in connection.execute(query))


def find_households(connection: Connection, words: str, limit: int = 20) -> list[Household]:
    """Households whose number ends with, or whose head's name contains, `words`."""
    query = (
        select(t.households)
        .where(
            or_(
                t.households.c.number.endswith(words, autoescape=True),
                t.households.c.head.contains(words, autoescape=True),
            )
        )
        .order_by(t.households.c.number)
        .limit(limit)
    )
    return list(map(household_of, connection.execute(query)))


def card(connection: Connection, number: str) -> Card | None:
    """The card with this number."""
    row = _CARD.row(connection, of=number)
    if row is None:
        return None
    number, household, version, state = row
    return Card(number, household, version, CardState(state))


def cards_of(connection: Connection, number: str) -> list[Card]:
    """All cards of a household, oldest first."""
    query = select(t.cards).where(t.cards.c.household == number).order_by(t.cards.c.version)
    return [Card(row.number, row.household, row.version, CardState(row.state)) for row in connection.execute(query)]


def set_card_state(connection: Connection, number: str, state: CardState) -> None:
    """Move a card on in its life."""
    connection.execute(update(t.cards).where(t.cards.c.number == number).values(state=state.value))


@dataclass(frozen=True, slots=True)
class CardEvent:
    """What happened to a card: the act's code, when (wall clock, ms), by whom and approved by whom."""

    card: str
    code: str
    wall: int
    operator: str
    approver: str


def card_events(connection: Connection, numbers: Iterable[str]) -> list[CardEvent]:
    """What the journal says of these cards, oldest first."""
    rows = _CARD_ACTS.rows(connection, numbers=json.dumps(list(numbers)))
    return [CardEvent(*row) for row in rows]


def taken(connection: Connection, number: str, codes: Iterable[str], month: str) -> dict[str, int]:
    """Pieces of these goods that a household took in a month (`2026-01`)."""
    return dict(_TAKEN.rows(connection, household=number, month=month, codes=json.dumps(list(codes))))


def take(connection: Connection, number: str, month: str, pieces: Mapping[str, int]) -> None:
    """Count pieces towards a household's month."""
    rows = [{"household": number, "good": good, "month": month, "quantity": n} for good, n in pieces.items()]
    if rows:
        _TAKE.run_many(connection, rows)


def give_back(connection: Connection, number: str, month: str, pieces: Mapping[str, int]) -> None:
    """Take pieces off a household's month again."""
    rows = [{"household": number, "good": good, "month": month, "quantity": n} for good, n in pieces.items()]
    if rows:
        _GIVE_BACK.run_many(connection, rows)
