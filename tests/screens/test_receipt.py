"""小票 on screen: right after the key, and out of the journal; what became of the paper."""

from pathlib import Path

import pytest

from pos.core.receipts import Receipt
from pos.counter import journal
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.printing.state import PaperState
from pos.storage import jobs
from pos.storage.jobs import JobState
from pos.tui.messages import PaperChanged
from pos.tui.widgets.digits import BigDigits
from tests.screens.conftest import SETTINGS, Till, opened_till
from tests.shop import Shop

PRINTER = SETTINGS + '\n[printer]\nurl = "folder://{folder}"\n'


def work(shop: Shop) -> None:
    weigh_in(shop.desk, shop.by, shop.bag())
    shop.clock.advance()
    redeem(shop.desk, shop.by, shop.basket())


async def fresh(till: Till) -> int:
    """The receipt of the newest entry as after its key; the entry's number."""
    await till.sign_in()
    seq = journal.page(till.desk, 1)[0].seq
    receipt = journal.paper(till.desk, seq).paper
    assert isinstance(receipt, Receipt)
    till.app.show_receipt(receipt)
    await till.comes("receipt")
    return seq


async def test_the_new_balance_is_the_largest(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await fresh(till)
        assert till.app.screen.query_one("#balance", BigDigits).value == "25.82"
        assert till.app.words("done.change", points="-34.00") in till.text("#change")
        assert till.text("#title") == f"√ {till.app.words('done.redeemed')}"
        assert till.text("#next") == till.app.words("done.next")
        assert till.text("#printing") == till.app.words("done.no-printer")


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_the_paper_is_shown_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened_till(tmp_path / "store", prepare=work, size=size) as till:
        await fresh(till)
        text = till.app.screen.query_one("#text")
        assert text.size.width == 32
        assert "本次余额" in till.text("#text")


async def test_the_next_card_goes_straight_on(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await fresh(till)
        await till.open_household("0002")
        assert len(till.app.screen_stack) == 3
        await till.press("escape")
        await till.comes("home")


async def test_esc_waits_for_a_card(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        await fresh(till)
        await till.scan("2900000000018")
        await till.says("home.card-first")
        await till.press("escape")
        await till.comes("home")


async def test_a_copy(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work) as till:
        seq = await fresh(till)
        for copy in (1, 2):
            await till.press("shift+f8")
            await till.says("done.reprinted", copy=copy)
        assert journal.paper(till.desk, seq).copies == 2


async def test_trouble_with_paper_is_said_and_stops_nobody(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work, settings=printing(tmp_path)) as till:
        await fresh(till)
        await till.until(lambda: till.app.paper is not None)
        till.app.post_message(PaperChanged(PaperState(waiting=1, cause="paper-out")))
        await till.until(lambda: till.app.words("paper.paper-out") in till.text("#printing"))
        till.app.post_message(PaperChanged(PaperState(doubtful=1)))
        await till.until(lambda: till.app.words("done.doubtful") in till.text("#printing"))
        await till.open_household("0002")


async def test_a_reprint_reaches_the_printer_at_once(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=work, settings=printing(tmp_path)) as till:
        seq = await fresh(till)
        await till.press("shift+f8")
        await till.says("done.reprinted", copy=1)

        def printed() -> bool:
            with till.desk.store.read() as connection:
                done = jobs.of_entry(connection, seq)
            return [job.copy for job in done] == [0, 1] and all(
                job.state in (JobState.CONFIRMED, JobState.SENT) for job in done
            )

        await till.until(printed)
        await till.until(lambda: till.text("#printing") == till.app.words("done.printed"))


async def test_a_receipt_in_doubt_is_settled_on_the_device_screen(tmp_path: Path) -> None:
    def doubt(shop: Shop) -> None:
        work(shop)
        with shop.desk.store.write() as tx:
            for job in jobs.waiting(tx.connection):
                jobs.mark(tx.connection, job.id, JobState.UNKNOWN, "printer-silent")

    async with opened_till(tmp_path / "store", prepare=doubt) as till:
        await till.sign_in()
        await till.press("f10")
        await till.comes("devices")
        await till.until(lambda: till.app.words("devices.doubts", papers=2) in till.text("#doubt-heading"))
        first, second = journal.doubts(till.desk)
        await till.press("f5")
        await till.says("devices.settled")
        assert [each.job for each in journal.doubts(till.desk)] == [second.job]
        await till.press("f6")
        await till.says("devices.queued")
        assert journal.doubts(till.desk) == []
        assert journal.paper(till.desk, second.seq).copies == 1
        assert journal.paper(till.desk, first.seq).copies == 0
        await till.press("f5")
        await till.says("devices.no-doubt")


def printing(tmp_path: Path) -> str:
    folder = tmp_path / "paper"
    folder.mkdir()
    return PRINTER.format(folder=folder)
