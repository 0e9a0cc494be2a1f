"""A redemption to walk through: the till, and what a keeper does there."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from catalog.units import Points
from pos.core.redemption import Redeem
from pos.counter import cards
from pos.storage import books
from pos.tui.screens.redeem import RedeemScreen
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.ticket import Ticket
from tests.screens.conftest import Till, opened_till
from tests.shop import Shop

SALT, OLD_OIL, OIL, TISSUES, DETERGENT, SOAP = (
    "2900000000018",
    "2900000000056",
    "2900000000063",
    "2900000000131",
    "2900000000162",
    "2900000000179",
)


class Redeeming:
    """A till with a redemption in front."""

    def __init__(self, till: Till) -> None:
        self.till = till

    @property
    def screen(self) -> RedeemScreen:
        """The screen in front."""
        screen = self.till.app.screen
        assert isinstance(screen, RedeemScreen)
        return screen

    @property
    def ticket(self) -> dict[str, int]:
        """Pieces by good."""
        return {line.good: line.quantity for line in self.screen.draft.lines}

    @property
    def balance(self) -> str:
        """The big figure."""
        return self.screen.query_one(BigDigits).value

    def list(self, place: str) -> str:
        """What one of the lists shows."""
        return str(self.screen.query_one(place, Ticket).render())

    async def scan(self, *codes: str) -> None:
        """Scan goods and wait until as many pieces more are on the ticket."""
        before = sum(self.ticket.values())
        await self.till.scan(*codes)
        await self.till.until(lambda: sum(self.ticket.values()) == before + len(codes), "scanned")

    async def refused(self, words: str) -> None:
        """The screen says no with these words, and aloud."""
        await self.till.until(lambda: words in self.till.message, words)
        assert any(words in ring for ring in self.till.rings)

    async def finish(self) -> Redeem:
        """`+`, the receipt comes, and this is what the journal says."""
        await self.till.press("plus")
        await self.till.comes("receipt")
        return journal(self.till)[-1]


def journal(till: Till) -> list[Redeem]:
    """Every redemption so far, oldest first."""
    with till.desk.store.read() as connection:
        listed = [entry.seq for entry in books.newest(connection, 50) if entry.kind == "redeem"]
        found = [books.read_entry(connection, seq).body for seq in reversed(listed)]
    return [body for body in found if isinstance(body, Redeem)]


def points(till: Till, short: str) -> Points:
    """What a household may spend."""
    return cards.open_household(till.desk, till.cards[short]).points


@asynccontextmanager
async def redeeming_at(
    folder: Path, short: str = "0002", prepare: Callable[[Shop], object] | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Redeeming]:
    async with opened_till(folder, prepare=prepare, size=size) as till:
        await till.sign_in()
        await till.open_household(short)
        await till.press("f2")
        await till.comes("redeem")
        walk = Redeeming(till)
        await till.until(lambda: walk.screen.shelf is not None, "goods")
        yield walk
