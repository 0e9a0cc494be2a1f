"""A simulated year of a 483-household village through the real use cases, every day closed; then how the screens feel.

The year is `tests.bench.village_year`. Beside it, interleaved in one run, the same screens of the same store as it
was after its first day: a time is from asking for the screen to everything on it being there.

    python -m tests.bench.year [DAYS]      goals: verify clean; every screen shown within 100 ms at the year's end
"""

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pos.core.people import Role
from pos.counter import cards
from pos.counter.cards import HouseholdView
from pos.counter.day import open_day
from pos.counter.desk import Desk
from pos.demo.stage import KEEPER
from pos.storage.store import FILE, open_store
from pos.storage.verify import verify
from pos.tui import menu
from pos.tui.app import CounterApp
from tests.bench.village_year import BY, MORNING, Village, founded
from tests.shop import ManualClock

GOAL_MS = 100
ROUNDS = 5
PATIENCE = 30.0

Show = Callable[[CounterApp], object]


def screens(card: str) -> dict[str, Show]:
    """What brings each screen up: those of a customer, and everything in the menu."""

    def with_household(app: CounterApp, then: Callable[[HouseholdView], object]) -> None:
        app.do(lambda: cards.open_household(app.station.desk, card), then)

    found: dict[str, Show] = {
        "household": lambda app: app.open_card(card),
        "weigh-in": lambda app: with_household(app, app.start_weigh_in),
        "redeem": lambda app: with_household(app, app.start_redeem),
        "journal": CounterApp.show_journal,
        "devices": CounterApp.show_devices,
        "close-day": CounterApp.show_closing,
    }
    for item in menu.MENU:
        if Role.KEEPER in item.roles:
            found[item.name] = partial(CounterApp.open_screen, make=item.make)
    return found


async def still(app: CounterApp, until: Callable[[], object]) -> None:
    """Until something is so, no counter call is under way, and everything is on the screen."""
    end = time.perf_counter() + PATIENCE
    while not until() or any(not each.is_finished for each in app.workers) or not app.screen.is_mounted:
        assert time.perf_counter() < end, app.screen
        await asyncio.sleep(0)
    drawn = asyncio.Event()
    app.screen.call_after_refresh(drawn.set)
    await drawn.wait()


async def shown(folder: Path, wall: int, card: str) -> dict[str, float]:
    """Milliseconds until each screen of the store in `folder` stands; the first time, which loads its code, aside."""
    app = CounterApp(folder, ManualClock(wall=wall).clock())
    found: dict[str, float] = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await still(app, lambda: app.front is not None and app.front.NAME == "login")
        for key in (*KEEPER.number, "enter", *KEEPER.pin, "enter"):
            await pilot.press(key)
            await asyncio.sleep(0.1)
        await still(app, lambda: app.keeper is not None and app.front is not None and app.front.NAME == "home")
        home = app.screen
        for name, show in screens(card).items():
            for _ in range(2):
                began = time.perf_counter()
                show(app)
                await still(app, lambda: app.screen is not home)
                found[name] = (time.perf_counter() - began) * 1000
                while app.screen is not home:
                    assert app.is_running
                    app.pop_screen()
                    await asyncio.sleep(0)
                await still(app, lambda: app.screen is home)
    return found


def measured(folders: tuple[tuple[Path, int], ...], card: str) -> list[tuple[str, tuple[float, ...]]]:
    """Each screen's median in each store, all of them in turn."""
    rounds = [[asyncio.run(shown(folder, wall, card)) for folder, wall in folders] for _ in range(ROUNDS)]
    names = rounds[0][0]
    return [
        (name, tuple(statistics.median(each[at][name] for each in rounds) for at in range(len(folders))))
        for name in names
    ]


def copied(village: Village, to: Path) -> tuple[Path, int]:
    """A copy of the store with the next day opened, and the time in it."""
    village.desk.store.close()
    shutil.copytree(village.folder, to)
    village.reopen()
    wall = village.clock.wall + MORNING
    desk = Desk(open_store(to), ManualClock(wall=wall).clock())
    open_day(desk, BY)
    desk.store.close()
    return to, wall + 60_000


def lived(village: Village, days: int) -> None:
    """Live so many days, with a line a month."""
    began = time.perf_counter()
    for number in range(1, days + 1):
        village.live(1)
        if number % 30 == 0 or number == days:
            took, began = time.perf_counter() - began, time.perf_counter()
            print(f"day {number:4}  {took / (number % 30 or 30) * 1000:6.0f} ms a day", flush=True)


def main() -> int:
    """Live, verify, measure, print, and say whether the goals are met."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 365
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        village = founded(Path(temporary) / "store")
        village.live(1)
        young = copied(village, Path(temporary) / "young")
        lived(village, days - 1)
        old = copied(village, Path(temporary) / "old")
        village.desk.store.close()
        for what, times in sorted(village.done.items()):
            print(f"{times:7}  {what}")
        start = time.perf_counter()
        report = verify(village.folder)
        print(f"verified {report.entries} entries in {time.perf_counter() - start:.1f} s: {report.wrong or 'clean'}")
        print(f"store of {(village.folder / FILE).stat().st_size / 1e6:.0f} MB")
        table = measured((young, old), next(iter(village.cards.values())))
    print(f"{'screen':24}{'day 1':>9}{f'day {days}':>9}  ms, medians of {ROUNDS}")
    for name, (first, last) in table:
        print(f"{name:24}{first:9.1f}{last:9.1f}")
    slowest, (_, worst) = max(table, key=lambda row: row[1][1])
    met = report.wrong is None and worst <= GOAL_MS
    print(
        f"year {'ok' if met else 'MISSED'}: {report.entries} entries, {'clean' if report.wrong is None else 'WRONG'}; "
        f"slowest screen {slowest} {worst:.0f} ms (goal {GOAL_MS}); {time.perf_counter() - began:.0f} s in all"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
