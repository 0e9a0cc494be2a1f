"""Cards on their way to paper: which ones, what stands on them, and the act that says they were printed.

Whoever holds a card can spend with it, so that printing one takes two people, as issuing it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos.core.acts import Act, ActCode
from pos.core.cards import Card, check_state
from pos.core.entries import Signatures
from pos.core.households import Household, HouseholdState
from pos.core.refusals import CardMissing, CardUnknown, HouseholdClosed, HouseholdUnknown
from pos.core.transfers import Decision
from pos.counter.cards import qr_text, queue_print
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, in_use, registry
from pos.storage.store import Store

_GONE = {HouseholdState.MERGED, HouseholdState.CLOSED}


@dataclass(frozen=True, slots=True)
class CardFace:
    """What stands on a card."""

    number: str
    qr: str
    version: int
    household: str
    """The serial that people say."""
    name: str
    """Of the head, masked."""
    group: str
    store: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cards to be printed, and how many of the households asked for hold none in use."""

    faces: tuple[CardFace, ...]
    without: int


def choose(desk: Desk, households: Sequence[str] = (), group: str = "") -> Chosen:
    """The cards of these households (whole numbers, or the serial people say), else of a group, else of all.

    Raises `HouseholdUnknown`; for a household that was named also `HouseholdClosed` or `CardMissing`.
    """
    with desk.store.read() as connection:
        known = in_use.households(connection)
    if households:
        cards = [_named(known, number) for number in households]
        return Chosen(tuple(_face(desk, household, card) for household, card in cards), 0)
    wanted = [(h, card) for h, card in known if h.state not in _GONE and group in ("", h.group)]
    if not wanted:
        raise HouseholdUnknown(household=group)
    faces = tuple(_face(desk, household, card) for household, card in wanted if card)
    return Chosen(faces, len(wanted) - len(faces))


def record(desk: Desk, by: Signatures, faces: Sequence[CardFace]) -> None:
    """Write down that these cards are being printed, before any of them is; two people."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        for face in faces:
            tx.append(desk.now(), by, Decision(Act(ActCode.CARD_PRINTED, face.number), ()))


def print_at_counter(desk: Desk, by: Signatures, number: str) -> None:
    """Have card `number` printed by the receipt printer, now or not at all; two people. Raises a `CardRefused`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        queue_print(desk, tx, by, check_state(registry.card(tx.connection, number)))


def face_of(store: Store, seq: int) -> CardFace:
    """What stands on the card that entry `seq` says is printed. Raises a `CardRefused` for one refused since."""
    with store.read() as connection:
        body = books.read_entry(connection, seq).body
        if not isinstance(body, Act) or body.code is not ActCode.CARD_PRINTED:
            raise CardUnknown()
        card = check_state(registry.card(connection, body.subject))
        household = registry.household(connection, card.household)
        if household is None:
            raise CardUnknown()
    return _face(Desk(store), household, card)


def _named(known: Sequence[tuple[Household, Card | None]], number: str) -> tuple[Household, Card]:
    found = next((pair for pair in known if number in (pair[0].number, pair[0].short)), None)
    if found is None:
        raise HouseholdUnknown(household=number)
    household, card = found
    if household.state in _GONE:
        raise HouseholdClosed(household=household.short)
    if card is None:
        raise CardMissing(household=household.short)
    return household, card


def _face(desk: Desk, household: Household, card: Card) -> CardFace:
    identity = desk.store.identity
    return CardFace(
        card.number,
        qr_text(desk, card),
        card.version,
        household.short,
        household.masked,
        household.group,
        identity.name,
        identity.telephone,
    )
