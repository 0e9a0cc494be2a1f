"""称重回收 refused: loads that may not be taken, each with words and a bell, and nothing lost."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from catalog.units import Fen
from drivers.scale.weighing import Moving, NoSignal, OutOfRange
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from pos.core import codec
from pos.core.weigh_in import MOST_LINES
from pos.storage.drafts import Drafts
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import SETTINGS, opened_till
from tests.screens.weighing import (
    BATTERY,
    BOTTLE,
    COPPER,
    IRON,
    PAPER,
    Pans,
    Weighing,
    plugged_in,
    setting,
    weighing_at,
    written,
)
from tests.shop import FLOOR, VILLAGE, Shop, counted


@pytest.fixture
def pans() -> Iterator[Pans]:
    with plugged_in() as both:
        yield both


@pytest.fixture
async def walk(tmp_path: Path, pans: Pans) -> AsyncIterator[Weighing]:
    async with weighing_at(tmp_path / "store", pans) as weighing:
        yield weighing


async def test_w3_copper_below_the_minimum_of_its_scale(walk: Weighing) -> None:
    till = walk.till
    await till.press(COPPER)
    await walk.put("CT-1", 190)
    await till.press("enter")
    await till.until(lambda: "太轻" in till.message)
    assert walk.lines == 0
    assert any("太轻" in ring for ring in till.rings)
    await walk.put("CT-1", 850)
    await walk.take()
    assert "38.25" in till.text("#sums")


async def test_pieces_outside_the_range_are_not_taken(walk: Weighing) -> None:
    till = walk.till
    await till.press(BOTTLE)
    await till.comes("number")
    await till.press("0", "enter")
    await till.until(lambda: "数量要在 1 到" in till.message)
    await till.press("escape")
    await till.comes("weigh-in")
    assert walk.lines == 0


async def test_the_same_load_is_not_taken_twice(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    await walk.put("FS-1", 18_650)
    await walk.take()
    await till.press(PAPER, "enter")
    await till.until(lambda: "请把袋子拿下来" in till.message)
    await till.until(lambda: "请把袋子拿下来" in till.text("#state"))
    assert walk.figure("#gross") == "--.--"
    assert walk.lines == 1


async def test_a_moving_load_is_not_taken(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    walk.pans.floor.shake(True)
    walk.pans.floor.place(18_650)
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], Moving))
    await till.until(lambda: "晃动" in till.text("#state"))
    assert walk.figure("#gross") == "--.--"
    await till.press("enter")
    await till.until(lambda: "晃动" in till.message)
    assert walk.lines == 0
    walk.pans.floor.shake(False)
    await walk.put("FS-1", 18_650)
    await walk.take()


@pytest.mark.parametrize(("grams", "words"), [(170_000, "超载"), (-500, "低于零")])
async def test_out_of_range(walk: Weighing, grams: int, words: str) -> None:
    till = walk.till
    await till.press(PAPER)
    walk.pans.floor.place(grams)
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], OutOfRange))
    await till.until(lambda: words in till.text("#state"))
    assert walk.figure("#gross") == "--.--"
    await till.press("enter")
    await till.until(lambda: words in till.message)
    assert walk.lines == 0


async def test_a_silent_scale_shows_no_old_figure(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    await walk.put("FS-1", 18_650)
    assert walk.figure("#gross") == "18.650"
    walk.pans.floor.power_off()
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], NoSignal))
    await till.until(lambda: walk.figure("#gross") == "--.--")
    await till.press("enter")
    await till.until(lambda: "没有信号" in till.message)
    assert walk.lines == 0


async def test_an_empty_scale(walk: Weighing) -> None:
    await walk.till.press(PAPER, "enter")
    await walk.till.until(lambda: "秤上是空的" in walk.till.message)
    assert walk.lines == 0


async def test_tare_over_gross(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER, "f5")
    await till.comes("choose")
    await till.press("2")  # the crate of 1.65 kg; nothing is on the scale
    await till.comes("weigh-in")
    await walk.put("FS-1", 1_200)
    assert walk.figure("#net") == "--.--"
    await till.press("enter")
    await till.until(lambda: "皮重不比毛重轻" in till.message)
    assert walk.lines == 0
    await walk.put("FS-1", 5_000)  # nothing was taken off the scale by the refusal
    await walk.take()


async def test_a_typed_tare_off_the_division(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER, "f5")
    await till.comes("choose")
    await till.press("3")
    await till.comes("number")
    await till.press(*"0.33", "enter")
    await till.comes("weigh-in")
    await walk.put("FS-1", 5_000)
    await till.press("enter")
    await till.until(lambda: "整倍数" in till.message)
    assert walk.lines == 0


async def test_without_a_material(walk: Weighing) -> None:
    await walk.put("FS-1", 5_000)
    await walk.till.press("enter")
    await walk.till.until(lambda: "选品类" in walk.till.message)
    assert walk.lines == 0


async def test_second_person_refuses(walk: Weighing) -> None:
    till = walk.till
    await till.press(IRON, "f7")
    await till.comes("number")
    await till.press("9", "enter")
    await till.comes("choose")
    await till.press("4")
    await till.until(lambda: till.name == "weigh-in" and walk.lines == 1)
    await till.press("plus")
    await till.comes("approve")
    await till.press("escape")
    await till.comes("weigh-in")
    assert (walk.lines, written(till)) == (1, 0)


async def test_scans_at_the_scale(walk: Weighing) -> None:
    till = walk.till
    await till.press(BATTERY)
    await till.comes("number")
    await till.scan("2900000000018")
    await till.until(lambda: till.rings, "refused aloud in a dialog")
    assert till.name == "number"
    assert "2900" not in till.text("#typed")
    await till.press("7", "enter")
    await till.until(lambda: till.name == "weigh-in" and walk.lines == 1)
    await till.scan("2900000000018")
    await till.until(lambda: "不扫商品" in till.message)
    await till.scan(till.cards["0042"])
    await till.until(lambda: "就是这一户" in till.message)
    await till.scan(till.cards["0002"])
    await till.comes("choose")
    assert "0002" in till.text("#question")
    await till.press("1")
    await till.comes("weigh-in")
    assert walk.screen.draft.household == f"{VILLAGE}0042"
    assert walk.lines == 1


async def test_without_the_scale_that_the_material_needs(tmp_path: Path) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", division=50, interval=0.05) as floor:
        pans = Pans(floor, floor, SETTINGS + setting(FLOOR, cable.url))
        async with weighing_at(tmp_path / "store", pans) as walk:
            await walk.till.press(COPPER)
            await walk.put("FS-1", 5_000)
            assert "废铜 要用小秤称" in walk.till.text("#state")
            assert walk.figure("#gross") == "--.--"
            await walk.till.press("enter")
            await walk.till.until(lambda: "废铜 要用小秤称" in walk.till.message)
            assert walk.lines == 0
            await walk.till.press(PAPER)  # the load is still there for what this scale may weigh
            await walk.take()


async def test_without_any_scale(tmp_path: Path, pans: Pans) -> None:
    bare = Pans(pans.floor, pans.counter, SETTINGS)
    async with weighing_at(tmp_path / "store", bare) as walk:
        assert "没有接秤" in walk.till.text("#state")
        await walk.till.press(PAPER, "enter")
        await walk.till.until(lambda: "没有接秤" in walk.till.message)
        await walk.count(BATTERY, "3")
        body = await walk.finish()
        assert body.amount == Fen(30)


async def test_a_full_ticket(tmp_path: Path, pans: Pans) -> None:
    folder = tmp_path / "store"

    def fill(shop: Shop) -> None:
        drafts = Drafts(folder)
        draft = shop.bag(*[counted("h01", 1)] * MOST_LINES)
        drafts.save("weigh-in", codec.dumps(codec.plain(draft)))
        drafts.close()

    async with opened_till(folder, settings=pans.settings, prepare=fill) as till:
        await till.sign_in()
        await till.press("f3")
        await till.comes("weigh-in")
        walk = Weighing(till, pans)
        await till.until(lambda: walk.screen.bench is not None)
        assert "废电池" in str(walk.screen.query_one(Ticket).render())
        await till.press(BOTTLE)
        await till.comes("number")
        await till.press("5", "enter")
        await till.until(lambda: f"最多 {MOST_LINES} 行" in till.message)
        body = await walk.finish()
        assert len(body.lines) == MOST_LINES
