"""Cards: open a household by its card; issue cards, replace them, report them lost and found again."""

from dataclasses import dataclass

from catalog.units import Fen, Points
from pos.core import accounts, cards, households
from pos.core.accounts import FRACTION, POINTS
from pos.core.acts import Act, ActCode
from pos.core.cards import Card, CardNotLost, CardRead, CardState, ClerkAbsent, IdentityCheck
from pos.core.entries import Signatures
from pos.core.households import Household, Member
from pos.core.people import Role
from pos.core.refusals import CardLost, CardUnknown, HouseholdUnknown
from pos.core.sheets import Fact, Label, Sheet
from pos.core.transfers import Decision
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, jobs, keys, registry, rows
from pos.storage import people as keepers
from pos.storage import tables as t
from pos.storage.books import Movement, Transaction, Written
from pos.storage.registry import CardEvent


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
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that a household has or had, and what happened to it."""

    card: Card
    events: tuple[CardEvent, ...]


@dataclass(frozen=True, slots=True)
class CardFile:
    """Every card of a household, the newest first, and who lives there: to ask whoever asks for a card."""

    household: Household
    members: tuple[Member, ...]
    cards: tuple[HeldCard, ...]


def open_household(desk: Desk, text: str, *, typed: bool = False) -> HouseholdView:
    """The household whose card was scanned or typed. Raises `CardRefused` or `HouseholdRefused`."""
    read = cards.read(text, typed=typed)
    with desk.store.read() as connection:
        known = registry.card(connection, read.number)
        foreign = known is not None and not known.household.startswith(desk.store.identity.village)
        card = cards.admit(read, known, desk.store.card_keys, foreign=foreign)
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
            registry.members(connection, number),
        )


def card_file(desk: Desk, number: str) -> CardFile:
    """All cards of household `number`. Raises `HouseholdUnknown`."""
    with desk.store.read() as connection:
        household = registry.household(connection, number)
        if household is None:
            raise HouseholdUnknown(household=number[-4:])
        held = registry.cards_of(connection, number)
        events = registry.card_events(connection, [card.number for card in held])
        each = (HeldCard(card, tuple(e for e in events if e.card == card.number)) for card in reversed(held))
        return CardFile(household, registry.members(connection, number), tuple(each))


def issue(desk: Desk, by: Signatures, numbers: list[str]) -> dict[str, Card]:
    """A new card for each of these households, their older ones refused from now on; two people."""
    issued: dict[str, Card] = {}
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        for household in numbers:
            if registry.household(tx.connection, household) is None:
                raise CardUnknown()
            issued[household], _ = _issue(desk, tx, by, household, "")
    return issued


def hand_out(desk: Desk, by: Signatures, number: str, checked: IdentityCheck) -> Sheet:
    """A new card for household `number`, printed at the counter and signed for; older ones are refused from now on.

    Two people; one of them is the clerk where the clerk vouches for the person. Raises `HouseholdUnknown` or another
    `HouseholdRefused`, or `ClerkAbsent`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        people = (keepers.keeper(tx.connection, signer) for signer in (by.operator, by.approver or ""))
        if checked is IdentityCheck.CLERK and Role.CLERK not in {person.role for person in people if person}:
            raise ClerkAbsent()
        household = registry.household(tx.connection, number)
        if household is None:
            raise HouseholdUnknown(household=number[-4:])
        households.admit(household)
        old = [card for card in registry.cards_of(tx.connection, number) if card.state is not CardState.REPLACED]
        card, written = _issue(desk, tx, by, number, checked.value)
        sheet = paper.file(
            desk,
            tx,
            written,
            "card-issue",
            (
                Fact("household", f"{household.short} {household.masked}"),
                Fact("group", household.group),
                Fact("card", _shown(card)),
                Fact("card-version", str(card.version)),
                Fact("card-before", _shown(old[-1]) if old else Label("none")),
                Fact("identity", Label(f"identity-{checked}")),
            ),
            notes=("card-old-dead",) if old else (),
            signatures=("household", "keeper", "clerk"),
        )
        queue_print(desk, tx, by, card)
    return sheet


def report_lost(desk: Desk, by: Signatures, number: str) -> None:
    """Refuse this card from now on. Raises `CardUnknown`, or `CardLost` or `CardReplaced` where it is refused already.

    One person may: whoever lost a card must not wait for a second one.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        cards.check_state(registry.card(tx.connection, number))
        registry.set_card_state(tx.connection, number, CardState.LOST)
        tx.append(desk.now(), by, Decision(Act(ActCode.CARD_LOST, number), ()))


def report_found(desk: Desk, by: Signatures, number: str) -> None:
    """Take a lost card that has turned up again; two people. Raises `CardUnknown`, `CardReplaced` or `CardNotLost`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        try:
            cards.check_state(registry.card(tx.connection, number))
        except CardLost:
            registry.set_card_state(tx.connection, number, CardState.ACTIVE)
            tx.append(desk.now(), by, Decision(Act(ActCode.CARD_FOUND, number), ()))
        else:
            raise CardNotLost()


def queue_print(desk: Desk, tx: Transaction, by: Signatures, card: Card) -> None:
    """Have the receipt printer print this card, and write it down; two people have agreed already."""
    written = tx.append(desk.now(), by, Decision(Act(ActCode.CARD_PRINTED, card.number), ()))
    jobs.queue_card(tx.connection, written.entry.seq, desk.language, by.operator, written.entry.at.wall)


def qr_text(desk: Desk, card: Card) -> str:
    """What the card's QR code says, by the newest key there is; by this store's own among those of one name."""
    name, key = max(desk.store.card_keys.items(), key=lambda each: each[0][:2])
    return cards.signed(card.number, key, name[:2])


def _issue(desk: Desk, tx: Transaction, by: Signatures, household: str, reason: str) -> tuple[Card, Written]:
    held = registry.cards_of(tx.connection, household)
    for old in held:
        registry.set_card_state(tx.connection, old.number, CardState.REPLACED)
    ten = keys.new_card()
    card = Card(f"{ten}{cards.check_digits(ten)}", household, len(held) + 1, CardState.ACTIVE)
    rows.save(tx.connection, t.cards, [_row(card)])
    return card, tx.append(desk.now(), by, Decision(Act(ActCode.CARD_ISSUED, card.number, reason=reason), ()))


def _shown(card: Card) -> str:
    """A card on paper: its end, since whoever knows the whole number can type it."""
    return f"**** **** {card.number[-4:]}"


def _row(card: Card) -> dict[str, str | int]:
    return {
        "number": card.number,
        "household": card.household,
        "version": card.version,
        "state": card.state.value,
    }
