"""Cards that stores have issued, taken into the register: of two that stores issued apart, the newest counts.

A store tells of them sealed, with the key that makes them genuine. A card whose household the township does not know
yet, or that the store does not serve, is passed over; a store whose next epoch begins tells of all once more. What is
raised is a `LedgerRefused`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, insert, select, update

from pos.core import cards as rules
from pos.core.cards import Card, CardState
from pos.core.codec import CodecError
from pos.ledger import answers, asked, audit, cards, feed, keys, rights
from pos.ledger import tables as t
from pos.ledger.answers import Signed
from pos.ledger.books import Act
from pos.ledger.refusals import Invalid
from pos.ledger.service import Ledger
from pos.wire import messages, reference, sealing
from pos.wire.cards import MOST_CARDS, MOST_KEYS, CardsTaken, CardsTold, CardTold, StoreCards

_CHUNK = 500


def take(ledger: Ledger, township: str, device: str, epoch: int, line: bytes, signature: str) -> Signed:
    """Take in what a store tells of its cards; the signed answer says how many were new."""
    told = asked.read(ledger, CardsTold, township, device, epoch, line, signature)
    found = _opened(told, keys.sealing(ledger.key))

    def work(act: Act) -> Signed:
        row = rights.epoch_of(act.connection, township, device, epoch)
        (_, _, village, *_) = served = feed.scopes(act.connection, township, row.store)
        cards.keep_keys(act, village, {each.key: each.name for each in found.keys})
        taken = _take_all(act, frozenset(served[2:]), _meant(act, device, found.cards))
        if taken or found.keys:
            audit.note(act.connection, township, act.now, f"{device}.{epoch}", "cards-told", row.store, str(taken))
        names = (messages.VERSION, answers.digest(line), township, device, epoch, told.upto, taken)
        return answers.answer(CardsTaken(*names), ledger.key)

    return ledger.act(township, work)


def _opened(told: CardsTold, secret: bytes) -> StoreCards:
    try:
        inner = sealing.unsealed(bytes.fromhex(told.sealed), secret, sealing.CARDS)
        found = messages.loads(StoreCards, inner)
        for key in found.keys:
            messages.hex_bytes(key.key, cards.KEY_BYTES)
    except (CodecError, ValueError) as error:
        raise Invalid("malformed", detail=str(error)[:80]) from None
    if len(found.cards) > MOST_CARDS or len(found.keys) > MOST_KEYS:
        raise Invalid("malformed", detail="cards")
    return found


def _meant(act: Act, device: str, told: Iterable[CardTold]) -> list[CardTold]:
    """The cards with the households that the store's own numbers stand for."""
    c = t.stand_ins.c
    query = select(c.local, c.household).where(c.township == act.township, c.writer.startswith(f"{device}."))
    meant = {row.local: row.household for row in act.connection.execute(query)}
    return [
        replace(each, card=replace(each.card, household=meant.get(each.card.household, each.card.household)))
        for each in told
    ]


@dataclass(slots=True)
class _Held:
    """A card that a household has at the ledger, as it will be written; whether it is `new`, and whether it changed."""

    card: Card
    issued: int
    new: bool = False
    changed: bool = False


def _take_all(act: Act, served: frozenset[str], told: list[CardTold]) -> int:
    known = rights.households_of(act, (each.card.household for each in told))
    there = _held(act, known)
    numbers = _numbers(act, (each.card.number for each in told))
    taken: set[str] = set()
    for each in told:
        row = known.get(each.card.household)
        new = rules.is_number(each.card.number) and each.card.number not in numbers | taken
        if new and row is not None and row.village in served and each.issued >= 0:
            taken.add(each.card.number)
            _add(there.setdefault(row.household, []), each)
    _write(act, known, [held for each in there.values() for held in each if held.changed])
    return len(taken)


def _add(held: list[_Held], told: CardTold) -> None:
    """Put a card among those of its household: in use only when none that is newer is."""
    versions = [each.card.version for each in held]
    in_use = [each for each in held if each.card.state is not CardState.REPLACED]
    if told.card.state is not CardState.REPLACED and all(each.issued < told.issued for each in in_use):
        for each in in_use:
            each.card, each.changed = replace(each.card, state=CardState.REPLACED), True
        version = max([told.card.version, *(version + 1 for version in versions)])
        held.append(_Held(replace(told.card, version=version), told.issued, new=True, changed=True))
    else:
        version = told.card.version if told.card.version not in versions else min(*versions, 1) - 1
        old = replace(told.card, version=version, state=CardState.REPLACED)
        held.append(_Held(old, told.issued, new=True, changed=True))


def _write(act: Act, known: Mapping[str, Row[Any]], changed: list[_Held]) -> None:
    of, c = act.township, t.cards.c
    rows = [
        {
            "township": of,
            "card": each.card.number,
            "household": each.card.household,
            "version": each.card.version,
            "state": each.card.state.value,
            "issued": each.issued,
        }
        for each in changed
        if each.new
    ]
    if rows:
        act.connection.execute(insert(t.cards), rows)
    for each in changed:
        if not each.new:
            here = (c.township == of, c.card == each.card.number)
            act.connection.execute(update(t.cards).where(*here).values(state=each.card.state.value))
    by_village: dict[str, list[tuple[str, reference.Facts | None]]] = {}
    for each in changed:
        by_village.setdefault(known[each.card.household].village, []).append((each.card.number, each.card))
    for village, facts in by_village.items():
        feed.put(act, village, reference.CARD, facts)


def _held(act: Act, households: Iterable[str]) -> dict[str, list[_Held]]:
    found: dict[str, list[_Held]] = {}
    c, wanted = t.cards.c, sorted(households)
    for start in range(0, len(wanted), _CHUNK):
        here = (c.township == act.township, c.household.in_(wanted[start : start + _CHUNK]))
        for row in act.connection.execute(select(t.cards).where(*here)):
            card = Card(row.card, row.household, row.version, CardState(row.state))
            found.setdefault(row.household, []).append(_Held(card, row.issued))
    return found


def _numbers(act: Act, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that are in the register."""
    c, wanted = t.cards.c, sorted(set(numbers))
    found: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        here = (c.township == act.township, c.card.in_(wanted[start : start + _CHUNK]))
        found.update(act.connection.execute(select(c.card).where(*here)).scalars())
    return found
