"""Household cards at the ledger: issued, lost, found, looked up by a store that does not know one. The newest counts.

The tag's key belongs to the village and goes to the stores that serve it. What is raised is a `LedgerRefused`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from pos.core import cards
from pos.core.cards import Card, CardState
from pos.core.households import mask
from pos.ledger import audit, feed, keys, registry, rights
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, NotFound
from pos.ledger.service import Ledger
from pos.wire import reference
from pos.wire.reference import CardKey

KEY_NAME = "H1"


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a store learns of a household of another village from its card: no whole name, no points."""

    household: str
    masked: str
    state: str
    card_state: str


def issue(ledger: Ledger, township: str, household: str, by: str, reason: str = "") -> tuple[Card, str]:
    """A new card for a household and the text of its QR code; what it had before is replaced."""
    number = keys.new_card()

    def work(act: Act) -> tuple[Card, str]:
        row = rights.require_household(act, household)
        if row.state in ("merged", "closed"):
            raise Conflict("household-closed", household=household)
        held = _of_household(act, household)
        version = max((each.version for each in held), default=0) + 1
        for each in held:
            if each.state != CardState.REPLACED:
                _set_state(act, row.village, each, CardState.REPLACED)
        card = Card(number, household, version, CardState.ACTIVE)
        values = {"card": number, "household": household, "version": version, "state": "active", "issued": act.now}
        act.connection.execute(insert(t.cards).values(township=township, **values))
        feed.put(act, row.village, reference.CARD, [(number, card)])
        audit.note(act.connection, township, act.now, by, "card-issued", number, reason)
        return card, cards.signed(number, _key(act, row.village), KEY_NAME)

    return ledger.act(township, work)


def report_lost(ledger: Ledger, township: str, number: str, by: str) -> None:
    """Have a card refused everywhere."""
    ledger.act(township, lambda act: mark(act, number, CardState.LOST, by))


def report_found(ledger: Ledger, township: str, number: str, by: str) -> None:
    """Take a lost card again that has turned up before another one was issued."""
    ledger.act(township, lambda act: mark(act, number, CardState.ACTIVE, by))


def mark(act: Act, number: str, state: CardState, by: str) -> None:
    """Set a card lost, or a lost one active. Raises `NotFound` or `Conflict`."""
    row = _row(act, number)
    if row.state == CardState.REPLACED:
        raise Conflict("card-replaced", card=number[-4:])
    _set_state(act, rights.require_household(act, row.household).village, row, state)
    audit.note(act.connection, act.township, act.now, by, f"card-{state.value}", number)


def look_up(ledger: Ledger, township: str, number: str, by: str) -> Visitor:
    """Whose card it is, for a store that does not serve its village; who asked is noted."""

    def work(act: Act) -> Visitor:
        card = _row(act, number)
        row, who = (
            rights.require_household(act, card.household),
            registry.people_of(act.connection, township, card.household),
        )
        audit.note(act.connection, township, act.now, by, "look-up", card.household)
        return Visitor(card.household, mask(who.head if who else ""), row.state, card.state)

    return ledger.act(township, work)


def _row(act: Act, number: str) -> Row[Any]:
    c = t.cards.c
    row = act.connection.execute(select(t.cards).where(c.township == act.township, c.card == number)).one_or_none()
    if row is None:
        raise NotFound("card-unknown", card=number[-4:])
    return row


def _of_household(act: Act, household: str) -> list[Row[Any]]:
    c = t.cards.c
    return list(act.connection.execute(select(t.cards).where(c.township == act.township, c.household == household)))


def _set_state(act: Act, village: str, row: Row[Any], state: CardState) -> None:
    c = t.cards.c
    here = update(t.cards).where(c.township == act.township, c.card == row.card)
    act.connection.execute(here.values(state=state.value))
    feed.put(act, village, reference.CARD, [(row.card, Card(row.card, row.household, row.version, state))])


def _key(act: Act, village: str) -> bytes:
    """The village's key, made when there is none."""
    c = t.card_keys.c
    query = select(c.secret).where(c.township == act.township, c.village == village, c.name == KEY_NAME)
    found: bytes | None = act.connection.execute(query).scalar_one_or_none()
    if found is None:
        found = keys.new_secret()
        row = {"township": act.township, "village": village, "name": KEY_NAME, "secret": found}
        act.connection.execute(insert(t.card_keys).values(**row))
        feed.put(act, village, reference.CARD_KEY, [(KEY_NAME, CardKey(KEY_NAME, found.hex()))])
    return found
