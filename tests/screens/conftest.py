"""The till in front of a test: the real app on a real store, driven by keys and scans as they come from a terminal."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Static

from pos.counter import cards
from pos.counter.desk import Desk
from pos.tui.app import CounterApp
from tests import shop
from tests.shop import KEEPER, PINS, ManualClock, Shop

DEADLINE = 20.0
"""Seconds after which a condition counts as never coming true."""


@dataclass
class Till:
    """The till, and what a keeper does with it."""

    app: CounterApp
    pilot: Pilot[None]
    clock: ManualClock
    cards: dict[str, str]
    """The text of each household's QR code by its serial."""
    rings: list[str]
    """What the message line said whenever the bell rang."""

    @property
    def desk(self) -> Desk:
        """The counter that the till stands on."""
        return self.app.station.desk

    @property
    def name(self) -> str:
        """The name of the screen in front."""
        front = self.app.front
        return front.NAME if front is not None else ""

    @property
    def message(self) -> str:
        """What the screen in front says."""
        front = self.app.front
        return str(front.query_one("#message", Static).render()) if front is not None and front.is_mounted else ""

    def text(self, place: str) -> str:
        """What a piece of the screen in front shows."""
        return str(self.app.screen.query_one(place, Static).render())

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for something to become true."""
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, f"{what or condition}: {self.name}: {self.message}"
            await self.pilot.pause(0.01)

    async def comes(self, name: str) -> None:
        """Wait for a screen to be in front."""
        await self.until(lambda: self.name == name and self.app.screen.is_mounted, name)
        await self.pilot.pause()

    async def says(self, msgid: str, **fields: object) -> None:
        """Wait for the screen in front to say this."""
        text = self.app.words(msgid, **fields)
        await self.until(lambda: text in self.message, text)

    async def press(self, *keys: str) -> None:
        """Press keys one by one, as a person does: slower than any scanner."""
        for key in keys:
            await self.pilot.press(key)
            await self.until(lambda: self.app._wedge.due is None)
        await self.pilot.pause()

    async def scan(self, *texts: str) -> None:
        """Scan codes one right after the other, without a gap."""
        for text in texts:
            for sign in text:
                self.app.post_message(Key(sign, sign))
            self.app.post_message(Key("enter", "\r"))
        await self.pilot.pause()

    async def sign_in(self, number: str = KEEPER, screen: str = "home") -> None:
        """Log in, and see the screen that comes then: with no day open the checks of the opening."""
        await self.comes("login")
        await self.press(*number, "enter", *PINS[number], "enter")
        await self.until(lambda: self.app.keeper is not None)
        await self.idle()
        await self.comes(screen)

    async def open_household(self, short: str = "0042") -> None:
        """Scan a household's card and see its screen."""
        await self.scan(self.cards[short])
        await self.comes("household")

    async def approve(self, number: str = shop.CLERK) -> None:
        """Be the second person."""
        await self.comes("approve")
        await self.press(*number, "enter", *PINS[number], "enter")

    async def idle(self) -> None:
        """Wait until no counter call is under way."""
        await self.until(lambda: not [w for w in self.app.workers if w.group == "counter" and not w.is_finished])
        await self.pilot.pause()


SETTINGS = """
language = "zh_CN"
[counter]
void_limit = 30
lock_minutes = 10
"""


@asynccontextmanager
async def opened_till(
    folder: Path,
    *,
    settings: str = SETTINGS,
    size: tuple[int, int] = (80, 24),
    prepare: Callable[[Shop], object] | None = None,
    day_open: bool = True,
) -> AsyncIterator[Till]:
    """A till in `folder`, opened up to the log-in; `prepare` does something in the shop before."""
    if not (folder / "store.db").exists():
        shop.open_shop(folder, day_open=day_open).close()
    (folder / "station.toml").write_text(settings, encoding="utf-8")
    before = shop.reopened(folder)
    if prepare is not None:
        prepare(before)
    texts = {short: cards.qr_text(before.desk, card) for short, card in before.cards.items()}
    before.close()
    app = CounterApp(folder, before.clock.clock())
    rings: list[str] = []
    async with app.run_test(size=size) as pilot:
        till = Till(app, pilot, before.clock, texts, rings)
        ring = app.bell

        def bell() -> None:
            rings.append(till.message)
            ring()

        app.bell = bell  # type: ignore[method-assign]
        await till.comes("login")
        yield till


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Till]:
    """A till with the day open and nobody logged in."""
    async with opened_till(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
async def serving(till: Till) -> Till:
    """A till at which the keeper is logged in and waits for a card."""
    await till.sign_in()
    return till
