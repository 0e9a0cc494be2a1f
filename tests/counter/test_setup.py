"""Setting a store up: by two people, recorded by hash, and never a name in the journal."""

from dataclasses import replace

import pytest

from catalog.units import Points
from pos.core.acts import Act, ActCode, Opening
from pos.core.entries import Signatures
from pos.core.refusals import ApprovalNeeded, ApproverSame
from pos.counter import setup
from pos.storage import books, catalogue
from pos.storage.verify import verify
from tests.shop import BOOK, CLERK, HOUSEHOLDS, KEEPER, OPENING, STOCK, VILLAGE_DATA, Shop
from tests.storage.contents import contents


def test_reference_edits_are_recorded_with_their_hashes(shop: Shop) -> None:
    with shop.desk.store.read() as connection:
        bodies = [books.read_entry(connection, seq).body for seq in range(1, 20)]
    edits = [body for body in bodies if isinstance(body, Act) and body.code is ActCode.REFERENCE]
    assert [edit.subject for edit in edits] == [
        "keepers/02", "keepers/01", "keepers/09",
        "households", "members", "goods", "barcodes", "materials", "tares", "price-book", "terms",
    ]  # fmt: skip
    assert all(len(edit.digest) == 64 for edit in edits)
    assert len([body for body in bodies if isinstance(body, Opening)]) == 2
    assert len([body for body in bodies if isinstance(body, Act) and body.code is ActCode.CARD_ISSUED]) == len(
        HOUSEHOLDS
    )


def test_no_name_in_the_journal(shop: Shop) -> None:
    with shop.desk.store.read() as connection:
        lines = b"".join(line for _, line, _ in books.lines(connection))
    assert lines.isascii()
    assert not [household for household in HOUSEHOLDS if household.head.encode() in lines]


def test_opening_balances(shop: Shop) -> None:
    assert {short: shop.points(short) for short in OPENING} == OPENING
    with shop.desk.store.read() as connection:
        assert catalogue.on_hand(connection) == dict.fromkeys(BOOK.goods, STOCK)


def test_more_than_one_entry_holds(shop: Shop) -> None:
    points = {f"99010110120{n:05d}": Points(100) for n in range(130)}
    setup.open_points(shop.desk, shop.two, points)
    with shop.desk.store.read() as connection:
        opened = [books.read_entry(connection, seq) for seq in (21, 22, 23)]
    assert [len(entry.transfers) for entry in opened] == [60, 60, 10]
    assert len({entry.body for entry in opened}) == 1
    assert verify(shop.folder).wrong is None


@pytest.mark.parametrize(
    ("by", "refusal"), [(Signatures(KEEPER), ApprovalNeeded), (Signatures(CLERK, CLERK), ApproverSame)]
)
def test_takes_two(shop: Shop, by: Signatures, refusal: type[Exception]) -> None:
    before = contents(shop.desk.store)
    with pytest.raises(refusal):
        setup.load(shop.desk, by, replace(VILLAGE_DATA, book=replace(BOOK, version=8)))
    with pytest.raises(refusal):
        setup.open_points(shop.desk, by, {shop.household("0042"): Points(1)})
    with pytest.raises(refusal):
        setup.open_stock(shop.desk, by, [setup.OpeningLot("g001", 1, "village", 0)])
    assert contents(shop.desk.store) == before


def test_a_published_book_is_never_changed(shop: Shop) -> None:
    before = contents(shop.desk.store)
    with pytest.raises(Exception, match="UNIQUE"):
        setup.load(shop.desk, shop.two, VILLAGE_DATA)
    assert contents(shop.desk.store) == before
