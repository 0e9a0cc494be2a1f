"""异常报告: the keeper-fraud script of the domain reference (8.7, 4.12), and every rule by itself."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.prices import ByWeight
from catalog.units import Fen
from pos import i18n
from pos.core import accounts, bins
from pos.core.bins import PaidInto, SaleLine
from pos.core.closing import Closing
from pos.core.entries import Entry, Moment, Signatures
from pos.core.exceptions import Circumstances, Rule, findings
from pos.core.households import LookupReason
from pos.core.redemption import Collector, Shortfall
from pos.core.reversal import ReversalReason
from pos.core.sheets import Cell, Count, Label, Sheet
from pos.core.store_policy import Hours, StorePolicy
from pos.core.thresholds import Thresholds
from pos.core.transfers import Books
from pos.counter import day, exceptions, households, reverse
from pos.counter import journal as journals
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.printing.preview import preview
from pos.storage import policies, rows
from pos.storage import tables as t
from tests.counter.stockroom import WRITER
from tests.shop import KEEPER, START, Shop, typed, weighed

FIRST, LAST = date(2026, 1, 15), date(2026, 1, 15)


def report(shop: Shop) -> Sheet:
    return exceptions.report(shop.desk, shop.by, FIRST, LAST)


def found(shop: Shop) -> dict[Rule, list[tuple[Cell, ...]]]:
    """The findings of the report by rule."""
    (table,) = [table for table in report(shop).tables if table.title == "findings"]
    by_rule: dict[Rule, list[tuple[Cell, ...]]] = {}
    for row in table.rows:
        assert isinstance(row[0], Label)
        by_rule.setdefault(Rule(row[0].code.removeprefix("rule-")), []).append(row[1:])
    return by_rule


def sold(shop: Shop, of: str = "0002", good: str = "g001") -> int:
    return journals.number_of(redeem(shop.desk, shop.by, shop.basket({good: 1}, of=of)))


def quiet(shop: Shop) -> None:
    """Nothing expired on the shelf, which the shop of the tests has otherwise."""
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE lots SET expiry = NULL")


def test_an_honest_day_gives_rise_to_nothing(shop: Shop) -> None:
    quiet(shop)
    weigh_in(shop.desk, shop.by, shop.bag())
    sold(shop)
    assert found(shop) == {}


def test_the_keeper_who_cheats(shop: Shop) -> None:
    with shop.desk.store.write() as tx:
        own = {"party": f"k-{KEEPER}", "household": shop.household("0002")}
        rows.save(tx.connection, t.own_households, [own])
    for _ in range(10):
        seq = sold(shop)
        shop.clock.advance(60_000)
    for _ in range(6):
        reverse.reprint(shop.desk, shop.by, seq)
    weigh_in(shop.desk, shop.two, shop.bag(typed("p01", 40_000), of="0002"))
    for _ in range(4):
        reverse.reverse(shop.desk, shop.two, sold(shop, "0006"), ReversalReason.WRONG_ITEM)
    households.look_at(shop.desk, shop.by, shop.household("0042"), LookupReason.CARD_FORGOTTEN)
    rules = found(shop)
    assert {
        Rule.OWN_HOUSEHOLD,
        Rule.CARD_OFTEN,
        Rule.REPRINTS,
        Rule.MANUAL_SHARE,
        Rule.REVERSALS,
        Rule.LOOKED_ONLY,
    } <= set(rules)
    assert len(rules[Rule.OWN_HOUSEHOLD]) == 11
    assert ("", "0002", "", "", Count(11)) in rules[Rule.CARD_OFTEN]
    assert rules[Rule.REVERSALS] == [(KEEPER, "", "", "", Count(4))]
    assert [row[1] for row in rules[Rule.LOOKED_ONLY]] == ["0042"]


def test_looked_up_and_served(shop: Shop) -> None:
    households.look_at(shop.desk, shop.by, shop.household("0002"), LookupReason.CARD_FORGOTTEN)
    sold(shop)
    assert Rule.LOOKED_ONLY not in found(shop)


def test_one_card_twice_a_day_is_nothing(shop: Shop) -> None:
    sold(shop)
    shop.clock.advance(60_000)
    sold(shop, good="g013")
    day.close_day(shop.desk, shop.two)
    day.open_day(shop.desk, shop.by)
    sold(shop)
    assert Rule.CARD_OFTEN not in found(shop)


def test_one_proxy_for_many(shop: Shop) -> None:
    shop.desk = replace(shop.desk, thresholds=Thresholds(proxy_households=2))
    for short in ("0042", "0002", "0006"):
        redeem(shop.desk, shop.by, replace(shop.basket({"g001": 1}, of=short), collector=Collector.PROXY))
    assert found(shop)[Rule.PROXY_OFTEN] == [(KEEPER, "", "", "", Count(3))]


def test_outside_hours(shop: Shop) -> None:
    with shop.desk.store.write() as tx:
        # Thursday 2026-01-15, 06:42
        policies.publish(tx.connection, date(2026, 1, 1), StorePolicy(hours=(Hours(4, 8 * 60, 18 * 60),)))
    seq = sold(shop)
    shop.clock.advance(2 * 3_600_000)
    sold(shop, "0006")
    assert [row[2] for row in found(shop)[Rule.OUTSIDE_HOURS]] == [f"#{seq}"]


def test_round_weights(shop: Shop) -> None:
    shop.desk = replace(shop.desk, thresholds=Thresholds(round_lines=4))
    weigh_in(shop.desk, shop.by, shop.bag(*(weighed("p01", grams) for grams in (5_000, 5_500, 6_000, 6_050))))
    assert Rule.ROUND_WEIGHTS in found(shop)
    weigh_in(shop.desk, shop.by, shop.bag(*(weighed("p01", 5_050 + 100 * n) for n in range(12)), of="0002"))
    assert Rule.ROUND_WEIGHTS not in found(shop)


def test_high_value(shop: Shop) -> None:
    shop.desk = replace(shop.desk, thresholds=Thresholds(high_points=60))
    redeem(shop.desk, shop.by, shop.basket({"g006": 1}, of="0002"))
    assert [row[3] for row in found(shop)[Rule.HIGH_VALUE]] == ["大豆油 5L"]


def test_cash_that_differs(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g016": 1}, shortfall=Shortfall.CASH))
    day.close_day(shop.desk, shop.two, Closing(counted=Fen(9_00), cash_reason="unknown"))
    ((keeper, _, _, _, figure),) = found(shop)[Rule.CASH_DIFFERENCE]
    assert keeper == KEEPER
    assert str(getattr(figure, "fen", "")) == "1.00"


def test_expired_goods_and_points_that_nothing_covers(shop: Shop) -> None:
    shop.desk = replace(shop.desk, thresholds=Thresholds(coverage_percent=2000))
    rules = found(shop)
    assert [row[3] for row in rules[Rule.EXPIRED]] == ["菜籽油 1.8L"]
    assert Rule.COVERAGE in rules


def test_hours_without_a_sync(shop: Shop) -> None:
    for hours, listed in ((48, False), (49, True)):
        shop.desk = replace(shop.desk, last_sync=lambda back=hours: START - back * 3_600_000)  # type: ignore[misc]
        assert (Rule.SYNC_AGE in found(shop)) is listed


@pytest.mark.parametrize(("arrived", "shares"), [(97_500, []), (97_000, [300])])
def test_more_lost_than_is_let_pass(arrived: int, shares: list[int]) -> None:
    books = Books(WRITER, {(accounts.bin_(WRITER), "m:p01"): 100_000})
    line = SaleLine("p01", 100_000, arrived, ByWeight(125), loss_reason="moisture")
    sale = bins.sell("", (line,), PaidInto.FUND, books, WRITER)
    entry = Entry(1, Moment(START, 0, ""), Signatures(KEEPER), sale.body, sale.transfers)
    rules = findings([entry], Circumstances(tolerance={"p01": 250}))
    assert [(each.rule, each.about, each.figure) for each in rules] == [
        (Rule.MATERIAL_LOSS, "p01", share) for share in shares
    ]


@pytest.mark.parametrize("columns", [32, 48])
def test_it_fits_its_paper(shop: Shop, columns: int) -> None:
    test_the_keeper_who_cheats(shop)
    paper = preview(report(shop), i18n.load("zh_CN"), columns)
    assert max(len(line.encode("gbk")) for line in paper) <= columns
    assert "店员自家" in "\n".join(paper)
