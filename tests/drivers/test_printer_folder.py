"""A folder instead of a printer: files that are whole or not there."""

from pathlib import Path

import pytest

from drivers.printer import raster
from drivers.printer.job import drawer_job, receipt_job
from drivers.printer.plain import plain_text
from drivers.printer.printer import Confirmed, NotSent, Printer
from drivers.printer.profile import PrinterProfile
from tests.drivers.test_printer_escpos import receipt

FONT = raster.find_font()


def test_a_receipt_becomes_files(tmp_path: Path) -> None:
    profile = PrinterProfile(f"folder:{tmp_path}/receipts", 32)
    job = receipt_job("HD01-01-250718-000123", receipt(), profile, FONT)
    told: list[bool] = []
    assert (
        Printer(profile, lambda: FONT).send(job, lambda: told.append((tmp_path / "receipts").exists())) == Confirmed()
    )
    assert told == [False]
    files = {path.name: path for path in (tmp_path / "receipts").iterdir()}
    assert set(files) == {
        f"HD01-01-250718-000123.{end}" for end in (["bin", "txt", "png", "pdf"] if FONT else ["bin", "txt"])
    }
    assert files["HD01-01-250718-000123.bin"].read_bytes() == job.data
    lines = files["HD01-01-250718-000123.txt"].read_text(encoding="utf-8").splitlines()
    assert lines == plain_text(job.laid, 32)
    assert "兑换小票" in lines[1]


def test_a_day_has_its_folder(tmp_path: Path) -> None:
    profile = PrinterProfile(f"folder:{tmp_path}", 32)
    job = receipt_job("R1", receipt(), profile, date="2026-01-15")
    assert Printer(profile).send(job, lambda: None) == Confirmed()
    assert [path.name for path in tmp_path.iterdir()] == ["2026-01-15"]
    assert (tmp_path / "2026-01-15" / "R1.bin").read_bytes() == job.data


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    profile = PrinterProfile(f"folder:{tmp_path}", 32)
    assert isinstance(Printer(profile).send(receipt_job("R1", receipt(), profile), lambda: None), NotSent)
    assert list(tmp_path.iterdir()) == []


def test_without_a_font_there_is_no_picture(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    profile = PrinterProfile(f"folder:{tmp_path}", 48)
    assert Printer(profile).send(receipt_job("R1", receipt(), profile), lambda: None) == Confirmed()
    assert Printer(profile).send(drawer_job("D1", profile), lambda: None) == Confirmed()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["D1.bin", "R1.bin", "R1.txt"]
    assert "fonts-wqy-zenhei" in caplog.text


@pytest.mark.parametrize(("name", "file"), [("../../x", "_.._x.bin"), ("", "job.bin"), ("甲/乙 1", "甲_乙_1.bin")])
def test_a_name_stays_in_the_folder(name: str, file: str, tmp_path: Path) -> None:
    profile = PrinterProfile(f"folder:{tmp_path / 'in'}", 48)
    assert Printer(profile).send(drawer_job(name, profile), lambda: None) == Confirmed()
    assert [path.name for path in (tmp_path / "in").iterdir()] == [file]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    profile = PrinterProfile(f"folder:{tmp_path}/file/receipts", 48)
    outcome = Printer(profile).send(drawer_job("D1", profile), lambda: None)
    assert isinstance(outcome, NotSent)
    assert outcome.code == "folder-unwritable"
