"""People who want to be forgotten (domain reference 6): no name is left in any row or kept paper; the books stay."""

from dataclasses import replace

import pytest

from catalog.units import Fen, Points
from pos.core.entries import Signatures
from pos.core.fund import Source
from pos.core.households import HouseholdServed, HouseholdState, LookupReason, NameUnknown, StateReason
from pos.core.receiving import Draft
from pos.core.redemption import Collector
from pos.core.refusals import ApprovalNeeded, NotPermitted
from pos.core.selling import Draft as Sale
from pos.core.selling import Offer
from pos.core.sheets import Score
from pos.core.stock import Origin
from pos.counter import (
    buyers,
    consents,
    erasure,
    fund,
    household_pins,
    households,
    paper,
    receiving,
    recyclables,
    redeem,
    reverse,
)
from pos.counter import journal as journals
from pos.counter.weigh_in import weigh_in
from pos.reports import donors, notices
from pos.reports.notices import Profile, Total
from pos.storage import books, deliveries
from pos.storage import consents as agreed
from pos.storage import erasure as rows
from pos.storage.verify import verify
from tests.counter.stockroom import balance, salt
from tests.shop import CLERK, KEEPER, Shop, weighed
from tests.storage.contents import contents
from tests.storage.money_cases import DEALER

CLERK_AND_KEEPER = Signatures(CLERK, KEEPER)
DONOR = "赵慷慨"


def everywhere(shop: Shop) -> str:
    """Everything that the store's file holds, as text."""
    found = []
    for table in contents(shop.desk.store).values():
        for row in table:
            found += [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row]
    return "\n".join(found)


def test_a_donor_is_forgotten_on_rows_and_papers(shop: Shop) -> None:
    gift = Draft(Origin.DONATION, "donated", giver=DONOR, lines=(salt(),))
    receiving.receive(shop.desk, shop.by, gift)
    fund.income(shop.desk, shop.by, Source.DONATION, Fen(100_00), DONOR, "给小学")
    fund.income(shop.desk, shop.by, Source.DONATION, Fen(50_00), "赵慷", "")
    for seq in given(shop):
        consents.gift(shop.desk, shop.by, seq, agreed=True)
    assert everywhere(shop).count(DONOR) >= 4
    for by, refused in ((Signatures(CLERK), ApprovalNeeded), (shop.two, NotPermitted)):
        with pytest.raises(refused):
            erasure.erase_name(shop.desk, by, DONOR)
    assert erasure.erase_name(shop.desk, CLERK_AND_KEEPER, DONOR) == 2
    left = everywhere(shop)
    assert DONOR not in left
    assert "给小学" not in "".join(str(row) for row in contents(shop.desk.store)["parties"])
    assert "赵慷" in left
    with shop.desk.store.read() as connection:
        assert len(agreed.given(connection, "gift")) == 1
    assert balance(shop, "in:donation", "g:g001") == -40
    with shop.desk.store.read() as connection:
        assert [each.giver for each in deliveries.gifts(connection, 0, 2**60)] == [""]
    with pytest.raises(NameUnknown):
        erasure.erase_name(shop.desk, CLERK_AND_KEEPER, DONOR)
    assert verify(shop.folder).wrong is None


def test_a_buyer_s_name_plate_and_telephone_go_from_the_papers_too(shop: Shop) -> None:
    buyers.save(shop.desk, shop.by, replace(DEALER, telephone="0000-7654321"))
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 20_000)))
    sale = Sale(DEALER.code, DEALER.plate, (Offer("p01", 125),), (weighed("p01", 10_000),))
    recyclables.sell(shop.desk, shop.by, sale)
    assert DEALER.name in everywhere(shop)
    buyers.erase(shop.desk, shop.two, DEALER.code)
    assert not [word for word in (DEALER.name, DEALER.plate, "0000-7654321") if word in everywhere(shop)]
    assert verify(shop.folder).wrong is None


def given(shop: Shop) -> list[int]:
    """Every gift's entry."""
    today = shop.desk.today()
    return [gift.seq for gift in donors.read(shop.desk, today, today)]


def test_a_whole_name_on_a_kept_notice_goes_with_the_household(shop: Shop) -> None:
    number = shop.household("0002")
    households.merge(shop.desk, shop.two, number, shop.household("0042"))
    for short in ("0002", "0042"):
        consents.household(shop.desk, shop.by, short, agreed=True)
    today = shop.desk.today()
    notice = notices.notice(shop.desk, shop.by, today, today, Total.HELD, Profile.NAMED)
    rows_of = (("0002", "李兴贵", Score(Points(1))), ("0042", "张秀英", Score(Points(1))))
    paper.print_report(shop.desk, shop.by, replace(notice, tables=(replace(notice.tables[0], rows=rows_of),)))
    assert "李兴贵" in everywhere(shop)
    households.erase(shop.desk, CLERK_AND_KEEPER, number)
    assert "李兴贵" not in everywhere(shop)
    assert "张秀英" in everywhere(shop)
    with shop.desk.store.read() as connection:
        assert agreed.given(connection, "household") == {shop.household("0042")}
    assert verify(shop.folder).wrong is None


def close(shop: Shop, short: str) -> None:
    """Spend what the household has, and close it."""
    number = shop.household(short)
    households.set_state(shop.desk, shop.two, number, HouseholdState.CLOSED, StateReason.MOVED_AWAY)


def test_a_household_that_has_moved_away_is_forgotten(shop: Shop) -> None:
    number = shop.household("0002")
    household_pins.set_pin(shop.desk, shop.two, number, "7319")
    seq = journals.number_of(
        redeem.redeem(
            shop.desk,
            shop.by,
            replace(shop.basket({"g001": 1}, of="0002"), collector=Collector.MEMBER, member=1),
            "7319",
        )
    )
    households.find(shop.desk, shop.by, "李兴", LookupReason.CARD_FORGOTTEN)
    with pytest.raises(HouseholdServed):
        households.erase(shop.desk, CLERK_AND_KEEPER, number)
    households.merge(shop.desk, shop.two, number, shop.household("0042"))
    with shop.desk.store.read() as connection:
        assert not household_pins.has_pin(connection, number)
    households.erase(shop.desk, CLERK_AND_KEEPER, number)
    left = everywhere(shop)
    assert not [name for name in ("李兴贵", "王秀兰", "李文博", "李*贵", "王*兰") if name in left]
    assert "张*英" in left
    with shop.desk.store.read() as connection:
        assert books.read_entry(connection, seq).household == number
    reverse.reprint(shop.desk, shop.by, seq)
    assert verify(shop.folder).wrong is None


def test_the_clerk_erases_with_another(shop: Shop) -> None:
    with pytest.raises(NotPermitted):
        households.erase(shop.desk, shop.two, shop.household("0020"))
    with pytest.raises(ApprovalNeeded):
        households.erase(shop.desk, Signatures(CLERK), shop.household("0020"))
    households.erase(shop.desk, CLERK_AND_KEEPER, shop.household("0020"))
    assert "林友良" not in everywhere(shop)


def test_a_masked_name_is_left_to_others_who_share_it(shop: Shop) -> None:
    redeem.redeem(shop.desk, shop.by, shop.basket({"g001": 1}, of="0006"))
    with shop.desk.store.write() as tx:
        twin = replace(households.named(shop.desk, "0020"), head="胡春")
        rows.forget_household(tx.connection, twin, ())
    assert "胡*" in everywhere(shop)
