"""粗盘 of the recyclables (domain reference 4.7): blind, rough, and the books follow only when somebody else agrees."""

import pytest

from catalog.units import Grams
from pos import i18n
from pos.core.entries import Signatures
from pos.core.refusals import ApprovalNeeded, EntryUnknown, MaterialUnknown, NotPermitted, QuantityOutOfRange
from pos.core.sheets import Mass, Share
from pos.core.stock import VarianceReason
from pos.core.stock_refusals import AlreadyAdjusted, CountAgain, CounterApproves
from pos.counter import bays, buyers, recyclables
from pos.counter.weigh_in import weigh_in
from pos.printing.preview import preview
from pos.storage.verify import verify
from tests.counter.stockroom import balance
from tests.shop import AUDITOR, CLERK, KEEPER, Shop, counted, weighed
from tests.storage.contents import contents
from tests.storage.money_cases import COLLECTOR

CLERK_AND_KEEPER = Signatures(CLERK, KEEPER)


@pytest.fixture
def full(shop: Shop) -> Shop:
    """A shop with 60 kg of cardboard and 20 batteries."""
    weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 60_000), counted("h01", 20)))
    return shop


def found(shop: Shop, material: str) -> bays.Found | None:
    return next(bay.found for bay in bays.bays(shop.desk) if bay.material.code == material)


def test_a_count_moves_nothing_before_another_person_agrees(full: Shop) -> None:
    assert found(full, "p01") is None
    one = bays.count(full.desk, full.by, "p01", 58_500)
    assert (one.book, one.counted, one.difference) == (60_000, 58_500, -1_500)
    assert balance(full, "bin:shop", "m:p01") == 60_000
    for by, refused in ((full.by, ApprovalNeeded), (CLERK_AND_KEEPER, CounterApproves)):
        with pytest.raises(refused):
            bays.approve(full.desk, by, one.seq, VarianceReason.DAMAGED)
    sheet = bays.approve(full.desk, full.two, one.seq, VarianceReason.DAMAGED)
    assert balance(full, "bin:shop", "m:p01") == 58_500
    assert balance(full, "out:short", "m:p01") == 1_500
    row = sheet.tables[0].rows[0]
    assert (row[3], row[4]) == (Mass(Grams(-1_500)), Share(-250))
    again = found(full, "p01")
    assert again is not None
    assert again.approved
    with pytest.raises(AlreadyAdjusted):
        bays.approve(full.desk, full.two, one.seq, VarianceReason.DAMAGED)
    for columns in (32, 48):
        assert max(len(line.encode("gbk")) for line in preview(sheet, i18n.load("zh_CN"), columns)) <= columns
    assert verify(full.folder).wrong is None


def test_what_came_since_the_count_is_not_lost(full: Shop) -> None:
    one = bays.count(full.desk, full.by, "p01", 61_000)
    weigh_in(full.desk, full.by, full.bag(weighed("p01", 5_000), of="0002"))
    bays.approve(full.desk, full.two, one.seq, VarianceReason.FOUND)
    assert balance(full, "bin:shop", "m:p01") == 66_000
    assert balance(full, "in:found", "m:p01") == -1_000


def test_more_has_left_than_was_there(full: Shop) -> None:
    one = bays.count(full.desk, full.by, "h01", 5)
    buyers.save(full.desk, full.by, COLLECTOR)
    recyclables.hand_over(full.desk, full.by, COLLECTOR.code, {"h01": 18})
    with pytest.raises(CountAgain):
        bays.approve(full.desk, full.two, one.seq, VarianceReason.LOST)


def test_a_later_count_stands_for_an_earlier_one(full: Shop) -> None:
    bays.count(full.desk, full.by, "p01", 10_000)
    bays.count(full.desk, full.by, "p01", 60_000)
    again = found(full, "p01")
    assert again is not None
    assert again.difference == 0


def test_refused(full: Shop) -> None:
    before = contents(full.desk.store)
    with pytest.raises(MaterialUnknown):
        bays.count(full.desk, full.by, "x99", 1)
    for amount in (-1, bays.MOST + 1):
        with pytest.raises(QuantityOutOfRange):
            bays.count(full.desk, full.by, "p01", amount)
    with pytest.raises(NotPermitted):
        bays.count(full.desk, Signatures(AUDITOR), "p01", 1)
    with pytest.raises(EntryUnknown):
        bays.approve(full.desk, full.two, 1, VarianceReason.LOST)
    assert contents(full.desk.store) == before
