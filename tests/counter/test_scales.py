"""校秤 at the counter: what is written, what it stops, and what two people may let pass."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.units import Grams
from pos.core.acts import Act, ActCode
from pos.core.entries import Entry, Signatures
from pos.core.refusals import ApprovalNeeded, NotPermitted, Refused
from pos.core.scales import (
    CheckRule,
    Concern,
    Evidence,
    Policy,
    ScaleCheck,
    ScaleCheckDue,
    ScaleCheckFailed,
    ScaleExpired,
    WhenExpired,
)
from pos.counter import day, scales
from pos.counter.weigh_in import quote, weigh_in
from pos.storage import books
from pos.storage.verify import verify
from tests.shop import AUDITOR, FLOOR, START, Shop, typed, weighed
from tests.storage.contents import contents

DAY_MS = 86_400_000
PAPER = weighed("p01", 5_000)


def put_on(shop: Shop, reading: int, scale: str = "FS-1") -> ScaleCheck:
    """Check a scale with 5 kg of which it says `reading`."""
    seen = Evidence(scale, "flag", "53542c4753", START)
    return scales.check(shop.desk, shop.by, Grams(5_000), Grams(reading), seen)


def set_policy(shop: Shop, policy: Policy) -> None:
    shop.desk = replace(shop.desk, scale_policy=policy)


def newest(shop: Shop) -> Entry:
    with shop.desk.store.read() as connection:
        return books.read_entry(connection, books.newest(connection, 1)[0].seq)


def refused(shop: Shop) -> Refused:
    """Why a load of paper on the floor scale is not taken, now; nothing is written."""
    before = contents(shop.desk.store)
    for attempt in (lambda: weigh_in(shop.desk, shop.by, shop.bag(PAPER)), lambda: quote(shop.desk, shop.bag(PAPER))):
        with pytest.raises(Refused) as found:
            attempt()
    assert contents(shop.desk.store) == before
    return found.value


def test_a_check_stands_in_the_journal(shop: Shop) -> None:
    check = put_on(shop, 5_050)
    assert (check.passed, check.difference, check.tolerance) == (True, Grams(50), Grams(50))
    entry = newest(shop)
    assert (entry.kind, entry.body, entry.transfers, entry.by) == ("act", check, (), shop.by)
    assert verify(shop.folder).wrong is None
    assert Concern.CHECK_DUE not in scales.standings(shop.desk)["FS-1"].concerns
    assert Concern.CHECK_DUE in scales.standings(shop.desk)["CT-1"].concerns
    weigh_in(shop.desk, shop.by, shop.bag(PAPER))


def test_a_wrong_scale_stops_until_it_is_right(shop: Shop) -> None:
    put_on(shop, 5_100)
    assert isinstance(refused(shop), ScaleCheckFailed)
    weigh_in(shop.desk, shop.by, shop.bag(weighed("l01", 4_000)))  # the other one goes on
    weigh_in(shop.desk, shop.two, shop.bag(typed("p01", 5_000)))  # and so does a weight that two people vouch for
    put_on(shop, 5_100)
    assert isinstance(refused(shop), ScaleCheckFailed)
    put_on(shop, 5_000)
    weigh_in(shop.desk, shop.by, shop.bag(PAPER))


def test_tomorrow_it_is_still_wrong(shop: Shop) -> None:
    put_on(shop, 5_100)
    day.close_day(shop.desk, shop.by)
    shop.clock.advance(DAY_MS)
    day.open_day(shop.desk, shop.by)
    shop.reopen()
    assert isinstance(refused(shop), ScaleCheckFailed)


def test_two_people_let_it_go_on_until_the_next_check(shop: Shop) -> None:
    put_on(shop, 5_100)
    wrong = newest(shop).seq
    with pytest.raises(ApprovalNeeded):
        scales.release(shop.desk, shop.by, "FS-1")
    scales.release(shop.desk, shop.two, "FS-1")
    act = newest(shop).body
    assert act == Act(ActCode.OVERRIDE, "FS-1", wrong, reason="check-failed")
    weigh_in(shop.desk, shop.by, shop.bag(PAPER))
    assert scales.standings(shop.desk)["FS-1"].concerns == (Concern.CHECK_FAILED,)
    put_on(shop, 4_900)
    assert isinstance(refused(shop), ScaleCheckFailed)


@pytest.mark.parametrize("reading", [None, 5_000])
def test_there_is_nothing_to_release(shop: Shop, reading: int | None) -> None:
    if reading is not None:
        put_on(shop, reading)
    before = contents(shop.desk.store)
    scales.release(shop.desk, shop.two, "FS-1")
    assert contents(shop.desk.store) == before


def test_required_each_day_before_the_first_load(shop: Shop) -> None:
    set_policy(shop, Policy(check=CheckRule.REQUIRE))
    assert isinstance(refused(shop), ScaleCheckDue)
    put_on(shop, 5_000, "CT-1")
    assert isinstance(refused(shop), ScaleCheckDue)
    put_on(shop, 5_000)
    weigh_in(shop.desk, shop.by, shop.bag(PAPER))
    day.close_day(shop.desk, shop.by)
    shop.clock.advance(DAY_MS)
    day.open_day(shop.desk, shop.by)
    assert isinstance(refused(shop), ScaleCheckDue)


@pytest.mark.parametrize(("rule", "due"), [(CheckRule.REMIND, True), (CheckRule.OFF, False)])
def test_reminded_or_left_alone(shop: Shop, rule: CheckRule, due: bool) -> None:
    set_policy(shop, Policy(check=rule))
    assert (Concern.CHECK_DUE in scales.standings(shop.desk)["FS-1"].concerns) is due
    weigh_in(shop.desk, shop.by, shop.bag(PAPER))


def test_an_expired_scale_does_not_weigh(shop: Shop) -> None:
    expired = replace(FLOOR, verified_until=date(2026, 1, 14))
    shop.desk = replace(shop.desk, scales={**shop.desk.scales, "FS-1": expired})
    assert refused(shop).fields == {"scale": "FS-1", "date": date(2026, 1, 14)}
    assert isinstance(refused(shop), ScaleExpired)
    set_policy(shop, Policy(expired=WhenExpired.WARN))
    weigh_in(shop.desk, shop.by, shop.bag(PAPER))
    assert Concern.EXPIRED in scales.standings(shop.desk)["FS-1"].concerns


def test_the_last_day_counts_at_the_store(shop: Shop) -> None:
    last_day = replace(FLOOR, verified_until=date(2026, 1, 15))
    shop.desk = replace(shop.desk, scales={"FS-1": last_day})
    shop.clock.advance((17 * 60 + 17) * 60_000)  # 23:59 at the store
    assert scales.standings(shop.desk)["FS-1"].days_left == 0
    shop.clock.advance(60_000)  # tomorrow there, the same day in UTC
    assert scales.standings(shop.desk)["FS-1"].days_left == -1


def test_a_load_that_cannot_come_off(shop: Shop) -> None:
    with pytest.raises(ApprovalNeeded):
        scales.vouch(shop.desk, shop.by, "FS-1", "return-to-zero")
    scales.vouch(shop.desk, shop.two, "FS-1", "return-to-zero")
    entry = newest(shop)
    assert entry.body == Act(ActCode.OVERRIDE, "FS-1", reason="return-to-zero")
    assert (entry.by, entry.transfers) == (shop.two, ())


def test_an_auditor_does_not_check_for_the_shop(shop: Shop) -> None:
    with pytest.raises(NotPermitted):
        scales.check(shop.desk, Signatures(AUDITOR), Grams(5_000), Grams(5_000), Evidence("FS-1", "flag", "", 0))


def test_a_check_before_the_day_is_opened_holds_for_it(shop: Shop) -> None:
    put_on(shop, 5_000)
    day.close_day(shop.desk, shop.by)
    shop.clock.advance(DAY_MS)
    assert Concern.CHECK_DUE in scales.standings(shop.desk)["FS-1"].concerns
    put_on(shop, 5_000)
    day.open_day(shop.desk, shop.by)
    standing = scales.standings(shop.desk)["FS-1"]
    assert Concern.CHECK_DUE not in standing.concerns
    assert standing.checked == date(2026, 1, 16)
    assert verify(shop.folder).wrong is None
