"""The till as a program: opening, what keeps it running, locking, closing."""

import json
from pathlib import Path

import pytest
from textual.widgets import Static

from pos.core.refusals import CardUnknown
from pos.storage.store import open_store
from pos.tui import log
from pos.tui.app import CounterApp
from pos.tui.widgets.status import StatusLine
from tests import shop
from tests.screens.conftest import SETTINGS, Till, opened_till


async def splash_says(folder: Path, wanted: str) -> None:
    app = CounterApp(folder)
    async with app.run_test() as pilot:
        for _ in range(2000):
            if wanted in str(app.screen.query_one("#splash", Static).render()):
                return
            await pilot.pause(0.01)
        raise AssertionError(str(app.screen.query_one("#splash", Static).render()))


async def test_a_folder_without_a_store_is_refused_in_words(tmp_path: Path) -> None:
    await splash_says(tmp_path, "pos init")


async def test_a_second_till_on_the_same_store_is_refused(tmp_path: Path) -> None:
    with shop.opened(tmp_path / "store"):
        await splash_says(tmp_path / "store", "账本已在另一个窗口打开")


async def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    shop.open_shop(tmp_path / "store").close()
    (tmp_path / "store" / "station.toml").write_text('language = "zh_CN"\nlanguages = 1\n', encoding="utf-8")
    await splash_says(tmp_path / "store", "unknown field `languages`")


async def test_english_by_a_setting(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings='language = "en"\n') as till:
        await till.sign_in()
        assert till.text("#invitation") == "Scan a card, please"


async def test_closing_gives_the_store_back(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
    open_store(tmp_path / "store").close()


async def test_a_refusal_is_said_and_heard(serving: Till) -> None:
    def refuse() -> None:
        raise CardUnknown()

    serving.app.do(refuse, lambda _: None)

    await serving.says("refused.card-unknown")
    assert serving.rings


async def test_a_bug_in_a_call_is_said_and_logged_and_the_till_goes_on(serving: Till) -> None:
    def stumble() -> None:
        raise ZeroDivisionError("a bug")

    serving.app.do(stumble, lambda _: None)

    await serving.says("app.trouble", kind="ZeroDivisionError")
    line = json.loads((serving.app.folder / log.FILE).read_text(encoding="utf-8").splitlines()[-1])
    assert line["level"] == "error"
    assert "a bug" in line["exception"]
    await serving.open_household()


async def test_calls_run_one_after_the_other(serving: Till) -> None:
    order: list[int] = []
    for number in range(20):
        serving.app.do(lambda number=number: order.append(number), lambda _: None)  # type: ignore[misc]
    await serving.idle()

    assert order == list(range(20))


async def test_an_answer_for_a_screen_that_has_gone_is_dropped(serving: Till) -> None:
    await serving.open_household()
    answers: list[int] = []
    household = serving.app.front
    assert household is not None
    await serving.press("escape")
    await serving.comes("home")
    household.ask(lambda: 1, answers.append)
    await serving.idle()

    assert not answers


async def test_it_locks_when_nobody_is_there(serving: Till) -> None:
    await serving.open_household()
    serving.clock.advance(10 * 60_000)
    await serving.comes("login")
    assert serving.app.keeper is None

    await serving.press(*"01", "enter", *shop.PINS["01"], "enter")

    await serving.comes("household")
    assert serving.app.by.operator == "01"


async def test_a_key_keeps_it_open(serving: Till) -> None:
    serving.clock.advance(9 * 60_000)
    await serving.press("f10")
    await serving.comes("devices")
    serving.clock.advance(9 * 60_000)
    serving.app._tick()
    await serving.pilot.pause()

    assert serving.name == "devices"


async def test_never_locks_by_a_setting(tmp_path: Path) -> None:
    settings = SETTINGS.replace("lock_minutes = 10", "lock_minutes = 0")
    async with opened_till(tmp_path / "store", settings=settings) as till:
        await till.sign_in()
        till.clock.advance(10_000 * 60_000)
        till.app._tick()
        await till.pilot.pause()
        assert till.name == "home"


async def test_locking_by_key(serving: Till) -> None:
    await serving.press("f12")
    await serving.comes("login")
    await serving.scan(serving.cards["0042"])

    assert serving.name == "login"
    assert serving.rings


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_the_status_line_says_who_and_when(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened_till(tmp_path / "store", size=size) as till:
        await till.sign_in()
        till.app.show_pulse()
        await till.pilot.pause()
        line = str(till.app.screen.query_one(StatusLine).render())
        assert "柳塘村积分兑换超市" in line
        assert "店员 02 王*兰" in line
        assert line.rstrip().endswith("06:42")


@pytest.mark.parametrize(
    "screen", ["login", "home", "household", "journal", "devices", "receipt", "weigh-in", "redeem"]
)
async def test_every_screen_has_help(serving: Till, screen: str) -> None:
    serving.app.show_help(screen, screen)
    await serving.comes("help")
    # Folded to the width of the dialog.
    assert "".join(serving.text("#text").split()) == "".join(serving.app.words(f"help.{screen}").split())
    assert "F1" in serving.text("#table") or screen == "login"
