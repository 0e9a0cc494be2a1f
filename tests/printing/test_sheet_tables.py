"""A sheet on paper: facts, tables that fit and tables that do not, who signs, copies."""

from datetime import date

import pytest

from catalog.units import Fen, Grams, Points
from drivers.printer.document import Qr
from pos import i18n
from pos.core import codec
from pos.core.sheets import Count, Day, Fact, Label, Mass, Money, Paper, Score, Share, Sheet, Table
from pos.printing.papers import paper_document
from pos.printing.preview import preview
from pos.printing.wording import Copy

WORDS = i18n.load("zh_CN")
SHEET = Sheet(
    "stock",
    "LT01-K7Q2MD.0-31",
    "柳塘村积分兑换超市",
    "2026-01-15 06:42:10",
    "02",
    "01",
    (Fact("total", Money(Fen(1_234_50))), Fact("difference", Share(-221)), Fact("date", Day(date(2026, 1, 15)))),
    (
        Table(
            ("good", "pieces", "points"),
            (("东北大米 5kg 名称很长很长", Count(1_200), Score(Points(100_00))), ("食盐", Count(-3), Label("none"))),
            ("", Count(1_197), Score(Points(100_00))),
        ),
        Table(("material", "kg"), (("黄板纸", Mass(Grams(18_650))),)),
    ),
    signatures=("keeper", "clerk"),
)


@pytest.mark.parametrize("columns", [32, 48])
def test_every_figure_is_on_paper(columns: int) -> None:
    paper = preview(SHEET, WORDS, columns)
    text = "\n".join(paper)
    for figure in ("1,234.50", "-2.21%", "2026-01-15", "1,200", "100.00", "-3", "18.65", "LT01-K7Q2MD.0-31"):
        assert figure in text, figure
    assert max(len(line.encode("gbk", "replace")) for line in paper) <= columns


def test_a_wide_table_stands_on_single_lines_only_on_wide_paper() -> None:
    wide = [line for line in preview(SHEET, WORDS, 48) if "1,197" in line]
    assert "100.00" in wide[0]
    narrow = [line for line in preview(SHEET, WORDS, 32) if "1,197" in line]
    assert narrow


def test_a_copy_says_so_at_both_ends() -> None:
    copy = preview(SHEET, WORDS, 32, Copy(2, "02", "2026-01-16 08:00:00"))
    assert sum("重打印" in line for line in copy) >= 2
    assert not any(isinstance(block, Qr) for block in paper_document(SHEET, WORDS, None, 32).blocks)


def test_it_is_stored_and_read_back() -> None:
    kind: type[Sheet] = Paper  # type: ignore[assignment]
    assert codec.build(kind, codec.loads(codec.dumps(codec.plain(SHEET)))) == SHEET


def test_a_row_has_a_cell_in_each_column() -> None:
    with pytest.raises(ValueError, match="column"):
        Table(("good", "pieces"), (("食盐",),))
