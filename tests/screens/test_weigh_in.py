"""称重回收 walked through: real scales on real ptys, keys as a keeper presses them, and what the store holds after."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog.units import Fen, Grams, Points
from drivers.scale.weighing import Moving, NoSignal, OutOfRange, Settled
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from pos.core import codec
from pos.core.weigh_in import MANUAL, MOST_LINES, CountedLine, PooledLine, ScaleFacts, TareFrom, Weigh, WeighedLine
from pos.counter.weigh_in import weigh_in
from pos.storage import books
from pos.storage.drafts import Drafts
from pos.tui import open_tickets
from pos.tui.screens.weigh_in import WeighInScreen
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import COUNTER, FLOOR, VILLAGE, Shop, counted

PAPER, PET, IRON, COPPER, BATTERY, BOTTLE = "123456"
"""The keys of the shop's materials."""


@dataclass
class Pans:
    """Both scales at the far end of their cables."""

    floor: SimulatedScale
    counter: SimulatedScale
    settings: str

    def of(self, name: str) -> SimulatedScale:
        return self.floor if name == FLOOR.name else self.counter


def setting(facts: ScaleFacts, url: str) -> str:
    return (
        f'[[scales]]\nname = "{facts.name}"\nurl = "{url}"\nprotocol = "st_gs"\n'
        f'scale_class = "{facts.scale_class}"\nminimum_g = {facts.minimum.amount}\n'
        f"maximum_g = {facts.maximum.amount}\ndivision_g = {facts.division.amount}\n"
    )


@pytest.fixture
def pans() -> Iterator[Pans]:
    with PtyCable() as one, PtyCable() as two:
        settings = SETTINGS + setting(FLOOR, one.url) + setting(COUNTER, two.url)
        with (
            SimulatedScale(one, "st_gs", division=50, maximum=150_000, interval=0.05) as floor,
            SimulatedScale(two, "st_gs", division=10, maximum=30_000, interval=0.05) as counter,
        ):
            yield Pans(floor, counter, settings)


@dataclass
class Weighing:
    """A till with the weigh-in of household 0042 in front."""

    till: Till
    pans: Pans

    @property
    def screen(self) -> WeighInScreen:
        screen = self.till.app.screen
        assert isinstance(screen, WeighInScreen)
        return screen

    @property
    def lines(self) -> int:
        return len(self.screen.draft.lines)

    async def put(self, name: str, grams: int) -> None:
        """So much on a scale in all, and the till has seen it settle."""
        self.pans.of(name).place(grams, ramp=0.1)
        await self.shows(name, grams)

    async def shows(self, name: str, grams: int) -> None:
        """The till has seen so much settle."""

        def shown() -> bool:
            said = self.till.app.weighings.get(name)
            return isinstance(said, Settled) and said.grams == Grams(grams)

        await self.till.until(shown, f"{grams} g on {name}")
        await self.till.pilot.pause()

    async def take(self) -> None:
        """Enter, and the line is there."""
        before = self.lines
        await self.till.press("enter")
        await self.till.until(lambda: self.lines == before + 1, "a line more")

    async def count(self, key: str, pieces: str) -> None:
        """Pieces of a counted material, and the line is there."""
        before = self.lines
        await self.till.press(key)
        await self.till.comes("number")
        await self.till.press(*pieces, "enter")
        await self.till.until(lambda: self.till.name == "weigh-in" and self.lines == before + 1)

    async def finish(self) -> Weigh:
        """`+`, the receipt comes, and this is what the journal says."""
        await self.till.press("plus")
        await self.till.comes("receipt")
        return newest(self.till)

    def figure(self, place: str) -> str:
        return self.screen.query_one(place, BigDigits).value


def newest(till: Till) -> Weigh:
    with till.desk.store.read() as connection:
        body = books.read_entry(connection, books.newest(connection, 1)[0].seq).body
    assert isinstance(body, Weigh)
    return body


def written(till: Till) -> int:
    with till.desk.store.read() as connection:
        return books.counts_since(connection, 0).get("weigh", 0)


@asynccontextmanager
async def weighing_at(folder: Path, pans: Pans, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Weighing]:
    async with opened_till(folder, settings=pans.settings, size=size) as till:
        await till.sign_in()
        await till.open_household()
        await till.press("f3")
        await till.comes("weigh-in")
        walk = Weighing(till, pans)
        await till.until(lambda: walk.screen.bench is not None, "materials")
        for facts in (FLOOR, COUNTER):
            if facts.name in pans.settings:
                await walk.shows(facts.name, 0)
        yield walk


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


async def test_w3_copper_below_the_minimum_of_its_scale(walk: Weighing) -> None:
    till = walk.till
    await till.press(COPPER)
    await walk.put("CT-1", 190)
    await till.press("enter")
    await till.until(lambda: "太轻" in till.message)
    assert walk.lines == 0
    assert any("太轻" in ring for ring in till.rings)
    await walk.put("CT-1", 850)
    await walk.take()
    assert "38.25" in till.text("#sums")


async def test_w4_bottles_by_the_piece(walk: Weighing) -> None:
    await walk.count(BOTTLE, "３7")  # a full-width digit of the input method
    await walk.count(BATTERY, "12")
    body = await walk.finish()
    pooled, counted = body.lines
    assert isinstance(pooled, PooledLine)
    assert (pooled.points, pooled.carried) == (Points(100), 2)
    assert isinstance(counted, CountedLine)
    assert counted.amount == Fen(120)


async def test_pieces_outside_the_range_are_not_taken(walk: Weighing) -> None:
    till = walk.till
    await till.press(BOTTLE)
    await till.comes("number")
    await till.press("0", "enter")
    await till.until(lambda: "数量要在 1 到" in till.message)
    await till.press("escape")
    await till.comes("weigh-in")
    assert walk.lines == 0


async def test_the_same_load_is_not_taken_twice(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    await walk.put("FS-1", 18_650)
    await walk.take()
    await till.press(PAPER, "enter")
    await till.until(lambda: "请把袋子拿下来" in till.message)
    await till.until(lambda: "请把袋子拿下来" in till.text("#state"))
    assert walk.figure("#gross") == "--.--"
    assert walk.lines == 1


async def test_a_moving_load_is_not_taken(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    walk.pans.floor.shake(True)
    walk.pans.floor.place(18_650)
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], Moving))
    await till.until(lambda: "晃动" in till.text("#state"))
    assert walk.figure("#gross") == "--.--"
    await till.press("enter")
    await till.until(lambda: "晃动" in till.message)
    assert walk.lines == 0
    walk.pans.floor.shake(False)
    await walk.put("FS-1", 18_650)
    await walk.take()


@pytest.mark.parametrize(("grams", "words"), [(170_000, "超载"), (-500, "低于零")])
async def test_out_of_range(walk: Weighing, grams: int, words: str) -> None:
    till = walk.till
    await till.press(PAPER)
    walk.pans.floor.place(grams)
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], OutOfRange))
    await till.until(lambda: words in till.text("#state"))
    assert walk.figure("#gross") == "--.--"
    await till.press("enter")
    await till.until(lambda: words in till.message)
    assert walk.lines == 0


async def test_a_silent_scale_shows_no_old_figure(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER)
    await walk.put("FS-1", 18_650)
    assert walk.figure("#gross") == "18.650"
    walk.pans.floor.power_off()
    await till.until(lambda: isinstance(till.app.weighings["FS-1"], NoSignal))
    await till.until(lambda: walk.figure("#gross") == "--.--")
    await till.press("enter")
    await till.until(lambda: "没有信号" in till.message)
    assert walk.lines == 0


async def test_an_empty_scale(walk: Weighing) -> None:
    await walk.till.press(PAPER, "enter")
    await walk.till.until(lambda: "秤上是空的" in walk.till.message)
    assert walk.lines == 0


async def test_tare_over_gross(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER, "f5")
    await till.comes("choose")
    await till.press("2")  # the crate of 1.65 kg; nothing is on the scale
    await till.comes("weigh-in")
    await walk.put("FS-1", 1_200)
    assert walk.figure("#net") == "--.--"
    await till.press("enter")
    await till.until(lambda: "皮重不比毛重轻" in till.message)
    assert walk.lines == 0
    await walk.put("FS-1", 5_000)  # nothing was taken off the scale by the refusal
    await walk.take()


async def test_a_typed_tare_off_the_division(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER, "f5")
    await till.comes("choose")
    await till.press("3")
    await till.comes("number")
    await till.press(*"0.33", "enter")
    await till.comes("weigh-in")
    await walk.put("FS-1", 5_000)
    await till.press("enter")
    await till.until(lambda: "整倍数" in till.message)
    assert walk.lines == 0


async def test_without_a_material(walk: Weighing) -> None:
    await walk.put("FS-1", 5_000)
    await walk.till.press("enter")
    await walk.till.until(lambda: "选品类" in walk.till.message)
    assert walk.lines == 0


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


async def test_second_person_refuses(walk: Weighing) -> None:
    till = walk.till
    await till.press(IRON, "f7")
    await till.comes("number")
    await till.press("9", "enter")
    await till.comes("choose")
    await till.press("4")
    await till.until(lambda: till.name == "weigh-in" and walk.lines == 1)
    await till.press("plus")
    await till.comes("approve")
    await till.press("escape")
    await till.comes("weigh-in")
    assert (walk.lines, written(till)) == (1, 0)


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


async def test_escape_gives_the_next_line_up_first(walk: Weighing) -> None:
    till = walk.till
    await till.press(PAPER, "escape")
    assert till.name == "weigh-in"
    assert walk.screen.material is None
    await till.press("escape")
    await till.comes("home")


async def test_scans_at_the_scale(walk: Weighing) -> None:
    till = walk.till
    await till.press(BATTERY)
    await till.comes("number")
    await till.scan("2900000000018")
    await till.until(lambda: till.rings, "refused aloud in a dialog")
    assert till.name == "number"
    assert "2900" not in till.text("#typed")
    await till.press("7", "enter")
    await till.until(lambda: till.name == "weigh-in" and walk.lines == 1)
    await till.scan("2900000000018")
    await till.until(lambda: "不扫商品" in till.message)
    await till.scan(till.cards["0042"])
    await till.until(lambda: "就是这一户" in till.message)
    await till.scan(till.cards["0002"])
    await till.comes("choose")
    assert "0002" in till.text("#question")
    await till.press("1")
    await till.comes("weigh-in")
    assert walk.screen.draft.household == f"{VILLAGE}0042"
    assert walk.lines == 1


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


async def test_the_wrong_scale(tmp_path: Path) -> None:
    with PtyCable() as cable, SimulatedScale(cable, "st_gs", division=50, interval=0.05) as floor:
        pans = Pans(floor, floor, SETTINGS + setting(FLOOR, cable.url))
        async with weighing_at(tmp_path / "store", pans) as walk:
            await walk.till.press(COPPER)
            await walk.put("FS-1", 5_000)
            await walk.till.press("enter")
            await walk.till.until(lambda: "请换另一台秤" in walk.till.message)
            assert walk.lines == 0
            await walk.till.press(PAPER)  # the load is still there for what this scale may weigh
            await walk.take()


async def test_without_any_scale(tmp_path: Path, pans: Pans) -> None:
    bare = Pans(pans.floor, pans.counter, SETTINGS)
    async with weighing_at(tmp_path / "store", bare) as walk:
        assert "没有接秤" in walk.till.text("#state")
        await walk.till.press(PAPER, "enter")
        await walk.till.until(lambda: "没有接秤" in walk.till.message)
        await walk.count(BATTERY, "3")
        body = await walk.finish()
        assert body.amount == Fen(30)


async def test_hazardous_waste_is_to_be_kept_apart(walk: Weighing) -> None:
    await walk.count(BATTERY, "3")
    assert "有害垃圾" in walk.till.message


async def test_a_full_ticket(tmp_path: Path, pans: Pans) -> None:
    folder = tmp_path / "store"

    def fill(shop: Shop) -> None:
        drafts = Drafts(folder)
        draft = shop.bag(*[counted("h01", 1)] * MOST_LINES)
        drafts.save("weigh-in", codec.dumps(codec.plain(draft)))
        drafts.close()

    async with opened_till(folder, settings=pans.settings, prepare=fill) as till:
        await till.sign_in()
        await till.press("f3")
        await till.comes("weigh-in")
        walk = Weighing(till, pans)
        await till.until(lambda: walk.screen.bench is not None)
        assert "废电池" in str(walk.screen.query_one(Ticket).render())
        await till.press(BOTTLE)
        await till.comes("number")
        await till.press("5", "enter")
        await till.until(lambda: f"最多 {MOST_LINES} 行" in till.message)
        body = await walk.finish()
        assert len(body.lines) == MOST_LINES
