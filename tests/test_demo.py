"""`pos demo --script`: the main job from end to end, in a process of its own, without a terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.simulated.cable import TcpCable
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from pos.demo.stage import LOST, REISSUED, clear, make
from tests.drivers.strict_reader import read

PAPERS = ("称重回收单", "兑换小票", "冲正单", "*** 重打印 第1次 ***")


def play(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the demo in a plain C locale with nothing at its standard input."""
    return subprocess.run(
        [sys.executable, "-c", "from pos.__main__ import main; main()", "demo", *options],
        env={**os.environ, "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_the_main_job() -> None:
    done = play("--script")

    assert done.returncode == 0, done.stdout + done.stderr
    for paper in PAPERS:
        assert paper in done.stdout
    assert "可用 6.25 分" in done.stdout
    assert "+47.82分" in done.stdout
    assert "-34.00分" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("演示完成")


def test_without_a_terminal_it_plays_by_itself() -> None:
    assert play().returncode == 0


def test_another_printer_gets_the_paper() -> None:
    with TcpCable() as cable, SimulatedPrinter(cable, PrinterKind(columns=32)) as printer:
        done = play("--script", "--printer", cable.url)
        papers = printer.papers

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(papers) == len(PAPERS)
    for paper, title in zip(papers, PAPERS, strict=True):
        reading = read(paper, dots=384, charset="gbk", double_byte=True)
        assert title in reading.text
        assert reading.pulses == 0


def test_the_village_has_a_lost_and_a_replaced_card(tmp_path: Path) -> None:
    make(tmp_path / "demo")
    text = (tmp_path / "demo" / "cards.json").read_text(encoding="utf-8")

    assert text.count('"good"') == 59
    assert f'{{"household": "{LOST}"' in text
    assert text.count(f'"household": "{REISSUED}"') == 2


def test_starting_over_removes_a_demo_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(ValueError, match="not a demo"):
        clear(tmp_path / "letters")

    make(tmp_path / "demo")
    clear(tmp_path / "demo")
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]
