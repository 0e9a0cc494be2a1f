"""Cards, labels and boards from the command line: into files, onto a printer, and everything that is refused."""

import stat
from pathlib import Path

import pytest
import zxingcpp
from typer.testing import CliRunner, Result

from drivers.printer import raster
from drivers.simulated.cable import TcpCable
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from pos.cli.main import app
from pos.core.acts import Act, ActCode
from pos.storage import books
from pos.storage.store import open_store
from tests.printing.pages import framed, pdf_pages
from tests.printing.pages import raster as raster_of
from tests.shop import CLERK, KEEPER, PINS, opened

PEOPLE = ["--keeper", KEEPER, "--pin", PINS[KEEPER], "--approver", CLERK, "--approver-pin", PINS[CLERK]]

pytestmark = pytest.mark.skipif(raster.find_font() is None, reason="no Chinese font on this machine")


def pos(*arguments: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A store that nobody has open."""
    with opened(tmp_path / "store") as shop:
        return shop.folder


def printed(home: Path) -> list[str]:
    """The cards whose printing is in the journal."""
    store = open_store(home)
    try:
        with store.read() as connection:
            bodies = [books.read_entry(connection, each.seq).body for each in books.newest(connection, 100)]
    finally:
        store.close()
    return [body.subject for body in bodies if isinstance(body, Act) and body.code is ActCode.CARD_PRINTED]


def test_a_sheet_of_cards_that_only_its_owner_may_read(home: Path) -> None:
    done = pos("card", "print", "0042", "0002", *PEOPLE, "--home", home)

    assert done.exit_code == 0, done.output
    assert stat.S_IMODE((home / "cards.pdf").stat().st_mode) == 0o600
    (page,) = pdf_pages((home / "cards.pdf").read_bytes())
    numbers = {code.text for code in zxingcpp.read_barcodes(page) if str(code.format) == "Code 128"}
    assert set(printed(home)) == numbers
    assert len(numbers) == 2


def test_all_cards_into_a_file_of_that_name(home: Path, tmp_path: Path) -> None:
    done = pos("card", "print", "--all", *PEOPLE, "--file", tmp_path / "all.pdf", "--home", home)

    assert done.exit_code == 0, done.output
    assert "5 张" in done.output
    assert (tmp_path / "all.pdf").exists()
    assert len(printed(home)) == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["0042", *PEOPLE[:3], "1111", *PEOPLE[4:]], "密码"),
        (["0042", *PEOPLE[:4], "--approver", KEEPER, "--approver-pin", PINS[KEEPER]], "另一位"),
        (["9999", *PEOPLE], "9999"),
        (["0020", *PEOPLE], "并户"),
        (["--group", "第9村民小组", *PEOPLE], "第9村民小组"),
        ([*PEOPLE], "--all"),
        (["0042", "--all", *PEOPLE], "--all"),
    ],
)
def test_what_is_refused_prints_nothing(home: Path, arguments: list[str], said: str) -> None:
    done = pos("card", "print", *arguments, "--home", home)

    assert done.exit_code != 0
    assert said in done.output
    assert not (home / "cards.pdf").exists()
    assert not printed(home)


def test_cards_and_labels_on_the_printer(home: Path) -> None:
    with SimulatedPrinter(TcpCable(), PrinterKind()) as printer:
        (home / "station.toml").write_text(f'[printer]\nurl = "{printer.cable.url}"\ncolumns = 32\n', encoding="utf-8")

        assert pos("card", "print", "0042", "0002", *PEOPLE, "--thermal", "--home", home).exit_code == 0
        assert pos("labels", "print", "g001", "--thermal", "--home", home).exit_code == 0
        assert pos("board", "print", "--thermal", "--home", home).exit_code == 0
        papers = printer.papers
    first, second, label, *boards = papers
    read = [{code.text for code in zxingcpp.read_barcodes(framed(raster_of(each), 20))} for each in (first, second)]
    assert {number for codes in read for number in codes if number.isdecimal()} == set(printed(home))
    assert [code.text for code in zxingcpp.read_barcodes(framed(raster_of(label), 20))] == ["2900000000018"]
    assert ["商品兑换价目表" in board.decode("gbk", "ignore") for board in boards] == [True, False]


def test_a_printer_without_paper_stops_and_says_what_is_left(home: Path) -> None:
    with SimulatedPrinter(TcpCable(), PrinterKind()) as printer:
        (home / "station.toml").write_text(f'[printer]\nurl = "{printer.cable.url}"\ncolumns = 32\n', encoding="utf-8")
        printer.paper_out()
        done = pos("card", "print", "0042", *PEOPLE, "--thermal", "--home", home)

    assert done.exit_code == 1
    assert "纸" in done.output
    assert not printed(home)


def test_no_printer_is_said(home: Path) -> None:
    done = pos("labels", "print", "--thermal", "--home", home)

    assert done.exit_code == 1
    assert "station.toml" in done.output


def test_labels_and_boards_in_files(home: Path) -> None:
    assert pos("labels", "print", "--home", home).exit_code == 0
    assert pos("board", "print", "--no-goods", "--home", home).exit_code == 0
    assert [len(pdf_pages((home / name).read_bytes())) for name in ("labels.pdf", "board.pdf")] == [1, 1]


def test_prices_of_a_day_before_there_were_any(home: Path) -> None:
    done = pos("board", "print", "--on", "2025-12-31", "--home", home)

    assert done.exit_code == 1
    assert "2025-12-31" in done.output


def test_a_machine_without_a_font_is_told_how_to_get_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "find_font", lambda: None)
    done = pos("labels", "print", "--home", home)

    assert done.exit_code == 1
    assert done.output.count("fonts-wqy-zenhei") == 2


def test_a_file_that_cannot_be_written_is_named(home: Path, tmp_path: Path) -> None:
    done = pos("labels", "print", "--file", tmp_path / "none" / "labels.pdf", "--home", home)

    assert done.exit_code != 0
    assert "labels.pdf" in done.output
