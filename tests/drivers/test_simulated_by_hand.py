"""`pos simulate`: devices played by typing, or by a script."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from drivers.port import LineSettings, open_port
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from drivers.simulated.cable import PtyCable, TcpCable
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.scale import SimulatedScale
from drivers.simulated.scanner import SimulatedScanner
from pos import config, i18n
from pos.cli import hands
from pos.cli.hands import NoSuchAct, Quit
from pos.cli.main import app
from tests.drivers.waiting import DEADLINE, until

STILL = "[    0.000 kg] stable"


def simulate(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["simulate", *map(str, arguments), "--language", "en"], input=typed)


def test_a_scale_is_played_by_typing() -> None:
    acts = ("place 12500 ramp 0", "tare", "place 15000 ramp 0", "shake on", "shake off", "on", "remove ramp 0", "zero")
    typed = "\n".join([*acts, "", "# a remark", "quit", "place 99"])
    done = simulate("scale", "--protocol", "st_gs", "--division", "50", typed=typed)
    assert done.exit_code == 0
    shown = [line for line in done.output.splitlines() if line.startswith("[ ")]
    assert shown[:4] == [
        "[     0.00 kg] stable",
        "[    12.50 kg] stable",
        "[     0.00 kg] stable net, tare 12.50",
        "[     2.50 kg] stable net, tare 12.50",
    ]
    assert "moving" in shown[4]
    assert shown[6:9] == ["[    15.00 kg] not zeroed", "[     0.00 kg] not zeroed", "[     0.00 kg] stable"]
    assert set(shown[9:]) == {"[     0.00 kg] stable"}


def test_what_it_says_for_the_settings_is_understood(tmp_path: Path) -> None:
    for protocol, unit in (("toledo8217", "kg"), ("custom", "kg"), ("dahua_s", "g")):
        done = simulate("scale", "--protocol", protocol, "--listen", f"pty:{tmp_path / 'scale'}")
        assert done.exit_code == 0
        settings = "\n".join(line.strip() for line in done.output.splitlines() if line.startswith("    "))
        (tmp_path / config.FILE).write_text('[printer]\nurl = "folder:receipts"\n\n' + settings, encoding="utf-8")
        (scale,) = config.load(tmp_path).scales
        assert (scale.protocol, scale.url, scale.bytesize) == (protocol, str(tmp_path / "scale"), 8)
        assert scale.unit == unit
    assert not (tmp_path / "scale").exists()


def test_a_scale_in_liang_where_no_frame_has_to_name_it() -> None:
    done = simulate("scale", "--protocol", "yaohua_stx", "--unit", "两", typed="place 1250 ramp 0\n")
    assert (done.exit_code, "[     25.0 liang] stable" in done.output) == (0, True), done.output
    assert 'unit = "liang"' in done.output
    done = simulate("scale", "--protocol", "st_gs", "--unit", "liang")
    assert done.exit_code == 1
    assert "no code for 两" in done.output


def test_an_indicator_at_an_address_says_so() -> None:
    done = simulate("scale", "--protocol", "yaohua_cmd", "--dialect", "CR")
    assert (done.exit_code, 'address = "CR"' in done.output) == (0, True), done.output


def test_a_script_is_read_whole_before_any_of_it_is_done(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("place 1000 ramp 0\nwait 0.1\n", encoding="utf-8")
    done = simulate("scale", "--protocol", "st_gs", "--script", script)
    assert (done.exit_code, done.output.count("[    1.000 kg] stable")) == (0, 3)
    script.write_text("place 1000 ramp 0\nplace a lot\n", encoding="utf-8")
    done = simulate("scale", "--protocol", "st_gs", "--script", script)
    assert done.exit_code == 1
    assert "place a lot" in done.output
    assert "1.000 kg" not in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scale", "--protocol", "telepathy"], "telepathy"),
        (["scale", "--protocol", "st_gs", "--unit", "stone"], "stone"),
        (["scale", "--protocol", "st_gs", "--dialect", "klingon"], "dini"),
        (["scale", "--protocol", "custom", "--dialect", "{colour}"], "colour"),
        (["scale", "--protocol", "st_gs", "--listen", "carrier-pigeon"], "carrier-pigeon"),
        (["scanner", "--listen", "tcp:99999"], "tcp:99999"),
        (["printer", "--listen", "pty:/nowhere/printer"], "/nowhere/printer"),
    ],
)
def test_what_cannot_be_is_refused(arguments: list[str], said: str) -> None:
    done = simulate(*arguments)
    assert done.exit_code == 1
    assert said in done.output
    assert not isinstance(done.exception, ValueError | KeyError | OSError)


def test_a_port_in_use_is_said() -> None:
    with TcpCable() as taken:
        done = simulate("scale", "--protocol", "st_gs", "--listen", f"tcp:{taken.address[1]}")
        assert done.exit_code == 1
        assert "in use" in done.output


def test_typing_nonsense_ends_nothing(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine", encoding="utf-8")
    typed = f"dance\nplace 1e3\nplace １２\nunplug\nplug {precious}\nplug\nhelp\nshow\n"
    done = simulate("scale", "--protocol", "st_gs", "--listen", f"pty:{tmp_path / 'scale'}", typed=typed)
    assert done.exit_code == 0
    assert done.output.count("Not understood") == 3
    assert f"Cannot plug into {precious}" in done.output
    assert "place GRAMS" in done.output
    assert done.output.rstrip().endswith(STILL)
    assert precious.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [precious]


def test_a_scale_that_does_not_obey_says_so() -> None:
    done = simulate("scale", "--protocol", "st_gs", typed="shake on\ntare\nzero\n")
    assert done.output.count("does not obey") == 2


def test_every_act_of_a_scale_does_something() -> None:
    with PtyCable() as cable, SimulatedScale(cable, "toledo8217", interval=0.02) as pan:
        acts = hands.of_scale(pan, cable)

        def play(line: str) -> object:
            return hands.read(acts, line)()

        play("place 2000 ramp 0")
        assert str(pan.indication().weight) == "2.000"
        awake = []
        for line in ("off", "on"):
            play(line)
            awake.append(pan.awake)
        assert awake == [False, True]
        play("baud 2400")
        assert pan.settings == LineSettings(2400)
        play("unplug")
        assert not Path(cable.url).exists()
        other = cable.url + "-2"
        play(f"plug {other}")
        assert cable.url == other
        assert play("sent") == "-"
        for line in ("garbage 100", "flip 3", "truncate 5", "silence 0.1", "wait 0.01", "show", "# nothing", ""):
            play(line)
        with pytest.raises(Quit):
            play("quit")
        with pytest.raises(NoSuchAct, match=r"place 1\.5"):
            play("place 1.5")


def test_a_scanner_is_played() -> None:
    sent: list[bytes] = []

    class Wire(TcpCable):
        """Keeps what is sent."""

        def write(self, data: bytes) -> None:
            sent.append(data)

    with Wire() as cable:
        acts = hands.of_scanner(SimulatedScanner(cable, b"]C0", b"\r"), cable)
        for line in ("scan 6901 中", "burst 1 2", "repeat 3 7", "cut 12", "hex 02 0d"):
            hands.read(acts, line)()
    assert sent == ["]C06901 中\r".encode(), b"]C01\r]C02\r", b"]C07\r" * 3, b"]C012", b"\x02\x0d"]


def test_a_printer_is_played() -> None:
    with TcpCable() as cable, SimulatedPrinter(cable) as device:
        acts = hands.of_printer(device, cable)

        def state() -> str:
            return str(Printer(PrinterProfile(cable.url, columns=48)).state())

        well = state()
        for break_it, mend_it in (("paper-out", "refill"), ("cover open", "cover closed"), ("paper-low", "refill")):
            hands.read(acts, break_it)()
            assert state() != well
            hands.read(acts, mend_it)()
            assert state() == well
        hands.read(acts, "deaf on")()
        hands.read(acts, "deaf off")()
        assert hands.read(acts, "tear")() == "-"


def test_a_paper_is_shown_when_it_is_cut(tmp_path: Path) -> None:
    link = tmp_path / "printer"
    command = [sys.executable, "-m", "pos", "simulate", "printer", "--listen", f"pty:{link}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as run:
        assert run.stdin
        assert run.stdout
        deadline = threading.Timer(DEADLINE, run.kill)
        deadline.start()
        until(link.exists, "plugged in")
        port = open_port(str(link), LineSettings())
        port.write("积分\n\x1dV\x01".encode("gbk"))
        assert any(line == "积分\n" for line in run.stdout)
        port.close()
        run.stdin.write("quit\n")
        run.stdin.close()
        deadline.cancel()
    assert run.returncode == 0
    assert not link.exists()


def test_the_help_names_every_act() -> None:
    with TcpCable() as cable:
        scale = SimulatedScale(cable, "st_gs")
        of = {
            "scale": hands.of_scale(scale, cable),
            "scanner": hands.of_scanner(SimulatedScanner(cable), cable),
            "printer": hands.of_printer(SimulatedPrinter(cable), cable),
        }
    for language in i18n.LANGUAGES:
        words = i18n.load(language)
        helps = {
            "scale": words("simulate.help-scale"),
            "scanner": words("simulate.help-scanner"),
            "printer": words("simulate.help-printer"),
        }
        for device, acts in of.items():
            verbs = {re.match("[a-z-]+", act.pattern)[0] for act in acts}  # type: ignore[index]
            assert {verb for verb in verbs - {"show"} if verb not in helps[device]} == set()
