"""户: looked for without a card, set away, frozen or closed, edited, merged."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.units import Points
from pos.core import accounts
from pos.core import households as rules
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.households import (
    Household,
    HouseholdHolds,
    HouseholdSame,
    HouseholdState,
    HouseholdUnsettled,
    LedgerDecides,
    LookupReason,
    Member,
    Merge,
    StateReason,
)
from pos.core.refusals import (
    ApprovalNeeded,
    HouseholdClosed,
    HouseholdFrozen,
    HouseholdUnknown,
    NotPermitted,
    QuantityOutOfRange,
    Refused,
)
from pos.core.reversal import ReversalReason
from pos.core.sheets import Fact, Label, Score
from pos.counter import cards, households
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import weigh_in
from pos.storage import books, registry
from pos.storage.installation import Installation
from pos.storage.verify import verify
from tests.core.village import D, H
from tests.core.village import books as filled
from tests.shop import AUDITOR, CLERK, KEEPER, Shop
from tests.storage.busy import seq_of
from tests.storage.contents import contents

AWAY, FROZEN, CLOSED, NORMAL = (
    HouseholdState.AWAY,
    HouseholdState.FROZEN,
    HouseholdState.CLOSED,
    HouseholdState.NORMAL,
)
CLERK_FIRST = Signatures(CLERK, KEEPER)


def newest(shop: Shop) -> object:
    with shop.desk.store.read() as connection:
        return books.read_entry(connection, books.head(connection, shop.desk.store.installation).seq).body


def known(shop: Shop, short: str) -> Household:
    with shop.desk.store.read() as connection:
        found = registry.household(connection, shop.household(short))
    assert found is not None
    return found


def members(shop: Shop, short: str) -> tuple[Member, ...]:
    with shop.desk.store.read() as connection:
        return registry.members(connection, shop.household(short))


# Looked for by name


def test_searching_is_an_entry_with_its_reason(shop: Shop) -> None:
    found = households.find(shop.desk, shop.by, "兴贵", LookupReason.CARD_FORGOTTEN)
    assert [household.short for household in found] == ["0002"]
    assert newest(shop) == Act(ActCode.LOOKUP, "search", reason="card-forgotten")
    assert households.look_at(shop.desk, shop.by, found[0].number, LookupReason.CARD_LOST) == found[0]
    assert newest(shop) == Act(ActCode.LOOKUP, found[0].number, reason="card-lost")
    assert verify(shop.folder).wrong is None


def test_looking_in_vain_is_one_too(shop: Shop) -> None:
    for words in ("不在", "", "%"):
        with pytest.raises(HouseholdUnknown):
            households.find(shop.desk, shop.by, words, LookupReason.RECORDS)
        assert newest(shop) == Act(ActCode.LOOKUP, "search", reason="records")
    with pytest.raises(HouseholdUnknown):
        households.look_at(shop.desk, shop.by, shop.household("9999"), LookupReason.RECORDS)


def test_by_the_number_that_people_say(shop: Shop) -> None:
    [found] = households.find(shop.desk, Signatures(AUDITOR), "0042", LookupReason.INSPECTION)
    assert found.masked == "张*英"


def test_no_name_gets_into_the_journal(shop: Shop) -> None:
    households.find(shop.desk, shop.by, "兴贵", LookupReason.CARD_FORGOTTEN)
    household = replace(known(shop, "0002"), head="李新贵")
    households.edit(shop.desk, CLERK_FIRST, household, (Member(1, "赵小妹"),))
    for row in contents(shop.desk.store)["journal"]:
        assert row[5].isascii()


# Its state


@pytest.mark.parametrize(("state", "refusal"), [(AWAY, None), (FROZEN, HouseholdFrozen), (CLOSED, HouseholdClosed)])
def test_set_with_a_reason_by_two(shop: Shop, state: HouseholdState, refusal: type[Refused] | None) -> None:
    number = shop.household("0033")
    before = contents(shop.desk.store)
    with pytest.raises(ApprovalNeeded):
        households.set_state(shop.desk, shop.by, number, state, StateReason.MOVED_AWAY)
    with pytest.raises(NotPermitted):
        households.set_state(shop.desk, Signatures(KEEPER, AUDITOR), number, state, StateReason.MOVED_AWAY)
    assert contents(shop.desk.store) == before
    households.set_state(shop.desk, shop.two, number, state, StateReason.MOVED_AWAY)
    assert known(shop, "0033").state is state
    body = newest(shop)
    assert isinstance(body, Act)
    assert (body.code, body.subject, body.reason) == (ActCode.REFERENCE, f"households/{number}", "moved-away")
    assert len(body.digest) == 64
    if refusal is None:
        assert cards.open_household(shop.desk, shop.cards["0033"].number).household.state is state
    else:
        with pytest.raises(refusal):
            cards.open_household(shop.desk, shop.cards["0033"].number)
    assert verify(shop.folder).wrong is None


def test_a_household_with_points_is_not_closed(shop: Shop) -> None:
    with pytest.raises(HouseholdHolds) as found:
        households.set_state(shop.desk, shop.two, shop.household("0042"), CLOSED, StateReason.DIED)
    assert found.value.fields == {"household": "0042", "points": Points(12_00)}


def test_a_merged_household_stays_so_and_none_becomes_so_by_hand(shop: Shop) -> None:
    for short, state in (("0020", NORMAL), ("0042", HouseholdState.MERGED)):
        with pytest.raises(HouseholdClosed):
            households.set_state(shop.desk, shop.two, shop.household(short), state, StateReason.MISTAKE)
    with pytest.raises(HouseholdUnknown):
        households.set_state(shop.desk, shop.two, shop.household("9999"), AWAY, StateReason.AWAY_LONG)


def test_the_same_row_hashes_differently_each_time(shop: Shop) -> None:
    digests = set()
    for _ in range(2):
        households.set_state(shop.desk, shop.two, shop.household("0042"), AWAY, StateReason.AWAY_LONG)
        body = newest(shop)
        assert isinstance(body, Act)
        digests.add(body.digest)
    assert len(digests) == 2


# Who belongs to it


def test_the_clerk_edits_and_another_agrees(shop: Shop) -> None:
    household = replace(known(shop, "0002"), head="李新贵", group="第9村民小组", persons=3, state=CLOSED)
    people = (Member(2, "李文博"), Member(5, "赵小妹"))
    for by, refusal in ((shop.two, NotPermitted), (Signatures(CLERK), ApprovalNeeded)):
        with pytest.raises(refusal):
            households.edit(shop.desk, by, household, people)
    households.edit(shop.desk, CLERK_FIRST, household, people)
    assert known(shop, "0002") == replace(household, state=NORMAL), "the state is set elsewhere"
    assert members(shop, "0002") == people
    households.edit(shop.desk, CLERK_FIRST, household, ())
    assert members(shop, "0002") == ()
    assert verify(shop.folder).wrong is None


@pytest.mark.parametrize("places", [(1, 1), (1, 2, 3), (0,), (8,), tuple(range(1, 9))])
def test_members_have_a_digit_each_and_live_there(shop: Shop, places: tuple[int, ...]) -> None:
    household = replace(known(shop, "0002"), persons=3 if len(places) < 8 else 12)
    with pytest.raises(QuantityOutOfRange):
        households.edit(shop.desk, CLERK_FIRST, household, tuple(Member(place, "某") for place in places))
    assert len(members(shop, "0002")) == 2


def test_whole_names_are_the_clerk_s(shop: Shop) -> None:
    number = shop.household("0002")
    found = households.open_file(shop.desk, Signatures(CLERK), number)
    assert (found.household.head, found.members[0].name) == ("李兴贵", "王秀兰")
    for other in (KEEPER, AUDITOR):
        with pytest.raises(NotPermitted):
            households.open_file(shop.desk, Signatures(other), number)
    with pytest.raises(HouseholdUnknown):
        households.open_file(shop.desk, Signatures(CLERK), shop.household("9999"))


def test_a_household_that_wants_no_balance_on_paper(shop: Shop) -> None:
    households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=True)
    receipt = redeem(shop.desk, shop.by, shop.basket({"g001": 1}))
    assert receipt.slip.quiet == 1
    assert cards.open_household(shop.desk, shop.cards["0042"].number).household.quiet
    households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=False)
    assert redeem(shop.desk, shop.by, shop.basket({"g001": 1})).slip.quiet == 0


# Merged


def test_all_points_go_to_the_successor(shop: Shop) -> None:
    old, new = shop.household("0002"), shop.household("0042")
    with pytest.raises(ApprovalNeeded):
        households.merge(shop.desk, shop.by, old, new)
    sheet = households.merge(shop.desk, shop.two, old, new)
    assert shop.points("0042") == Points(12_00 + 89_60)
    assert Fact("points-moved", Score(Points(89_60))) in sheet.facts
    assert Fact("after", Score(Points(101_60))) in sheet.facts
    with pytest.raises(HouseholdClosed):
        cards.open_household(shop.desk, shop.cards["0002"].number)
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, seq_of(sheet.number))
    assert (entry.body, entry.by.approver) == (Merge(old, new, Points(89_60)), CLERK)
    assert verify(shop.folder).wrong is None


def test_no_balance_on_the_paper_of_one_that_wants_none(shop: Shop) -> None:
    households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=True)
    sheet = households.merge(shop.desk, shop.two, shop.household("0002"), shop.household("0042"))
    assert Fact("after", Label("not-shown")) in sheet.facts


def test_the_successor_s_debt_is_paid_first(shop: Shop) -> None:
    seq = seq_of(weigh_in(shop.desk, shop.by, shop.bag()).slip.number)
    redeem(shop.desk, shop.by, shop.basket({"g016": 2, "g013": 1}))
    reverse(shop.desk, shop.by, seq, ReversalReason.WRONG_WEIGHT)
    with pytest.raises(HouseholdUnsettled):
        households.merge(shop.desk, shop.two, shop.household("0042"), shop.household("0002"))
    households.merge(shop.desk, shop.two, shop.household("0002"), shop.household("0042"))
    assert shop.points("0042") == Points(89_60 - 38_00)


def test_households_that_cannot_be_merged(shop: Shop) -> None:
    of = shop.household
    for old, new, refusal in (
        ("0042", "0042", HouseholdSame),
        ("0042", "0020", HouseholdClosed),
        ("0020", "0042", HouseholdClosed),
        ("0042", "0033", HouseholdFrozen),
        ("0042", "9999", HouseholdUnknown),
    ):
        before = contents(shop.desk.store)
        with pytest.raises(refusal):
            households.merge(shop.desk, shop.two, of(old), of(new))
        assert contents(shop.desk.store) == before


def test_the_ledger_merges_once_there_is_one(shop: Shop) -> None:
    held = shop.desk.store.installation
    identity = replace(held.identity, epoch=1)
    shop.desk.store.installation = Installation(identity, held.certificate, held.signature, held.genesis)
    with pytest.raises(LedgerDecides):
        households.merge(shop.desk, shop.two, shop.household("0002"), shop.household("0042"))


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_merging_keeps_every_point(mine: int, theirs: int, owed: int) -> None:
    held = filled(pts=0 if owed else theirs, debt=-owed)
    held.balances.update({(accounts.points("h9", D), "pt"): mine})
    held.post(D, rules.merge("h9", H, held, D).transfers)
    left = held.of(accounts.points(H, D), "pt") + held.of(accounts.debt(H, D), "pt")
    assert left == mine + (0 if owed else theirs) - owed
    assert held.of(accounts.points("h9", D), "pt") == 0


@pytest.mark.parametrize("text", ["0002", "9901011012000002"])
def test_named_by_number(shop: Shop, text: str) -> None:
    assert households.named(shop.desk, text).short == "0002"


@pytest.mark.parametrize("text", ["", "2", "002", "李", "9999", "12000002"])
def test_no_number_of_a_household(shop: Shop, text: str) -> None:
    with pytest.raises(HouseholdUnknown):
        households.named(shop.desk, text)
