"""`python -m tests.screens.pictures`: the pictures of the README, taken of the real terminal in the demo village."""

import asyncio
import re
import tempfile
from pathlib import Path

from drivers.scale.weighing import Settled
from drivers.simulated.scale import SimulatedScale
from pos.core.entries import Signatures
from pos.counter.day import open_day
from pos.counter.desk import Desk
from pos.demo.stage import KEEPER, Stage, make
from pos.storage.store import open_store
from pos.tui.app import CounterApp
from tests.screens.conftest import Till
from tests.shop import ManualClock

FOLDER = Path(__file__).parent / "pictures"
HOUSEHOLD = "0042"
LOADS = (("1", "FS-1", 18_650), ("4", "CT-1", 4_200), ("6", "FS-1", 12_450))
"""Key of the material, scale and grams of each line."""

_FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Textual names fonts on the net; the viewer's own monospaced one will do."""


async def main() -> None:
    """Play one household's visit, and take a picture of each screen."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pos-pictures-") as name:
        make(Path(name))
        open_today(Path(name))
        with Stage(Path(name)) as stage:
            app = CounterApp(Path(name))
            async with app.run_test(size=(100, 30)) as pilot:
                cards = {card.household[-4:]: card.qr for card in stage.cards() if card.note == "good"}
                await visit(Till(app, pilot, ManualClock(), cards, []), stage)


def open_today(folder: Path) -> None:
    """Open the day, as the keeper did in the morning."""
    store = open_store(folder)
    open_day(Desk(store), Signatures(KEEPER.number))
    store.close()


async def visit(till: Till, stage: Stage) -> None:
    """Log in, weigh in three loads, redeem four goods."""
    await till.comes("login")
    await till.press(*KEEPER.number, "enter", *KEEPER.pin, "enter")
    await till.comes("home")
    for name, pan in (("FS-1", stage.floor), ("CT-1", stage.counter)):
        await shows(till, name, pan, 0)
    await picture(till, "home")
    await till.press("f10")
    await till.comes("devices")
    await picture(till, "devices")
    await till.press("escape")
    await till.comes("home")
    await till.press("f7")
    await till.comes("close-day")
    await picture(till, "close-day")
    await till.press("escape")
    await till.comes("home")
    await till.open_household(HOUSEHOLD)
    await picture(till, "household")
    await till.press("f3")
    await till.comes("weigh-in")
    await till.idle()
    for place, (key, name, grams) in enumerate(LOADS, 1):
        pan = stage.floor if name == "FS-1" else stage.counter
        await till.press(key)
        await till.idle()
        if till.name == "choose":
            # What may not be taken in among metal is asked about.
            await till.press("1")
            await till.comes("weigh-in")
        await shows(till, name, pan, grams)
        if place == len(LOADS):
            await picture(till, "weigh-in")
        await till.press("enter")
        await till.until(lambda place=place: len(till.app.screen.draft.lines) == place)  # type: ignore[attr-defined, misc]
        await shows(till, name, pan, 0)
    await finish(till)
    await picture(till, "receipt")
    await till.open_household(HOUSEHOLD)
    await till.press("f2")
    await till.comes("redeem")
    await till.idle()
    await till.scan("2900000000018", "2900000000018", "2900000000162")
    await till.until(lambda: len(till.app.screen.draft.lines) == 2)  # type: ignore[attr-defined]
    await till.press("c", "z")
    await picture(till, "redeem")


async def shows(till: Till, name: str, pan: SimulatedScale, grams: int) -> None:
    """Have so much on the pan, and wait until the till says so."""
    pan.place(grams)

    def settled() -> bool:
        weighing = till.app.weighings.get(name)
        return isinstance(weighing, Settled) and weighing.grams.amount == grams

    await till.until(settled, f"{name} {grams}")


async def finish(till: Till) -> None:
    """Confirm the ticket in front."""
    await till.press("plus")
    if till.name == "confirm":
        await till.press("plus")
    await till.comes("receipt")
    await till.idle()


async def picture(till: Till, name: str) -> None:
    """Keep what is on the screen."""
    await till.idle()
    svg = _FONT.sub("", till.app.export_screenshot(title="pos till"))
    (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
