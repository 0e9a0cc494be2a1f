"""F4, 秤: check, zero and tare from the keyboard, what two people let pass, and what the register warns of."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from catalog.units import Grams
from drivers.scale.weighing import Moving, Settled
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from pos.core.acts import Act, ActCode
from pos.core.entries import Entry
from pos.core.scales import ScaleCheck
from pos.core.weigh_in import WeighedDraft
from pos.storage import books
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.screens.weighing import COPPER, PAPER, Pans, Weighing, plugged_in, setting, weighing_at
from tests.shop import FLOOR

CHECK, ZERO, TARE, CLEAR, FIFTH = "12345"
"""The keys of what can be done with a scale."""


@pytest.fixture
def pans() -> Iterator[Pans]:
    with plugged_in() as both:
        yield both


@pytest.fixture
async def walk(tmp_path: Path, pans: Pans) -> AsyncIterator[Weighing]:
    async with weighing_at(tmp_path / "store", pans) as weighing:
        yield weighing


@asynccontextmanager
async def at_one_scale(folder: Path, settings: str = "", protocol: str = "st_gs") -> AsyncIterator[Weighing]:
    """A weigh-in with the floor scale alone; `settings` are the rest of its section, and whole ones after it."""
    with PtyCable() as cable, SimulatedScale(cable, protocol, division=50, interval=0.05) as floor:
        section = setting(FLOOR, cable.url).replace("st_gs", protocol)
        async with weighing_at(folder, Pans(floor, floor, f"{SETTINGS}{section}{settings}")) as walk:
            yield walk


async def ask(till: Till, job: str) -> None:
    """F4 and what is to be done."""
    await till.press("f4")
    await till.comes("choose")
    await till.press(job)


async def check(walk: Weighing, reading: int) -> None:
    """Put the check weight of 5 kg on, of which the scale says `reading`."""
    await ask(walk.till, CHECK)
    await walk.till.comes("confirm")
    assert "5.00 公斤" in walk.till.text("#question")
    await walk.put("FS-1", reading)
    await walk.till.press("plus")
    await walk.till.comes("weigh-in")


def journal(till: Till) -> list[Entry]:
    with till.desk.store.read() as connection:
        return [books.read_entry(connection, line.seq) for line in books.newest(connection, 3)]


async def test_a_scale_that_is_right(tmp_path: Path) -> None:
    async with at_one_scale(tmp_path / "store", "check_weight_g = 5000\n") as walk:
        till = walk.till
        assert "今天还没有校秤" in till.text("#state")
        await check(walk, 5_050)
        await till.until(lambda: "校秤合格" in till.message and "+0.05" in till.message)
        body = journal(till)[0].body
        assert isinstance(body, ScaleCheck)
        assert (body.known, body.reading, body.tolerance) == (Grams(5_000), Grams(5_050), Grams(50))
        assert bytes.fromhex(body.evidence.frame).startswith(b"ST,GS")
        await till.until(lambda: "校秤" not in till.text("#state"))
        await till.press(PAPER, "enter")
        await till.until(lambda: "请把袋子拿下来" in till.message, "a check weight is no load")
        assert walk.lines == 0
        await walk.put("FS-1", 0)
        await walk.put("FS-1", 18_650)
        await walk.take()


async def test_a_scale_that_is_wrong_stops_until_two_people_agree(tmp_path: Path) -> None:
    async with at_one_scale(tmp_path / "store", "check_weight_g = 5000\n") as walk:
        till = walk.till
        await check(walk, 5_100)
        await till.until(lambda: "不合格" in till.message and "+0.10" in till.message)
        assert any("不合格" in ring for ring in till.rings)
        await till.until(lambda: "校秤不合格" in till.text("#state"))
        await walk.put("FS-1", 0)
        await till.press(PAPER)
        await walk.put("FS-1", 18_650)
        await till.press("enter")
        await till.says("refused.scale-check-failed", scale="FS-1")
        assert walk.lines == 0
        await ask(till, FIFTH)
        await till.approve()
        await till.until(lambda: till.name == "weigh-in" and "仍然使用" in till.message)
        assert journal(till)[0].body == Act(ActCode.OVERRIDE, "FS-1", journal(till)[1].seq, reason="check-failed")
        await till.idle()
        await walk.take()


async def test_the_keeper_says_how_heavy_the_check_weight_is(walk: Weighing) -> None:
    till = walk.till
    await ask(till, CHECK)
    await till.comes("number")
    await till.press(*"2.5", "enter")
    await till.comes("confirm")
    await walk.put("FS-1", 2_500)
    await till.press("plus")
    await till.until(lambda: "校秤合格" in till.message)
    body = journal(till)[0].body
    assert isinstance(body, ScaleCheck)
    assert body.known == Grams(2_500)


async def test_a_check_weight_that_the_scale_does_not_weigh(walk: Weighing) -> None:
    till = walk.till
    await ask(till, CHECK)
    await till.comes("number")
    await till.press(*"0.5", "enter")
    await till.until(lambda: "太轻" in till.message and "1.00" in till.message)
    assert till.name == "weigh-in"


async def test_a_check_without_a_weight_on_it_is_none(walk: Weighing) -> None:
    till = walk.till
    await ask(till, CHECK)
    await till.comes("number")
    await till.press("5", "enter")
    await till.comes("confirm")
    await till.press("plus")
    await till.says("weigh.empty")
    await ask(till, CHECK)
    await till.comes("number")
    await till.press("5", "enter")
    await till.comes("confirm")
    walk.pans.floor.place(5_000)
    walk.pans.floor.shake(True)
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], Moving))
    await till.press("plus")
    await till.until(lambda: "还在晃动" in till.message)
    assert not isinstance(journal(till)[0].body, ScaleCheck)


async def test_required_before_the_first_load(tmp_path: Path) -> None:
    settings = 'check_weight_g = 5000\n[weighing]\ncheck = "require"\n'
    async with at_one_scale(tmp_path / "store", settings) as walk:
        till = walk.till
        await till.press(PAPER)
        await walk.put("FS-1", 18_650)
        await till.press("enter")
        await till.says("refused.scale-check-due", scale="FS-1")
        await walk.put("FS-1", 0)
        await check(walk, 5_000)
        await till.until(lambda: "校秤合格" in till.message)
        await walk.put("FS-1", 0)
        await walk.put("FS-1", 18_650)
        await walk.take()


async def test_an_expired_scale(tmp_path: Path) -> None:
    async with at_one_scale(tmp_path / "store", 'verified_until = "2026-01-14"\n') as walk:
        till = walk.till
        assert "检定已于 2026-01-14 过期" in till.text("#state")
        await till.press(PAPER)
        await walk.put("FS-1", 18_650)
        await till.press("enter")
        await till.says("refused.scale-expired", scale="FS-1", date="2026-01-14")
        assert walk.lines == 0
        await till.press("escape", "escape")
        await till.comes("home")
        await till.until(lambda: "FS-1 检定已于 2026-01-14 过期" in till.text("#to-do"))
        await till.press("f10")
        await till.comes("devices")
        await till.until(lambda: "检定已于 2026-01-14 过期" in till.text("#devices"))


async def test_the_register_is_read_where_something_is_done(tmp_path: Path) -> None:
    settings = 'model = "XK3190-A9"\nserial = "2403117"\nseal = "A0123"\nverified_until = "2026-02-14"\n'
    async with at_one_scale(tmp_path / "store", settings) as walk:
        await walk.till.press("f10")
        await walk.till.comes("devices")
        await walk.till.press("f4")
        await walk.till.comes("choose")
        text = walk.till.text("#question")
        for part in ("XK3190-A9", "2403117", "A0123", "Max 150.00", "Min 1.00", "e = 0.05", "2026-02-14", "30 天"):
            assert part in text


async def test_a_load_that_cannot_come_off_is_weighed_when_two_people_agree(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    await walk.put("FS-1", 18_650)
    await walk.take()
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], Moving))
    await ask(till, FIFTH)
    await till.approve()
    await till.until(lambda: till.name == "weigh-in" and "不等归零" in till.message)
    assert journal(till)[0].body == Act(ActCode.OVERRIDE, "FS-1", reason="return-to-zero")
    assert journal(till)[0].by.approver == "01"
    await till.press(PAPER)
    await walk.shows("FS-1", 18_650)
    await walk.take()
    assert walk.lines == 2


async def test_zero_and_tare_by_the_keyboard(tmp_path: Path) -> None:
    async with at_one_scale(tmp_path / "store", protocol="toledo8217") as walk:
        till = walk.till
        await walk.put("FS-1", 300)
        await ask(till, ZERO)
        await till.until(lambda: "已归零" in till.message)
        await walk.shows("FS-1", 0)
        walk.pans.floor.place(1_950)
        await walk.shows("FS-1", 1_650)
        await ask(till, TARE)
        await till.until(lambda: "已去皮" in till.message)
        await walk.shows("FS-1", 0)
        await ask(till, ZERO)
        await till.says("weighing.tared")
        await ask(till, CLEAR)
        await till.until(lambda: "已清除皮重" in till.message)
        await walk.shows("FS-1", 1_650)


@pytest.mark.parametrize(("job", "key"), [(ZERO, "归零键"), (TARE, "去皮键"), (CLEAR, "清除皮重")])
async def test_a_scale_that_only_obeys_its_own_keys(walk: Weighing, job: str, key: str) -> None:
    await ask(walk.till, job)
    await walk.till.until(lambda: "不听键盘" in walk.till.message and key in walk.till.message)


async def test_the_scale_in_use_is_the_one_the_material_needs(walk: Weighing) -> None:
    till = walk.till
    await till.until(lambda: "FS-1 大秤" in till.text("#state"))
    await till.press(COPPER)
    assert "CT-1 小秤" in till.text("#state")
    await till.press("f4")
    await till.comes("choose")
    assert "CT-1" in till.text("#question")


async def test_a_load_too_light_is_said_before_it_is_taken(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    await walk.put("FS-1", 500)
    await till.until(lambda: "太轻" in till.text("#state"))
    assert walk.figure("#gross") == "0.500"


async def test_without_any_scale(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        await till.press("f10")
        await till.comes("devices")
        await till.press("f4")
        await till.says("weigh.no-scale")


async def test_which_scale(walk: Weighing) -> None:
    till = walk.till
    await till.press("f10")
    await till.comes("devices")
    await till.press("f4")
    await till.comes("choose")
    assert till.text("#question") == "哪一台秤"
    await till.press("2")
    await till.until(lambda: till.name == "choose" and "CT-1" in till.text("#question"))
    await walk.till.press(TARE)
    await till.until(lambda: till.name == "devices" and "不听键盘" in till.message)
    assert isinstance(till.app.weighings["CT-1"], Settled)


async def test_a_scale_whose_line_somebody_described(tmp_path: Path) -> None:
    line = '[scales.line]\nend = "\\r\\n"\nlength = 14\nweight = [1, 9]\nsign = [0, 1]\nunit = [10, 12]\n'
    async with at_one_scale(tmp_path / "store", line, "custom") as walk:
        await walk.till.press(PAPER)
        await walk.put("FS-1", 18_650)
        await walk.take()
        (load,) = walk.screen.draft.lines
        assert isinstance(load, WeighedDraft)
        assert (load.gross, load.evidence.criterion) == (Grams(18_650), "window")
