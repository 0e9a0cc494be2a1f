"""F10, 设备: every device with what it says now, its own page with a test, and the acceptance of them all."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.cells import cell_len

from drivers.events import DeviceDown, DeviceUp, Weighed
from drivers.scale.weighing import Moving, NoSignal
from drivers.simulated.cable import PtyCable, TcpCable
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.scale import SimulatedScale
from drivers.simulated.scanner import SimulatedScanner
from pos.core.acts import Act, ActCode
from pos.core.scales import ScaleCheck
from pos.core.sheets import Label, Sheet
from pos.counter import journal
from pos.printing import self_test
from pos.printing.state import PaperState
from pos.storage import books, jobs
from pos.storage.jobs import Purpose
from pos.tui.device_log import KEPT, DeviceLog
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.screens.weighing import setting
from tests.shop import FLOOR

SCANNER = '[[scanners]]\nname = "SC-1"\nurl = "{url}"\n'
PRINTER = '[printer]\nurl = "{url}"\ncolumns = 48\n'


@dataclass
class Gear:
    """A scale, a scanner and a printer at the far end of their cables."""

    scale: SimulatedScale
    gun: SimulatedScanner
    printer: SimulatedPrinter
    settings: str


@contextmanager
def plugged_in() -> Iterator[Gear]:
    with PtyCable() as one, PtyCable() as two, TcpCable() as three:
        sections = setting(FLOOR, one.url) + 'verified_until = "2026-09-30"\ncheck_weight_g = 5000\n'
        sections += SCANNER.format(url=two.url) + PRINTER.format(url=three.url)
        with SimulatedScale(one, "st_gs", division=50, interval=0.05) as scale, SimulatedPrinter(three) as printer:
            yield Gear(scale, SimulatedScanner(two), printer, SETTINGS + sections)


@pytest.fixture
def gear() -> Iterator[Gear]:
    with plugged_in() as all_of_it:
        yield all_of_it


@asynccontextmanager
async def at_devices(
    folder: Path, settings: str, size: tuple[int, int] = (80, 24), language: str = "zh_CN"
) -> AsyncIterator[Till]:
    """A till with the device screen in front."""
    settings = settings.replace("zh_CN", language)
    async with opened_till(folder / "store", settings=settings, size=size) as till:
        await till.sign_in()
        await till.press("f10")
        await till.comes("devices")
        yield till


def rows(till: Till, place: str = "#devices") -> list[str]:
    return till.text(place).split("\n")


async def open_page(till: Till, row: int) -> None:
    await till.press(*["down"] * row, "enter")
    await till.comes("device")


def log_of(till: Till) -> list[str]:
    return [row.text for row in till.app.screen.query_one("#lines").rows]  # type: ignore[attr-defined]


async def test_a_line_a_device_with_what_it_sends_now(tmp_path: Path, gear: Gear) -> None:
    async with at_devices(tmp_path, gear.settings) as till:
        await till.until(lambda: "● 0.000 公斤 零" in rows(till)[0])
        gear.scale.place(18_650)
        await till.until(lambda: "● 18.650 公斤 稳定" in rows(till)[0])
        await till.until(lambda: "检定至 2026-09-30  ST,GS,+" in rows(till)[0])
        assert "秒前" in rows(till)[0]
        words = [line[2:].split()[0] for line in rows(till) if not line.startswith("    ")]
        assert words == ["秤", "打印", "扫码", "摄像"]
        assert all(cell_len(line) <= 78 for line in rows(till))


async def test_a_pulled_cable_says_how_long_and_what_to_do(tmp_path: Path, gear: Gear) -> None:
    async with at_devices(tmp_path, gear.settings) as till:
        await till.until(lambda: "●" in rows(till)[0])
        gear.scale.cable.unplug()
        await till.until(lambda: "× " in rows(till)[0] and "请检查电源和数据线" in "".join(rows(till)[:3]))
        assert all(line.startswith(" " * 15) for line in rows(till)[1:3] if "请检查" in line), "below its own name"
        await open_page(till, 0)
        assert "请检查电源和数据线" in till.text("#state").replace("\n", "")
        assert "上次故障" in till.text("#facts")
        gear.scale.cable.plug()
        await till.until(lambda: "● 0.000 公斤 零" in till.text("#state"))
        assert any("×" in line for line in log_of(till))
        assert "零" in log_of(till)[0]


async def test_a_scale_in_pounds_says_what_to_do(tmp_path: Path) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", unit="lb", interval=0.05) as scale:
        async with at_devices(tmp_path, SETTINGS + setting(FLOOR, cable.url) + 'unit = "lb"\n') as till:
            await till.until(lambda: "零" in rows(till)[0])
            scale.place(5_000)
            await till.until(
                lambda: "× " in rows(till)[0] and "请把秤换成公斤" in "".join(rows(till)[:3]).replace(" ", "")
            )


async def test_a_scale_has_its_settings_its_bytes_and_its_jobs(tmp_path: Path, gear: Gear) -> None:
    async with at_devices(tmp_path, gear.settings) as till:
        await open_page(till, 0)
        await till.until(lambda: "53 54 2C 47 53 2C" in till.text("#facts"))
        assert "protocol=st_gs" in till.text("#facts")
        assert "check_weight_g=5000" in till.text("#facts")
        await till.press("enter")
        await till.comes("choose")
        assert "FS-1" in till.text("#question")
        await till.press("escape")
        await till.press("f10")
        await till.comes("devices")


async def test_a_scanner_says_what_it_understood(tmp_path: Path, gear: Gear) -> None:
    async with at_devices(tmp_path, gear.settings) as till:
        gear.gun.scan("6901234567892")
        await till.says("devices.understood", what=f"{till.app.words('code.ean-13')} 6901234567892")
        assert any("06:42:00  6901234567892" in line for line in rows(till))
        await open_page(till, 2)
        gear.gun.scan(till.cards["0042"])
        await till.until(lambda: till.app.words("code.signed-card") in till.message)
        assert till.cards["0042"][13:] not in till.message, "the tag of a card is nobody's to read"
        gear.gun.scan("6901234567893")
        await till.until(lambda: "6901234567893" in till.message and till.app.words("scan.check-digit") in till.message)
        assert "36 39 30 31" in till.text("#facts")
        assert [line[:8] for line in log_of(till)] == ["06:42:00"] * 4


async def test_a_scanner_that_types_has_its_page_too(tmp_path: Path) -> None:
    async with at_devices(tmp_path, SETTINGS) as till:
        assert any(till.app.words("devices.typing-scanner") in line for line in rows(till))
        await open_page(till, 1)
        await till.says("device.scan-anything")
        await till.scan("6901234567892")
        await till.until(lambda: till.app.words("code.ean-13") in till.message)
        assert "6901234567892" in till.text("#state")


async def test_a_printer_prints_its_page_and_pulses_the_drawer(tmp_path: Path, gear: Gear) -> None:
    async with at_devices(tmp_path, gear.settings) as till:
        await till.until(lambda: till.app.station.printing is not None)
        await open_page(till, 1)
        assert "columns=48" in till.text("#facts")
        assert "上次确认打出" not in till.text("#facts")
        await till.press("enter")
        await till.comes("choose")
        await till.press("1")
        await till.says("device.page-printed")
        assert self_test.HANZI in "".join(gear.printer.texts)
        await till.press("enter", "2")
        await till.says("device.drawer-opens")
        with till.desk.store.read() as connection:
            body = books.read_entry(connection, journal.page(till.desk, 1)[0].seq).body
            job = jobs.newest(connection)
        assert job is not None
        assert job.purpose is Purpose.DRAWER
        assert isinstance(body, Act)
        assert (body.code, body.reason) == (ActCode.DRAWER, "test")


async def test_a_printer_without_paper_says_what_waits(tmp_path: Path, gear: Gear) -> None:
    gear.printer.paper_out()
    async with at_devices(tmp_path, gear.settings) as till:
        await till.until(lambda: till.app.station.printing is not None)
        await open_page(till, 1)
        await till.press("enter", "1")
        await till.until(lambda: "缺纸" in till.message)
        await till.until(lambda: "× 打印机缺纸" in till.text("#state"))
        await till.until(lambda: "上次故障" in till.text("#facts"))
        gear.printer.refill()
        await till.press("enter", "1")
        await till.says("device.page-printed")
        await till.until(lambda: f"● {till.app.words('devices.up')}" in till.text("#state"))
        assert len(gear.printer.papers) == 1
        await till.press("enter", "3")
        await till.until(lambda: "待打 0 张" in till.message)


async def test_without_a_printer_there_is_nothing_to_try(tmp_path: Path) -> None:
    async with at_devices(tmp_path, SETTINGS) as till:
        await open_page(till, 0)
        await till.press("enter")
        await till.says("done.no-printer")


async def test_without_a_camera_there_is_nothing_to_see(tmp_path: Path) -> None:
    async with at_devices(tmp_path, SETTINGS) as till:
        await open_page(till, 2)
        await till.press("enter")
        await till.says("camera.none")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_it_fits(tmp_path: Path, gear: Gear, size: tuple[int, int], language: str) -> None:
    async with at_devices(tmp_path, gear.settings, size, language) as till:
        await till.until(lambda: "●" in rows(till)[0])
        gear.scale.cable.unplug()
        await till.until(lambda: "×" in rows(till)[0])
        for name in ("devices", "device"):
            screen = till.app.screen
            keys, message = screen.query_one("#keys").region, screen.query_one("#message").region
            assert keys.bottom == size[1]
            assert message.bottom == keys.y
            lowest = screen.query_one("#doubts" if name == "devices" else "#lines").region
            assert lowest.height >= 4
            assert lowest.bottom <= message.y
            if name == "devices":
                await open_page(till, 0)


class TestAcceptance:
    """F7: everything checked with the person in front of it, and one sheet that says so."""

    async def begin(self, till: Till) -> None:
        await till.until(lambda: till.app.station.printing is not None or till.app.station.config.printer is None)
        await till.press("f7")
        await till.comes("choose")
        assert "2026-01-15 06:42" in till.text("#question")

    async def says(self, till: Till, msgid: str, answer: str, **fields: object) -> None:
        """Wait for a question, and answer it."""
        await self.asks(till, msgid, **fields)
        await till.press(answer)

    async def asks(self, till: Till, msgid: str, **fields: object) -> None:
        """Wait for a question."""
        text = till.app.words(msgid, **fields)

        def asked() -> bool:
            shown = till.app.screen.query("#question")
            return till.name == "choose" and bool(shown) and till.text("#question") == text

        await till.until(asked, text)
        await till.comes("choose")

    def results(self, till: Till) -> dict[str, str]:
        """What the newest sheet says of each thing."""
        sheet = journal.paper(till.desk, journal.page(till.desk, 1)[0].seq).paper
        assert isinstance(sheet, Sheet)
        assert sheet.title == "acceptance"
        codes = [(row[0], row[2]) for row in sheet.tables[0].rows]
        verdict = sheet.facts[0].cell
        assert isinstance(verdict, Label)
        found = {
            item.code: result.code for item, result in codes if isinstance(item, Label) and isinstance(result, Label)
        }
        return {item.removeprefix("accepts-"): result for item, result in found.items()} | {"verdict": verdict.code}

    async def test_everything_right(self, tmp_path: Path, gear: Gear) -> None:
        async with at_devices(tmp_path, gear.settings) as till:
            await self.begin(till)
            await till.press("1")
            await self.says(till, "acceptance.empty", "1", scale="FS-1")
            await self.asks(till, "acceptance.put-on", scale="FS-1", known="5.00")
            gear.scale.place(5_000)
            await till.press("1")
            await self.asks(till, "acceptance.take-off", scale="FS-1")
            gear.scale.remove()
            await till.press("1")
            await self.says(till, "acceptance.page", "1")
            await till.comes("scan-code")
            gear.gun.scan(self_test.BARCODE)
            await till.comes("sheet")
            assert "设备验收单" in till.text("#text")
            results = self.results(till)
            assert {results[item] for item in ("clock", "clock-drift", "disk-sync", "sqlite")} == {"passed"}
            assert {results[item] for item in ("zero", "load", "return", "printer", "scanner")} == {"passed"}
            await till.until(lambda: any("设备验收单" in paper for paper in gear.printer.texts))
            await till.press("escape")
            await till.comes("devices")
            await open_page(till, 1)
            await till.until(lambda: "上次确认打出 20" in till.text("#facts"))
            lines = journal.page(till.desk, 2)
            with till.desk.store.read() as connection:
                report, check = (books.read_entry(connection, line.seq).body for line in lines)
            assert isinstance(report, Act)
            assert (report.code, report.subject) == (ActCode.REPORT, "acceptance")
            assert isinstance(check, ScaleCheck)
            assert check.passed

    async def test_what_is_wrong_and_what_was_not_looked_at(self, tmp_path: Path, gear: Gear) -> None:
        gear.printer.paper_out()
        async with at_devices(tmp_path, gear.settings) as till:
            await self.begin(till)
            await till.press("2")
            await self.says(till, "acceptance.empty", "2", scale="FS-1")
            await till.comes("scan-code")
            assert till.text("#question") == till.app.words("acceptance.scan-any")
            await till.press("escape")
            await till.comes("sheet")
            results = self.results(till)
            assert (results["clock"], results["printer"], results["verdict"]) == ("failed", "failed", "failed")
            assert (results["load"], results["scanner"]) == ("not-checked", "not-checked")

    async def test_esc_breaks_it_off(self, tmp_path: Path) -> None:
        async with at_devices(tmp_path, SETTINGS) as till:
            before = len(journal.page(till.desk, 100))
            await self.begin(till)
            await till.press("escape")
            await till.comes("devices")
            assert len(journal.page(till.desk, 100)) == before


class TestLog:
    """What is kept of each device."""

    def test_the_same_again_is_no_news(self) -> None:
        log = DeviceLog()
        for wall, moving in enumerate([Moving(None, None)] * 3):
            log.note("FS-1", Weighed("FS-1", moving), wall)
        log.note("FS-1", DeviceDown("FS-1", "device-lost"), 7)
        log.note("FS-1", Weighed("FS-1", NoSignal("device-lost", 3.0)), 8)
        assert [entry.wall for entry in log.of("FS-1")] == [7, 0]

    def test_the_newest_are_kept(self) -> None:
        log = DeviceLog()
        for wall in range(KEPT):
            log.note("FS-1", DeviceUp("FS-1"), wall)
            log.note("FS-1", DeviceDown("FS-1", "device-lost"), wall)
        assert len(log.of("FS-1")) == KEPT
        assert log.of("FS-1")[0].wall == KEPT - 1
        assert log.of("CT-1") == []

    def test_the_last_fault(self) -> None:
        log = DeviceLog()
        log.note("FS-1", DeviceDown("FS-1", "port-missing"), 1)
        log.note("FS-1", DeviceUp("FS-1"), 2)
        log.note("#printer", PaperState(cause="paper-out"), 3)
        log.note("#printer", PaperState(), 4)
        assert [fault.wall for name in ("FS-1", "#printer") if (fault := log.last_fault(name))] == [1, 3]
        assert log.last_fault("SC-1") is None

    def test_a_scale_not_heard_yet_is_no_fault(self) -> None:
        log = DeviceLog()
        log.note("FS-1", Weighed("FS-1", NoSignal("device-silent", None)), 1)
        assert log.of("FS-1") == []
