"""The journeys of a store that belongs to a village ledger: the real ledger, served over loopback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.units import Points
from drivers.scanner.codes import Debounce
from pos.core import accounts
from pos.counter import day
from pos.storage import sync_state
from tests.screens.journeys_counter import DAY_MS
from tests.screens.redeeming import SALT
from tests.screens.redeeming import points as points_of
from tests.screens.walk import Walk
from tests.shop import Shop
from tests.sync.pair import H, Pair, open_pair
from tests.sync.served import served

NOWHERE = "http://127.0.0.1:9"


@contextmanager
def joined(folder: Path, begin: Callable[[Pair], bool]) -> Iterator[tuple[Pair, str]]:
    """A store that has joined a ledger, and its settings; `begin` does something in both and says who is reached."""
    pair = open_pair(folder)
    reached = begin(pair)
    pair.shop.close()
    with served(pair.town.ledger) as url:
        yield pair, f'\n[sync]\nurl = "{url if reached else NOWHERE}"\nevery = 0\n'
    pair.town.ledger.close()


def cut_off(pair: Pair) -> bool:
    """Eighty points were granted while the store was heard; now the ledger is not reached."""
    pair.award(80_00)
    pair.sync()
    return False


def two_days_later(shop: Shop) -> None:
    """Two days without a sync: past the age from which the village's limit of 50 points a day binds."""
    day.close_day(shop.desk, shop.two)
    shop.clock.advance(2 * DAY_MS)
    day.open_day(shop.desk, shop.by)


async def offline(walk: Walk) -> None:
    """4.14: how old the sync is stands there; a weigh-in earns; what is spent in a day is capped, below it it goes."""
    await walk.until(lambda: "同步 2天前" in walk.text("#status"))
    await walk.scan(walk.cards["0042"])
    await walk.press("f3", "5", *"60", "enter", "plus")
    await walk.comes("receipt")
    # As after the moments in which the same card is one scan.
    walk.app._debounce = Debounce()
    await walk.scan(walk.cards["0042"])
    await walk.comes("household")
    await walk.scan(SALT)
    await walk.comes("redeem")
    await walk.press("asterisk", *"26", "enter", "plus")
    await walk.says("refused.over-day-points", limit=Points(50_00), spent=Points(0), points=Points(52_00))
    await walk.press("asterisk", *"25", "enter", "plus")
    await walk.comes("receipt")
    assert points_of(walk, "0042") == Points(80_00) + Points(6_00) - Points(50_00)


def evening(pair: Pair) -> bool:
    """A day's work that the ledger has not heard of, and an award that the store has not."""
    pair.award(80_00)
    pair.sync()
    pair.earn()
    pair.spend()
    pair.award(5_00)
    return True


async def sync(walk: Walk) -> None:
    """4.15: everything goes up, what was granted comes down, and both sides hold the same."""
    await walk.until(lambda: walk.app.sync is not None)
    await walk.press("asterisk", "plus")
    await walk.until(lambda: walk.app.sync is not None and not walk.app.sync.unsynced and not walk.app.sync.running)
    await walk.idle()
    with walk.desk.store.read() as connection:
        state = sync_state.load(connection)
    assert (state.outcome, state.differing) == ("", 0)
    points = Points(80_00) + Points(47_82) - Points(2_00) + Points(5_00)
    assert points_of(walk, "0042") == points
    assert walk.pair is not None
    assert walk.pair.town.balance(accounts.points(H, walk.desk.store.identity.writer)) == points.amount
