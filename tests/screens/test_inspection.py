"""监督小组 at the till: the list, the freeze and the report, by an auditor's own PIN."""

from pathlib import Path

from pos.core.inspection import Inspection
from pos.counter import freezing
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.tui.screens.exceptions import ExceptionsScreen
from pos.tui.screens.frozen import FrozenScreen
from pos.tui.screens.inspection import InspectionScreen
from pos.tui.screens.sheet import SheetScreen
from tests.screens.conftest import Till, opened_till
from tests.shop import AUDITOR, CLERK, KEEPER, PINS, Shop


async def go(till: Till, who: str, make: type, name: str) -> None:
    await till.sign_in(who)
    till.app.open_screen(make)
    await till.comes(name)
    await till.idle()


async def answer(till: Till, place: int, *keys: str) -> None:
    """Answer a line of the list."""
    screen = till.app.screen
    assert isinstance(screen, InspectionScreen)
    screen.go(place)
    await till.press("enter")
    await till.until(lambda: till.name != "inspection")
    await till.press(*keys)
    await till.comes("inspection")
    await till.idle()


def one_ticket(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())


async def test_an_inspection_over_two_sittings(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=one_ticket) as till:
        await go(till, AUDITOR, InspectionScreen, "inspection")
        for place in range(5):
            await answer(till, place, "1")
        for place in range(5, 8):
            await answer(till, place, *"30", "enter")
        await till.press("plus")
        await till.says("inspect.left", lines=4)
    async with opened_till(tmp_path / "store") as till:
        await go(till, AUDITOR, InspectionScreen, "inspection")
        for place in range(8, 11):
            await answer(till, place, *"29", "enter")
        await answer(till, 12, *"ok", "plus")
        await till.press("plus")
        await till.comes("approve")
        await till.press(*PINS[AUDITOR], "enter")
        await till.comes("sheet")
        with till.desk.store.read() as connection:
            head = books.head(connection, till.desk.store.installation).seq
            entry = books.read_entry(connection, head)
        assert isinstance(entry.body, Inspection)
        assert entry.by.operator == AUDITOR
        assert [seen.counted for seen in entry.body.shelf] == [30, 30, 30, 29, 29, 29]
        assert till.app.station.drafts.load("inspection") is None


async def test_frozen_by_an_auditor_and_released_by_a_clerk(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await go(till, AUDITOR, FrozenScreen, "frozen")
        await till.press("plus")
        await till.comes("form")
        await till.scan("2900000000018")
        await till.press("plus")
        await till.comes("frozen")
        assert [each.commodity for each in freezing.listed(till.desk)] == ["g:g001"]
    async with opened_till(tmp_path / "store") as till:
        await go(till, CLERK, FrozenScreen, "frozen")
        await till.until(lambda: len(till.app.screen.items) == 1)  # type: ignore[attr-defined]
        await till.press("plus")
        await till.comes("form")
        await till.press(*"m04", "enter", "plus")
        await till.says("refused.not-permitted")
        await till.press("escape")
        await till.comes("frozen")
        await till.press("enter")
        await till.comes("confirm")
        await till.press("plus")
        await till.approve(KEEPER)
        await till.says("frozen.released")
        assert freezing.listed(till.desk) == []


async def test_the_exceptions_report(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=one_ticket) as till:
        await go(till, AUDITOR, ExceptionsScreen, "form")
        await till.press("plus")
        await till.comes("sheet")
        assert isinstance(till.app.screen, SheetScreen)
        assert till.app.screen.sheet.title == "exceptions"
        await till.press("plus")
        await till.says("sheet-screen.printing")
