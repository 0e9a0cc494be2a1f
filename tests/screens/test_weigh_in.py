"""称重回收 walked through: real scales on real ptys, keys as a keeper presses them, and what the store holds after."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from catalog.units import Fen, Grams, Points
from pos.core.acts import Act, ActCode
from pos.core.weigh_in import MANUAL, CountedLine, PooledLine, TareFrom, WeighedLine
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.tui import open_tickets
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import Till, opened_till
from tests.screens.weighing import (
    BATTERY,
    BOTTLE,
    IRON,
    PAPER,
    PET,
    Pans,
    Weighing,
    newest,
    plugged_in,
    weighing_at,
    written,
)


@pytest.fixture
def pans() -> Iterator[Pans]:
    with plugged_in() as both:
        yield both


@pytest.fixture
async def walk(tmp_path: Path, pans: Pans) -> AsyncIterator[Weighing]:
    async with weighing_at(tmp_path / "store", pans) as weighing:
        yield weighing


async def test_w1(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    await walk.put("FS-1", 350)
    await till.press("f5")
    await till.comes("choose")
    await till.press("1")
    await till.comes("weigh-in")
    await walk.put("FS-1", 18_650)
    assert (walk.figure("#gross"), walk.figure("#net")) == ("18.650", "18.300")
    assert "36.6" in till.text("#net-label")
    assert "18.30" in till.text("#load")
    await walk.take()

    await till.press(PET)
    await walk.put("CT-1", 4_200)
    await till.press("f5")
    await till.comes("choose")
    await till.press("4")  # behind the scale and two presets: typed
    await till.comes("number")
    await till.press(*"0.20", "enter")
    await till.comes("weigh-in")
    await walk.take()

    await walk.put("FS-1", 0)
    await till.press(IRON)
    await walk.put("FS-1", 12_450)
    await walk.take()

    assert "47.82" in till.text("#sums")
    assert "59.82" in till.text("#sums")  # the balance after
    assert "+47.82" in till.text("#household")
    body = await walk.finish()

    assert [line.amount for line in body.lines if isinstance(line, WeighedLine)] == [Fen(1830), Fen(960), Fen(1992)]
    assert (body.amount, body.points) == (Fen(4782), Points(4782))
    paper, pet, iron = (line for line in body.lines if isinstance(line, WeighedLine))
    assert (paper.gross, paper.tare, paper.tare_from) == (Grams(18_650), Grams(350), TareFrom.SCALE)
    assert (pet.evidence.scale, pet.tare_from, iron.tare_from) == ("CT-1", TareFrom.TYPED, TareFrom.NONE)
    assert bytes.fromhex(paper.evidence.frame).startswith(b"ST,GS")
    assert open_tickets.load(till.app.station.drafts).weigh_in is None


async def test_nothing_moves_before_the_last_key(walk: Weighing) -> None:
    await walk.till.press(PAPER)
    await walk.put("FS-1", 18_650)
    await walk.take()
    assert written(walk.till) == 0


async def test_w2_wet_cardboard(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER, "f6")
    await till.comes("number")
    await till.press("5", "enter")
    await till.comes("choose")
    await till.press("1")
    await till.comes("weigh-in")
    await walk.put("FS-1", 18_300)
    assert "扣5%" in till.text("#load")
    await walk.take()
    body = await walk.finish()
    line = body.lines[0]
    assert isinstance(line, WeighedLine)
    assert (line.amount, line.deduction, line.deduction_reason) == (Fen(1739), 5, "wet")


async def test_w4_bottles_by_the_piece(walk: Weighing) -> None:
    await walk.count(BOTTLE, "３7")  # a full-width digit of the input method
    await walk.count(BATTERY, "12")
    body = await walk.finish()
    pooled, counted = body.lines
    assert isinstance(pooled, PooledLine)
    assert (pooled.points, pooled.carried) == (Points(100), 2)
    assert isinstance(counted, CountedLine)
    assert counted.amount == Fen(120)


async def test_a_typed_weight_needs_a_second_person(walk: Weighing) -> None:
    till = walk.till
    await till.press(IRON, "f7")
    await till.comes("number")
    await till.press(*"12.45", "enter")
    await till.comes("choose")
    await till.press("1")
    await till.until(lambda: till.name == "weigh-in" and walk.lines == 1)
    assert "手工" in str(walk.screen.query_one(Ticket).render())
    await till.press("plus")
    await till.comes("approve")
    assert written(till) == 0
    await till.approve()
    await till.comes("receipt")
    body = newest(till)
    line = body.lines[0]
    assert isinstance(line, WeighedLine)
    assert (line.evidence.criterion, line.evidence.reason, line.amount) == (MANUAL, "scale-broken", Fen(1992))
    with till.desk.store.read() as connection:
        assert books.read_entry(connection, books.newest(connection, 1)[0].seq).by.approver == "01"


def cancelled(till: Till) -> int:
    """Lines and tickets given up, as the journal remembers them: whose, and no more than a hash."""
    with till.desk.store.read() as connection:
        newest = [books.read_entry(connection, found.seq).body for found in books.newest(connection, 5)]
    acts = [body for body in newest if isinstance(body, Act) and body.code is ActCode.CANCELLED]
    assert all(act.subject.endswith("0042") and len(act.digest) == 64 for act in acts)
    return len(acts)


async def test_a_line_is_removed(walk: Weighing) -> None:
    till = walk.till
    for key in (BATTERY, BOTTLE, BATTERY):
        await walk.count(key, "7")
    await till.press("up", "minus")
    assert [line.material for line in walk.screen.draft.lines] == ["h01", "h01"]
    await till.press("delete", "delete", "minus")
    assert walk.lines == 0
    await till.press("plus")
    await till.until(lambda: "单子是空的" in till.message)
    assert written(till) == 0
    await till.idle()
    assert cancelled(till) == 3


async def test_leaving_asks(walk: Weighing) -> None:
    till = walk.till
    await walk.count(BATTERY, "7")
    await till.press("escape")  # the material chosen is gone with the line: this is the ticket
    await till.comes("choose")
    await till.press("1")
    await till.comes("weigh-in")
    assert walk.lines == 1
    await till.press("escape")
    await till.comes("choose")
    await till.press("2")
    await till.comes("home")
    assert written(till) == 0
    assert open_tickets.load(till.app.station.drafts).weigh_in is None
    assert cancelled(till) == 1


async def test_escape_gives_the_next_line_up_first(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER, "escape")
    assert till.name == "weigh-in"
    assert walk.screen.material is None
    await till.press("escape")
    await till.comes("home")


async def test_another_card_takes_over_an_empty_ticket(walk: Weighing) -> None:
    till = walk.till
    await till.scan(till.cards["0002"])
    await till.comes("household")


async def test_a_power_cut_with_an_open_ticket(tmp_path: Path, pans: Pans) -> None:
    folder = tmp_path / "store"
    async with weighing_at(folder, pans) as walk:
        await walk.till.press(PAPER)
        await walk.put("FS-1", 18_650)
        await walk.take()
        await walk.till.idle()
        left = walk.screen.draft
    async with opened_till(folder, settings=pans.settings) as till:
        await till.sign_in()
        await till.press("f3")
        await till.comes("weigh-in")
        walk = Weighing(till, pans)
        await till.until(lambda: walk.screen.bench is not None)
        assert walk.screen.draft == left
        body = await walk.finish()
        assert body.amount == Fen(1865)


async def test_a_ticket_written_right_before_the_cut_is_not_written_again_unasked(tmp_path: Path, pans: Pans) -> None:
    folder = tmp_path / "store"
    async with weighing_at(folder, pans) as walk:
        await walk.till.press(PAPER)
        await walk.put("FS-1", 18_650)
        await walk.take()
        await walk.till.idle()
        station, draft = walk.till.app.station, walk.screen.draft
        weigh_in(station.desk, walk.till.app.by, draft)  # the cut comes before the draft is cleared
    async with opened_till(folder, settings=pans.settings) as till:
        await till.sign_in()
        await till.press("f3")
        await till.comes("choose")
        assert "已经记过账" in till.text("#question")
        await till.press("1")
        await till.comes("home")
        assert written(till) == 1
        assert open_tickets.load(till.app.station.drafts).weigh_in is None


async def test_finishing_twice_writes_once(walk: Weighing) -> None:
    till = walk.till
    await walk.count(BATTERY, "7")
    await till.pilot.press("plus", "plus", "plus")
    await till.comes("receipt")
    await till.idle()
    assert written(till) == 1


async def test_on_a_large_screen(tmp_path: Path, pans: Pans) -> None:
    async with weighing_at(tmp_path / "store", pans, (100, 30)) as walk:
        await walk.till.press(PAPER)
        await walk.put("FS-1", 18_650)
        await walk.take()
        assert "18.65" in str(walk.screen.query_one(Ticket).render())


async def test_hazardous_waste_is_to_be_kept_apart(walk: Weighing) -> None:
    await walk.count(BATTERY, "3")
    assert "有害垃圾" in walk.till.message
