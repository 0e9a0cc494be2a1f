"""`pos devices acceptance`: every device checked with a person at it, over real cables, and one sheet that says so."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Event

import cv2
import pytest
import typer
from typer.testing import CliRunner, Result

from drivers.events import Scanned
from drivers.simulated.cable import PtyCable, TcpCable
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.scale import SimulatedScale
from drivers.simulated.scanner import SimulatedScanner
from pos import config
from pos.cli.main import app
from pos.clock import Clock
from pos.core.acts import Act, ActCode
from pos.counter.acceptance import drift, machine, synced
from pos.printing import self_test
from pos.storage import books, jobs
from pos.storage.jobs import JobState
from pos.storage.store import open_store
from tests.drivers import drawn_cards
from tests.shop import IDENTITY, KEEPER, PINS, opened

SCALE = """\
[[scales]]
name = "FS-1"
url = "{url}"
protocol = "{protocol}"
minimum_g = 1000
maximum_g = 150000
division_g = 50
check_weight_g = 5000
"""


class Person:
    """Answers each question after doing what it asks for."""

    def __init__(self, scale: SimulatedScale | None = None, *, known: int = 5_000, answer: bool = True) -> None:
        self.scale, self.known, self.answer = scale, known, answer
        self.asked: list[str] = []

    def confirm(self, text: str, **_: object) -> bool:
        self.asked.append(text)
        if self.scale is not None and "砝码" in text and "放好" in text:
            self.scale.place(self.known)
        if self.scale is not None and "拿下来" in text:
            self.scale.remove()
        return self.answer


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A store that nobody has open."""
    with opened(tmp_path / "store") as shop:
        return shop.folder


@pytest.fixture
def paper() -> Iterator[SimulatedPrinter]:
    with TcpCable() as cable, SimulatedPrinter(cable) as printer:
        yield printer


def run(home: Path, person: Person, monkeypatch: pytest.MonkeyPatch, *typed: str) -> Result:
    """Run the command with this person before the counter, who types these lines."""
    monkeypatch.setattr(typer, "confirm", person.confirm)
    command = ["devices", "acceptance", "--keeper", KEEPER, "--pin", PINS[KEEPER], "--home", str(home)]
    return CliRunner().invoke(app, command, input="".join(f"{line}\n" for line in typed))


def settings(home: Path, *sections: str) -> None:
    (home / "station.toml").write_text("\n".join(('language = "zh_CN"', *sections)), encoding="utf-8")


def reports(home: Path) -> list[str]:
    """The reports whose printing is in the journal."""
    store = open_store(home)
    try:
        with store.read() as connection:
            bodies = [books.read_entry(connection, each.seq).body for each in books.newest(connection, 100)]
    finally:
        store.close()
    return [body.subject for body in bodies if isinstance(body, Act) and body.code is ActCode.REPORT]


@pytest.mark.parametrize("protocol", ["st_gs", "yaohua_cmd", "dialog06"])
def test_everything_right(home: Path, paper: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch, protocol: str) -> None:
    with PtyCable() as cable, SimulatedScale(cable, protocol, division=50, interval=0.05) as scale:
        line = 'bytesize = 8\nparity = "N"\n'
        printer = f'[printer]\nurl = "{paper.cable.url}"\ncolumns = 48\n'
        settings(home, printer, SCALE.format(url=cable.url, protocol=protocol), line)
        person = Person(scale)
        done = run(home, person, monkeypatch, self_test.BARCODE)
    for item in ("秤 零点", "秤 砝码", "秤 回零", "打印测试页", "扫码枪", "磁盘写入", "时钟走时"):
        assert any(item in row and " 合格" in row for row in done.output.splitlines()), (item, done.output)
    assert "5.00 / 5.00" in done.output
    assert len(person.asked) == 5
    assert any("设备验收单" in text for text in paper.texts)
    assert reports(home) == ["acceptance"]


def test_a_scale_that_is_wrong_fails(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", division=50, interval=0.05) as scale:
        settings(home, SCALE.format(url=cable.url, protocol="st_gs"))
        done = run(home, Person(scale, known=5_100), monkeypatch, "")
    assert done.exit_code == 1
    assert "5.10 / 5.00" in done.output
    assert "不合格" in done.output
    assert reports(home) == ["acceptance"]


def test_what_cannot_be_looked_at_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, SCALE.format(url="/dev/no-such-scale", protocol="st_gs"))
    done = run(home, Person(answer=False), monkeypatch, "")
    assert done.exit_code == 1, "the clock was said to be wrong"
    for item in ("秤 砝码", "打印测试页", "扫码枪"):
        assert any(item in row and "未查" in row for row in done.output.splitlines()), item


def test_a_serial_scanner_is_heard(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyCable() as cable:
        gun = SimulatedScanner(cable)
        settings(home, f'[[scanners]]\nname = "SC-1"\nurl = "{cable.url}"\n')
        echo = typer.echo

        def say(text: str = "") -> None:
            if "扫码枪" in text:
                gun.scan("6901234567892")
            echo(text)

        monkeypatch.setattr(typer, "echo", say)
        done = run(home, Person(), monkeypatch)
    assert any("扫码枪" in row and " 合格" in row and "6901234567892" in row for row in done.output.splitlines())


def test_a_camera_reads_the_page(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = drawn_cards.counter((drawn_cards.qr(self_test.QR_TEXT, 4), (40, 40)), size=(360, 480))
    cv2.imwrite(str(home / "f_000.png"), picture)
    settings(home, f'[camera]\nurl = "images:{home}/f_%03d.png"\n')
    done = run(home, Person(), monkeypatch, "")
    assert any("摄像头" in row and " 合格" in row and "CAM-1" in row for row in done.output.splitlines()), done.output


def row_of(done: Result, item: str) -> str:
    """What the sheet says of `item`: on its own line or, with much to say, on the five lines below it."""
    lines = done.output.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(item))
    return "".join(lines[place : place + (6 if lines[place] == item else 1)])


def test_a_scan_from_before_the_question_does_not_count(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Event()

    class Heard(Queue[Scanned]):
        def put(self, item: Scanned, block: bool = True, timeout: float | None = None) -> None:
            super().put(item, block, timeout)
            heard.set()

    with PtyCable() as cable:
        gun = SimulatedScanner(cable)
        settings(home, f'[[scanners]]\nname = "SC-1"\nurl = "{cable.url}"\n')
        monkeypatch.setattr("pos.cli.acceptance.Queue", Heard)
        monkeypatch.setattr("pos.cli.acceptance.SCANNING", 0.2)

        class Hasty(Person):
            def confirm(self, text: str, **_: object) -> bool:
                gun.scan("6901234567892")
                return heard.wait(20)

        done = run(home, Hasty(), monkeypatch)
    assert "未查" in row_of(done, "扫码枪")
    assert "6901234567892" not in done.output


def test_a_load_whose_weight_is_typed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", division=50, interval=0.05) as scale:
        settings(home, SCALE.format(url=cable.url, protocol="st_gs").replace("check_weight_g = 5000\n", ""))
        done = run(home, Person(scale), monkeypatch, "five", "5", "")
    assert "5.00 / 5.00" in done.output
    assert done.output.count("砝码多少公斤") == 2
    assert "合格" in row_of(done, "秤 砝码")


def test_without_a_load_at_hand_it_was_not_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", division=50, interval=0.05):
        settings(home, SCALE.format(url=cable.url, protocol="st_gs").replace("check_weight_g = 5000\n", ""))
        done = run(home, Person(), monkeypatch, "", "")
    assert " 合格" in row_of(done, "秤 零点")
    assert "未查" in row_of(done, "秤 砝码")


def test_a_printer_without_paper_fails_with_what_to_do(
    home: Path, paper: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.paper_out()
    settings(home, f'[printer]\nurl = "{paper.cable.url}"\ncolumns = 48\n')
    done = run(home, Person(), monkeypatch, "")
    assert done.exit_code == 1
    assert "不合格" in row_of(done, "打印测试页")
    assert "打印机缺纸" in row_of(done, "打印测试页")
    assert paper.texts == []
    paper.refill()
    store = open_store(home)
    with store.read() as connection:
        waiting = jobs.waiting(connection)
    store.close()
    assert [job.state for job in waiting] == [JobState.NOT_SENT], "the sheet comes out once, when there is paper"


def test_a_page_that_came_out_wrong_fails(home: Path, paper: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, f'[printer]\nurl = "{paper.cable.url}"\ncolumns = 48\n')

    class Strict(Person):
        def confirm(self, text: str, **_: object) -> bool:
            return "测试页" not in text

    done = run(home, Strict(), monkeypatch, "")
    assert "不合格" in row_of(done, "打印测试页")
    assert any("设备验收单" in text for text in paper.texts)


def test_a_counter_with_nothing_plugged_in(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home)
    done = run(home, Person(), monkeypatch, "")
    assert done.exit_code == 0
    for item in ("秤 砝码", "打印测试页", "扫码枪", "摄像头"):
        assert "未查" in row_of(done, item)
    assert reports(home) == ["acceptance"]


def test_a_camera_that_is_not_there_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home, f'[camera]\nurl = "file:{home}/none.avi"\n')
    monkeypatch.setattr("pos.tui.acceptance.READING", 5)
    done = run(home, Person(), monkeypatch, "")
    assert "CAM-1" in row_of(done, "摄像头")
    assert "不合格" in row_of(done, "摄像头")
    assert "找不到摄像头" in row_of(done, "摄像头")


def test_in_english(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(home)
    (home / "station.toml").write_text('language = "en"\n', encoding="utf-8")
    done = run(home, Person(), monkeypatch, "")
    hanzi = "".join(re.findall("[\u4e00-\u9fff]", done.output.replace(IDENTITY.name, "")))
    assert hanzi == "", done.output


@pytest.mark.skipif(os.name != "posix", reason="file descriptors")
def test_damaged_pictures_write_nothing_on_the_screen(home: Path) -> None:
    good = cv2.imencode(".jpg", drawn_cards.counter(size=(360, 480)))[1].tobytes()
    (home / "f_000.jpg").write_bytes(good[: len(good) // 2])
    settings(home, f'[camera]\nurl = "images:{home}/f_%03d.jpg"\n')
    program = "from pos.tui import acceptance\nacceptance.READING = 10\nfrom pos.__main__ import main\nmain()\n"
    command = ["devices", "acceptance", "--keeper", KEEPER, "--pin", PINS[KEEPER], "--home", str(home)]
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        input=b"y\n\ny\n",
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert "不合格" in done.stdout.decode()
    assert b"JPEG" not in done.stderr
    assert b"JPEG" in (home / "stderr.log").read_bytes()


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("[camera]\nurl = 'camera:0'\nrate = 30\n", "rate"),
        ("[camera]\nurl = 'webcam'\n", "webcam"),
        ("[camera]\nurl = 'file:a\\u0000b'\n".replace("'", '"'), "camera-invalid"),
        ("[[scanners]]\nname = 'SC-1'\nurl = 'COM3'\nspeed = 9600\n", "speed"),
        ("[printer]\nurl = 'socket://1.2.3.4'\ncolumns = 40\n", "columns"),
        ("[devices]\n", "devices"),
        ("[[scanners]]\nname = 'A'\nurl = 'COM3'\n[camera]\nname = 'A'\nurl = 'camera:0'\n", "called A"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_both_languages(home: Path, section: str, said: str) -> None:
    settings(home, section)
    done = CliRunner().invoke(
        app, ["devices", "acceptance", "--keeper", KEEPER, "--pin", PINS[KEEPER], "--home", str(home)]
    )
    assert done.exit_code == 1
    chinese, english = done.stderr.splitlines()
    assert "设置文件 station.toml 有错" in chinese
    assert "station.toml" in english
    assert all(said in line for line in (chinese, english))


def test_settings_saved_by_windows_own_editor(home: Path) -> None:
    (home / config.FILE).write_text('language = "en"\n[printer]\nurl = "folder:x"\n', encoding="utf-8-sig")
    assert config.load(home).language == "en"
    config.put_printer(home, {"columns": 48})
    assert config.load(home).printer == config.PrinterConfig(url="folder:x", columns=48)


def test_while_the_till_is_open_nothing_is_checked(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as shop:
        settings(shop.folder)
        done = CliRunner().invoke(
            app, ["devices", "acceptance", "--keeper", KEEPER, "--pin", PINS[KEEPER], "--home", str(shop.folder)]
        )
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 2


def test_a_wrong_pin_checks_nothing(home: Path) -> None:
    settings(home)
    done = CliRunner().invoke(app, ["devices", "acceptance", "--keeper", KEEPER, "--pin", "0000", "--home", str(home)])
    assert done.exit_code == 1
    assert reports(home) == []


class TestMachine:
    """The computer itself."""

    def test_a_disk_that_takes_nothing(self, tmp_path: Path) -> None:
        assert synced(tmp_path).right
        assert list(tmp_path.iterdir()) == []
        gone = synced(tmp_path / "gone")
        assert gone.right is False
        assert gone.detail

    def test_a_clock_that_jumps(self) -> None:
        assert drift(Clock(lambda: 5_000, lambda: 4_000), 1_000, 0).right
        assert drift(Clock(lambda: 3_605_000, lambda: 4_000), 1_000, 0).right is False
        assert drift(Clock(lambda: 0, lambda: 4_000), 10_000, 0).detail == "-14000 ms"

    def test_libzbar_counts_only_with_a_camera(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from drivers.camera import engines

        monkeypatch.setattr(engines, "zbar_missing", lambda: True)
        rights = [
            next(each.right for each in machine(tmp_path, camera=camera) if each.item == "zbar")
            for camera in (False, True)
        ]
        assert rights == [None, False]
