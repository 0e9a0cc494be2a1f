"""A township's 18 villages and 8,695 households from spreadsheets: looked at, faulty, taken over, counted."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ledger.commands import begin, done, refused, sheet, told

SIZES = (378, 358, 530, 355, 507, 442, 661, 448, 617, 541, 413, 605, 370, 487, 462, 559, 393, 569)
FIRST = 990101101200
VILLAGES = [(str(FIRST + place), f"第{place + 1}村") for place in range(len(SIZES))]
HEADINGS = ("户号", "户主", "村民小组", "人口")


def households() -> Iterator[list[object]]:
    """Every household of the township, as a village clerk's spreadsheet has it."""
    for (village, _), size in zip(VILLAGES, SIZES, strict=True):
        for number in range(1, size + 1):
            yield [f"{village}{number:04}", f"张{number}", f"{number % 9 + 1}组", number % 6 + 1]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A ledger with the villages, and nobody in them."""
    folder = tmp_path_factory.mktemp("township")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        begin(folder / "ledger")
        villages = sheet(folder / "villages.xlsx", ("编码", "行政村"), VILLAGES)
        assert "没有问题" in done("villages", "import", villages, "--dry-run")
        assert told("villages", "list") == []
        done("villages", "import", villages)
        yield folder


def test_every_bad_row_is_listed_in_both_languages_and_nothing_is_taken(home: Path) -> None:
    rows = [row for row in households() if str(row[0]).startswith(VILLAGES[0][0])]
    rows[4][0] = "99010110120"
    rows[9][1] = ""
    rows[19][3] = 0
    rows[29][0] = "9909991012000030"
    rows[39][0] = rows[38][0]
    file = sheet(home / "faulty.xlsx", (*HEADINGS, "兑换点"), [[*row, ""] for row in rows[:49]] + [[*rows[49], "ZZ99"]])
    for run in (["--dry-run"], []):
        said = refused("households", "import", file, *run)
        for row, column, value, reason in (
            ("6", "户号 · number", "99010110120", "户号不对"),
            ("11", "户主 · head", "", "户主不对"),
            ("21", "人口 · persons", "0", "人口不对"),
            ("31", "户号 · number", "9909991012000030", "没有这个村"),
            ("41", "户号 · number", f"{VILLAGES[0][0]}0039", "同一户号出现两次"),
            ("51", "兑换点 · home", "ZZ99", "这个点不服务这个村"),
        ):
            line = next(line for line in said.splitlines() if line.split()[:1] == [row])
            assert all(part in line for part in (column, value, reason)), line
        assert "6 行有 6 处问题" in said
        assert "6 faults in 6 rows" in said
    assert told("households", "list", "--village", VILLAGES[0][0]) == []
    found = json.loads(refused("households", "import", file, "--json"))
    assert {"row": 31, "code": "village-unknown", "text": "9909991012000030"} in found


def test_a_whole_township(home: Path, record_property: Callable[[str, object], None]) -> None:
    assert sum(SIZES) == 8695
    rows = list(households())
    file = sheet(home / "households.xlsx", HEADINGS, rows)
    begun = time.perf_counter()
    assert "没有问题" in done("households", "import", file, "--dry-run")
    looked = time.perf_counter() - begun
    assert told("households", "list", "--village", VILLAGES[0][0]) == []
    begun = time.perf_counter()
    assert "已导入" in done("households", "import", file)
    taken = time.perf_counter() - begun
    record_property("seconds", f"dry run {looked:.1f}, import {taken:.1f}")
    print(f"8,695 households: dry run {looked:.1f} s, import {taken:.1f} s")

    assert len(told("households", "list")) == sum(SIZES)
    listed = told("households", "list", "--village", VILLAGES[17][0])
    assert len(listed) == SIZES[17]
    assert listed[0] == {
        "household": f"{VILLAGES[17][0]}0001", "village": VILLAGES[17][0], "name": "张*", "group": "2组",
        "state": "normal", "home": None,
    }  # fmt: skip


def test_lines_of_a_table_end_where_its_columns_do(home: Path) -> None:
    lines = done("villages", "list").splitlines()
    cells = [sum(2 if ord(sign) > 0x2E80 else 1 for sign in line) for line in lines if line.strip()]
    assert len(cells) == len(VILLAGES) + 3
    assert len(set(cells)) == 1
