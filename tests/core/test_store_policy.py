"""What a village decides: figures that make sense, tiers, hours, and how much a household may spend."""

from datetime import date
from typing import Any

import pytest

from catalog.goods import Good
from catalog.units import Fen, Points
from pos.core import allowances, codec
from pos.core.allowances import Lately
from pos.core.redeem_refusals import (
    OverDayLimit,
    OverDayPoints,
    OverMonthPoints,
    OverSeasonLimit,
    TooManyLarge,
)
from pos.core.store_policy import GoodRule, Hours, Season, StorePolicy, Tier, past_soft_age

HOUR_MS = 3_600_000
OIL = Good("g006", "大豆油 5L", "桶", (), "ddy", None)
SPRING = Season("g006", 2, date(2026, 1, 10), date(2026, 1, 20))
TODAY = date(2026, 1, 15)


@pytest.mark.parametrize(
    "figures",
    [
        {"points_percent": 101},
        {"points_percent": -1},
        {"cash_step": Fen(5)},
        {"cash_step": Fen(0)},
        {"tiers": (Tier(Points(-1), 5),)},
        {"tiers": (Tier(Points(1), 101),)},
        {"tiers": tuple(Tier(Points(n), n) for n in range(6))},
        {"day_points": Points(-1)},
        {"voucher_days": -1},
        {"goods": (GoodRule("g001"), GoodRule("g001", 5))},
        {"goods": (GoodRule("g001", 101),)},
        {"goods": (GoodRule("g001", 0, -1),)},
        {"seasons": (Season("g001", 1, date(2026, 2, 1), date(2026, 1, 1)),)},
        {"hours": (Hours(0, 480, 720),)},
        {"hours": (Hours(1, 720, 480),)},
        {"hours": (Hours(1, 480, 1441),)},
    ],
)
def test_figures_that_make_no_sense(figures: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no sense"):
        StorePolicy(**figures)


def test_written_and_read_again() -> None:
    decided = StorePolicy(
        60,
        Fen(10),
        (Tier(Points(500_00), 5),),
        "coop",
        Points(50_00),
        large_from=Points(60_00),
        hours=(Hours(2, 480, 690),),
        goods=(GoodRule("g001", 100, 2),),
        seasons=(SPRING,),
    )
    line = codec.dumps(codec.plain(decided))
    assert codec.build(StorePolicy, codec.loads(line)) == decided


def test_the_best_tier_reached_counts() -> None:
    decided = StorePolicy(tiers=(Tier(Points(1000_00), 8), Tier(Points(500_00), 5)))
    earned = {0: 0, 499_99: 0, 500_00: 5, 999_99: 5, 1000_00: 8, 5000_00: 8}
    assert {amount: decided.tier(Points(amount)) for amount in earned} == earned


def test_a_good_without_a_rule_has_the_general_share() -> None:
    decided = StorePolicy(50, goods=(GoodRule("g001", 100, 2),))
    assert (decided.rule("g001").points_percent, decided.rule("g001").daily) == (100, 2)
    assert (decided.rule("g006").points_percent, decided.rule("g006").daily) == (50, None)


def test_opening_hours() -> None:
    tuesdays = StorePolicy(hours=(Hours(2, 480, 690), Hours(2, 840, 1020)))
    open_at = {
        "2026-01-13 07:59:59": False,
        "2026-01-13 08:00:00": True,
        "2026-01-13 11:29:59": True,
        "2026-01-13 11:30:00": False,
        "2026-01-13 14:00:00": True,
        "2026-01-14 09:00:00": False,
    }
    assert {at: tuesdays.open_at(at) for at in open_at} == open_at
    assert StorePolicy().open_at("2026-01-14 03:00:00")


@pytest.mark.parametrize(
    ("offline", "spent", "points", "fits"),
    [
        (True, 0, 34_00, True),
        (True, 34_00, 20_00, False),  # O1: 54 > 50, although 59.82 - 34 would allow it
        (True, 34_00, 16_00, True),
        (True, 34_00, 16_01, False),
        (False, 34_00, 20_00, True),
    ],
)
def test_o1(offline: bool, spent: int, points: int, fits: bool) -> None:
    decided, lately = StorePolicy(offline_points=Points(50_00)), Lately(day_points=Points(spent))
    if fits:
        allowances.check_spending(Points(points), lately, decided, offline=offline)
        return
    with pytest.raises(OverDayPoints) as refused:
        allowances.check_spending(Points(points), lately, decided, offline=offline)
    assert refused.value.fields == {"limit": Points(50_00), "spent": Points(spent), "points": Points(points)}


def test_the_offline_cap_binds_past_the_soft_sync_age_alone() -> None:
    decided = StorePolicy(offline_hours=24)
    assert [past_soft_age(decided, age) for age in (None, 0, 24 * HOUR_MS, 24 * HOUR_MS + 1)] == [
        False,
        False,
        False,
        True,
    ]
    assert decided.day_cap(offline=False) is None
    assert StorePolicy(day_points=Points(30_00)).day_cap(offline=True) == Points(30_00)


def test_the_month_has_a_cap_too() -> None:
    decided = StorePolicy(month_points=Points(30_00))
    allowances.check_spending(Points(10_00), Lately(month_points=Points(20_00)), decided, offline=False)
    with pytest.raises(OverMonthPoints):
        allowances.check_spending(Points(10_01), Lately(month_points=Points(20_00)), decided, offline=False)
    allowances.check_spending(Points(0), Lately(month_points=Points(31_00)), decided, offline=False)


def test_pieces_a_day_and_in_a_season() -> None:
    decided = StorePolicy(goods=(GoodRule("g006", 0, 1),), seasons=(SPRING,))
    allowances.check_good(OIL, 1, Lately(), decided, TODAY)
    with pytest.raises(OverDayLimit):
        allowances.check_good(OIL, 1, Lately({"g006": 1}), decided, TODAY)
    with pytest.raises(OverSeasonLimit):
        allowances.check_good(OIL, 1, Lately(seasons={SPRING: 2}), decided, TODAY)
    allowances.check_good(OIL, 1, Lately(seasons={SPRING: 2}), decided, date(2026, 1, 21))


def test_one_large_item_at_a_time() -> None:
    decided = StorePolicy(large_from=Points(60_00), large_most=1)
    allowances.check_large([(1, Points(65_00)), (9, Points(59_99))], decided)
    for pieces in ([(2, Points(65_00))], [(1, Points(65_00)), (1, Points(60_00))]):
        with pytest.raises(TooManyLarge):
            allowances.check_large(pieces, decided)
