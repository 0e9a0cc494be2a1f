"""A keeper whose keys and scans are counted."""

from dataclasses import dataclass, field

from catalog.units import Grams
from drivers.scale.weighing import Settled
from pos.core.people import Role
from pos.tui import menu
from tests.screens.conftest import Till
from tests.screens.weighing import Pans
from tests.sync.pair import Pair


@dataclass
class Walk(Till):
    """The till, and every key and scan that it takes."""

    pans: Pans | None = None
    pair: Pair | None = None
    keys: list[str] = field(default_factory=list)
    scans: int = 0

    async def press(self, *keys: str) -> None:
        """Press keys one by one; each counts."""
        self.keys += keys
        await super().press(*keys)
        await self.idle()

    async def scan(self, *texts: str) -> None:
        """Scan codes; each counts."""
        self.scans += len(texts)
        await super().scan(*texts)
        await self.idle()

    async def put(self, name: str, grams: int) -> None:
        """So much on a scale in all, and the till has seen it settle."""
        assert self.pans is not None
        self.pans.of(name).place(grams)

        def shown() -> bool:
            said = self.app.weighings.get(name)
            return isinstance(said, Settled) and said.grams == Grams(grams)

        await self.until(shown, f"{grams} g on {name}")
        await self.pilot.pause()

    async def menu(self, name: str) -> None:
        """F11, the digit of the group, the digit of the line."""
        item = next(item for item in menu.MENU if item.name == name)
        group = menu.groups(Role.KEEPER).index(item.group) + 1
        line = [each.name for each in menu.items(item.group, Role.KEEPER)].index(name) + 1
        await self.press("f11", str(group), str(line))

    async def sees(self, screen: str, place: str = "", text: str = "") -> None:
        """Wait for a screen to be in front, and for what it shows."""
        await self.comes(screen)
        if place:
            await self.until(lambda: text in str(self.app.screen.query_one(place).render()), text)
        await self.idle()
