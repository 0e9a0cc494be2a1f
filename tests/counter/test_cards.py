"""Cards: what opens a household, and every card that does not."""

import pytest

from catalog.units import Fen, Points
from pos.core import cards as rules
from pos.core.acts import Act, ActCode
from pos.core.cards import CardNotLost, CardState, ClerkAbsent, IdentityCheck, ReadAs
from pos.core.entries import Signatures
from pos.core.people import Role
from pos.core.refusals import (
    ApprovalNeeded,
    CardForeign,
    CardForged,
    CardLost,
    CardMisread,
    CardReplaced,
    CardUnknown,
    HouseholdClosed,
    HouseholdFrozen,
    HouseholdUnknown,
    NotPermitted,
    Refused,
)
from pos.core.sheets import Fact
from pos.counter import cards, day, people
from pos.counter.cards import open_household
from pos.counter.weigh_in import weigh_in
from pos.storage import books, registry
from pos.storage.verify import verify
from tests.shop import AUDITOR, CLERK, KEEPER, START, Shop, counted, weighed
from tests.storage.busy import seq_of
from tests.storage.contents import contents

OTHER_KEY = bytes(range(32))


def refused(shop: Shop, text: str) -> Refused:
    with pytest.raises(Refused) as found:
        open_household(shop.desk, text)
    return found.value


def test_signed_code(shop: Shop) -> None:
    card = shop.cards["0042"]
    text = cards.qr_text(shop.desk, card)
    assert text.startswith(f"H1{card.number}")
    assert len(text) == 34
    view = open_household(shop.desk, text)
    assert (view.household.masked, view.card, view.read.read_as) == ("张*英", card, ReadAs.SIGNED)
    assert (view.points, view.pending, view.debt, view.carried) == (Points(1200), Points(0), Points(0), Fen(0))


def test_bare_number(shop: Shop) -> None:
    number = shop.cards["0042"].number
    assert open_household(shop.desk, number).read.read_as is ReadAs.NUMBER
    assert open_household(shop.desk, number, typed=True).read.read_as is ReadAs.TYPED


def test_what_is_carried_is_shown(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 1_005), counted("s03", 5)))
    view = open_household(shop.desk, shop.cards["0042"].number)
    assert view.points == Points(1200 + 101)
    assert [movement.kind for movement in view.movements] == ["weigh"]


def test_a_day_need_not_be_open_to_look(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    assert shop.points() == Points(1200)


@pytest.mark.parametrize(
    "text", ["", "123", "475746561424", "H1475746561424GZMW9SYZ36ZWEFVZWBHG", "2900000000018", "H9"]
)
def test_misread(shop: Shop, text: str) -> None:
    assert isinstance(refused(shop, text), CardMisread)


def test_unknown(shop: Shop) -> None:
    ten = "0000000000"
    assert isinstance(refused(shop, f"{ten}{rules.check_digits(ten)}"), CardUnknown)


def test_foreign(shop: Shop) -> None:
    ten = "1234567890"
    number = f"{ten}{rules.check_digits(ten)}"
    assert isinstance(refused(shop, rules.signed(number, OTHER_KEY)), CardForeign)
    assert isinstance(refused(shop, rules.signed(number, OTHER_KEY, "H2")), CardForeign)


def test_forged(shop: Shop) -> None:
    assert isinstance(refused(shop, rules.signed(shop.cards["0042"].number, OTHER_KEY)), CardForged)


def test_lost(shop: Shop) -> None:
    card = shop.cards["0042"]
    cards.report_lost(shop.desk, shop.by, card.number)
    assert isinstance(refused(shop, card.number), CardLost)
    assert isinstance(refused(shop, cards.qr_text(shop.desk, card)), CardLost)


def test_replaced(shop: Shop) -> None:
    old = shop.cards["0042"]
    new = cards.issue(shop.desk, shop.two, [old.household])[old.household]
    assert (new.version, new.state) == (old.version + 1, CardState.ACTIVE)
    assert isinstance(refused(shop, old.number), CardReplaced)
    assert open_household(shop.desk, cards.qr_text(shop.desk, new)).household.number == old.household
    with shop.desk.store.read() as connection:
        states = [card.state for card in registry.cards_of(connection, old.household)]
    assert states == [CardState.REPLACED, CardState.ACTIVE]
    assert verify(shop.folder).wrong is None


CLERK_STANDS_BY, ANSWERED = IdentityCheck.CLERK, IdentityCheck.QUESTIONS


def test_a_new_card_over_the_counter(shop: Shop) -> None:
    old, number = shop.cards["0042"], shop.household("0042")
    cards.report_lost(shop.desk, shop.by, old.number)
    sheet = cards.hand_out(shop.desk, shop.two, number, ANSWERED)
    with shop.desk.store.read() as connection:
        new = registry.cards_of(connection, number)[-1]
        entry = books.read_entry(connection, seq_of(sheet.number))
    assert (new.version, new.state) == (2, CardState.ACTIVE)
    assert (entry.body, entry.by) == (Act(ActCode.CARD_ISSUED, new.number, reason="questions"), shop.two)
    assert isinstance(refused(shop, old.number), CardReplaced)
    assert open_household(shop.desk, cards.qr_text(shop.desk, new)).card == new
    assert Fact("card", f"**** **** {new.number[-4:]}") in sheet.facts
    assert Fact("card-before", f"**** **** {old.number[-4:]}") in sheet.facts
    assert sheet.signatures == ("household", "keeper", "clerk")
    assert new.number not in str(sheet), "whoever finds the paper could type it"
    assert verify(shop.folder).wrong is None


def test_an_impostor_needs_two_people_to_believe_them(shop: Shop) -> None:
    before, number = contents(shop.desk.store), shop.household("0042")
    for by, refusal in (
        (shop.by, ApprovalNeeded),
        (Signatures(KEEPER, AUDITOR), NotPermitted),
        (Signatures(AUDITOR, CLERK), NotPermitted),
    ):
        with pytest.raises(refusal):
            cards.hand_out(shop.desk, by, number, ANSWERED)
    assert contents(shop.desk.store) == before


def test_the_clerk_vouches_in_person(shop: Shop) -> None:
    people.add_keeper(shop.desk, shop.two, "03", "赵店员", Role.KEEPER, "7531")
    number = shop.household("0042")
    with pytest.raises(ClerkAbsent):
        cards.hand_out(shop.desk, Signatures(KEEPER, "03"), number, CLERK_STANDS_BY)
    cards.hand_out(shop.desk, Signatures(KEEPER, "03"), number, ANSWERED)
    cards.hand_out(shop.desk, shop.two, number, CLERK_STANDS_BY)


@pytest.mark.parametrize(
    ("short", "refusal"), [("0020", HouseholdClosed), ("0033", HouseholdFrozen), ("9999", HouseholdUnknown)]
)
def test_no_card_for(shop: Shop, short: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        cards.hand_out(shop.desk, shop.two, shop.household(short), ANSWERED)


def test_a_lost_card_found_again(shop: Shop) -> None:
    card = shop.cards["0042"]
    with pytest.raises(CardNotLost):
        cards.report_found(shop.desk, shop.two, card.number)
    cards.report_lost(shop.desk, shop.by, card.number)
    with pytest.raises(CardLost):
        cards.report_lost(shop.desk, shop.by, card.number)
    with pytest.raises(ApprovalNeeded):
        cards.report_found(shop.desk, shop.by, card.number)
    cards.report_found(shop.desk, shop.two, card.number)
    assert open_household(shop.desk, card.number).card == card
    assert verify(shop.folder).wrong is None


def test_both_cards_turn_up(shop: Shop) -> None:
    old = shop.cards["0042"]
    cards.report_lost(shop.desk, shop.by, old.number)
    new = cards.issue(shop.desk, shop.two, [old.household])[old.household]
    for use_case in (cards.report_found, cards.report_lost):
        with pytest.raises(CardReplaced):
            use_case(shop.desk, shop.two, old.number)
    assert isinstance(refused(shop, old.number), CardReplaced)
    assert open_household(shop.desk, new.number).card == new


def test_the_history_of_a_household_s_cards(shop: Shop) -> None:
    old, number = shop.cards["0002"], shop.household("0002")
    shop.clock.advance(60_000)
    cards.report_lost(shop.desk, shop.by, old.number)
    cards.report_found(shop.desk, shop.two, old.number)
    cards.hand_out(shop.desk, shop.two, number, ANSWERED)
    cards.report_lost(shop.desk, shop.by, shop.cards["0042"].number)
    found = cards.card_file(shop.desk, number)
    assert [member.masked for member in found.members] == ["王*兰", "李*博"]
    new, first = found.cards
    assert [event.code for event in new.events] == ["card-issued", "card-printed"]
    assert [(event.code, event.operator, event.approver) for event in first.events] == [
        ("card-issued", KEEPER, CLERK),
        ("card-lost", KEEPER, ""),
        ("card-found", KEEPER, CLERK),
    ]
    assert first.events[1].wall == START + 60_000
    with pytest.raises(HouseholdUnknown):
        cards.card_file(shop.desk, shop.household("9999"))


def test_a_found_card_does_not_come_back_to_life(shop: Shop) -> None:
    lost = shop.cards["0042"]
    cards.report_lost(shop.desk, shop.by, lost.number)
    cards.issue(shop.desk, shop.two, [lost.household])
    assert isinstance(refused(shop, lost.number), CardLost | CardReplaced)


@pytest.mark.parametrize(("short", "refusal"), [("0020", HouseholdClosed), ("0033", HouseholdFrozen)])
def test_household_not_served(shop: Shop, short: str, refusal: type[Refused]) -> None:
    assert type(refused(shop, shop.cards[short].number)) is refusal


def test_issuing_takes_two_and_a_household(shop: Shop) -> None:
    before = contents(shop.desk.store)
    with pytest.raises(ApprovalNeeded):
        cards.issue(shop.desk, shop.by, [shop.household("0042")])
    with pytest.raises(CardUnknown):
        cards.issue(shop.desk, shop.two, [shop.household("0042"), shop.household("9999")])
    with pytest.raises(CardUnknown):
        cards.report_lost(shop.desk, shop.by, "000000000001")
    assert contents(shop.desk.store) == before


def test_numbers_are_not_to_be_guessed(shop: Shop) -> None:
    issued = [card.number for card in shop.cards.values()]
    assert len(set(issued)) == len(issued)
    assert all(rules.is_number(number) for number in issued)
