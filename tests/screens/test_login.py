"""登录: who gets in, and what the first log-in of a day does."""

from pathlib import Path

import pytest

from pos.core.acts import Act, ActCode
from pos.core.day import DayOpen
from pos.counter import training
from pos.storage import books
from pos.tui.app import CounterApp
from pos.tui.widgets.key_line import KeyLine
from pos.tui.widgets.ticket import Ticket
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
        await till.sign_in(screen="opening")
        assert not isinstance(newest(till), DayOpen)
        await till.press("plus")
        await till.comes("home")
        body = newest(till)
        assert isinstance(body, DayOpen)
        assert body.business_date.isoformat() == "2026-01-15"
        assert "scale-none" in body.warnings


async def test_an_auditor_gets_in_and_opens_nothing(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        await till.sign_in(AUDITOR)
        await till.press("f7")
        await till.says("refused.not-permitted")
        assert not isinstance(newest(till), DayOpen)


async def test_an_auditor_looks_and_serves_nobody(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in(AUDITOR)
        labels = {label for _, label in till.app.screen.query_one(KeyLine).keys}
        assert till.app.words("key.journal") in labels
        assert not {till.app.words(f"key.{key}") for key in ("redeem", "weigh-in", "close-day")} & labels
        await till.open_household("0042")
        for key in ("f2", "f3"):
            await till.press(key)
            await till.says("refused.not-permitted")
            assert till.name == "household"
        await till.press("escape")
        await till.comes("home")
        await till.press("f8")
        await till.comes("journal")


async def test_a_balance_is_looked_up_before_the_day_is_open(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        await till.sign_in(screen="opening")
        await till.press("escape")
        await till.comes("home")
        await till.open_household("0042")
        assert "0042" in till.text("#who")
        await till.press("f2")
        await till.says("refused.day-not-open")


async def test_a_clock_set_back_needs_a_second_person(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        till.clock.wall -= 3_600_000
        await till.sign_in(screen="opening")
        await till.until(lambda: till.app.words("light.clock-back", figure=3600) in screen_text(till))
        await till.press("plus")
        await till.comes("approve")
        assert "3600" in till.text("#question")
        await till.press(*KEEPER, "enter", *PINS[KEEPER], "enter")
        await till.says("refused.approver-same")
        await till.approve()
        await till.comes("opening")
        await till.until(lambda: till.app.words("light.clock-back", figure=3600) not in screen_text(till))
        with till.desk.store.read() as connection:
            head = books.head(connection, till.desk.store.installation)
            act = books.read_entry(connection, head.seq)
        assert isinstance(act.body, Act)
        assert act.body.code is ActCode.CLOCK
        assert (act.by.operator, act.by.approver) == (KEEPER, CLERK)
        await till.press("plus")
        await till.comes("home")
        assert isinstance(newest(till), DayOpen)


async def test_the_clock_may_be_left_alone(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", day_open=False) as till:
        till.clock.wall -= 3_600_000
        await till.sign_in(screen="opening")
        await till.press("plus")
        await till.comes("approve")
        await till.press("escape", "escape")
        await till.comes("home")
        assert not isinstance(newest(till), DayOpen)
        await till.until(lambda: till.app.words("home.clock-back", seconds=3600) in till.text("#to-do"))


async def test_the_day_of_yesterday_is_closed_first(tmp_path: Path) -> None:
    shop.open_shop(tmp_path / "store").close()
    async with opened_till(tmp_path / "store") as till:
        till.clock.advance(24 * 3_600_000)
        await till.sign_in(screen="close-day")
        await till.press("escape")
        await till.comes("home")
        await till.until(lambda: till.app.words("home.old-day") in till.text("#to-do"))
        await till.open_household("0042")
        await till.press("f3")
        await till.says("refused.day-not-closed", date="2026-01-15")


def screen_text(till: Till) -> str:
    """What the list on the screen in front says."""
    return "\n".join(f"{row.text} {row.figure}" for row in till.app.screen.query_one("#lines", Ticket).rows)


async def test_a_store_to_practise_in_says_so_on_every_screen(tmp_path: Path) -> None:
    shop.open_shop(tmp_path / "store", day_open=False).close()
    folder = training.prepare(tmp_path / "store", "【练习】", shop.ManualClock().clock())
    app = CounterApp(folder, shop.ManualClock().clock(), training=True)
    async with app.run_test(size=(80, 24)) as pilot:
        till = Till(app, pilot, shop.ManualClock(), {}, [])
        await till.comes("login")
        assert "【练习】" in till.text("#store")
        await till.sign_in(screen="opening")
        for key in ("escape", "f8", "f10"):
            await till.press(key)
            await till.until(lambda: "【练习】" in till.text("#status"), key)
