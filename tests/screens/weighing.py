"""A weigh-in to walk through: the till with both scales on real ptys, and what a keeper does there."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.units import Grams
from drivers.scale.weighing import Settled
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from pos.core.scales import ScaleFacts
from pos.core.weigh_in import Weigh
from pos.storage import books
from pos.tui.screens.weigh_in import WeighInScreen
from pos.tui.widgets.digits import BigDigits
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import COUNTER, FLOOR

PAPER, PET, IRON, COPPER, BATTERY, BOTTLE = "123456"
"""The keys of the shop's materials."""


@dataclass
class Pans:
    """Both scales at the far end of their cables."""

    floor: SimulatedScale
    counter: SimulatedScale
    settings: str

    def of(self, name: str) -> SimulatedScale:
        """The scale of this name."""
        return self.floor if name == FLOOR.name else self.counter


def setting(facts: ScaleFacts, url: str) -> str:
    """A scale's part of `station.toml`."""
    return (
        f'[[scales]]\nname = "{facts.name}"\nurl = "{url}"\nprotocol = "st_gs"\n'
        f'scale_class = "{facts.scale_class}"\nminimum_g = {facts.minimum.amount}\n'
        f"maximum_g = {facts.maximum.amount}\ndivision_g = {facts.division.amount}\n"
    )


@contextmanager
def plugged_in() -> Iterator[Pans]:
    """Both scales, speaking."""
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
        """The screen in front."""
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
