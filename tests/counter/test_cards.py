"""Cards: what opens a household, and every card that does not."""

import pytest

from catalog.units import Fen, Points
from pos.core import cards as rules
from pos.core.cards import CardState, ReadAs
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
    Refused,
)
from pos.counter import cards, day
from pos.counter.cards import open_household
from pos.counter.weigh_in import weigh_in
from pos.storage import registry
from pos.storage.verify import verify
from tests.shop import Shop, counted, weighed
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
