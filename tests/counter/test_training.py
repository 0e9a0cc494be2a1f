"""练习: a store of its own, marked on every paper, and neither is ever taken for the other."""

from pathlib import Path

import pytest

from pos import i18n
from pos.core.cards import ReadAs
from pos.core.people import Role
from pos.core.redemption import Draft
from pos.core.refusals import StoreMissing
from pos.core.training import StoreReal, StoreTraining
from pos.counter import cards, day, people, services, training
from pos.counter.desk import Desk
from pos.counter.redeem import redeem
from pos.printing.preview import preview
from pos.storage.store import open_store
from pos.storage.verify import verify
from tests.counter.village_policy import village
from tests.shop import CLERK, KEEPER, PINS, Shop
from tests.storage.contents import contents

MARK = "【练习】"


@pytest.fixture
def practice(shop: Shop) -> Path:
    return training.prepare(shop.folder, MARK, shop.desk.clock)


def test_it_leaves_the_real_store_alone(shop: Shop) -> None:
    before = contents(shop.desk.store)
    training.prepare(shop.folder, MARK, shop.desk.clock)
    assert contents(shop.desk.store) == before


def test_real_cards_people_and_prices(shop: Shop, practice: Path) -> None:
    store = open_store(practice, training=True)
    try:
        desk = Desk(store, shop.desk.clock)
        assert people.sign_in(desk, KEEPER, PINS[KEEPER]).number == KEEPER
        view = cards.open_household(desk, cards.qr_text(shop.desk, shop.cards["0042"]))
        assert view.points == training.POINTS
        day.open_day(desk, shop.by)
        draft = Draft(view.household.number, shop.cards["0042"].number, ReadAs.SIGNED).adding("g001", 2)
        receipt = redeem(desk, shop.by, draft)
        sheet = day.close_day(desk, shop.two)
    finally:
        store.close()
    words = i18n.load("zh_CN")
    for paper in (receipt, sheet):
        assert MARK in "\n".join(preview(paper, words, 32))
    assert "LT01-TRAINING.0-" in receipt.slip.number
    assert verify(practice).wrong is None


def test_neither_is_opened_as_the_other(shop: Shop, practice: Path) -> None:
    with pytest.raises(StoreTraining):
        open_store(practice)
    shop.close()
    with pytest.raises(StoreReal):
        open_store(shop.folder, training=True)
    shop.desk = Desk(open_store(shop.folder), shop.desk.clock)


def test_it_begins_anew_each_time(shop: Shop, practice: Path) -> None:
    store = open_store(practice, training=True)
    day.open_day(Desk(store, shop.desk.clock), shop.by)
    store.close()
    (practice / "drafts.db").write_bytes(b"left over")
    assert training.prepare(shop.folder, MARK, shop.desk.clock) == practice
    assert not (practice / "drafts.db").exists()


def test_a_real_store_in_its_place_is_not_thrown_away(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shop.close()
    shop.folder.rename(other / "training")
    (other / "store.db").write_bytes(b"")
    with pytest.raises(StoreReal):
        training.prepare(other, MARK)
    assert (other / "training" / "store.db").stat().st_size
    (other / "training").rename(shop.folder)
    shop.desk = Desk(open_store(shop.folder), shop.desk.clock)


def test_no_store_to_practise_for(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        training.prepare(tmp_path, MARK)


def test_who_left_is_not_taken_on(shop: Shop) -> None:
    people.add_keeper(shop.desk, shop.two, "03", "赵", Role.KEEPER, "7319")
    people.deactivate(shop.desk, shop.two, CLERK)
    store = open_store(training.prepare(shop.folder, MARK, shop.desk.clock), training=True)
    try:
        found = {each.number: each.active for each in people.everybody(Desk(store))}
    finally:
        store.close()
    assert found == {"01": False, "02": True, "03": True, "09": True}


def test_services_are_practised_too(tmp_path: Path) -> None:
    with village(tmp_path / "shop") as shop:
        real = services.offers(shop.desk)
        store = open_store(training.prepare(shop.folder, MARK, shop.desk.clock), training=True)
    try:
        offered = services.offers(Desk(store, shop.desk.clock))
    finally:
        store.close()
    assert [(each.service, each.provider, each.points) for each in offered] == [
        (each.service, each.provider, each.points) for each in real
    ]
    assert offered
