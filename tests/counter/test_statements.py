"""对账单: a month as a passbook page; its balances are those of the books, whatever happened when."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.units import Points
from pos.core.local_time import local_date
from pos.core.redemption import Shortfall
from pos.core.refusals import HouseholdUnknown
from pos.core.reversal import ReversalReason
from pos.core.sheets import Fact, Label, Score, Sheet
from pos.core.take_back import BackLine, Condition
from pos.counter import day, households, paper
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.statements import statement
from pos.counter.take_back import take_back
from pos.counter.weigh_in import weigh_in
from pos.storage import jobs
from pos.storage.verify import verify
from tests.shop import START, Shop, counted
from tests.storage.busy import seq_of

DAY_MS = 86_400_000


def of(shop: Shop, short: str, month: str) -> Sheet:
    return statement(shop.desk, shop.by, shop.household(short), date.fromisoformat(f"{month}-01"))


def figure(sheet: Sheet, label: str) -> int:
    [cell] = [fact.cell for fact in sheet.facts if fact.label == label]
    assert isinstance(cell, Score)
    return cell.points.amount


def lines(sheet: Sheet) -> list[tuple[str, str, int, int]]:
    found = []
    for what, when, points, balance in sheet.tables[0].rows:
        assert isinstance(what, Label)
        assert isinstance(points, Score)
        assert isinstance(balance, Score)
        found.append((what.code, str(when), points.points.amount, balance.points.amount))
    return found


def on(shop: Shop, when: str) -> None:
    """Close the day and open the one of this date, at half past six in the morning there."""
    day.close_day(shop.desk, shop.by)
    moment = datetime.fromisoformat(f"{when}T06:30:00+08:00") - datetime(1970, 1, 1, tzinfo=UTC)
    shop.clock.wall = moment // timedelta(milliseconds=1)
    day.open_day(shop.desk, shop.by)


def test_a_month_of_everything(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    on(shop, "2026-01-31")
    first = seq_of(redeem(shop.desk, shop.by, shop.basket()).slip.number)
    on(shop, "2026-02-01")
    take_back(shop.desk, shop.by, first, (BackLine("g016", 1, Condition.OPENED),))
    gone = seq_of(redeem(shop.desk, shop.by, shop.basket({"g001": 1})).slip.number)
    reverse(shop.desk, shop.by, gone, ReversalReason.WRONG_ITEM)
    households.merge(shop.desk, shop.two, shop.household("0002"), shop.household("0042"))

    january, february = of(shop, "0042", "2026-01"), of(shop, "0042", "2026-02")
    assert lines(january) == [
        ("did-opening", "15", 12_00, 12_00),
        ("did-weigh", "15", 47_82, 59_82),
        ("did-redeem", "31", -34_00, 25_82),
    ]
    assert [figure(january, label) for label in ("opening-balance", "points-in", "points-out", "closing-balance")] == [
        0,
        59_82,
        -34_00,
        25_82,
    ]
    assert lines(february) == [
        ("did-take-back", "01", 20_00, 45_82),
        ("did-redeem", "01", -2_00, 43_82),
        ("did-reverse", "01", 2_00, 45_82),
        ("did-merge", "01", 89_60, 135_42),
    ]
    assert figure(february, "opening-balance") == 25_82
    assert lines(of(shop, "0002", "2026-02")) == [("did-merge", "01", -89_60, 0)]


def test_months_in_which_nothing_happened(shop: Shop) -> None:
    on(shop, "2026-03-01")
    weigh_in(shop.desk, shop.by, shop.bag())
    for month, balance in (("2025-12", 0), ("2026-02", 12_00), ("2026-04", 59_82)):
        quiet = of(shop, "0042", month)
        assert (lines(quiet), figure(quiet, "opening-balance"), figure(quiet, "closing-balance")) == (
            [],
            balance,
            balance,
        )


def test_a_weigh_in_that_paid_no_point_changes_nothing(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag(counted("s03", 5)))
    assert [what for what, *_ in lines(of(shop, "0042", "2026-01"))] == ["did-opening"]


def test_the_month_turns_at_the_store_s_own_midnight(shop: Shop) -> None:
    day.close_day(shop.desk, shop.by)
    midnight = (datetime(2026, 1, 31, 16, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    shop.clock.wall = midnight - 1
    day.open_day(shop.desk, shop.by)
    redeem(shop.desk, shop.by, shop.basket({"g001": 1}))
    shop.clock.wall = midnight
    redeem(shop.desk, shop.by, shop.basket({"g001": 2}))
    assert [points for *_, points, _ in lines(of(shop, "0042", "2026-01"))] == [12_00, -2_00]
    assert [points for *_, points, _ in lines(of(shop, "0042", "2026-02"))] == [-4_00]


def test_one_that_wants_no_balance(shop: Shop) -> None:
    households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=True)
    sheet = of(shop, "0042", "2026-01")
    assert sheet.tables[0].columns == ("what", "day", "points")
    assert not {fact.label for fact in sheet.facts} & {"opening-balance", "closing-balance"}


def test_printed_it_is_filed(shop: Shop) -> None:
    sheet = paper.print_report(shop.desk, shop.by, of(shop, "0042", "2026-01"))
    with shop.desk.store.read() as connection:
        assert [job.paper for job in jobs.of_entry(connection, seq_of(sheet.number))] == [sheet]
    assert Fact("month", "2026-01") in sheet.facts
    assert verify(shop.folder).wrong is None


def test_nobody_s(shop: Shop) -> None:
    with pytest.raises(HouseholdUnknown):
        of(shop, "9999", "2026-01")


def test_pages_follow_from_each_other(shop: Shop) -> None:
    """Whatever is done in some months: each page begins where the last one ended, and the last with what is there."""
    chance = random.Random(20260115)
    for _ in range(60):
        if chance.random() < 0.25:
            day.close_day(shop.desk, shop.by)
            shop.clock.advance(chance.randrange(1, 20) * DAY_MS)
            day.open_day(shop.desk, shop.by)
        shop.clock.advance(chance.randrange(1, 10_000))
        if chance.random() < 0.5:
            weigh_in(shop.desk, shop.by, shop.bag())
        else:
            good = chance.choice(["g001", "g013"])
            redeem(shop.desk, shop.by, shop.basket({good: 1}, shortfall=Shortfall.CASH))
    last = local_date(shop.clock.wall, 480)
    before, month = 0, local_date(START, 480).replace(day=1)
    while month <= last:
        page = statement(shop.desk, shop.by, shop.household("0042"), month)
        assert figure(page, "opening-balance") == before
        for _, _, points, balance in lines(page):
            before += points
            assert balance == before
        assert figure(page, "closing-balance") == before
        month = (month + timedelta(days=32)).replace(day=1)
    assert shop.points() == Points(before)
