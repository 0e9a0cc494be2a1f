"""`pos devices`: ports named as a person would, bytes seen live, a scale found, confirmed and written down."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo
from typer.testing import CliRunner, Result

from drivers.events import Event
from drivers.port import LineSettings, open_port
from drivers.scale.detect import listening, probing, weighing
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from pos import config
from pos.cli import detect
from pos.cli.main import app
from pos.devices import Devices
from tests.drivers.waiting import until

PLATE = ["150kg", "1kg", "50g", "1", "FS-1"]
"""What is answered when nothing is left to ask about the line: Max, Min, e, class and name."""

OTHER_SCALE = """\
[[scales]]
name = "FS-1"  # the old one
url = "/dev/ttyUSB9"
protocol = "st_gs"
minimum_g = 100
maximum_g = 60000
division_g = 5
seal = "A0123"
"""


def pos(*arguments: str | Path, answers: list[str] | None = None) -> Result:
    """Run a command, with a person who answers."""
    lines = "".join(f"{answer}\n" for answer in answers or [])
    return CliRunner().invoke(app, ["devices", *map(str, arguments)], input=lines)


def adapter(device: str, location: str, make: tuple[int, int] = (0x1A86, 0x7523)) -> ListPortInfo:
    """A USB adapter as pyserial reports it."""
    port = ListPortInfo(device)
    (port.vid, port.pid), port.location = make, location
    return port


@pytest.fixture
def cable(monkeypatch: pytest.MonkeyPatch) -> Iterator[PtyCable]:
    """A line behind a CH340 in socket 1-1.2, beside a port of the computer's own."""
    with PtyCable() as line:
        monkeypatch.setattr(list_ports, "comports", lambda: [ListPortInfo("/dev/ttyS0"), adapter(line.url, "1-1.2")])
        yield line


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pseudo-terminal needs no second to bring a few frames."""
    monkeypatch.setattr(detect, "listening", partial(listening, seconds=0.3))
    monkeypatch.setattr(detect, "probing", partial(probing, seconds=0.15))
    monkeypatch.setattr(detect, "weighing", partial(weighing, seconds=0.3))
    monkeypatch.setattr(detect, "rounds_at", lambda rate: (LineSettings(rate),))


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """A folder whose settings are in English."""
    (tmp_path / config.FILE).write_text('language = "en"\n', encoding="utf-8")
    return tmp_path


def test_ports_are_listed_as_a_person_would_name_them(cable: PtyCable, tmp_path: Path) -> None:
    settings = OTHER_SCALE.replace("/dev/ttyUSB9", "adapter:1A86:7523@1-1.2")
    scanner = '[[scanners]]\nname = "SC-1"\nurl = "adapter:0403:6001#A5@1-1.3"\n'
    (tmp_path / config.FILE).write_text(settings + scanner, encoding="utf-8")

    lines = pos("list", "--home", tmp_path).output.splitlines()

    assert lines[0] == " 1  CH340 USB 转串口（插口 1-1.2）  FS-1"
    assert lines[1] == f"    {cable.url}  adapter:1A86:7523@1-1.2"
    assert lines[2] == " 2  电脑自带串口 /dev/ttyS0"
    assert lines[4].startswith("SC-1: 找不到设备")


def test_no_port_is_said(monkeypatch: pytest.MonkeyPatch, english: Path) -> None:
    monkeypatch.setattr(list_ports, "comports", list)
    assert pos("list", "--home", english).output.startswith("No serial port")
    assert pos("detect", "--home", english).exit_code == 1


def test_listing_opens_nothing(cable: PtyCable, english: Path) -> None:
    other = open_port(cable.url, LineSettings())
    assert pos("list", "--home", english).exit_code == 0
    other.close()


def test_bytes_and_readings_are_watched(cable: PtyCable, english: Path) -> None:
    with SimulatedScale(cable, "yaohua_stx") as scale:
        scale.place(1250, 0)
        done = pos("watch", cable.url, "--protocol", "yaohua_stx", "--seconds", "1", "--home", english)
    assert done.exit_code == 0
    assert "The port is open." in done.output
    assert "02 2B 30 30 31 32 35 30 33 31 45 03" in done.output
    assert ".+00125031E." in done.output
    assert "    = 1.250 kg displayed" in done.output


def test_a_scale_that_is_set_up_is_watched_by_its_name(cable: PtyCable, english: Path) -> None:
    section = OTHER_SCALE.replace("/dev/ttyUSB9", cable.url).replace("st_gs", "mtsics") + 'unit = "kg"\n'
    (english / config.FILE).write_text('language = "en"\n' + section, encoding="utf-8")
    with SimulatedScale(cable, "mtsics") as scale:
        scale.place(1250, 0)
        done = pos("watch", "FS-1", "--seconds", "1", "--home", english)
    assert "    = 1.250 kg displayed stable" in done.output


def test_watching_says_what_is_wrong_with_the_port(english: Path) -> None:
    done = pos("watch", "/dev/no-such-port", "--seconds", "1", "--home", english)
    assert done.exit_code == 0
    assert "The device is not there" in done.output


def test_watching_ends_with_ctrl_c(cable: PtyCable, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pos", "devices", "watch", cable.url, "--home", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watching:
        assert watching.stdout
        assert "端口已打开" in watching.stdout.readline().decode()
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=20)
    assert watching.returncode == 0
    assert not errors


def test_a_talking_scale_is_found_confirmed_and_stored(cable: PtyCable, tmp_path: Path) -> None:
    with SimulatedScale(cable, "st_gs", settings=LineSettings(4800)) as scale:
        scale.place(1250, 0)
        answers = ["1", "1.255", "kg", "1.250", "", *PLATE]
        done = pos("detect", "--baudrate", "4800", "--home", tmp_path, answers=answers)
        assert scale.received == b""
    assert done.exit_code == 0, done.output
    assert "可能是 st_gs，4800 8N1" in done.output
    assert "1.250 kg gross stable，和显示屏不一样" in done.output

    (stored,) = config.load(tmp_path).scales
    assert stored == config.ScaleConfig(
        name="FS-1",
        url="adapter:1A86:7523@1-1.2",
        protocol="st_gs",
        unit="kg",
        scale_class="floor",
        minimum_g=1000,
        maximum_g=150_000,
        division_g=50,
        baudrate=4800,
    )


def test_a_scale_in_pounds_is_said_not_to_do(cable: PtyCable, english: Path) -> None:
    with SimulatedScale(cable, "st_gs", unit="lb") as scale:
        scale.place(1250, 0)
        shown = f"{scale.indication().weight:f}"
        done = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=[shown, "lb", *PLATE])
    assert done.exit_code == 0, done.output
    assert "Switch the scale to kg and detect it again" in done.output
    assert config.load(english).scales[0].unit == "lb"


@pytest.mark.parametrize("protocol", ["yaohua_eq_reversed", "yaohua_eq_forward"])
def test_the_known_load_decides_direction_and_unit(cable: PtyCable, english: Path, protocol: str) -> None:
    with SimulatedScale(cable, protocol, unit="jin", decimals=3, division=5) as scale:
        scale.place(625, 0)
        answers = ["1.250", "斤", *PLATE]
        done = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=answers)
    assert done.exit_code == 0, done.output
    assert "Whether the digits run forward or backward is open" in done.output
    (stored,) = config.load(english).scales
    assert (stored.protocol, stored.unit, stored.baudrate) == (protocol, "jin", None)


def test_a_silent_scale_is_asked_only_with_consent(cable: PtyCable, english: Path) -> None:
    with SimulatedScale(cable, "mtsics", streams=False) as scale:
        scale.place(1250, 0)
        refused = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=["n"])
        assert refused.exit_code == 1
        assert scale.received == b""
        assert not config.load(english).scales

        done = pos(
            "detect", cable.url, "--baudrate", "9600", "--home", english, answers=["y", "n", "1.250", "", *PLATE]
        )
        assert done.exit_code == 0, done.output
        assert b"\x1b" not in scale.received
    assert config.load(english).scales[0].protocol == "mtsics"


def test_a_command_scale_that_talks_by_itself_is_never_asked(cable: PtyCable, english: Path) -> None:
    with SimulatedScale(cable, "adam_cpw", dialect="asng", streams=True) as scale:
        scale.place(1250, 0)
        done = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=["1.250", "", *PLATE])
        assert done.exit_code == 0, done.output
        watched = pos("watch", "FS-1", "--seconds", "1", "--home", english)
        assert scale.received == b""
    (stored,) = config.load(english).scales
    assert (stored.protocol, stored.poll) == ("adam_cpw", False)
    assert "    = 1.250 kg gross stable" in watched.output


def test_a_scale_whose_line_somebody_described_is_watched(cable: PtyCable, english: Path) -> None:
    section = OTHER_SCALE.replace("/dev/ttyUSB9", cable.url).replace("st_gs", "custom")
    line = '[scales.line]\nend = "\\r\\n"\nlength = 14\nweight = [1, 9]\nsign = [0, 1]\nunit = [10, 12]\n'
    (english / config.FILE).write_text(f'language = "en"\n{section}{line}', encoding="utf-8")
    with SimulatedScale(cable, "custom") as scale:
        scale.place(1250, 0)
        done = pos("watch", "FS-1", "--seconds", "1", "--home", english)
    assert "    = 1.250 kg displayed" in done.output


def test_a_line_that_nobody_described_cannot_be_watched_as_one(english: Path) -> None:
    done = pos("watch", "/dev/ttyUSB9", "--protocol", "custom", "--home", english)
    assert done.exit_code == 1
    assert "description of its line" in done.output


def test_a_load_that_never_agrees_is_not_stored(cable: PtyCable, english: Path) -> None:
    with SimulatedScale(cable, "yaohua_stx") as scale:
        scale.place(1250, 0)
        done = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=["2.500", "kg"] * 5)
    assert done.exit_code == 1
    assert "never agreed" in done.output
    assert (english / config.FILE).read_text(encoding="utf-8") == 'language = "en"\n'


def test_an_empty_scale_decides_nothing(cable: PtyCable, english: Path) -> None:
    with SimulatedScale(cable, "yaohua_eq_forward"):
        done = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=["0.000", "kg"] * 5)
    assert done.exit_code == 1
    assert done.output.count("An empty scale decides nothing") == 5


def test_where_nothing_answers_it_is_said(cable: PtyCable, english: Path) -> None:
    done = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=["y", "n"])
    assert done.exit_code == 1
    assert "Nothing answered" in done.output


def test_what_nobody_knows_is_shown(cable: PtyCable, english: Path) -> None:
    with SimulatedScale(cable, "yaohua_stx", interval=0.05) as scale:
        scale.spoil(lambda frame: b"<" + frame[1:9] + b">", frames=10_000)
        done = pos("detect", cable.url, "--baudrate", "9600", "--home", english)
    assert done.exit_code == 1
    assert "2B 30 30 30 30 30 30 33 3E" in done.output
    assert "Something speaks on this port" in done.output


def test_a_busy_port_is_said(cable: PtyCable, english: Path) -> None:
    other = open_port(cable.url, LineSettings())
    done = pos("detect", cable.url, "--home", english)
    other.close()
    assert done.exit_code == 1
    assert "another program" in done.output.lower()


def test_a_scale_of_that_name_is_replaced_only_after_a_question(cable: PtyCable, english: Path) -> None:
    before = f'language = "en"  # ours\n\n{OTHER_SCALE}'
    (english / config.FILE).write_text(before, encoding="utf-8")
    first = ["1.250", "kg", *PLATE, "n"]
    with SimulatedScale(cable, "yaohua_stx") as scale:
        scale.place(1250, 0)
        pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=first)
        assert (english / config.FILE).read_text(encoding="utf-8") == before

        pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=[*first[:-1], "y"])
        (replaced,) = config.load(english).scales
        assert (replaced.protocol, replaced.maximum_g, replaced.seal) == ("yaohua_stx", 150_000, "A0123")

        pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=[*first, "CT-1"])
    assert [each.name for each in config.load(english).scales] == ["FS-1", "CT-1"]
    text = (english / config.FILE).read_text(encoding="utf-8")
    assert "# ours" in text
    assert "# the old one" in text


@pytest.mark.parametrize(
    ("answers", "asked_again"),
    [
        (["150", "heavy", "0.5 t", "1kg", "50g"], 2),
        (["1kg", "150kg", "50g", "150kg", "1kg", "50g"], 1),
        (["150kg", "1kg", "0.5g", "50 克"], 1),
    ],
    ids=["a unit is needed", "Min above Max", "whole grams only"],
)
def test_a_plate_that_cannot_be_is_asked_for_again(
    cable: PtyCable, english: Path, answers: list[str], asked_again: int
) -> None:
    with SimulatedScale(cable, "yaohua_stx") as scale:
        scale.place(1250, 0)
        person = ["１.250", "1.25", "pounds", "kg", *answers, "2", "no name", "CT-1"]
        done = pos("detect", cable.url, "--baudrate", "9600", "--home", english, answers=person)
    assert done.exit_code == 0, done.output
    again = done.output.count("Not understood") - 3 + done.output.count("On a plate")
    assert again == asked_again
    (stored,) = config.load(english).scales
    assert (stored.name, stored.scale_class, stored.division_g, stored.minimum_g) == ("CT-1", "counter", 50, 1000)


def test_a_broken_settings_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_text("scales = 3\n", encoding="utf-8")
    done = pos("list", "--home", tmp_path)
    assert done.exit_code == 1
    assert "station.toml" in done.output


def station(scale: str, scanner: str) -> config.StationConfig:
    """Settings of a scale and a scanner at these URLs."""
    return config.StationConfig(
        scales=(
            config.ScaleConfig(
                name="FS-1", url=scale, protocol="st_gs", minimum_g=1, maximum_g=9, division_g=1, stopbits=2, dtr=False
            ),
        ),
        scanners=(config.ScannerConfig(name="SC-1", url=scanner),),
    )


def test_the_till_gives_no_device_the_adapter_of_another(cable: PtyCable) -> None:
    events: list[Event] = []
    devices = Devices(station("adapter:1A86:7523@1-1.1", "adapter:1A86:7523@1-1.2"), events.append, {})
    devices.start()

    def settled() -> bool:
        status = {each.name: (each.up, each.cause) for each in devices.statuses()}
        return status == {"FS-1": (False, "port-missing"), "SC-1": (True, "")}

    until(settled)
    devices.stop()


def test_an_adapter_that_cannot_be_is_refused_when_the_till_starts() -> None:
    with pytest.raises(ValueError, match="not an adapter"):
        Devices(station("adapter:CH340", "/dev/ttyACM0"), print, {})
