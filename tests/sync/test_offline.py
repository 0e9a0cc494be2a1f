"""A whole day and more without a network (domain reference 4.14, O1): what still goes, what does not, what is shown."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from catalog.units import Points
from pos import config, i18n
from pos.core.opening import Check, Colour
from pos.core.redeem_refusals import OverDayPoints
from pos.core.store_policy import StorePolicy
from pos.core.sync_refusals import OfflineTooLong
from pos.counter import day, opening_checks
from pos.counter.redeem import redeem
from pos.ledger import catalogue
from pos.station import open_station
from pos.sync import pulse, window, wording
from pos.tui.lamps import sync_lamp
from pos.tui.widgets.status import Lamp
from pos.wire.messages import Limits
from pos.wire.reference import PolicyFacts
from tests.ledger.town import TOWNSHIP
from tests.sync.pair import Pair, close, open_pair

HOUR, DAY = 3_600_000, 86_400_000


def at_the_station(pair: Pair) -> None:
    """Let the counter be the one that the till assembles."""
    pair.shop.close()
    config.put_sync(pair.shop.folder, {"url": "", "every": 0})
    station = open_station(pair.shop.folder, lambda event: None, pair.shop.clock.clock())
    pair.shop.desk = replace(station.desk, scales=pair.shop.desk.scales)


def test_the_second_redemption_of_a_day_offline_is_refused_above_the_cap(pair: Pair) -> None:
    catalogue.publish(
        pair.town.ledger,
        TOWNSHIP,
        "",
        PolicyFacts(1, date(2026, 1, 1), StorePolicy(offline_points=Points(50_00), offline_hours=24)),
        "op",
    )
    pair.award(59_82)
    pair.sync()
    day.close_day(pair.shop.desk, pair.shop.two)
    at_the_station(pair)
    pair.shop.clock.advance(25 * HOUR)
    day.open_day(pair.shop.desk, pair.shop.by)
    redeem(pair.shop.desk, pair.shop.by, pair.shop.basket({"g001": 17}))
    with pytest.raises(OverDayPoints):
        redeem(pair.shop.desk, pair.shop.by, pair.shop.basket({"g001": 10}))
    pair.sync()
    redeem(pair.shop.desk, pair.shop.by, pair.shop.basket({"g001": 10}))
    assert pair.points() == Points(5_82)


def test_soft_and_hard_limits_are_shown_before_they_bind(tmp_path: Path) -> None:
    pair = open_pair(tmp_path, enrolled=False)
    pair.enrol(limits=Limits(soft_days=2, hard_days=5))
    pair.award(50_00)
    pair.sync()
    words, synced = i18n.load("zh_CN"), pair.state.synced
    shown = {}
    for days in (2, 3, 5, 6):
        found, wall = pulse.read(pair.shop.desk.store), synced + days * DAY + HOUR * (days > 2)
        shown[days] = (wording.late(words, found, wall), sync_lamp(found, wall, words)[1])
    assert shown[2] == ([], Lamp.UP)
    assert shown[3] == (["已有 3 天没有同步，满 5 天就不能兑换：请联网按「*」，或用U盘"], Lamp.WAIT)
    assert shown[5] == shown[6] == (["已超过 5 天没有同步，暂不能兑换。请联网按「*」同步，或用U盘"], Lamp.DOWN)
    pair.shop.clock.advance(5 * DAY + HOUR)
    with pytest.raises(OfflineTooLong):
        pair.spend()
    pair.earn()
    close(pair)


def test_the_opening_says_how_old_the_last_sync_is(pair: Pair) -> None:
    pair.sync()
    at_the_station(pair)
    for hours, colour in ((3, Colour.GREEN), (48, Colour.AMBER)):
        pair.shop.clock.advance(hours * HOUR)
        (light,) = [each for each in opening_checks.lights(pair.shop.desk) if each.check is Check.SYNC]
        assert (light.colour, light.figure) == (colour, hours if hours == 3 else 51)


@pytest.mark.parametrize(
    ("local", "synced", "expected"),
    [
        ("20:59", "yesterday 21:05", False),
        ("21:00", "yesterday 21:05", True),
        ("23:50", "today 21:00", False),
        # The machine was off at the turn: it is made up for when it is on again, even the day after.
        ("08:00", "yesterday 20:30", True),
        ("08:00", "yesterday 21:00", False),
    ],
)
def test_a_turn_is_due_once_a_night(local: str, synced: str, expected: bool) -> None:
    def wall(time: str, days: int) -> int:
        hours, minutes = map(int, time.split(":"))
        return days * DAY + (hours * 60 + minutes) * 60_000 - 480 * 60_000

    when, _, time = synced.partition(" ")
    before = wall(time, 20_000 - (when == "yesterday"))
    assert window.due(wall(local, 20_000), 480, 21 * 60, before) is expected


def test_turns_are_spread_over_the_window_and_past_midnight() -> None:
    minutes = {window.slot(f"dev{n}", 23 * 60, 60) for n in range(400)}
    assert minutes == {*range(23 * 60, 24 * 60), *range(60)}
    assert {window.slot("k7q2md", 1200, 1320)} == {window.slot("k7q2md", 1200, 1320)}
    assert len({window.slot(f"dev{n}", 600, 600) for n in range(200)}) > 150
