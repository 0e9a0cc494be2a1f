"""`pos devices test printer` with a simulated printer at the end of a cable: the page, the answers, what is stored."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from drivers.printer.conversation import Patience
from drivers.printer.job import receipt_job
from drivers.printer.printer import Abilities
from drivers.printer.profile import Charset, Columns, PrinterProfile
from drivers.simulated.cable import TcpCable
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from pos import config
from pos.cli.main import app
from pos.config import PrinterConfig
from pos.printing.self_test import GBK_ONLY, HANZI, Seen, page, settings, trial
from tests.drivers.strict_reader import read
from tests.printing.day import EN, ZH

ALL_WELL = "y\ny\ny\ny\ny\n"
FINE = Seen(chinese=True, rare=True, edges=True, cut=True, code=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The printers here answer within moments or never."""
    monkeypatch.setattr("drivers.printer.printer.Patience", lambda: Patience(status=0.5, answer=20, quiet=0.02))


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(TcpCable(), PrinterKind(32, model="TM-T82II", tags=True)) as made:
        yield made


def set_up(home: Path, answers: str = ALL_WELL, *options: str) -> Result:
    return CliRunner().invoke(app, ["devices", "test", "printer", "--home", str(home), *options], input=answers)


def written(home: Path, **section: object) -> Path:
    home.mkdir(exist_ok=True)
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}" for key, value in section.items()
    ]
    (home / config.FILE).write_text("# 河东村\n[printer]  # 柜台上\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return home


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("charset", ["gbk", "gb18030"])
@pytest.mark.parametrize("words", [ZH, EN])
def test_the_page(columns: Columns, charset: Charset, words: object) -> None:
    tried = trial(PrinterProfile("socket://x", columns, charset, cutter=False, qr=False), Abilities(True, True))
    reading = read(receipt_job("T", page(tried, words), tried).data, dots=columns * 12, charset=charset)  # type: ignore[arg-type]

    assert (reading.cuts, reading.pulses, [code.kind for code in reading.codes]) == (1, 0, ["qr", "barcode"])
    rulers = [line for line in reading.lines if len(line.text) == columns and line.text[0] in "|1"]
    assert len(rulers) == 2
    assert [line.bold for line in reading.lines if line.text == HANZI] == [False, True]
    assert GBK_ONLY in reading.text
    assert {(line.wide, line.high) for line in reading.lines} == {(1, 1), (1, 2), (2, 1), (2, 2)}


@pytest.mark.parametrize(
    ("found", "confirm"),
    [
        (Abilities(True, True, True, "TM-T82II"), "gs_h"),
        (Abilities(True, True, False, "POS-80"), "gs_r"),
        (Abilities(False, True), "gs_r"),
        (Abilities(True, False), "none"),
        (Abilities(), "none"),
    ],
)
def test_what_it_answers_is_what_it_will_be_asked(found: Abilities, confirm: str) -> None:
    tried = trial(PrinterProfile("socket://x"), found)
    assert (tried.question, tried.status, tried.model) == (confirm, found.real_time, found.model)


@pytest.mark.parametrize(
    ("seen", "stored"),
    [
        ({}, {"columns": 48, "charset": "gbk", "cutter": True, "qr": True, "raster": False}),
        ({"edges": False}, {"columns": 32}),
        ({"cut": False}, {"cutter": False}),
        ({"code": False}, {"qr": False}),
        ({"rare": False}, {"charset": "gb2312", "raster": False}),
        ({"chinese": False}, {"raster": True}),
    ],
)
def test_what_was_seen_is_how_it_is_set(seen: dict[str, bool], stored: dict[str, object]) -> None:
    found = settings(trial(PrinterProfile("socket://x", 48), Abilities(True, True)), replace(FINE, **seen), font=True)
    assert {key: found[key] for key in stored} == stored


def test_without_a_font_no_pictures_are_promised() -> None:
    tried = trial(PrinterProfile("socket://x"), Abilities())
    assert settings(tried, replace(FINE, chinese=False), font=False)["raster"] is False


def test_a_printer_is_set_up(tmp_path: Path, printer: SimulatedPrinter) -> None:
    home = written(tmp_path / "store", url=printer.cable.url, columns=32, cutter=False, status=False)
    done = set_up(home, "y\ny\ny\nn\ny\n")

    assert done.exit_code == 0, done.output
    assert "打印测试页" in printer.texts[0]
    assert "型号 TM-T82II  32列" in printer.texts[0]
    assert "测试页已经打印好" in done.output
    assert config.load(home).printer == PrinterConfig(
        url=printer.cable.url, columns=32, cutter=False, status=True, confirm="gs_h", model="TM-T82II"
    )
    text = (home / config.FILE).read_text(encoding="utf-8")
    assert "# 河东村" in text
    assert "# 柜台上" in text


def test_an_address_is_tried_and_stored(tmp_path: Path, printer: SimulatedPrinter) -> None:
    done = set_up(tmp_path / "new", ALL_WELL, "--url", printer.cable.url)
    assert done.exit_code == 0, done.output
    found = config.load(tmp_path / "new").printer
    assert found is not None
    assert (found.url, found.confirm) == (printer.cable.url, "gs_h")


def test_a_mute_printer_is_set_up(tmp_path: Path) -> None:
    with SimulatedPrinter(TcpCable(), PrinterKind(32, mute=True)) as printer:
        home = written(tmp_path / "store", url=printer.cable.url, columns=32)
        done = set_up(home)
        assert "打印机不会回答" in done.output
        found = config.load(home).printer
        assert found is not None
        assert (found.status, found.confirm, found.model) == (False, "none", "")


def test_in_trouble_nothing_is_printed_asked_or_stored(tmp_path: Path, printer: SimulatedPrinter) -> None:
    home = written(tmp_path / "store", url=printer.cable.url, columns=32)
    before = (home / config.FILE).read_bytes()
    printer.paper_out()
    done = set_up(home)
    assert done.exit_code == 1
    assert "缺纸" in done.output
    assert (home / config.FILE).read_bytes() == before
    printer.refill()
    assert printer.papers == []


def test_a_folder_has_nothing_to_be_asked(tmp_path: Path) -> None:
    done = set_up(written(tmp_path / "store", url="folder:receipts"), "")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "store" / "receipts" / "printer-test.bin").is_file()


def test_a_folder_that_was_tried_is_stored(tmp_path: Path) -> None:
    home = written(tmp_path / "store", url="socket://127.0.0.1:9", columns=48)
    done = set_up(home, "", "--url", "folder:receipts")
    assert done.exit_code == 0, done.output
    assert config.load(home).printer == PrinterConfig(url="folder:receipts", columns=48)


@pytest.mark.parametrize(
    "url", ["nonsense", "socket://host:99999", "socket://[::1", "usb:zz", "folder:", "folder:a\0b", "/dev/null"]
)
def test_an_address_that_cannot_be_is_refused_in_both_languages(tmp_path: Path, url: str) -> None:
    home = written(tmp_path / "store", url="folder:receipts", columns=32)
    before = (home / config.FILE).read_bytes()
    done = set_up(home, ALL_WELL, "--url", url)
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [words("paper.printer-invalid") for words in (ZH, EN)]
    assert (home / config.FILE).read_bytes() == before


def test_no_printer_and_wrong_settings(tmp_path: Path) -> None:
    (tmp_path / config.FILE).write_text('language = "en"\n', encoding="utf-8")
    done = set_up(tmp_path)
    assert done.exit_code == 1
    assert "[printer]" in done.output
    (tmp_path / config.FILE).write_text("language = 7\n", encoding="utf-8")
    done = set_up(tmp_path)
    assert done.exit_code == 1
    assert config.FILE in done.output
