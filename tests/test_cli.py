"""Setting a store up, and checking its books, from the command line."""

import shutil
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pos import config
from pos.cli.main import app
from pos.demo.stage import LISTS
from pos.storage.store import open_store

STAFF = ["--keeper", "王玉兰", "--keeper-pin", "2580", "--clerk", "李文书", "--clerk-pin", "1470"]


def pos(*arguments: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def init(home: Path, village: Path = LISTS, *more: str) -> Result:
    """Found a store from a folder of lists."""
    return pos("init", "--village", village, "--home", home, *(more or STAFF))


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store founded from the demo's lists."""
    home = tmp_path_factory.mktemp("founded") / "store"
    done = init(home)
    assert done.exit_code == 0, done.output
    return home


def test_a_store_is_founded(founded: Path) -> None:
    printer = config.PrinterConfig(url="folder:receipts")
    assert config.load(founded) == config.StationConfig(printer=printer)
    cards = (founded / "cards.csv").read_text(encoding="utf-8").splitlines()
    assert len(cards) == 61
    for secret in ("cards.csv", "device.key", "cards.key"):
        assert stat.S_IMODE((founded / secret).stat().st_mode) == 0o600


def test_a_store_is_not_founded_twice(founded: Path) -> None:
    before = (founded / "store.db").read_bytes()

    assert init(founded).exit_code == 1
    assert (founded / "store.db").read_bytes() == before


def test_weak_pins_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    weak = [*STAFF[:3], "1234", *STAFF[4:]]

    assert init(tmp_path / "store", LISTS, *weak).exit_code == 1
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("file", "was", "wrong", "where"),
    [
        ("goods.csv", "5.00,5.00", "5.005,5.00", "第 3 行 points"),
        ("members.csv", "9901011012000001,2", "9901011012000001,1", "第 3 行 household"),
        ("members.csv", "9901011012000001,1", "9901011012000099,1", "第 2 行 household"),
        ("members.csv", "9901011012000001,1", "9901011012000001,8", "第 2 行 place"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(tmp_path: Path, file: str, was: str, wrong: str, where: str) -> None:
    shutil.copytree(LISTS, tmp_path / "lists")
    rows = tmp_path / "lists" / file
    assert was in rows.read_text(encoding="utf-8")
    rows.write_text(rows.read_text(encoding="utf-8").replace(was, wrong, 1), encoding="utf-8")

    done = init(tmp_path / "store", tmp_path / "lists")

    assert done.exit_code == 1
    assert file in done.output
    assert where in done.output
    assert not (tmp_path / "store").exists()


def test_the_books_are_verified_here_and_elsewhere(founded: Path, tmp_path: Path) -> None:
    assert pos("verify", "--home", founded).exit_code == 0

    exported = tmp_path / "journal.ndjson"
    assert pos("export", exported, "--home", founded).exit_code == 0
    assert pos("verify", exported).exit_code == 0

    assert pos("ledger", "check", exported, exported).output.count("journal.ndjson: ") == 2

    exported.write_bytes(exported.read_bytes().replace(b'"pt",625]', b'"pt",925]', 1))
    done = pos("verify", exported)
    assert done.exit_code == 1
    assert len(done.output.splitlines()) == 1
    assert pos("ledger", "check", exported).exit_code == 1


def test_one_process_at_a_time(founded: Path, tmp_path: Path) -> None:
    store = open_store(founded)
    try:
        assert pos("export", tmp_path / "journal.ndjson", "--home", founded).exit_code == 1
    finally:
        store.close()


def test_no_store_is_said(tmp_path: Path) -> None:
    assert pos("verify", "--home", tmp_path).exit_code == 1
