"""What the village decided, at the counter: R1, R2, R3 and O1 as tables, tiers, limits, hours, confirmation."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.units import Fen, Points
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.receipts import RedeemFacts
from pos.core.redeem_refusals import (
    CashOnly,
    CashShort,
    HouseholdPinLocked,
    HouseholdPinNeeded,
    HouseholdPinWrong,
    OverDayLimit,
    OverDayPoints,
    OverMonthPoints,
    OverSeasonLimit,
    PolicyTooEarly,
    PolicyWrong,
    TooManyLarge,
)
from pos.core.redemption import Collector, Draft, Note, Redeem, Shortfall
from pos.core.refusals import ApprovalNeeded, HouseholdUnknown, NotPermitted, PinWeak, PointsShort, Refused
from pos.core.reversal import ReversalReason
from pos.core.store_policy import GoodRule, Hours, Outside, Season, StorePolicy, Tier
from pos.core.take_back import BackLine, Condition
from pos.counter import award_files, day, household_pins, policy, redeem, reverse, setup, take_back
from pos.counter.redeem import redeem as sell
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.storage.verify import verify
from tests.counter.village_policy import FROM, village
from tests.shop import AUDITOR, START, Shop, weighed
from tests.storage.busy import seq_of
from tests.storage.contents import contents

R2 = {"g006": 1}
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def sold(shop: Shop, ticket: Draft, by: Signatures | None = None, pin: str = "") -> Redeem:
    """What the journal says of a ticket."""
    receipt = sell(shop.desk, by or shop.by, ticket, pin)
    with shop.desk.store.read() as connection:
        body = books.read_entry(connection, seq_of(receipt.slip.number)).body
    assert isinstance(body, Redeem)
    return body


def refused(shop: Shop, kind: type[Refused], ticket: Draft, by: Signatures | None = None) -> Refused:
    before = contents(shop.desk.store)
    with pytest.raises(kind) as found:
        sell(shop.desk, by or shop.by, ticket)
    assert contents(shop.desk.store) == before
    return found.value


def give(shop: Shop, points: int, of: str = "0042") -> None:
    """Let a household have so much (1/100 point) in all."""
    more = Points(points) - shop.points(of)
    setup.open_points(shop.desk, shop.two, {shop.household(of): more})


@pytest.mark.parametrize(
    ("decided", "goods", "held", "price", "points", "cash"),
    [
        ({}, {"g001": 2, "g016": 1, "g013": 1}, 59_82, 34_00, 34_00, 0),  # R1
        ({}, R2, 47_82, 65_00, 47_82, 17_18),  # R2
        ({"cash_step": Fen(10)}, R2, 47_82, 65_00, 47_82, 17_20),
        ({"points_percent": 50}, R2, 47_82, 65_00, 47_82, 17_18),
    ],
)
def test_r1_and_r2(
    tmp_path: Path, decided: dict[str, Any], goods: dict[str, int], held: int, price: int, points: int, cash: int
) -> None:
    with village(tmp_path / "shop", **decided) as shop:
        give(shop, held)
        body = sold(shop, shop.basket(goods, shortfall=Shortfall.CASH))
        assert (body.price, body.points, body.cash) == (Points(price), Points(points), Fen(cash))
        assert body.policy == (1 if decided else 0)
        assert verify(shop.folder).wrong is None


def test_r3_a_tier_earned_in_the_last_twelve_months(tmp_path: Path) -> None:
    tiers = (Tier(Points(40_00), 5), Tier(Points(400_00), 8))
    with village(tmp_path / "shop", tiers=tiers, bearer="coop") as shop:
        weigh_in(shop.desk, shop.by, shop.bag())  # W1 earns 47.82
        body = sold(shop, shop.basket(R2, shortfall=Shortfall.CASH))
        assert body.price == Points(61_75)
        assert body.discount is not None
        assert (body.discount.percent, body.discount.bearer) == (5, "coop")
        assert (body.points, body.cash) == (Points(59_82), Fen(1_93))
        opened = sold(shop, shop.basket(R2, of="0015"))
        assert (opened.price, opened.discount) == (Points(65_00), None)  # opening points are not earned
        assert verify(shop.folder).wrong is None


def test_a_tier_is_of_points_earned_and_kept(tmp_path: Path) -> None:
    with village(tmp_path / "shop", tiers=(Tier(Points(40_00), 5),)) as shop:
        ticket = seq_of(weigh_in(shop.desk, shop.by, shop.bag()).slip.number)
        reverse.reverse(shop.desk, shop.by, ticket, ReversalReason.WRONG_WEIGHT)
        assert sold(shop, shop.basket({"g001": 1})).discount is None
        weigh_in(shop.desk, shop.by, shop.bag())
        assert sold(shop, shop.basket({"g001": 2})).discount is not None
        shop.clock.advance(366 * DAY_MS)
        assert sold(shop, shop.basket({"g001": 3})).discount is None


def test_cash_given_and_change_are_on_the_receipt(tmp_path: Path) -> None:
    with village(tmp_path / "shop") as shop:
        give(shop, 47_82)
        ticket = shop.basket(R2, shortfall=Shortfall.CASH)
        short = refused(shop, CashShort, replace(ticket, given=Fen(17_00)))
        assert short.fields == {"cash": Fen(17_18), "given": Fen(17_00)}
        facts = sell(shop.desk, shop.by, replace(ticket, given=Fen(20_00))).facts
        assert isinstance(facts, RedeemFacts)
        assert (facts.cash, facts.given) == (Fen(17_18), Fen(20_00))
        no_cash = sell(shop.desk, shop.by, replace(shop.basket({"g001": 1}, of="0002"), given=Fen(5_00))).facts
        assert isinstance(no_cash, RedeemFacts)
        assert no_cash.given == Fen(0)


def test_no_cash_only_sales(tmp_path: Path) -> None:
    with village(tmp_path / "shop") as shop:
        sold(shop, shop.basket({"g001": 6}))
        assert shop.points() == Points(0)
        refused(shop, CashOnly, shop.basket({"g001": 1}, shortfall=Shortfall.CASH))


def test_refunds_in_the_same_tenders(tmp_path: Path) -> None:
    with village(tmp_path / "shop", cash_step=Fen(10)) as shop:
        give(shop, 47_82)
        ticket = sell(shop.desk, shop.by, shop.basket(R2, shortfall=Shortfall.CASH))
        line = BackLine("g006", 1, Condition.WHOLE)
        back = take_back.take_back(shop.desk, shop.two, seq_of(ticket.slip.number), (line,)).facts
        assert (back.points, back.cash) == (Points(47_82), Fen(17_20))  # type: ignore[union-attr]
        assert shop.points() == Points(47_82)
        assert verify(shop.folder).wrong is None


def test_pieces_a_day_and_what_came_back(tmp_path: Path) -> None:
    with village(tmp_path / "shop", goods=(GoodRule("g001", 0, 2),)) as shop:
        first = seq_of(sell(shop.desk, shop.by, shop.basket({"g001": 2}, of="0002")).slip.number)
        over = refused(shop, OverDayLimit, shop.basket({"g001": 1}, of="0002"))
        assert over.fields == {"item": "食盐 400g", "limit": 2, "taken": 2}
        sell(shop.desk, shop.by, shop.basket({"g001": 1}, of="0015"))
        reverse.reverse(shop.desk, shop.by, first, ReversalReason.CHANGED_MIND)
        sell(shop.desk, shop.by, shop.basket({"g001": 2}, of="0002"))
        next_day(shop)
        sell(shop.desk, shop.by, shop.basket({"g001": 2}, of="0002"))


def next_day(shop: Shop, days: int = 1) -> None:
    """Close the day, and open another one."""
    shop.clock.advance(days * DAY_MS)
    day.close_day(shop.desk, shop.by)
    day.open_day(shop.desk, shop.by)


def test_pieces_in_a_season(tmp_path: Path) -> None:
    season = Season("g001", 3, FROM, FROM + timedelta(days=2))
    with village(tmp_path / "shop", seasons=(season,)) as shop:
        sell(shop.desk, shop.by, shop.basket({"g001": 2}, of="0002"))
        next_day(shop)
        refused(shop, OverSeasonLimit, shop.basket({"g001": 2}, of="0002"))
        sell(shop.desk, shop.by, shop.basket({"g001": 1}, of="0002"))
        next_day(shop)
        refused(shop, OverSeasonLimit, shop.basket({"g001": 1}, of="0002"))
        next_day(shop)
        sell(shop.desk, shop.by, shop.basket({"g001": 3}, of="0002"))


def test_points_a_day_and_a_month(tmp_path: Path) -> None:
    with village(tmp_path / "shop", day_points=Points(20_00), month_points=Points(25_00)) as shop:
        first = seq_of(sell(shop.desk, shop.by, shop.basket({"g013": 2}, of="0002")).slip.number)
        refused(shop, OverDayPoints, shop.basket({"g001": 1}, of="0002"))
        reverse.reverse(shop.desk, shop.by, first, ReversalReason.CHANGED_MIND)
        sell(shop.desk, shop.by, shop.basket({"g013": 2}, of="0002"))
        next_day(shop)
        over = refused(shop, OverMonthPoints, shop.basket({"g001": 3}, of="0002"))
        assert over.fields == {"limit": Points(25_00), "spent": Points(20_00), "points": Points(6_00)}
        sell(shop.desk, shop.by, shop.basket({"g001": 2}, of="0002"))
        next_day(shop, 31)
        sell(shop.desk, shop.by, shop.basket({"g013": 2}, of="0002"))


@pytest.mark.parametrize(
    ("synced_ago_h", "fits"), [(None, True), (1, True), (24, True), (25, False)], ids=["alone", "fresh", "edge", "old"]
)
def test_o1(tmp_path: Path, synced_ago_h: int | None, fits: bool) -> None:
    with village(tmp_path / "shop", offline_points=Points(50_00)) as shop:
        give(shop, 59_82)
        if synced_ago_h is not None:
            shop.desk = replace(shop.desk, last_sync=lambda: START - synced_ago_h * HOUR_MS)
        sell(shop.desk, shop.by, shop.basket())  # 34.00
        assert shop.points() == Points(25_82)
        if fits:
            sell(shop.desk, shop.by, shop.basket({"g013": 2}))
        else:
            over = refused(shop, OverDayPoints, shop.basket({"g013": 2}))
            assert over.fields == {"limit": Points(50_00), "spent": Points(34_00), "points": Points(20_00)}


def test_one_large_item_a_time(tmp_path: Path) -> None:
    with village(tmp_path / "shop", large_from=Points(20_00)) as shop:
        refused(shop, TooManyLarge, shop.basket({"g016": 2}, of="0002"))
        sell(shop.desk, shop.by, shop.basket({"g016": 1, "g001": 2}, of="0002"))


@pytest.mark.parametrize(("outside", "asks"), [(Outside.WARN, False), (Outside.APPROVE, True)])
def test_outside_the_opening_hours(tmp_path: Path, outside: Outside, asks: bool) -> None:
    thursday = (Hours(4, 8 * 60, 11 * 60),)
    with village(tmp_path / "shop", hours=thursday, outside=outside) as shop:
        ticket = shop.basket({"g001": 1})
        if asks:
            refused(shop, ApprovalNeeded, ticket)
            sold(shop, ticket, shop.two)
        sold(shop, ticket, None if not asks else shop.two)
        shop.clock.advance(2 * HOUR_MS)  # 08:42 on a Thursday
        sold(shop, ticket)


def test_above_the_limit_a_second_person_or_the_household_s_pin(tmp_path: Path) -> None:
    with village(tmp_path / "shop", confirm_above=Points(20_00)) as shop:
        assert sold(shop, shop.basket({"g013": 2}, of="0002")).pin == 0
        dear = shop.basket({"g013": 3}, of="0002")
        refused(shop, ApprovalNeeded, dear)
        sold(shop, dear, shop.two)
        household_pins.set_pin(shop.desk, shop.two, shop.household("0002"), "7319")
        needed = refused(shop, HouseholdPinNeeded, shop.basket({"g013": 3}, of="0002"))
        assert needed.fields == {"points": Points(20_00)}
        assert sold(shop, shop.basket({"g013": 3}, of="0002"), pin="7319").pin == 1
        household_pins.set_pin(shop.desk, shop.two, shop.household("0002"), "")
        with pytest.raises(HouseholdPinWrong):
            sell(shop.desk, shop.by, dear, "7319")
        assert verify(shop.folder).wrong is None


def test_wrong_pins_wait(tmp_path: Path) -> None:
    with village(tmp_path / "shop", confirm_above=Points(2_00)) as shop:
        household_pins.set_pin(shop.desk, shop.two, shop.household("0002"), "7319")
        ticket = shop.basket({"g013": 1}, of="0002")
        for wait in (0, 0, 5):
            with pytest.raises(HouseholdPinWrong) as wrong:
                sell(shop.desk, shop.by, ticket, "0000")
            assert wrong.value.fields == {"wait": wait}
        with pytest.raises(HouseholdPinLocked) as locked:
            sell(shop.desk, shop.by, ticket, "7319")
        assert locked.value.fields == {"seconds": 5}
        shop.clock.advance(5_000)
        sold(shop, ticket, pin="7319")
        with pytest.raises(HouseholdPinWrong) as wrong:
            sell(shop.desk, shop.by, ticket, "0000")
        assert wrong.value.fields == {"wait": 0}


def test_a_pin_is_nowhere_in_the_journal(shop: Shop) -> None:
    household_pins.set_pin(shop.desk, shop.two, shop.household("0002"), "7319")
    for pin, by, no in (("1111", shop.two, PinWeak), ("7319", shop.by, ApprovalNeeded)):
        with pytest.raises(no):
            household_pins.set_pin(shop.desk, by, shop.household("0002"), pin)
    with pytest.raises(HouseholdUnknown):
        household_pins.set_pin(shop.desk, shop.two, shop.household("0099"), "7319")
    with shop.desk.store.read() as connection:
        lines = [line for _, line, _ in books.lines(connection)]
        [row] = connection.exec_driver_sql("SELECT pin FROM household_pins").all()
    assert row.pin.startswith("$argon2id$")
    assert not [line for line in lines if b"7319" in line]


def test_a_child_alone_is_noted(shop: Shop) -> None:
    body = sold(shop, replace(shop.basket({"g001": 1}), note=Note.CHILD_ALONE, collector=Collector.MEMBER))
    assert body.note is Note.CHILD_ALONE


def test_a_ticket_given_up_leaves_an_act_and_nothing_else(shop: Shop) -> None:
    redeem.cancel(shop.desk, shop.by, shop.basket())
    with shop.desk.store.read() as connection:
        entry = books.read_entry(connection, books.head(connection, shop.desk.store.installation).seq)
    assert isinstance(entry.body, Act)
    assert (entry.body.code, entry.body.subject) == (ActCode.CANCELLED, shop.household("0042"))
    assert len(entry.body.digest) == 64
    assert entry.transfers == ()


def test_points_after_deductions_are_what_there_is(tmp_path: Path) -> None:
    with village(tmp_path / "shop") as shop:
        take_points(shop, "0042", -20_00)
        assert shop.points() == Points(0)
        refused(shop, PointsShort, shop.basket({"g001": 1}))
        receipt = weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 10_000)))
        assert (receipt.slip.after, receipt.slip.owed) == (Points(2_00), Points(0))


def take_points(shop: Shop, of: str, points: int) -> None:
    """Post a batch of one deduction."""
    path = shop.folder / "batch.csv"
    text = f"batch,b1\nperiod,2026-01\ntitle,扣分\ntotal,{Points(points)}\nhousehold,points\n{of},{Points(points)}\n"
    path.write_text(text, encoding="utf-8")
    award_files.post(shop.desk, shop.two, award_files.dry_run(shop.desk, path).file)


def test_a_policy_takes_two_people_and_never_changes_the_open_day(shop: Shop) -> None:
    decided = policy.decided(shop.desk)
    assert (decided.version, decided.newest_from, decided.earliest) == (0, None, FROM + timedelta(days=1))
    new = StorePolicy(points_percent=50)
    for by, no in ((shop.by, ApprovalNeeded), (Signatures(AUDITOR, "01"), NotPermitted)):
        with pytest.raises(no):
            policy.publish(shop.desk, by, FROM + timedelta(days=1), new)
    with pytest.raises(PolicyTooEarly) as early:
        policy.publish(shop.desk, shop.two, FROM, new)
    assert early.value.fields == {"earliest": FROM + timedelta(days=1)}
    assert policy.publish(shop.desk, shop.two, FROM + timedelta(days=1), new) == 1
    decided = policy.decided(shop.desk)
    assert (decided.in_force, decided.newest, decided.newest_from) == (StorePolicy(), new, FROM + timedelta(days=1))
    next_day(shop)
    assert policy.decided(shop.desk).in_force == new


def test_a_version_is_corrected_by_the_next_one(shop: Shop) -> None:
    tomorrow = FROM + timedelta(days=1)
    policy.publish(shop.desk, shop.two, tomorrow, StorePolicy(points_percent=50))
    policy.publish(shop.desk, shop.two, tomorrow, StorePolicy(points_percent=60))
    next_day(shop)
    assert policy.decided(shop.desk).in_force.points_percent == 60
    assert verify(shop.folder).wrong is None


def test_an_altered_policy_is_found(shop: Shop) -> None:
    policy.publish(shop.desk, shop.two, FROM + timedelta(days=1), StorePolicy(points_percent=50))
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("DROP TRIGGER policies_no_update")
        tx.connection.exec_driver_sql("UPDATE policies SET effective = '2026-01-01'")
    wrong = verify(shop.folder).wrong
    assert wrong is not None
    assert (wrong.code, wrong.detail) == ("prices", "policy 1")


def test_figures_that_make_no_sense_are_refused() -> None:
    with pytest.raises(PolicyWrong):
        policy.changed(StorePolicy(), points_percent=120)
    assert policy.changed(StorePolicy(), bearer="coop").bearer == "coop"


def test_between_two_days_a_policy_may_hold_from_today(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    assert policy.decided(shop.desk).earliest == date(2026, 1, 15)
