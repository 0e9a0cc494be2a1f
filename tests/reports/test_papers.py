"""Every report on narrow and wide paper, as a spreadsheet and on A4 pages: nothing lost, nothing that runs."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from catalog.units import Fen, Grams, Points
from drivers.printer import raster
from drivers.printer.profile import Columns
from pos import i18n
from pos.cli.main import app
from pos.core.entries import Signatures
from pos.core.refusals import ReceiptUnwritten
from pos.core.sheets import Count, Day, Fact, FontMissing, Label, Mass, Money, Score, Share, Sheet, SheetFormat, Table
from pos.printing.export import export_sheet, into_folder
from pos.printing.papers import paper_document
from pos.printing.sheets import lists
from pos.printing.spreadsheet import workbook
from pos.reports import donors, notices, registers, summary
from pos.reports.notices import Profile, Total
from pos.reports.period import parse
from pos.reports.registers import Register
from tests.printing.day import EN, ZH, printed
from tests.printing.pages import pdf_pages, pdf_size
from tests.reports.year import OPEN_DAYS, TODAY, lived
from tests.shop import Shop

BY = Signatures("02")
ALL = date(2026, 1, 1), date(2026, 12, 31)
FONT = raster.find_font()
drawn = pytest.mark.skipif(FONT is None, reason=raster.FONT_HELP)


def sheets(shop: Shop) -> Iterator[Sheet]:
    """Everything there is to print."""
    for text in (OPEN_DAYS[0].isoformat(), TODAY.isoformat(), "2026-02", "2026", "2025"):
        found = parse(text)
        assert found is not None
        yield summary.sheet(shop.desk, BY, summary.read(shop.desk, found))
    for total in Total:
        for profile in (Profile.MASKED, Profile.NUMBER):
            yield notices.notice(shop.desk, BY, *ALL, total, profile)
    for which in Register:
        yield registers.register(shop.desk, BY, which, *ALL)
    yield donors.board(shop.desk, BY, *ALL)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("columns", [32, 48])
def test_decodes_from_its_bytes(store: Shop, columns: Columns, language: str) -> None:
    words = i18n.load(language)
    for sheet in sheets(store):
        reading = printed(paper_document(sheet, words, None, columns), columns)
        assert words(f"sheet.{sheet.title}") in reading.text
        assert "〓" not in reading.text
        for code in sheet.signatures:
            assert words(f"sheet.sign-{code}") in reading.text


FORMULAE = ("=1+1", '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "a\x07b")
ODD = Sheet(
    "monthly-report",
    "",
    "=cmd|'/c calc'!A1",
    "2026-03-06 06:42:00",
    "02",
    "",
    (
        Fact("outstanding", Score(Points(-1_234_56))),
        Fact("coverage", Share(16_545)),
        Fact("date", Day(date(2026, 3, 6))),
    ),
    (
        Table(
            ("good", "value", "left", "expiry", "loss-share"),
            tuple((text, Money(Fen(10)), Mass(Grams(18_650)), Day(date(2026, 1, 2)), Share(-221)) for text in FORMULAE),
            (Label("total"), Money(Fen(70)), "", "", ""),
            title="report-goods",
        ),
        Table(("material", "left"), (("黄板纸", Mass(Grams(1))), ("药瓶", Count(1_200))), title="report-materials"),
        Table(("good", "left"), (), title="report-goods"),
    ),
)


def test_a_workbook_has_numbers_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ODD, ZH)))
    assert book.sheetnames == ["月报", "商品进出", "回收物", "商品进出1"]
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    head, goods, materials, _ = book
    assert head["A2"].value == ODD.store
    assert head["A2"].quotePrefix
    facts = {row[0].value: row[1] for row in head.iter_rows() if row[1].value is not None}
    assert facts["存量积分 (分)"].value == -1234.56
    assert facts["兑付保障率"].value == 1.6545
    assert facts["兑付保障率"].number_format == "0.00%"
    assert facts["日期"].value.date() == date(2026, 3, 6)
    assert [cell.value for cell in goods[1]] == ["商品", "价值 (元)", "结存 (公斤)", "保质期至", "损耗率"]
    assert [row[0].value for row in goods.iter_rows(min_row=2)] == [*FORMULAE[:-1], "ab", "合计"]
    assert all(row[0].quotePrefix for row in goods.iter_rows(min_row=2, max_row=7))
    assert [goods[f"{column}2"].value for column in "BCE"] == [0.1, 18.65, -0.0221]
    assert goods["D2"].value.date() == date(2026, 1, 2)
    assert goods.freeze_panes == "A2"
    assert [cell.value for cell in materials[1]] == ["品类", "结存"], "two units in a column: none of them heads it"
    assert materials["B2"].number_format == '#,##0.000"公斤"'
    assert (materials["B2"].value, materials["B3"].value) == (0.001, 1200)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh_CN", "en"])
def test_every_sheet_is_a_workbook(store: Shop, words: i18n.Words) -> None:
    for sheet in sheets(store):
        book = openpyxl.load_workbook(io.BytesIO(workbook(sheet, words)))
        assert len(book.sheetnames) == 1 + len(sheet.tables)
        for page, table in zip(book.worksheets[1:], sheet.tables, strict=True):
            assert page.max_row == 1 + len(table.rows) + bool(table.total)
            for row, cells in zip(page.iter_rows(min_row=2), table.rows, strict=False):
                for found, cell in zip(row, cells, strict=True):
                    assert isinstance(cell, str | Label | Day) or isinstance(found.value, int | float), (found, cell)


@drawn
def test_a4_pages_have_numbers_headings_and_lines_to_sign() -> None:
    assert FONT is not None
    rows = tuple((f"食盐 {place}", Count(place)) for place in range(100))
    long = replace(ODD, tables=(Table(("good", "pieces"), rows),), signatures=("keeper", "clerk", "supervisor"))
    pages = list(lists.pages(long, ZH, FONT))
    assert len(pages) == 4
    bottom = [page.crop((0, 2780, page.width, 3200)) for page in pages]
    assert all(part.getextrema() == (0, 255) for part in bottom), "each page is signed by itself"
    heads = [page.crop((212, 295, 2268, 350)).tobytes() for page in pages[1:]]
    assert len(set(heads)) == 1, "the heading stands on each page once more"


@drawn
def test_an_empty_sheet_is_one_page() -> None:
    assert FONT is not None
    assert len(list(lists.pages(replace(ODD, facts=(), tables=()), ZH, FONT))) == 1


@drawn
def test_files(store: Shop, tmp_path: Path) -> None:
    export_sheet(ODD, ZH, tmp_path / "r.pdf", FONT)
    data = (tmp_path / "r.pdf").read_bytes()
    assert len(pdf_pages(data)) == 1
    assert pdf_size(data) == {(210, 297)}
    export_sheet(ODD, ZH, tmp_path / "r.PNG", FONT)
    with Image.open(tmp_path / "r.PNG") as image:
        assert image.width == 576
    target = into_folder(ODD, ZH, tmp_path, ".xlsx", None)
    assert target == tmp_path / "exports" / "月报-20260306064200.xlsx"
    assert openpyxl.load_workbook(target).sheetnames[0] == "月报"


def test_what_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SheetFormat):
        export_sheet(ODD, ZH, tmp_path / "r.docx", FONT)
    with pytest.raises(FontMissing):
        export_sheet(ODD, ZH, tmp_path / "r.pdf", None)
    with pytest.raises(ReceiptUnwritten):
        export_sheet(ODD, ZH, tmp_path / "none" / "r.xlsx", FONT)
    (tmp_path / "exports").write_text("a file is in the way")
    with pytest.raises(ReceiptUnwritten):
        into_folder(ODD, ZH, tmp_path, ".xlsx", None)
    assert [path.name for path in tmp_path.iterdir()] == ["exports"]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store that nobody has open."""
    with lived(tmp_path_factory.mktemp("cli") / "store") as shop:
        return shop.folder


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["report", *arguments, "--home", str(folder)])


def test_the_command(closed: Path, tmp_path: Path) -> None:
    names = ("report", "notice", "donors", *Register)
    for name in names:
        to = tmp_path / f"{name}.xlsx"
        done = run(closed, name, "--month", "2026-02", "--to", str(to))
        assert done.exit_code == 0, done.output
        assert done.output.strip() == str(to)
        assert openpyxl.load_workbook(to).sheetnames
    for span, text in (("--day", "2026-02-04"), ("--year", "2026")):
        assert run(closed, "report", span, text, "--to", str(tmp_path / "s.xlsx")).exit_code == 0
    numbers = tmp_path / "n.xlsx"
    done = run(closed, "notice", "--year", "2026", "--total", "spent", "--profile", "number", "--to", str(numbers))
    assert done.exit_code == 0
    page = openpyxl.load_workbook(numbers).worksheets[1]
    assert [cell.value for cell in page[1]] == ["户", "积分 (分)"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["report"],
        ["report", "--month", "2026-02", "--year", "2026"],
        ["report", "--month", "2026"],
        ["report", "--day", "2026-02-30"],
        ["report", "--year", "2026-02"],
        ["notice", "--year", "2026", "--profile", "named"],
        ["notice", "--year", "2026", "--total", "debts"],
        ["nothing", "--year", "2026"],
    ],
)
def test_what_the_command_does_not_do(closed: Path, tmp_path: Path, arguments: list[str]) -> None:
    """Whole names are made at the counter, by somebody who is logged in."""
    assert run(closed, *arguments, "--to", str(tmp_path / "r.xlsx")).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_command_refuses_other_files(closed: Path, tmp_path: Path) -> None:
    done = run(closed, "report", "--year", "2026", "--to", str(tmp_path / "r.docx"))
    assert done.exit_code == 1
    assert len(re.findall("r.docx", done.output)) == 2, "in both languages"
    assert list(tmp_path.iterdir()) == []
