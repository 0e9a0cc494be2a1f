"""封存: by an auditor, released by a clerk with another person; and in the journal (domain reference 4.18)."""

import pytest

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.freezing import AlreadyFrozen, FreezeReason, ItemFrozen, NotFrozen
from pos.core.refusals import ApprovalNeeded, GoodUnknown, MaterialUnknown, NotPermitted
from pos.counter import freezing
from pos.storage import books
from pos.storage.verify import verify
from tests.shop import AUDITOR, CLERK, KEEPER, Shop

AUDIT = Signatures(AUDITOR)
RELEASE = Signatures(CLERK, KEEPER)


def check(shop: Shop, *commodities: str) -> None:
    with shop.desk.store.read() as connection:
        freezing.check(connection, commodities)


def test_frozen_and_released(shop: Shop) -> None:
    freezing.freeze(shop.desk, AUDIT, "g:g001", FreezeReason.COUNT)
    freezing.freeze(shop.desk, AUDIT, "m:m04", FreezeReason.QUALITY)
    assert [(each.name, each.by, each.reason) for each in freezing.listed(shop.desk)] == [
        ("食盐 400g", AUDITOR, "count"),
        ("废铜", AUDITOR, "quality"),
    ]
    with pytest.raises(ItemFrozen) as found:
        check(shop, "g:g013", "g:g001")
    assert found.value.fields == {"item": "食盐 400g"}
    check(shop, "g:g013", "m:p01")
    freezing.release(shop.desk, RELEASE, "g:g001")
    check(shop, "g:g001")
    with shop.desk.store.read() as connection:
        head = books.head(connection, shop.desk.store.installation).seq
        body = books.read_entry(connection, head).body
    assert body == Act(ActCode.RELEASED, "g:g001", head - 2)
    assert verify(shop.folder).wrong is None


def test_who_may(shop: Shop) -> None:
    for by in (shop.by, shop.two, Signatures(CLERK, KEEPER)):
        with pytest.raises(NotPermitted):
            freezing.freeze(shop.desk, by, "g:g001", FreezeReason.OTHER)
    freezing.freeze(shop.desk, AUDIT, "g:g001", FreezeReason.OTHER)
    for by in (AUDIT, shop.two):
        with pytest.raises(NotPermitted):
            freezing.release(shop.desk, by, "g:g001")
    with pytest.raises(ApprovalNeeded):
        freezing.release(shop.desk, Signatures(CLERK), "g:g001")
    with pytest.raises(NotPermitted):
        freezing.release(shop.desk, Signatures(CLERK, AUDITOR), "g:g001")
    assert len(freezing.listed(shop.desk)) == 1


def test_once_and_only_what_there_is(shop: Shop) -> None:
    freezing.freeze(shop.desk, AUDIT, "g:g001", FreezeReason.PRICE)
    with pytest.raises(AlreadyFrozen):
        freezing.freeze(shop.desk, AUDIT, "g:g001", FreezeReason.PRICE)
    with pytest.raises(GoodUnknown):
        freezing.freeze(shop.desk, AUDIT, "g:g999", FreezeReason.PRICE)
    with pytest.raises(MaterialUnknown):
        freezing.freeze(shop.desk, AUDIT, "m:g001", FreezeReason.PRICE)
    with pytest.raises(NotFrozen):
        freezing.release(shop.desk, RELEASE, "m:m04")


def test_found_by_code_and_barcode(shop: Shop) -> None:
    found = freezing.candidates(shop.desk)
    assert found["g001"] == found["2900000000018"] == ("g:g001", "食盐 400g")
    assert found["m04"] == ("m:m04", "废铜")
