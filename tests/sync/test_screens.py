"""The sync on the keeper's screens: always in the status line, on a key, and what is to be looked at."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from catalog.units import Points
from pos import config
from pos.ledger import closing as ending
from pos.ledger import sticks as desk
from pos.storage import sync_state
from pos.storage.store import open_store
from pos.storage.sync_state import Difference
from pos.sync import enrolment, sticks
from pos.sync.transport import HttpTransport
from tests.ledger.town import TOWNSHIP
from tests.screens.conftest import Till, opened_till
from tests.shop import Shop
from tests.sync.pair import Pair, open_pair
from tests.sync.served import served


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[Pair, str]]:
    """A township that is served, and its address."""
    pair = open_pair(tmp_path / "pair", enrolled=False)
    with served(pair.town.ledger) as url:
        yield pair, url
    pair.shop.close()
    pair.town.ledger.close()


@asynccontextmanager
async def joined(folder: Path, town: tuple[Pair, str]) -> AsyncIterator[Till]:
    """A till that has joined, with one difference to be looked at, logged in."""
    pair, url = town

    def prepare(shop: Shop) -> None:
        code = pair.town.code(alone=True)
        pair.town.clock.wall = shop.clock.wall
        with closing(HttpTransport(url)) as transport:
            enrolment.enrol(shop.desk.store, transport, shop.desk.clock, TOWNSHIP, code)
        with shop.desk.store.write() as tx:
            sync_state.note(tx.connection, [Difference(7, "sale-limit", shop.clock.wall, "")])
        config.put_sync(shop.folder, {"url": url, "every": 0})

    async with opened_till(folder, prepare=prepare) as till:
        await till.sign_in()
        await till.until(lambda: till.app.sync is not None and till.app.sync.enrolled)
        yield till


async def test_age_and_waiting_entries_stand_in_the_status_line(tmp_path: Path, town: tuple[Pair, str]) -> None:
    async with joined(tmp_path / "store", town) as till:
        await till.until(lambda: "同步 刚才(" in till.text("#status"))
        assert "1 笔差额" in till.text("#to-do")


async def test_syncing_on_a_key(tmp_path: Path, town: tuple[Pair, str]) -> None:
    async with joined(tmp_path / "store", town) as till:
        await till.press("asterisk")
        await till.comes("sync")
        await till.press("plus")
        await till.until(lambda: till.app.sync is not None and not till.app.sync.unsynced)
        await till.says("sync.done")
        await till.until(lambda: "未上报 0 笔" in till.text("#summary"))
        await till.until(lambda: "(" not in till.text("#status").partition("同步")[2])


async def test_a_difference_is_looked_at(tmp_path: Path, town: tuple[Pair, str]) -> None:
    async with joined(tmp_path / "store", town) as till:
        await till.press("asterisk")
        await till.comes("sync")
        await till.until(lambda: "1/1" in till.text("#title"))
        await till.press("enter")
        await till.comes("confirm")
        assert "单笔兑换超过上限" in till.text("#question")
        await till.press("plus")
        await till.until(lambda: till.app.sync is not None and not till.app.sync.to_see)
        await till.until(lambda: "1/1" not in till.text("#title"))


async def test_there_and_back_by_a_stick(
    tmp_path: Path, town: tuple[Pair, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(sticks, "volumes", lambda: [stick])
    async with joined(tmp_path / "store", town) as till:
        await till.press("asterisk")
        await till.comes("sync")
        await till.press("f5")
        await till.comes("choose")
        await till.press("1")
        await till.until(lambda: list(stick.glob(f"*{sticks.SUFFIX_UP}")))
        (up,) = stick.glob(f"*{sticks.SUFFIX_UP}")
        up.with_suffix(sticks.SUFFIX_DOWN).write_bytes(desk.answer(town[0].town.ledger, up.read_bytes()))
        await till.comes("sync")
        assert till.app.sync is not None
        waiting = till.app.sync.unsynced
        await till.press("f6")
        await till.comes("choose")
        await till.press("1")
        # What came down is written down here, and goes up in the next file.
        await till.until(lambda: till.app.sync is not None and till.app.sync.unsynced < waiting)


async def test_asking_for_points(tmp_path: Path, town: tuple[Pair, str]) -> None:
    async with joined(tmp_path / "store", town) as till:
        await till.open_household()
        await till.press("f4")
        await till.comes("number")
        await till.press("5", "enter")
        await till.until(lambda: "台账没有批下这么多" in till.text("#message"))


async def test_a_store_alone_says_so_and_can_join(tmp_path: Path, town: tuple[Pair, str]) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        await till.press("asterisk")
        await till.comes("sync")
        await till.press("plus")
        await till.says("sync.alone")
        await till.press("f7")
        await till.comes("form")
        await till.press(*"nowhere", "enter", *"XXXX", "plus")
        await till.says("sync.address", detail="")
    assert town[0].points() == Points(0)


async def test_a_new_epoch_begins_at_the_till(tmp_path: Path, town: tuple[Pair, str]) -> None:
    ledger = town[0].town.ledger

    async def synced(till: Till) -> None:
        await till.press("plus")
        await till.until(lambda: till.app.sync is not None and not till.app.sync.unsynced and not till.app.sync.running)

    async with joined(tmp_path / "store", town) as till:
        device = till.desk.store.identity.device
        await till.press("asterisk")
        await till.comes("sync")
        await synced(till)
        ending.approve_alone(ledger, TOWNSHIP, device, {}, "op")
        await till.press("plus")
        await till.until(lambda: till.app.sync is not None and till.app.sync.state.number)
        await synced(till)
        ending.close(ledger, TOWNSHIP, device, 0, "op", "joined")
        await till.press("f7")
        await till.comes("form")
        code = town[0].town.code(device=device)
        await till.press(*("minus" if each == "-" else each for each in code))
        await till.until(lambda: "从头计" in till.text("#comes-to"))
        await till.press("plus")
        await till.approve()
        await till.until((tmp_path / "store" / "next").exists)
    store = open_store(tmp_path / "store")
    assert (store.identity.device, store.identity.epoch) == (device, 1)
    store.close()
