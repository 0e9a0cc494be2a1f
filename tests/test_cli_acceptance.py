"""`pos devices acceptance`: every device checked with a person at it, over real cables, and one sheet that says so."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
import typer
from typer.testing import CliRunner, Result

from drivers.simulated.cable import PtyCable, TcpCable
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.scale import SimulatedScale
from drivers.simulated.scanner import SimulatedScanner
from pos.cli.main import app
from pos.clock import Clock
from pos.core.acts import Act, ActCode
from pos.counter.acceptance import drift, machine, synced
from pos.printing import self_test
from pos.storage import books
from pos.storage.store import open_store
from tests.drivers import drawn_cards
from tests.shop import KEEPER, PINS, opened

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
