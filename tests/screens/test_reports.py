"""The reports group of the menu: charts, notices, books, the donor board, and files to take away."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from textual.widgets import Static

from drivers.printer import raster
from pos.core.people import Role
from pos.core.sheets import Label
from pos.reports import donors
from pos.tui import menu
from pos.tui.screens.report import ReportScreen
from pos.tui.screens.report_donors import DonorsScreen
from pos.tui.screens.sheet import SheetScreen
from pos.tui.widgets.bars import Bars
from tests.reports.year import GIVER, TODAY, template
from tests.screens.conftest import Till, opened_till
from tests.shop import Shop

MONTH = f"{TODAY:%Y-%m}"


@pytest.fixture
async def reporting(tmp_path: Path) -> AsyncIterator[Till]:
    """A till in a store with some weeks behind it, with the keeper logged in."""
    folder, now = template()
    shutil.copytree(folder, tmp_path / "store")
    async with opened_till(tmp_path / "store", prepare=lambda shop: set_clock(shop, now)) as till:
        await till.sign_in()
        yield till


def set_clock(shop: Shop, now: int) -> None:
    shop.clock.wall = now


async def opened_from_menu(till: Till, name: str, screen: str) -> None:
    """Through F11 and digits, as a keeper goes."""
    groups = menu.groups(Role.KEEPER)
    items = [item.name for item in menu.items("reports", Role.KEEPER)]
    await till.press("f11")
    await till.comes("choose")
    await till.press(str(groups.index("reports") + 1))
    await till.comes("choose")
    await till.press(str(items.index(name) + 1))
    await till.comes(screen)
    await till.idle()


def sheet_in_front(till: Till) -> SheetScreen:
    assert isinstance(till.app.screen, SheetScreen)
    return till.app.screen


async def test_a_month_a_year_a_day(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "report", "report")
    assert MONTH in till.text("#title")
    assert "存量积分" in till.text("#figures")
    await till.press("left")
    await till.idle()
    assert "2026-02" in till.text("#title")
    await till.press("right", "right")
    await till.idle()
    assert MONTH in till.text("#title"), "nothing lies after today"
    await till.press("3")
    await till.idle()
    assert till.text("#title").endswith("2026")
    await till.press("1")
    await till.idle()
    assert TODAY.isoformat() in till.text("#title")
    assert "称重回收" in till.text("#figures"), "the bars of a day have numbers, explained on the left"


async def test_every_chart(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "report", "report")
    seen = []
    for _ in range(4):
        seen.append(till.text("#about"))
        drawn = till.app.screen.query_one(Bars)
        assert drawn.display
        text = drawn.render()
        assert any(getattr(span.style, "bgcolor", None) is not None for span in text.spans)
        assert not set(text.plain) & set("█▇▄#"), "signs of doubtful width"
        await till.press("down")
    assert len(set(seen)) == 4
    assert till.text("#about") == seen[0]
    await till.press("left")
    await till.press("left", "left")
    await till.idle()
    assert not till.app.screen.query_one(Bars).display, "a month before the store was founded"
    assert till.app.screen.query_one("#none", Static).display


async def test_the_sheet_of_a_report_is_exported_and_printed(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "report", "report")
    await till.press("left")
    await till.idle()
    await till.press("plus")
    await till.comes("sheet")
    await till.press("f5")
    await till.comes("choose")
    await till.press("1")
    await till.comes("sheet")
    folder = till.app.station.store.folder / "exports"
    await till.until(lambda: folder.is_dir() and list(folder.glob("*.xlsx")), "a file")
    await till.until(lambda: "已导出" in till.message)
    (file,) = folder.iterdir()
    assert str(file) in till.message
    assert openpyxl.load_workbook(file).sheetnames[0] == "月报"
    await till.press("plus")
    await till.until(lambda: sheet_in_front(till).sheet.number, "filed")


@pytest.mark.skipif(raster.find_font() is None, reason=raster.FONT_HELP)
@pytest.mark.parametrize(("digit", "suffix"), [("2", ".pdf"), ("3", ".png")])
async def test_other_files(reporting: Till, digit: str, suffix: str) -> None:
    till = reporting
    await opened_from_menu(till, "registers", "form")
    await till.press("plus")
    await till.comes("sheet")
    await till.press("f5")
    await till.comes("choose")
    await till.press(digit)
    await till.comes("sheet")
    await till.until(lambda: "已导出" in till.message)
    assert [file.suffix for file in (till.app.station.store.folder / "exports").iterdir()] == [suffix]


async def test_without_a_font_only_the_spreadsheet(reporting: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    till = reporting
    monkeypatch.setattr(raster, "find_font", lambda: None)
    await opened_from_menu(till, "registers", "form")
    await till.press("plus")
    await till.comes("sheet")
    await till.press("f5")
    await till.comes("choose")
    await till.press("2")
    await till.comes("sheet")
    await till.says("refused.font-missing")


async def test_a_notice_masks_unless_a_household_agreed(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "consent", "form")
    await till.press(*"0042", "plus")
    await till.says("consent.recorded")
    await till.press("escape")
    await opened_from_menu(till, "notice", "form")
    await till.press("plus")
    await till.comes("sheet")
    assert "张*英" in [row[1] for row in sheet_in_front(till).sheet.tables[0].rows]
    await till.press("escape")
    await till.comes("form")
    await till.press("down", "down", "down", "right", "right", "plus")
    await till.comes("sheet")
    assert [row[1] for row in sheet_in_front(till).sheet.tables[0].rows] == ["李*贵", "胡*", "张秀英"]


async def test_consent_for_nobody(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "consent", "form")
    await till.press(*"9999", "plus")
    await till.says("refused.household-unknown", household="9999")


async def test_every_book(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "registers", "form")
    for title in ("stock-book", "receiving-book", "stocktake-book", "day-register"):
        await till.press("plus")
        await till.comes("sheet")
        sheet = sheet_in_front(till).sheet
        assert sheet.title == title
        assert sheet.tables[0].rows
        assert sheet.signatures
        await till.press("escape")
        await till.comes("form")
        await till.press("right")


async def test_a_donor_agrees(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "donors", "form")
    await till.press("plus")
    await till.comes("report-list")
    await till.idle()
    screen = till.app.screen
    assert isinstance(screen, DonorsScreen)
    assert [gift.giver for gift in screen.items] == [GIVER, "钱先生"]
    await till.press("enter")
    await till.says("consent.recorded")
    await till.until(lambda: screen.items[0].agreed)
    await till.press("plus")
    await till.comes("sheet")
    assert [row[0] for row in sheet_in_front(till).sheet.tables[0].rows] == [GIVER, Label("anonymous")]
    await till.press("escape")
    await till.comes("report-list")
    await till.press("enter")
    await till.until(lambda: not donors.read(till.desk, TODAY, TODAY)[0].agreed)


def test_an_auditor_reads_and_records_nothing() -> None:
    names = [item.name for item in menu.items("reports", Role.AUDITOR)]
    assert names == ["report", "notice", "registers", "donors"]


async def test_figures_that_came_late_are_dropped(reporting: Till) -> None:
    till = reporting
    await opened_from_menu(till, "report", "report")
    screen = till.app.screen
    assert isinstance(screen, ReportScreen)
    late = screen.report
    assert late is not None
    await till.press("left")
    await till.idle()
    screen._came(late)
    assert "2026-02" in till.text("#title")
