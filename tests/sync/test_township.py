"""What the township tells its stores: urgent rows hold at once, prices and rules from the next opening on."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.goods import Good
from catalog.prices import Terms
from catalog.units import Fen, Points
from pos.core.acts import RefData
from pos.core.cards import CardState
from pos.core.entries import decode
from pos.core.freezing import ItemFrozen
from pos.core.households import HouseholdState
from pos.core.store_policy import StorePolicy
from pos.counter import cards as counter_cards
from pos.counter import day
from pos.ledger import cards, catalogue, feed, registry
from pos.ledger.books import Act
from pos.ledger.registry import Resident
from pos.storage import award_batches, books, policies, township_rows
from pos.storage import catalogue as stock
from pos.storage import registry as local
from pos.storage.verify import verify
from pos.wire import reference
from pos.wire.reference import (
    AwardsNotice,
    AwardTold,
    GoodPriced,
    PolicyFacts,
    PricesFacts,
    Recall,
    Undone,
)  # fmt: skip
from tests.ledger.town import TOWNSHIP
from tests.shop import VILLAGE
from tests.sync.pair import H, Pair

NEW = Good("g001", "食盐 500g", "包", ("2900000000018",), "sy", None)


def settle(pair: Pair) -> None:
    """Households and a card from the township."""
    registry.add_villages(pair.town.ledger, TOWNSHIP, [(VILLAGE, "柳塘村")], "op")
    registry.put_households(pair.town.ledger, TOWNSHIP, [Resident(H, "张秀兰", "二组", 5, "LT01")], "op")


def test_households_and_the_hot_list_hold_at_once(pair: Pair) -> None:
    settle(pair)
    card, _ = cards.issue(pair.town.ledger, TOWNSHIP, H, "op")
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        household = local.household(connection, H)
        held = local.cards_of(connection, H)
    assert household
    assert (household.head, household.group, household.persons) == ("张秀兰", "二组", 5)
    assert [each.number for each in held if each.state is CardState.ACTIVE] == [card.number]
    cards.report_lost(pair.town.ledger, TOWNSHIP, card.number, "op")
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        assert local.card(connection, card.number) == replace(card, state=CardState.LOST)


def test_a_card_waits_for_its_household(pair: Pair) -> None:
    settle(pair)
    stranger = f"{VILLAGE}0777"
    registry.put_households(pair.town.ledger, TOWNSHIP, [Resident(stranger, "周福", "一组", 2, None)], "op")
    card, _ = cards.issue(pair.town.ledger, TOWNSHIP, stranger, "op")
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        assert local.card(connection, card.number) == card
        assert township_rows.waiting(connection, reference.CARD) == []


def test_an_erased_household_has_no_name_left(pair: Pair) -> None:
    settle(pair)
    pair.sync()
    pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, VILLAGE, reference.HOUSEHOLD, [(H, None)]))
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        erased = local.household(connection, H)
    assert erased
    assert (erased.head, erased.state) == ("", HouseholdState.CLOSED)


def test_prices_and_rules_switch_at_the_next_opening(pair: Pair) -> None:
    ledger = pair.town.ledger
    catalogue.put_articles(ledger, TOWNSHIP, "", [NEW], "op")
    book = PricesFacts(8, date(2026, 1, 1), (GoodPriced("g001", Points(3_00), Fen(3_00)),), (), ())
    catalogue.publish(ledger, TOWNSHIP, "", book, "op")
    catalogue.publish(ledger, TOWNSHIP, "", Terms(date(2026, 1, 2), 100, Points(1)), "op")
    policy = StorePolicy(offline_points=Points(20_00))
    catalogue.publish(ledger, TOWNSHIP, "", PolicyFacts(1, date(2026, 1, 1), policy), "op")
    pair.award(50_00)
    pair.sync()
    pair.spend()
    assert pair.points() == Points(48_00)
    with pair.shop.desk.store.read() as connection:
        assert books.day(connection).book == 7
        assert policies.versions(connection) == []
    day.close_day(pair.shop.desk, pair.shop.two)
    assert day.open_day(pair.shop.desk, pair.shop.by).book == 8
    pair.spend()
    assert pair.points() == Points(45_00)
    with pair.shop.desk.store.read() as connection:
        assert policies.in_force(connection, date(2026, 1, 15))[1] == policy
        assert stock.all_goods(connection)[0].name == NEW.name
    assert verify(pair.shop.folder).wrong is None
    assert pair.sync().acked == pair.head


def test_a_book_under_a_number_of_ones_own_gets_another(pair: Pair) -> None:
    day.close_day(pair.shop.desk, pair.shop.two)
    book = PricesFacts(7, date(2026, 1, 10), (GoodPriced("g001", Points(4_00), Fen(4_00)),), (), ())
    pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, "", reference.PRICES, [("7", book)]))
    pair.sync()
    pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, "", reference.PRICES, [("7", book)]))
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        assert stock.book_dates(connection) == {7: date(2026, 1, 1), 8: date(2026, 1, 10)}


def test_a_recall_freezes_the_good_until_it_is_lifted(pair: Pair) -> None:
    catalogue.put_articles(pair.town.ledger, TOWNSHIP, "", [NEW], "op")
    catalogue.recall(pair.town.ledger, TOWNSHIP, Recall("g001", "", "unsafe"), "op")
    pair.award(50_00)
    pair.sync()
    with pytest.raises(ItemFrozen):
        pair.spend()
    catalogue.recall(pair.town.ledger, TOWNSHIP, Recall("g001", "", "unsafe"), "op", lifted=True)
    pair.sync()
    pair.spend()


def test_an_award_is_told_once(pair: Pair) -> None:
    notice = AwardsNotice("b1", "2026-01", VILLAGE, "本月考评", (AwardTold(H, Points(12_00), ()),))
    for _ in range(2):
        pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, VILLAGE, reference.AWARDS, [("b1", notice)]))
        pair.sync()
    with pair.shop.desk.store.write() as tx:
        assert award_batches.tell(tx.connection, H) == [("本月考评", Points(12_00))]
        assert award_batches.tell(tx.connection, H) == []


def test_what_was_taken_back_elsewhere_is_known(pair: Pair) -> None:
    undone = Undone("LT01-K7Q2MD.1-19", 1)
    pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, "LT01", reference.UNDONE, [("x/1", undone)]))
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        assert township_rows.undone(connection, undone.paper) == {1}


def test_a_faulty_row_holds_nothing_up(pair: Pair) -> None:
    book = PricesFacts(9, date(2026, 1, 1), (GoodPriced("g999", Points(3_00), Fen(3_00)),), (), ())
    other = Good("g900", "新品", "个", (), "xp", None)
    day.close_day(pair.shop.desk, pair.shop.two)
    pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, "", reference.PRICES, [("9", book)]))
    pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, "", reference.GOOD, [("g900", other)]))
    pair.town.ledger.act(TOWNSHIP, lambda act: feed.put(act, "", reference.RECALL, [("g001/", None)]))
    assert pair.sync().outcome == ""
    with pair.shop.desk.store.read() as connection:
        assert [(kind, code) for kind, code, _ in township_rows.faults(connection)] == [(reference.PRICES, "9")]
        assert "g900" in {good.code for good in stock.all_goods(connection)}
        assert set(stock.book_dates(connection)) == {7}


def test_many_rows_come_in_pages_and_each_page_is_pinned(pair: Pair) -> None:
    goods = [Good(f"x{n:03}", f"货{n}", "个", (), "h", None) for n in range(210)]
    catalogue.put_articles(pair.town.ledger, TOWNSHIP, "", goods, "op")
    day.close_day(pair.shop.desk, pair.shop.two)
    pair.sync()
    with pair.shop.desk.store.read() as connection:
        found = {good.code for good in stock.all_goods(connection)}
        entries = [decode(line) for _, line, _ in books.lines(connection)]
    assert found >= {good.code for good in goods}
    assert sum(isinstance(entry.body, RefData) for entry in entries) == 2


def test_keys_of_one_name_are_kept_side_by_side(pair: Pair) -> None:
    own = pair.shop.desk.store.card_keys["H1"]
    other, newer = "11" * 32, "22" * 32
    sent = [("H1", own.hex()), ("H1", other), ("H2", newer), ("H0", other), ("H1", "11")]

    def work(act: Act) -> None:
        rows = [(f"{place}", reference.CardKey(name, key)) for place, (name, key) in enumerate(sent)]
        feed.put(act, VILLAGE, reference.CARD_KEY, rows)

    pair.town.ledger.act(TOWNSHIP, work)
    pair.sync()
    for _ in range(2):
        found = pair.shop.desk.store.card_keys
        assert [(name[:2], key) for name, key in found.items()] == [
            ("H1", own), ("H1", bytes.fromhex(other)), ("H2", bytes.fromhex(newer)),
        ]  # fmt: skip
        pair.shop.reopen()
    with pair.shop.desk.store.read() as connection:
        assert [(kind, code) for kind, code, _ in township_rows.faults(connection)] == [
            ("card-key", "3"), ("card-key", "4"),
        ]  # fmt: skip
    assert counter_cards.qr_text(pair.shop.desk, pair.shop.cards["0042"]).startswith("H2")
