"""What a cell of a spreadsheet may say, and what a file would change."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core import lists
from pos.core.lists import Cells, Column, Flaw, ListError, Read, compare, read

FIGURES = Column("points", lists.decimal(2), needed=False)
COLUMNS = (Column("code", lists.code), Column("name", lists.label()), FIGURES)
KNOWN: dict[tuple[str, ...], Cells] = {("g001",): {"code": "g001", "name": "食盐", "points": "2.00"}}


@pytest.mark.parametrize(
    ("typed", "normal"),
    [("2", "2.00"), ("2.0", "2.00"), ("２．５", "2.50"), (" 007.10 ", "7.10"), ("0", "0.00"), ("2.500", "2.50")],
)
def test_a_figure(typed: str, normal: str) -> None:
    assert lists.decimal(2)(typed) == normal


@pytest.mark.parametrize("typed", ["-1", "1.005", "1e3", "1,000", ".5", "2.", "二", "0x1", "1234567890", "１２.３４５"])
def test_what_is_no_figure(typed: str) -> None:
    with pytest.raises(ListError) as wrong:
        lists.decimal(2)(typed)
    assert wrong.value.flaw is Flaw.FIGURE


@given(st.integers(0, 999_999_999_99))
def test_a_figure_is_read_as_it_is_written(hundredths: int) -> None:
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    assert lists.decimal(2)(text) == text
    assert lists.amount(text) == hundredths


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("2026-03-09", "2026-03-09"),
        ("2026/3/9", "2026-03-09"),
        ("2026.3.9", "2026-03-09"),
        ("2026年3月9日", "2026-03-09"),
        ("20260309", "2026-03-09"),
        ("46090", "2026-03-09"),
        ("２０２６－０３－０９", "2026-03-09"),
    ],
)
def test_a_day(typed: str, normal: str) -> None:
    assert lists.day(typed) == normal


@pytest.mark.parametrize("typed", ["2026-02-30", "9.3.2026", "2026-13-01", "0000-01-01", "soon", "460900", "26-3-9"])
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(ListError):
        lists.day(typed)


@given(st.dates(date(1927, 5, 18), date(2173, 10, 13)))
def test_a_spreadsheet_s_count_of_days(day: date) -> None:
    assert lists.day(str((day - date(1900, 3, 1)) // timedelta(days=1) + 61)) == day.isoformat()


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [("9901011012E15", Flaw.HOUSEHOLD), ("9.9010110120004E+15", Flaw.HOUSEHOLD), ("42", Flaw.HOUSEHOLD)],
)
def test_a_household_that_lost_its_digits(typed: str, flaw: Flaw) -> None:
    with pytest.raises(ListError) as wrong:
        lists.household(typed)
    assert wrong.value.flaw is flaw


def test_barcodes_in_any_order() -> None:
    assert lists.barcodes("2900000000056，６９０１２３４５") == "2900000000056 69012345"
    with pytest.raises(ListError):
        lists.barcodes("2900000000056 12")


@pytest.mark.parametrize("typed", ["x" * 41, "盐\n糖", "\x07", "a\u202eb"])
def test_words_that_cannot_be_kept(typed: str) -> None:
    with pytest.raises(ListError):
        lists.label()(typed)


def test_every_bad_cell_of_a_row_is_found() -> None:
    row, problems = read(7, {"code": "G 1", "name": "盐", "points": "x"}, COLUMNS)
    assert row.cells == {"name": "盐"}
    assert [(each.row, each.column, each.flaw, each.text) for each in problems] == [
        (7, "code", Flaw.CODE, "G 1"),
        (7, "points", Flaw.FIGURE, "x"),
    ]


def test_what_a_file_changes() -> None:
    rows = [
        Read(2, {"code": "g001", "name": "食盐"}),
        Read(3, {"code": "g002", "name": "白糖", "points": ""}),
        Read(4, {"code": "g001", "points": "3.00"}),
    ]
    plan = compare(rows[:2], COLUMNS, ("code",), KNOWN)
    assert (plan.added, plan.unchanged, plan.problems) == (1, 1, ())
    (changed,) = compare(rows[2:], COLUMNS, ("code",), KNOWN).changes
    assert (changed.old, changed.new["name"], changed.new["points"]) == (KNOWN["g001",], "食盐", "3.00")
    twice = compare(rows, COLUMNS, ("code",), KNOWN)
    assert [(each.row, each.flaw) for each in twice.problems] == [(4, Flaw.TWICE)]


def test_what_a_new_one_lacks() -> None:
    plan = compare([Read(2, {"code": "g9", "points": "1.00"})], COLUMNS, ("code",), KNOWN)
    assert [(each.column, each.flaw) for each in plan.problems] == [("name", Flaw.MISSING)]
