"""Campaigns as the rules see them: the cap, the season, the pieces used up; and what limits any weigh-in."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.materials import Material, ScaleClass
from catalog.prices import EveryPieces
from catalog.units import Grams, Points
from pos.core import campaigns, weigh_in
from pos.core.campaigns import Campaign, Pool
from pos.core.limits import DailyLimit, MaterialPaused, NotPaidInCash, Policy
from pos.core.reversal import ReversalReason
from pos.core.reversal import decide as reverse
from pos.core.transfers import Books
from pos.core.weigh_in import Payout, PooledLine, Rules
from tests.core.village import BOOK, FINE, MATERIALS, SCALES, D, bag, books, counted, load, shown

BAGS = Material("h04", "农药袋", ScaleClass.COUNT, Grams(0), True, "", campaign="pest")
FIVE = EveryPieces(5)
PEST = Campaign("pest", "农药包装", date(2026, 1, 10), date(2026, 1, 24), Points(20_00))


def rules(left: Points, **changed: object) -> Rules:
    materials = {code: material for code, (material, _) in MATERIALS.items()} | {"h04": BAGS}
    book = replace(BOOK, materials={**BOOK.materials, "h04": FIVE})
    return replace(Rules(materials, SCALES, book, FINE, Policy(), {}, {"pest": left}), **changed)  # type: ignore[arg-type]


def endowed(points: int) -> Books:
    held = books()
    held.post(D, campaigns.endow("pest", Points(points), "ab", D).transfers)
    return held


def test_w5_moves_points_out_of_the_campaign_s_own_budget() -> None:
    held = endowed(1_000_00)
    decision = weigh_in.decide(bag(counted("h04", 120)), rules(Points(20_00)), held, D)
    assert decision.body.lines == (PooledLine("h04", 120, 5, Points(20_00), 0, Points(4_00)),)
    assert shown(decision.transfers) == [
        "brought:weigh > bin:shop m:h04 120",
        f"value:weigh > carry:{decision.body.household} n:h04 120",
        f"carry:{decision.body.household} > paid:points n:h04 120",
        f"budget:pest > pts:{decision.body.household} pt 2000",
    ]
    held.post(D, decision.transfers)
    back = reverse(1, decision.body, decision.transfers, ReversalReason.OTHER, held, D)
    assert f"pts:{decision.body.household} > budget:pest pt 2000" in shown(back.transfers)


def test_ordinary_points_come_from_the_weigh_in_s_issue_beside_the_campaign_s() -> None:
    draft = bag(counted("h04", 10), counted("s03", 35), load("p01", 2_000))
    decision = weigh_in.decide(draft, rules(Points(20_00)), endowed(1_000_00), D)
    assert f"budget:pest > pts:{draft.household} pt 200" in shown(decision.transfers)
    assert f"issue:weigh > pts:{draft.household} pt 300" in shown(decision.transfers)


@pytest.mark.parametrize(
    ("on", "earned", "budget", "left"),
    [
        (date(2026, 1, 9), 0, 500_00, 0),
        (date(2026, 1, 10), 0, 500_00, 20_00),
        (date(2026, 1, 24), 12_00, 500_00, 8_00),
        (date(2026, 1, 25), 0, 500_00, 0),
        (date(2026, 1, 15), 20_00, 500_00, 0),
        (date(2026, 1, 15), 30_00, 500_00, 0),
        (date(2026, 1, 15), 0, 3_00, 3_00),
        (date(2026, 1, 15), 0, 0, 0),
    ],
)
def test_what_is_left_for_a_household(on: date, earned: int, budget: int, left: int) -> None:
    assert PEST.left(on, Points(earned), Points(budget)) == Points(left)


@given(
    st.integers(0, 30_00),
    st.integers(0, 4),
    st.lists(st.integers(1, 200), min_size=1, max_size=6),
)
def test_no_piece_and_no_point_is_lost_and_the_cap_holds(left: int, before: int, lots: list[int]) -> None:
    pool, paid, refused, carried = Pool({"pest": Points(left)}), 0, 0, before
    for pieces in lots:
        points, carried, over = pool.take(BAGS, pieces, FIVE, before)
        paid, refused = paid + points.amount, refused + over.amount
    assert paid <= left
    assert paid % 100 == refused % 100 == 0
    assert before + sum(lots) == (paid + refused) // 100 * 5 + carried
    assert 0 <= carried < 5
    assert not refused or left - paid < 100


def test_nothing_is_taken_of_a_paused_material() -> None:
    paused = {"p01": replace(MATERIALS["p01"][0], paused=True)}
    with pytest.raises(MaterialPaused):
        weigh_in.decide(bag(load("p01", 2_000)), rules(Points(0), materials=paused), books(), D)


@pytest.mark.parametrize(
    ("today", "more", "fits"), [(0, 5_000, True), (0, 5_050, False), (4_000, 1_000, True), (4_050, 1_000, False)]
)
def test_a_day_s_limit(today: int, more: int, fits: bool) -> None:
    limited = {"p01": replace(MATERIALS["p01"][0], daily_limit=5_000)}
    judged = rules(Points(0), materials=limited, today={"p01": today})
    draft = bag(load("p01", more))
    if fits:
        weigh_in.decide(draft, judged, books(), D)
        return
    with pytest.raises(DailyLimit):
        weigh_in.decide(draft, judged, books(), D)
    weigh_in.decide(replace(draft, overridden=("p01",)), judged, books(), D)
    weigh_in.quote(draft, judged, books(), D)


def test_a_gift_moves_the_material_alone() -> None:
    draft = bag(load("p01", 2_000), counted("s03", 40), counted("h04", 40), payout=Payout.DONATED)
    decision = weigh_in.decide(draft, rules(Points(20_00)), books(carry=30), D)
    assert shown(decision.transfers) == [
        "brought:weigh > bin:shop m:p01 2000",
        "brought:weigh > bin:shop m:s03 40",
        "brought:weigh > bin:shop m:h04 40",
    ]
    assert decision.body.points == Points(0)


def test_points_wait_where_the_village_wants_that_and_cash_is_its_choice() -> None:
    waits = weigh_in.quote(bag(load("p01", 2_000)), rules(Points(0), policy=Policy(wait=True)), books(), D)
    assert waits.payout is Payout.PENDING
    with pytest.raises(NotPaidInCash):
        weigh_in.quote(bag(load("p01", 2_000), payout=Payout.CASH), rules(Points(0)), books(), D)
