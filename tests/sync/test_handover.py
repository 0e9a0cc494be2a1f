"""What a new epoch of a store goes on with: vouchers, campaigns, what is frozen; and what counts from nothing."""

import pytest

from catalog.units import Points
from pos.core.campaigns import Campaign
from pos.core.entries import Signatures
from pos.core.freezing import FreezeReason, ItemFrozen
from pos.core.redeem_refusals import LedgerBudgets, VoucherUsed
from pos.counter import campaigns, day, freezing, vouchers
from pos.counter.redeem import redeem
from pos.ledger import closing, rights
from pos.ledger.books import Act
from pos.storage.services import VoucherState
from pos.storage.verify import verify
from tests import shop as shops
from tests.counter.village_policy import offer, wanting
from tests.ledger.town import TOWNSHIP
from tests.sync.pair import Pair
from tests.sync.test_joining import join, renew

PEST = Campaign("pest", "农药包装回收", shops.BOOK.effective, shops.BOOK.effective.replace(month=12), Points(20_00))


@pytest.fixture
def joined(alone: Pair) -> tuple[Pair, list[str]]:
    """A store that ran alone, with services, a campaign and something frozen, in its first epoch; voucher numbers."""
    shop = alone.shop
    offer(shop)
    campaigns.begin(shop.desk, shop.two, PEST, Points(100_00))
    day.open_day(shop.desk, shop.by)
    facts = redeem(shop.desk, shop.by, wanting(shop, "v01", "v01", "v07")).facts
    numbers = [each.number for each in facts.vouchers]  # type: ignore[union-attr]
    vouchers.use(shop.desk, shop.by, numbers[0])
    freezing.freeze(shop.desk, Signatures(shops.AUDITOR), "m:p01", FreezeReason.QUALITY)
    day.close_day(shop.desk, shop.two)
    join(alone)
    day.open_day(shop.desk, shop.by)
    return alone, numbers


def test_unused_vouchers_are_served_in_the_next_epoch(joined: tuple[Pair, list[str]]) -> None:
    pair, (used, haircut, course) = joined
    desk, by = pair.shop.desk, pair.shop.by
    assert {view.voucher.number for view in vouchers.newest(desk)} == {haircut, course}
    view = vouchers.look(desk, haircut)
    assert (view.voucher.state, view.points, view.provider) == (VoucherState.ISSUED, Points(10_00), "柳塘理发店")
    before = pair.points("0002")
    vouchers.cancel(desk, by, haircut)
    assert pair.points("0002") == before + Points(10_00)
    vouchers.use(desk, by, course)
    with pytest.raises(VoucherUsed):
        vouchers.use(desk, by, course)
    pair.sync()
    day.close_day(desk, pair.shop.two)
    assert verify(pair.shop.folder).wrong is None
    # What was used or cancelled since is not handed on again, though the township's feed still tells of it.
    _go_on(pair)
    assert vouchers.newest(pair.shop.desk) == []
    assert used not in {view.voucher.number for view in vouchers.newest(pair.shop.desk)}


def _go_on(pair: Pair) -> None:
    """Into the epoch after: what households hold goes back to the ledger first."""
    writer = pair.shop.desk.store.identity.writer

    def work(act: Act) -> None:
        for each in shops.HOUSEHOLDS:
            rights.tell(act, writer, each.number, Points(0), Points(0))

    pair.town.ledger.act(TOWNSHIP, work)
    pair.sync()
    closing.close(pair.town.ledger, TOWNSHIP, "k7q2md", 1, "op", "again")
    renew(pair)
    pair.sync()


def test_a_campaign_goes_on_with_what_it_had_left(joined: tuple[Pair, list[str]]) -> None:
    (standing,) = campaigns.everything(joined[0].shop.desk)
    assert (standing.campaign, standing.left) == (PEST, Points(100_00))


def test_what_was_frozen_is_taken_in_by_nobody(joined: tuple[Pair, list[str]]) -> None:
    pair, _ = joined
    with pytest.raises(ItemFrozen):
        pair.earn()
    freezing.release(pair.shop.desk, Signatures(shops.CLERK, shops.KEEPER), "m:p01")
    pair.earn()


def test_an_enrolled_store_makes_no_points_for_a_campaign(joined: tuple[Pair, list[str]]) -> None:
    shop = joined[0].shop
    with pytest.raises(LedgerBudgets):
        campaigns.begin(shop.desk, shop.two, PEST, Points(1))
