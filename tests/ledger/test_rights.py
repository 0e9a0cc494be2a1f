"""Spending rights over the real functions: home store, away, vans, caps, debts, merged households; on both engines."""

import pytest

from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import LEDGER
from pos.ledger import allotments, rights
from pos.ledger import tables as t
from pos.ledger.refusals import Conflict, Invalid, NotFound
from pos.wire.messages import Limits
from tests.ledger.till import Till
from tests.ledger.town import H1, H2, TOWNSHIP, Town


def till(town: Town, store: str = "LT01", limits: Limits | None = None) -> Till:
    """A till of a store."""
    return Till(town, town.device(store, limits=limits))


def award(town: Town, points: int, household: str = H1) -> None:
    """Points from the committee, sent on."""
    town.award(household, points)
    town.ledger.act(TOWNSHIP, lambda act: rights.settle(act, [household]))


def at_ledger(town: Town, household: str = H1) -> int:
    """What the ledger itself holds of a household."""
    return town.balance(accounts.points(household, LEDGER))


def test_the_home_store_gets_the_whole_balance_up_to_the_cap(town: Town) -> None:
    home = till(town)
    allotments.set_cap(town.ledger, TOWNSHIP, Points(50_00), "op")
    award(town, 30_00)
    home.sync()
    assert (home.points(), at_ledger(town), home.targets[H1]) == (30_00, 0, Points(50_00))

    award(town, 45_00)
    home.sync()
    assert (home.points(), at_ledger(town)) == (50_00, 25_00)

    home.device.spend(20_00)
    home.device.weigh(60_00)
    home.sync()
    home.sync()
    assert (home.points(), at_ledger(town)) == (50_00, 65_00)


def test_what_was_there_before_is_granted_at_enrolment(town: Town) -> None:
    award(town, 30_00)
    home = till(town)
    home.sync()
    assert (home.points(), at_ledger(town)) == (30_00, 0)


def test_a_point_earned_in_one_village_is_refused_and_then_granted_in_another(town: Town) -> None:
    home, away = till(town), till(town, "XH02")
    home.device.weigh(40_00)
    home.sync()

    away.ask(30_00)
    away.sync()
    assert (away.points(), home.targets.get(H1)) == (0, None)

    home.sync()
    assert home.points() == 10_00
    away.sync()
    assert away.points() == 30_00
    away.device.spend(25_00)
    away.sync()
    away.sync()
    home.sync()
    assert (away.points(), home.points(), at_ledger(town)) == (0, 15_00, 0)


def test_an_exact_grant_comes_at_once_from_what_the_ledger_holds(town: Town) -> None:
    allotments.set_cap(town.ledger, TOWNSHIP, Points(10_00), "op")
    home, away = till(town), till(town, "XH02")
    award(town, 50_00)
    home.sync()

    away.ask(30_00)
    away.sync()

    assert (away.points(), at_ledger(town)) == (30_00, 10_00)


def test_what_was_asked_for_and_not_used_goes_home_when_its_time_is_over(town: Town) -> None:
    home, away = till(town), till(town, "XH02")
    home.device.weigh(40_00)
    home.sync()
    away.ask(30_00)
    away.sync()
    home.sync()
    away.sync()
    assert away.points() == 30_00

    town.clock.wall += allotments.VISIT_MS + 1
    away.sync()
    away.sync()
    home.sync()
    assert (away.points(), home.points()) == (0, 40_00)


def test_points_earned_away_go_home(town: Town) -> None:
    home, away = till(town), till(town, "XH02")
    away.device.weigh(12_00)
    away.sync()
    home.sync()
    assert (away.points(), home.points()) == (0, 12_00)


def test_a_van_holds_its_allotment_until_its_day_is_over(town: Town) -> None:
    home, van = till(town), till(town, "XH02")
    home.device.weigh(40_00)
    home.sync()
    until = town.ledger.clock.wall() + 10_000
    allotments.to_van(town.ledger, TOWNSHIP, van.device.name, 1, {H1: Points(25_00), H2: Points(5_00)}, until, "op")
    home.sync()
    van.sync()
    assert (van.points(), home.points()) == (25_00, 15_00)

    van.device.spend(10_00)
    van.sync()
    van.device.spend(5_00)
    town.clock.wall += 20_000
    van.sync()
    van.sync()
    home.sync()
    assert (van.points(), home.points()) == (0, 25_00)


def test_a_certificate_caps_what_an_installation_is_granted(town: Town) -> None:
    home = till(town, limits=Limits(granted=20_00))
    award(town, 15_00)
    award(town, 15_00, H2)
    home.sync()
    assert (home.points(H1), home.points(H2), at_ledger(town, H2)) == (15_00, 5_00, 10_00)


def test_a_debt_is_fetched_from_the_store_and_paid(town: Town) -> None:
    home = till(town)
    award(town, 30_00)
    home.sync()
    award(town, -20_00)
    assert town.balance(accounts.debt(H1, LEDGER)) == -20_00

    home.sync()
    assert (home.points(), town.balance(accounts.debt(H1, LEDGER))) == (10_00, 0)
    award(town, -15_00)
    home.sync()
    home.device.weigh(8_00)
    home.sync()
    home.sync()
    assert (home.points(), town.balance(accounts.debt(H1, LEDGER)), at_ledger(town)) == (3_00, 0, 0)


def test_what_is_kept_at_the_ledger_is_fetched_and_not_granted_again(town: Town) -> None:
    home = till(town)
    award(town, 30_00)
    home.sync()
    allotments.keep(town.ledger, TOWNSHIP, H1, Points(12_00), "op")
    home.sync()
    assert (home.points(), at_ledger(town)) == (18_00, 12_00)
    allotments.keep(town.ledger, TOWNSHIP, H1, Points(0), "op")
    home.sync()
    assert (home.points(), at_ledger(town)) == (30_00, 0)


def test_nothing_is_granted_to_an_installation_that_was_stopped(town: Town) -> None:
    home = till(town)
    clone = home.device.clone()
    home.device.note()
    home.push()
    clone.weigh(1_00)
    assert town.push(clone).stopped == "fork"

    award(town, 30_00)
    assert (home.page().records, at_ledger(town)) == ((), 30_00)
    allotments.resume(town.ledger, TOWNSHIP, home.device.name, 1, "op", "looked at")
    home.sync()
    assert home.points() == 30_00
    with pytest.raises(Conflict, match="not-stopped"):
        allotments.resume(town.ledger, TOWNSHIP, home.device.name, 1, "op", "again")


def test_bad_allotments_are_refused_whole(town: Town) -> None:
    home = till(town)
    name = home.device.name
    with pytest.raises(NotFound, match="household-unknown"):
        allotments.to_van(town.ledger, TOWNSHIP, name, 1, {H1: Points(5_00), "9": Points(1)}, 0, "op")
    with pytest.raises(Invalid, match="points-out-of-range"):
        allotments.to_van(town.ledger, TOWNSHIP, name, 1, {H1: Points(-1)}, 0, "op")
    with pytest.raises(NotFound, match="device-unknown"):
        allotments.to_van(town.ledger, TOWNSHIP, name, 2, {H1: Points(1)}, 0, "op")
    assert town.rows(t.targets) == []
