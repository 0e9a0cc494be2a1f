"""开班: what is refused, what is written down, and what goes on before the day is open (domain reference 4.0)."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.units import Fen
from pos.core.closing import Closing
from pos.core.day import DayNotClosed, DayOpen
from pos.core.entries import Signatures
from pos.core.fund import Source
from pos.core.opening import Check, Colour
from pos.core.refusals import ClockBack, DayAlreadyOpen, DayNotOpen, NotPermitted, ReasonMissing
from pos.counter import cards, day, fund, opening_checks
from pos.storage import books
from pos.storage.verify import verify
from tests.counter.stockroom import balance
from tests.shop import AUDITOR, FLOOR, Shop

DAY_MS = 86_400_000


@pytest.fixture
def morning(shop: Shop) -> Shop:
    """The next morning: yesterday closed, 100 yuan left in the drawer."""
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(100_00), "村委会")
    fund.into_drawer(shop.desk, shop.by, Source.VILLAGE, Fen(100_00))
    day.close_day(shop.desk, shop.two, Closing(counted=Fen(100_00)))
    shop.clock.advance(DAY_MS)
    return shop


def colours(shop: Shop) -> dict[str, Colour]:
    return {f"{each.check}-{each.reason}": each.colour for each in opening_checks.lights(shop.desk)}


def test_the_float_is_counted(morning: Shop) -> None:
    found = opening_checks.lights(morning.desk)
    assert next(each for each in found if each.check is Check.CASH).figure == 100_00
    with pytest.raises(ReasonMissing):
        opening_checks.open_day(morning.desk, morning.by, found, Closing(counted=Fen(99_00)))
    counts = Closing(counted=Fen(99_00), cash_reason="unknown")
    opening_checks.open_day(morning.desk, morning.by, found, counts)
    assert balance(morning, "drawer:shop", "cash") == 99_00
    assert colours(morning)["cash-ok"] is Colour.GREEN
    assert verify(morning.folder).wrong is None


def test_what_was_not_green_is_written_down(morning: Shop) -> None:
    morning.desk = replace(morning.desk, scales={"FS-1": replace(FLOOR, verified_until=date(2026, 1, 1))})
    found = opening_checks.lights(morning.desk, "paper-out")
    opened = opening_checks.open_day(morning.desk, morning.by, found, Closing())
    with morning.desk.store.read() as connection:
        body = books.read_entry(connection, opened.opened).body
    assert isinstance(body, DayOpen)
    assert body.warnings == ("scale-expired", "paper-fault", "cash-uncounted")


def test_a_clock_behind_the_last_entry(morning: Shop) -> None:
    morning.clock.wall -= 2 * DAY_MS
    assert colours(morning)["clock-back"] is Colour.RED
    with pytest.raises(ClockBack):
        opening_checks.open_day(morning.desk, morning.by, opening_checks.lights(morning.desk), Closing())
    day.confirm_clock(morning.desk, morning.two)
    opening_checks.open_day(morning.desk, morning.by, opening_checks.lights(morning.desk), Closing())


def test_yesterday_is_closed_first(shop: Shop) -> None:
    shop.clock.advance(DAY_MS)
    assert colours(shop)["yesterday-open"] is Colour.RED
    with pytest.raises(DayAlreadyOpen):
        opening_checks.open_day(shop.desk, shop.by, opening_checks.lights(shop.desk), Closing())
    with pytest.raises(DayNotClosed) as found:
        day.check_serving(shop.desk, shop.by)
    assert found.value.fields == {"date": "2026-01-15"}
    day.close_day(shop.desk, shop.two)
    with pytest.raises(DayNotOpen):
        day.check_serving(shop.desk, shop.by)
    opening_checks.open_day(shop.desk, shop.by, opening_checks.lights(shop.desk), Closing())
    day.check_serving(shop.desk, shop.by)


def test_a_balance_is_never_blocked(morning: Shop) -> None:
    assert cards.open_household(morning.desk, morning.cards["0042"].number).points.amount == 12_00
    morning.clock.wall -= 2 * DAY_MS
    assert cards.open_household(morning.desk, morning.cards["0042"].number).points.amount == 12_00


def test_an_auditor_opens_nothing(morning: Shop) -> None:
    with pytest.raises(NotPermitted):
        opening_checks.open_day(morning.desk, Signatures(AUDITOR), (), Closing())
    with pytest.raises(NotPermitted):
        day.check_serving(morning.desk, Signatures(AUDITOR))
