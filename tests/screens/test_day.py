"""开班 and 日结 at the till: counted, gone on with after a restart, signed, and found again."""

from pathlib import Path

import pytest

from catalog.units import Fen
from pos.core import codec
from pos.core.acts import Act, ActCode
from pos.core.closing import Closing
from pos.core.day import DayClose, DayOpen, Review
from pos.core.fund import Source
from pos.core.kinds import Body
from pos.core.sheets import Money, Sheet
from pos.counter import day, fund
from pos.storage import books
from pos.tui.screens.sheet import SheetScreen
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import CLERK, Shop

NO_SPOTS = f"{SETTINGS}\n[day]\nspot_goods = 0\n"
ONE_SPOT = f"{SETTINGS}\n[day]\nspot_goods = 1\n"
DAY_MS = 86_400_000


def newest(till: Till) -> Body:
    with till.desk.store.read() as connection:
        head = books.head(connection, till.desk.store.installation)
        return books.read_entry(connection, head.seq).body


def lines(till: Till) -> str:
    return "\n".join(f"{row.text} {row.figure}" for row in till.app.screen.query_one("#lines", Ticket).rows)


def with_cash(shop: Shop) -> None:
    """Fifty yuan of the village's money in the drawer."""
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(50_00), "村委会")
    fund.into_drawer(shop.desk, shop.by, Source.VILLAGE, Fen(50_00))


def night(shop: Shop) -> None:
    """The same, and the day closed with it."""
    with_cash(shop)
    day.close_day(shop.desk, shop.two, Closing(counted=Fen(50_00)))


async def steps(till: Till, text: str) -> None:
    """Wait for a line of the list."""
    await till.until(lambda: text in lines(till), text)


async def test_a_day_is_closed_by_two(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=NO_SPOTS, prepare=with_cash) as till:
        await till.sign_in()
        await till.press("f7")
        await till.comes("close-day")
        await steps(till, till.app.words("close.cash"))
        await till.press("plus")
        await till.says("close.left", steps=1)
        await till.press("enter")
        await till.comes("number")
        await till.press(*"50", "enter")
        await steps(till, till.app.words("close.counted", counted="50.00", difference="0.00"))
        await till.press("plus")
        await till.comes("choose")
        await till.press("1")
        await till.approve()
        await till.comes("sheet")
        body = newest(till)
        assert isinstance(body, DayClose)
        assert body.review is Review.SIGNED
        assert isinstance(till.app.screen, SheetScreen)
        assert shown(till.app.screen.sheet) == Fen(50_00)
        await till.press("escape")
        await till.comes("home")
        await till.until(lambda: till.app.words("home.day-closed") in till.text("#to-do"))
        await till.press("f7")
        await till.comes("opening")
        await till.press("plus")
        await till.until(lambda: isinstance(newest(till), DayOpen))


def shown(sheet: Sheet) -> Fen:
    """What the Z says was counted."""
    cell = next(fact.cell for fact in sheet.facts if fact.label == "cash-counted")
    assert isinstance(cell, Money)
    return cell.fen


async def test_a_drawer_that_is_short_asks_why(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=NO_SPOTS, prepare=with_cash) as till:
        await till.sign_in()
        await till.press("f7")
        await till.comes("close-day")
        await steps(till, till.app.words("close.cash"))
        await till.press("enter")
        await till.comes("number")
        await till.press(*"49.5", "enter")
        await till.comes("choose")
        assert "-0.50" in till.text("#question")
        await till.press("3")
        await steps(till, till.app.words("close.counted", counted="49.50", difference="-0.50"))


async def test_a_close_goes_on_after_a_power_cut(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=ONE_SPOT, prepare=with_cash) as till:
        await till.sign_in()
        await till.press("f7")
        await till.comes("close-day")
        await steps(till, till.app.words("close.cash"))
        await till.press("enter")
        await till.comes("number")
        await till.press(*"50", "enter")
        await till.comes("close-day")
        await till.until(lambda: till.app.station.drafts.load("close"))
    async with opened_till(tmp_path / "store", settings=ONE_SPOT) as till:
        await till.sign_in()
        await till.press("f7")
        await till.comes("close-day")
        await steps(till, till.app.words("close.counted", counted="50.00", difference="0.00"))
        await till.press("enter")
        await till.comes("number")
        assert till.app.words("count.good", item="大豆油 5L") in till.text("#question")
        await till.press(*"30", "enter")
        await steps(till, till.app.words("close.pieces", counted=30, difference=0))
        await till.press("plus")
        await till.comes("choose")
        await till.press("2")
        await till.comes("sheet")
        body = newest(till)
        assert isinstance(body, DayClose)
        assert body.review is Review.PENDING
        assert till.app.station.drafts.load("close") is None


async def test_what_was_counted_yesterday_counts_for_nothing_today(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=NO_SPOTS, prepare=night) as till:
        stale = Closing(opened=20, counted=Fen(7))
        till.app.station.drafts.save("close", codec.dumps(codec.plain(stale)))
        await till.sign_in(screen="opening")
        await till.press("plus")
        await till.comes("home")
        await till.press("f7")
        await till.comes("close-day")
        await steps(till, f"○ {till.app.words('close.cash')}")


@pytest.mark.parametrize(("key", "left"), [("2", False), ("1", True)])
async def test_an_open_ticket_is_dealt_with_first(tmp_path: Path, key: str, *, left: bool) -> None:
    kept: list[bytes] = []
    async with opened_till(
        tmp_path / "store",
        settings=NO_SPOTS,
        prepare=lambda shop: kept.append(codec.dumps(codec.plain(shop.bag()))),
    ) as till:
        till.app.station.drafts.save("weigh-in", kept[0])
        await till.sign_in()
        await till.press("f7")
        await till.comes("close-day")
        await steps(till, till.app.words("close.weigh-in", household="0042", lines=3))
        await till.press("plus")
        await till.says("close.left", steps=1)
        await till.press("enter")
        await till.comes("choose")
        await till.press(key)
        if left:
            await till.comes("weigh-in")
        else:
            await till.until(lambda: "0042" not in lines(till))
            body = newest(till)
            assert isinstance(body, Act)
            assert body.code is ActCode.CANCELLED
        assert (till.app.station.drafts.load("weigh-in") is not None) is left


async def test_the_float_is_counted_at_the_opening(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", settings=NO_SPOTS, prepare=night) as till:
        till.clock.advance(DAY_MS)
        await till.sign_in(screen="opening")
        await steps(till, till.app.words("light.cash-uncounted"))
        await till.press("enter")
        await till.comes("number")
        await till.press(*"50", "enter")
        await steps(till, till.app.words("light.cash-counted", yuan="50.00"))
        await till.press("plus")
        await till.comes("home")
        await till.says("day.opened", date="2026-01-16", book=7)


async def test_a_clerk_signs_later(tmp_path: Path) -> None:
    def alone(shop: Shop) -> None:
        day.close_day(shop.desk, shop.by)

    async with opened_till(tmp_path / "store", settings=NO_SPOTS, prepare=alone) as till:
        await till.sign_in(CLERK, screen="opening")
        await till.press("escape")
        await till.comes("home")
        await till.press("f11")
        await till.comes("choose")
        await choose(till, "menu.store")
        await choose(till, "menu.closes")
        await till.comes("list")
        await steps(till, till.app.words("closes.pending"))
        await till.press("enter")
        await till.comes("choose")
        await till.press("2")
        await till.comes("list")
        await steps(till, till.app.words("closes.signed"))
        await till.press("enter")
        await till.comes("sheet")


async def choose(till: Till, msgid: str) -> None:
    """Press the digit of this line."""
    text = till.app.words(msgid)
    found = [str(line.render()) for line in till.app.screen.query(".choice")]
    await till.press(next(line.split()[0] for line in found if line.endswith(text)))
