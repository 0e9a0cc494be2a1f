"""验收 at the terminal: what is waited for keeps nobody from working, and what cannot be looked at is said."""

from pathlib import Path

import cv2
import pytest

from drivers.camera.camera import Camera
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from pos.core.sheets import Label, Sheet
from pos.counter import journal
from pos.printing import self_test
from tests.drivers import drawn_cards
from tests.screens.conftest import SETTINGS, Till
from tests.screens.test_devices import PRINTER, at_devices
from tests.screens.weighing import setting
from tests.shop import FLOOR


async def begin(till: Till) -> None:
    """F7, and the clock is right."""
    await till.until(lambda: till.app.station.printing is not None or till.app.station.config.printer is None)
    await till.press("f7")
    await asked(till, "acceptance.clock", now="2026-01-15 06:42")
    await till.press("1")


async def asked(till: Till, msgid: str, **fields: object) -> None:
    """Wait for a question."""
    text = till.app.words(msgid, **fields)
    await till.until(lambda: bool(till.app.screen.query("#question")) and till.text("#question") == text, text)


async def before_the_camera(till: Till) -> Camera:
    """Nothing else is plugged in: a card or the page is to be shown."""
    camera = till.app.station.devices.camera
    assert camera is not None
    await begin(till)
    await till.comes("scan-code")
    await till.press("escape")
    await asked(till, "acceptance.show")
    return camera


def results(till: Till) -> dict[str, tuple[str, str]]:
    """What the newest sheet says of each thing, and the figure or reason beside it."""
    sheet = journal.paper(till.desk, journal.page(till.desk, 1)[0].seq).paper
    assert isinstance(sheet, Sheet)
    found = {}
    for item, _, result, detail in sheet.tables[0].rows:
        assert isinstance(item, Label)
        assert isinstance(result, Label)
        found[item.code.removeprefix("accepts-")] = result.code, str(detail)
    return found


async def test_while_the_page_is_waited_for_the_counter_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_devices(tmp_path, SETTINGS + PRINTER.format(url="socket://127.0.0.1:9")) as till:
        await till.until(lambda: till.app.station.printing is not None)
        monkeypatch.setattr(till.app.station.printing, "print_page", lambda make, then: None)
        await begin(till)
        await till.says("acceptance.printing")
        await till.press("f7")
        assert till.name == "devices", "the first one goes on"
        await till.press("f1")
        await till.comes("help")
        await till.press("escape", "escape")
        await till.comes("home")
        await till.open_household()
        monkeypatch.setattr("pos.tui.acceptance.PRINTING", 0)
        await till.pilot.pause(0.3)
        assert till.name == "household", "what was left asks nothing more"


async def test_a_page_that_never_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos.tui.acceptance.PRINTING", 2)
    async with at_devices(tmp_path, SETTINGS + PRINTER.format(url="socket://127.0.0.1:9")) as till:
        await till.until(lambda: till.app.station.printing is not None)
        monkeypatch.setattr(till.app.station.printing, "print_page", lambda make, then: None)
        await begin(till)
        await till.comes("scan-code")
        await till.press("escape")
        await till.comes("sheet")
        assert results(till)["printer"] == ("failed", till.app.words("paper.printer-silent"))


async def test_the_code_on_the_page_is_to_be_scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_devices(tmp_path, SETTINGS + PRINTER.format(url="socket://127.0.0.1:9")) as till:
        await till.until(lambda: till.app.station.printing is not None)
        monkeypatch.setattr(till.app.station.printing, "print_page", lambda make, then: then(""))
        await till.press("f7")
        await asked(till, "acceptance.clock", now="2026-01-15 06:42")
        await till.press("1")
        await asked(till, "acceptance.page")
        await till.press("1")
        await till.comes("scan-code")
        await till.scan(self_test.QR_TEXT)
        await till.comes("sheet")
        assert results(till)["scanner"] == ("passed", self_test.QR_TEXT[:14])


async def test_a_camera_reads_the_page(tmp_path: Path) -> None:
    picture = drawn_cards.counter((drawn_cards.qr(self_test.QR_TEXT, 4), (40, 40)), size=(360, 480))
    cv2.imwrite(str(tmp_path / "f_000.png"), picture)
    async with at_devices(tmp_path, f'{SETTINGS}\n[camera]\nurl = "images:{tmp_path}/f_%03d.png"\n') as till:
        camera = await before_the_camera(till)
        assert not camera.armed
        await till.press("1")
        await till.comes("sheet")
        assert results(till)["camera"] == ("passed", self_test.QR_TEXT[:14])
        assert not camera.armed


async def test_leaving_ends_the_looking(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "f_000.png"), drawn_cards.counter(size=(360, 480)))
    async with at_devices(tmp_path, f'{SETTINGS}\n[camera]\nurl = "images:{tmp_path}/f_%03d.png"\n') as till:
        camera = await before_the_camera(till)
        await till.press("1")
        await till.says("acceptance.looking")
        await till.until(lambda: camera.armed)
        await till.press("escape")
        await till.comes("home")
        await till.until(lambda: not camera.armed)


async def test_a_load_whose_weight_is_typed(tmp_path: Path) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", division=50, interval=0.05) as scale:
        async with at_devices(tmp_path, SETTINGS + setting(FLOOR, cable.url)) as till:
            await begin(till)
            await asked(till, "acceptance.empty", scale="FS-1")
            await till.press("1")
            await asked(till, "acceptance.how-heavy")
            await till.press("5", "enter")
            await asked(till, "acceptance.put-on", scale="FS-1", known="5.00")
            scale.place(5_000)
            await till.press("1")
            await asked(till, "acceptance.take-off", scale="FS-1")
            await till.press("1")
            await till.until(lambda: till.app.words("check.reading") in till.message)
            scale.remove()
            await till.comes("scan-code")
            await till.press("escape")
            await till.comes("sheet")
            found = results(till)
            assert (found["zero"][0], found["load"][0], found["return"][0]) == ("passed", "passed", "passed")
            assert found["load"][1].startswith("5.00 / 5.00")


async def test_a_load_that_is_not_at_hand_is_passed_over(tmp_path: Path) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", division=50, interval=0.05):
        async with at_devices(tmp_path, SETTINGS + setting(FLOOR, cable.url)) as till:
            await begin(till)
            await asked(till, "acceptance.empty", scale="FS-1")
            await till.press("1")
            await asked(till, "acceptance.how-heavy")
            await till.press("enter")
            await till.comes("scan-code")
            await till.press("escape")
            await till.comes("sheet")
            assert [results(till)[item][0] for item in ("zero", "load")] == ["passed", "not-checked"]


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_in_english_with_nothing_plugged_in(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_devices(tmp_path, SETTINGS, size, "en") as till:
        await begin(till)
        await till.comes("scan-code")
        await till.press("escape")
        await till.comes("sheet")
        found = results(till)
        assert {item: found[item][0] for item in ("load", "printer", "scanner", "camera")} == dict.fromkeys(
            ("load", "printer", "scanner", "camera"), "not-checked"
        )
        lines = till.text("#text").splitlines()
        assert all(len(line) <= 48 for line in lines)
        assert till.app.words("sheet.acceptance") in till.text("#text")


async def test_the_devices_line_of_a_camera_says_what_it_read_last(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "f_000.png"), drawn_cards.counter(size=(360, 480)))
    async with at_devices(tmp_path, f'{SETTINGS}\n[camera]\nurl = "images:{tmp_path}/f_%03d.png"\n') as till:
        await till.until(lambda: f"CAM-1   ● {till.app.words('devices.up')}" in till.text("#devices"))
        till.app.heard(till.cards["0042"], 1.0, "CAM-1")
        said = till.app.words("devices.last-at", time="06:42:00", text=till.cards["0042"][:14])
        await till.until(lambda: said in till.text("#devices"), said)
