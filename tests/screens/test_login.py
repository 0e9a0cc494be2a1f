"""登录: who gets in, and what the first log-in of a day does."""

from pathlib import Path

import pytest

from pos.core.acts import Act, ActCode
from pos.core.day import DayOpen
from pos.storage import books
from tests import shop
from tests.screens.conftest import Till, opened_till
from tests.shop import AUDITOR, CLERK, KEEPER, PINS


def newest(till: Till) -> object:
    with till.desk.store.read() as connection:
        head = books.head(connection, till.desk.store.installation)
        return books.read_entry(connection, head.seq).body


async def test_a_keeper_gets_in(till: Till) -> None:
    await till.sign_in()

    assert till.app.by.operator == KEEPER


async def test_typed_at_once_as_by_a_machine(till: Till) -> None:
    await till.comes("login")
    await till.pilot.press(*KEEPER, "enter", *PINS[KEEPER], "enter")
    await till.comes("home")


async def test_a_wrong_pin_is_refused_and_forgotten(till: Till) -> None:
    await till.press(*KEEPER, "enter", *"9753", "enter")

    await till.says("refused.pin-wrong")
    await till.press(*PINS[KEEPER], "enter")
    await till.comes("home")


async def test_after_three_wrong_pins_the_right_one_has_to_wait(till: Till) -> None:
    await till.press(*KEEPER, "enter")
    for _ in range(3):
        await till.press(*"9753", "enter")
        await till.idle()
    await till.press(*PINS[KEEPER], "enter")

    await till.says("refused.pin-locked")
    till.clock.advance(5_000)
    await till.press(*PINS[KEEPER], "enter")
    await till.comes("home")


async def test_nobody_of_that_number(till: Till) -> None:
    await till.press(*"77", "enter", *"2580", "enter")

    await till.says("refused.keeper-unknown")


async def test_leaving(till: Till) -> None:
    await till.pilot.press("ctrl+q")
    await till.until(lambda: not till.app.is_running)


@pytest.mark.parametrize("key", ["escape", "f8", "f10", "f2"])
async def test_no_way_past_it(till: Till, key: str) -> None:
    await till.press(key)

    assert till.name == "login"


async def test_the_first_log_in_opens_the_day(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        await till.sign_in()
        body = newest(till)
        assert isinstance(body, DayOpen)
        assert body.business_date.isoformat() == "2026-01-15"


async def test_an_auditor_gets_in_and_opens_nothing(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        await till.sign_in(AUDITOR)
        await till.says("refused.not-permitted")
        assert not isinstance(newest(till), DayOpen)


async def test_a_clock_set_back_needs_a_second_person(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        till.clock.wall -= 3_600_000
        await till.press(*KEEPER, "enter", *PINS[KEEPER], "enter")
        await till.comes("approve")
        assert "3600" in till.text("#question")
        await till.press(*KEEPER, "enter", *PINS[KEEPER], "enter")
        await till.says("refused.approver-same")
        await till.approve()
        await till.comes("home")
        await till.until(lambda: isinstance(newest(till), DayOpen))
        with till.desk.store.read() as connection:
            head = books.head(connection, till.desk.store.installation)
            act = books.read_entry(connection, head.seq - 1)
        assert isinstance(act.body, Act)
        assert act.body.code is ActCode.CLOCK
        assert (act.by.operator, act.by.approver) == (KEEPER, CLERK)


async def test_the_clock_may_be_left_alone(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        till.clock.wall -= 3_600_000
        await till.press(*KEEPER, "enter", *PINS[KEEPER], "enter")
        await till.comes("approve")
        await till.press("escape")
        await till.comes("home")
        assert not isinstance(newest(till), DayOpen)
        await till.until(lambda: till.app.words("home.clock-back", seconds=3600) in till.text("#to-do"))


async def test_the_day_of_yesterday_is_not_forgotten(tmp_path: Path) -> None:
    shop.open_shop(tmp_path / "store").close()
    async with opened_till(tmp_path / "store") as till:
        till.clock.advance(24 * 3_600_000)
        await till.sign_in()
        await till.until(lambda: till.app.words("home.old-day") in till.text("#to-do"))
