"""Household cards at the ledger: issued, lost, found, looked up by a store that does not know one. The newest counts.

The tag's key belongs to the village and goes to the stores that serve it: one that the ledger made, and those of stores
that ran alone. What is raised is a `LedgerRefused`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from pos.core import cards
from pos.core.cards import Card, CardState, ReadAs
from pos.core.households import HouseholdState, mask
from pos.core.refusals import CardMisread
from pos.ledger import audit, feed, keys, registry, rights
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Forbidden, NotFound
from pos.ledger.service import Ledger
from pos.wire import reference
from pos.wire.cards import Visitor
from pos.wire.reference import CardKey

KEY_NAME, KEY_BYTES = "H1", 32
_MOST_KEYS = 20
"""Keys of one village."""


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
        name, key = _key(act, row.village)
        return card, cards.signed(number, key, name[:2])

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


def look_up(ledger: Ledger, township: str, text: str, by: str) -> Visitor:
    """Whose card was read, for a store that does not serve its village; who asked is noted.

    Raises `Forbidden` for a QR code that no key of that village made: the store cannot tell.
    """
    try:
        seen = cards.read(text)
    except CardMisread:
        raise NotFound("card-unknown", card=text[-4:]) from None

    def work(act: Act) -> Visitor:
        card = _row(act, seen.number)
        row = rights.require_household(act, card.household)
        who = registry.people_of(act.connection, township, card.household)
        audit.note(act.connection, township, act.now, by, "look-up", card.household)
        if seen.read_as is ReadAs.SIGNED and not cards.genuine(seen, keys_of(act.connection, township, row.village)):
            raise Forbidden("card-forged")
        states = HouseholdState(row.state), CardState(card.state)
        return Visitor(card.household, mask(who.head if who else ""), *states)

    return ledger.act(township, work)


def keys_of(connection: Connection, township: str, village: str) -> dict[str, bytes]:
    """The keys of a village's cards by their names, of which a QR code says the first two characters."""
    c = t.card_keys.c
    query = select(c.name, c.secret).where(c.township == township, c.village == village).order_by(c.name)
    return {row.name: row.secret for row in connection.execute(query)}


def keep_keys(act: Act, village: str, found: Mapping[str, str]) -> None:
    """Have the stores of a village take cards by these keys, too: hex of each, and the name that its cards say."""
    known = keys_of(act.connection, act.township, village)
    new = {bytes.fromhex(key): name for key, name in found.items()}
    new = {key: name for key, name in new.items() if key not in known.values()}
    if len(known) + len(new) > _MOST_KEYS:
        audit.note(act.connection, act.township, act.now, "", "card-keys-full", village)
        return
    for key, name in new.items():
        _add_key(act, village, name, key)


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


def _key(act: Act, village: str) -> tuple[str, bytes]:
    """A key of the village and its name, made when there is none."""
    for name, key in keys_of(act.connection, act.township, village).items():
        return name, key
    key = keys.new_secret()
    return _add_key(act, village, KEY_NAME, key), key


def _add_key(act: Act, village: str, name: str, key: bytes) -> str:
    """Write a key under a name of its own, and send it to the stores that serve the village."""
    own = f"{name}-{hashlib.sha256(key).hexdigest()[:8]}"
    row = {"township": act.township, "village": village, "name": own, "secret": key}
    act.connection.execute(insert(t.card_keys).values(**row))
    feed.put(act, village, reference.CARD_KEY, [(own, CardKey(name, key.hex()))])
    return own
