"""Cards: open a household by its card, issue cards, report them lost."""

from dataclasses import dataclass

from catalog.units import Fen, Points
from pos.core import accounts, cards, households
from pos.core.accounts import FRACTION, POINTS
from pos.core.acts import Act, ActCode
from pos.core.cards import Card, CardRead, CardState
from pos.core.entries import Signatures
from pos.core.households import Household
from pos.core.refusals import CardUnknown
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, keys, registry, rows
from pos.storage import tables as t
from pos.storage.books import Movement


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household as the counter shows it right after its card was read."""

    household: Household
    card: Card
    read: CardRead
    points: Points
    pending: Points
    debt: Points
    carried: Fen
    movements: tuple[Movement, ...]


def open_household(desk: Desk, text: str, *, typed: bool = False) -> HouseholdView:
    """The household whose card was scanned or typed. Raises `CardRefused` or `HouseholdRefused`."""
    read = cards.read(text, typed=typed)
    with desk.store.read() as connection:
        card = cards.admit(read, registry.card(connection, read.number), desk.store.card_keys)
        household = registry.household(connection, card.household)
        if household is None:
            raise CardUnknown()
        households.admit(household)
        by, number = desk.store.identity.writer, household.number
        points, pending = accounts.points(number, by), accounts.pending(number, by)
        debt, carry = accounts.debt(number, by), accounts.carry(number, by)
        held = books.peek(connection, by, [(points, POINTS), (pending, POINTS), (debt, POINTS), (carry, FRACTION)])
        return HouseholdView(
            household,
            card,
            read,
            Points(held.of(points, POINTS)),
            Points(held.of(pending, POINTS)),
            Points(-held.of(debt, POINTS)),
            Fen(held.of(carry, FRACTION)),
            tuple(books.movements(connection, number, points, 10)),
        )


def issue(desk: Desk, by: Signatures, numbers: list[str]) -> dict[str, Card]:
    """A new card for each of these households, their older ones refused from now on; two people."""
    issued: dict[str, Card] = {}
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        for household in numbers:
            if registry.household(tx.connection, household) is None:
                raise CardUnknown()
            held = registry.cards_of(tx.connection, household)
            for old in held:
                registry.set_card_state(tx.connection, old.number, CardState.REPLACED)
            ten = keys.new_card()
            card = Card(f"{ten}{cards.check_digits(ten)}", household, len(held) + 1, CardState.ACTIVE)
            rows.save(tx.connection, t.cards, [_row(card)])
            tx.append(desk.now(), by, Decision(Act(ActCode.CARD_ISSUED, card.number), ()))
            issued[household] = card
    return issued


def report_lost(desk: Desk, by: Signatures, number: str) -> None:
    """Refuse this card from now on. Raises `CardUnknown`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        if registry.card(tx.connection, number) is None:
            raise CardUnknown()
        registry.set_card_state(tx.connection, number, CardState.LOST)
        tx.append(desk.now(), by, Decision(Act(ActCode.CARD_LOST, number), ()))


def qr_text(desk: Desk, card: Card) -> str:
    """What the card's QR code says."""
    (name, key), *_ = desk.store.card_keys.items()
    return cards.signed(card.number, key, name)


def _row(card: Card) -> dict[str, str | int]:
    return {
        "number": card.number,
        "household": card.household,
        "version": card.version,
        "state": card.state.value,
    }
