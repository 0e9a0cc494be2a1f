"""Villages, households, cards and the catalogue at the ledger; on both engines."""

from datetime import date

import pytest

from catalog.goods import Good
from catalog.materials import ScaleClass
from catalog.prices import Terms
from catalog.units import Fen, Grams, Points
from pos.core import accounts
from pos.core import cards as card_rules
from pos.core.accounts import LEDGER
from pos.core.acts import Act, ActCode
from pos.core.cards import CardState
from pos.core.households import HouseholdState
from pos.core.store_policy import StorePolicy
from pos.core.transfers import Decision
from pos.ledger import allotments, cards, catalogue, registry, remedies
from pos.ledger import tables as t
from pos.ledger.refusals import Conflict, Invalid, LedgerRefused, NotFound
from pos.ledger.registry import Resident
from pos.wire.reference import GoodPriced, MaterialFacts, MaterialPriced, PolicyFacts, PricesFacts, Recall
from tests.ledger.test_awards import sheet
from tests.ledger.till import Till
from tests.ledger.town import H1, H2, TOWNSHIP, Town

VILLAGE, OTHER = H1[:12], "990101101201"
PEOPLE = [Resident(H1, "孙珍兰", "一组", 4, None), Resident(H2, "李兴贵", "一组", 5, None)]
PART = Resident(f"{VILLAGE}0301", "孙小兰", "一组", 2, None)


@pytest.fixture
def village(town: Town) -> Town:
    """A township with people."""
    registry.add_villages(town.ledger, TOWNSHIP, [(VILLAGE, "柳塘村"), (OTHER, "清溪村")], "op")
    assert registry.put_households(town.ledger, TOWNSHIP, PEOPLE, "op") == []
    return town


def at(town: Town, household: str) -> int:
    """What the ledger holds of a household."""
    return town.balance(accounts.points(household, LEDGER))


def test_households_come_from_a_spreadsheet() -> None:
    found, problems = registry.read(
        sheet(
            ("户号", "户主", "村民小组", "人口", "兑换点"),
            (H1, "孙珍兰", "第1村民小组", 4, "LT01"),
            (H2, "㳇喆", "第1村民小组", "5", None),
            (int(H2), "某某", "一组", 1),
            (H2, "", "一组", 0),
        )
    )
    assert found == (
        Resident(H1, "孙珍兰", "第1村民小组", 4, "LT01", row=2),
        Resident(H2, "㳇喆", "第1村民小组", 5, None, row=3),
    )
    assert [(problem.row, problem.code) for problem in problems] == [(4, "number"), (5, "head"), (5, "persons")]


def test_a_whole_township_of_households_is_taken_in_or_not_at_all(village: Town) -> None:
    many = [Resident(f"{VILLAGE}{number:04d}", "某某", "一组", 3, None) for number in range(3, 1003)]
    assert registry.put_households(village.ledger, TOWNSHIP, many, "op", dry_run=True) == []
    assert len(village.rows(t.households)) == 2
    wrong = [*many, Resident("9901011012990001", "某某", "一组", 3, None, row=9), many[0]]
    problems = registry.put_households(village.ledger, TOWNSHIP, wrong, "op")
    assert [(each.row, each.code) for each in problems] == [(9, "village-unknown"), (0, "household-twice")]
    assert len(village.rows(t.households)) == 2
    assert registry.put_households(village.ledger, TOWNSHIP, many, "op") == []
    assert (len(village.rows(t.households)), len(village.rows(t.residents))) == (1002, 1002)


def test_points_move_with_the_home(village: Town) -> None:
    old, new = Till(village, village.device()), Till(village, village.device("XH02"))
    old.device.weigh(20_00)
    old.sync()
    registry.set_home(village.ledger, TOWNSHIP, H1, "XH02", "op")
    new.sync()
    assert new.points() == 0
    old.sync()
    new.sync()
    assert (old.points(), new.points()) == (0, 20_00)


def test_a_merged_household_leaves_its_points_to_its_heir(village: Town) -> None:
    home = Till(village, village.device())
    home.device.weigh(20_00)
    home.device.weigh(5_00, H2)
    home.sync()
    registry.merge(village.ledger, TOWNSHIP, H1, H2, "op", "moved together")
    home.sync()
    home.sync()
    assert (home.points(H1), home.points(H2), at(village, H1), at(village, H2)) == (0, 25_00, 0, 0)
    with pytest.raises(Conflict, match="household-merged"):
        registry.set_state(village.ledger, TOWNSHIP, H1, HouseholdState.NORMAL, "op", "mistake")


def test_a_part_takes_what_the_ledger_has(village: Town) -> None:
    home = Till(village, village.device())
    home.device.weigh(20_00)
    home.sync()
    with pytest.raises(Conflict, match="points-not-here"):
        registry.split(village.ledger, TOWNSHIP, H1, PART, Points(8_00), "op")
    allotments.keep(village.ledger, TOWNSHIP, H1, Points(8_00), "op")
    home.sync()
    registry.split(village.ledger, TOWNSHIP, H1, PART, Points(8_00), "op")
    home.sync()
    assert (home.points(H1), home.points(PART.number)) == (12_00, 8_00)
    with pytest.raises(Conflict, match="household-exists"):
        registry.split(village.ledger, TOWNSHIP, H1, PART, Points(0), "op")


def test_a_household_with_points_is_not_closed(village: Town) -> None:
    home = Till(village, village.device())
    home.device.weigh(2_00)
    home.sync()
    with pytest.raises(Conflict, match="household-holds"):
        registry.set_state(village.ledger, TOWNSHIP, H1, HouseholdState.CLOSED, "op", "died")
    with pytest.raises(Conflict, match="household-open"):
        registry.erase(village.ledger, TOWNSHIP, H1, "op")


def test_points_are_laid_aside_for_the_bank(village: Town) -> None:
    home = Till(village, village.device())
    home.device.weigh(20_00)
    home.sync()
    where = (village.ledger, TOWNSHIP, H1)
    with pytest.raises(Conflict, match="points-not-here"):
        remedies.hold(*where, Points(10_00), "op", "bank")
    allotments.keep(*where, Points(10_00), "op")
    home.sync()
    remedies.hold(*where, Points(10_00), "op", "bank")
    remedies.cash_out(*where, Points(7_00), "op", "paid")
    remedies.unhold(*where, Points(3_00), "op", "rest")
    home.sync()
    assert (home.points(), village.balance(accounts.Account("gone", "bank", LEDGER))) == (13_00, 7_00)


def test_a_debt_is_forgiven(village: Town) -> None:
    village.award(H1, -8_00)
    where = (village.ledger, TOWNSHIP, H1)
    with pytest.raises(Invalid, match="points-out-of-range"):
        remedies.forgive(*where, Points(9_00), "op", "hardship")
    remedies.forgive(*where, Points(8_00), "op", "hardship")
    assert village.balance(accounts.debt(H1, LEDGER)) == 0


def test_the_newest_card_counts(village: Town) -> None:
    ledger = village.ledger
    first, _ = cards.issue(ledger, TOWNSHIP, H1, "op")
    second, text = cards.issue(ledger, TOWNSHIP, H1, "op", "damaged")
    key = next(row.secret for row in village.rows(t.card_keys))
    assert card_rules.admit(card_rules.read(text), second, {"H1": key}) == second
    assert (first.version, second.version) == (1, 2)
    with pytest.raises(Conflict, match="card-replaced"):
        cards.report_found(ledger, TOWNSHIP, first.number, "op")
    seen = cards.look_up(ledger, TOWNSHIP, second.number, "XH02")
    assert (seen.household, seen.masked, seen.card_state) == (H1, "孙*兰", "active")
    with pytest.raises(NotFound, match="card-unknown"):
        cards.look_up(ledger, TOWNSHIP, "000000000000", "XH02")


def test_a_store_takes_cards_in_as_lost_and_found(village: Town) -> None:
    till = Till(village, village.device())
    card, _ = cards.issue(village.ledger, TOWNSHIP, H1, "op")
    for code, state in ((ActCode.CARD_LOST, CardState.LOST), (ActCode.CARD_FOUND, CardState.ACTIVE)):
        till.device.write(Decision(Act(code, card.number), ()))
        till.device.write(Decision(Act(code, "123412341234"), ()))
        till.push()
        assert cards.look_up(village.ledger, TOWNSHIP, card.number, "op").card_state == state


def salt() -> Good:
    """A good."""
    return Good("g001", "食盐", "包", ("2900000000018",), "sy", 2)


CARDBOARD = MaterialFacts("p01", "黄板纸", ScaleClass.FLOOR, Grams(1_000), 0, "", 0, None, 250, 0, "", 1)
BOOK = PricesFacts(
    1,
    date(2026, 2, 1),
    (GoodPriced("g001", Points(2_00), Fen(200)),),
    (MaterialPriced("p01", "kg", 100),),
    (),
)


def test_what_was_published_is_never_changed(village: Town) -> None:
    ledger = village.ledger
    with pytest.raises(NotFound, match="article-unknown"):
        catalogue.publish(ledger, TOWNSHIP, "", BOOK, "op")
    catalogue.put_articles(ledger, TOWNSHIP, "", [salt(), CARDBOARD], "op")
    catalogue.publish(ledger, TOWNSHIP, "LT01", BOOK, "op")
    catalogue.publish(ledger, TOWNSHIP, "LT01", BOOK, "op")
    catalogue.publish(ledger, TOWNSHIP, "", Terms(date(2026, 1, 1), 100, Points(1)), "op")
    catalogue.publish(ledger, TOWNSHIP, VILLAGE, PolicyFacts(1, date(2026, 1, 1), StorePolicy()), "op")
    dear = (GoodPriced("g001", Points(3_00), Fen(300)),)
    refused: list[tuple[PricesFacts, type[LedgerRefused], str]] = [
        (PricesFacts(1, BOOK.effective, dear, (), ()), Conflict, "version-taken"),
        (PricesFacts(0, BOOK.effective, dear, (), ()), Conflict, "version-old"),
        (PricesFacts(2, BOOK.effective, dear * 2, (), ()), Invalid, "article-twice"),
        (PricesFacts(2, BOOK.effective, (GoodPriced("g001", Points(-1), Fen(0)),), (), ()), Invalid, "price"),
        (PricesFacts(2, BOOK.effective, (), (MaterialPriced("p01", "jin", 1),), ()), Invalid, "price"),
    ]
    for book, kind, code in refused:
        with pytest.raises(kind, match=code):
            catalogue.publish(ledger, TOWNSHIP, "LT01", book, "op")
    with pytest.raises(NotFound, match="scope-unknown"):
        catalogue.publish(ledger, TOWNSHIP, "nowhere", BOOK, "op")
    kinds = sorted((row.kind, row.scope) for row in village.rows(t.published))
    assert kinds == [("good", ""), ("material", ""), ("policy", VILLAGE), ("prices", "LT01"), ("terms", "")]


def test_a_recall_is_told_and_lifted(village: Town) -> None:
    ledger, of = village.ledger, Recall("g001", "20260105", "unsafe")
    catalogue.recall(ledger, TOWNSHIP, of, "op")
    with ledger.read() as connection:
        assert list(catalogue.newest(connection, TOWNSHIP, "", "recall")) == ["g001/20260105"]
    catalogue.recall(ledger, TOWNSHIP, of, "op", lifted=True)
    with pytest.raises(NotFound, match="recall-unknown"):
        catalogue.recall(ledger, TOWNSHIP, of, "op", lifted=True)
    with pytest.raises(Invalid, match="recall"):
        catalogue.recall(ledger, TOWNSHIP, Recall("g001", "", "whim"), "op")
