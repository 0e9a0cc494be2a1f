"""The print loop again: the drawer opens once and only at its time, and a copy is a paper of its own."""

from collections.abc import Callable
from pathlib import Path

from drivers.printer.job import Job as PrinterJob
from drivers.printer.printer import Outcome, Printer
from drivers.simulated.printer import PrinterKind
from pos.core.redemption import Shortfall
from pos.counter.redeem import redeem
from pos.counter.reverse import reprint
from pos.printing.loop import TOO_LATE
from pos.printing.state import PaperState
from pos.storage import jobs
from pos.storage.jobs import JobState
from tests.drivers.strict_reader import read
from tests.drivers.waiting import until
from tests.printing.test_loop import SHORT, printer, printing, rows, sale, states
from tests.shop import Shop


def test_a_reprint_is_a_paper_of_its_own(shop: Shop) -> None:
    with printer() as paper, printing(shop, paper.cable.url):
        receipt = redeem(shop.desk, shop.by, shop.basket({"g006": 1}, shortfall=Shortfall.CASH))
        until(lambda: states(shop) == ["confirmed"] * 2)
        assert paper.pulses == 1
        shop.clock.advance(86_400_000)
        assert reprint(shop.desk, shop.by, int(receipt.slip.number.rsplit("-", 1)[1])) == 1
        until(lambda: states(shop) == ["confirmed"] * 3)
        assert paper.pulses == 1
        first, again = (read(data) for data in paper.papers)

    assert (first.cuts, again.cuts, first.pulses, again.pulses) == (1, 1, 0, 0)
    assert again.lines[0].text == again.lines[-1].text == "*** 重打印 第1次 ***"
    assert "重打时间 2026-01-16 06:42:00" in again.text
    assert "时间 2026-01-15 06:42:00" in again.text
    assert [line for line in first.lines if line not in again.lines] == []


def test_files_lie_in_their_days_folder(shop: Shop, tmp_path: Path) -> None:
    receipt = sale(shop)
    with printing(shop, f"folder:{tmp_path / 'receipts'}"):
        until(lambda: states(shop) == ["confirmed"])
    files = [path.relative_to(tmp_path / "receipts").as_posix() for path in (tmp_path / "receipts").rglob("*.*")]
    assert sorted(files) == [f"2026-01-15/{receipt.slip.number}.{end}" for end in ("bin", "txt")]


def test_a_copy_says_what_it_replaces(shop: Shop) -> None:
    """So that a queue of the system does not print the original as well."""
    made: list[PrinterJob] = []

    class Watched(Printer):
        def send(self, job: PrinterJob, on_sending: Callable[[], None]) -> Outcome:
            made.append(job)
            return super().send(job, on_sending)

    receipt = sale(shop)
    for _ in range(2):
        reprint(shop.desk, shop.by, int(receipt.slip.number.rsplit("-", 1)[1]))
    with (
        printer() as paper,
        printing(shop, paper.cable.url, build=lambda profile, patience: Watched(profile, patience=patience)),
    ):
        until(lambda: states(shop) == ["confirmed"] * 3)
    name = receipt.slip.number
    assert [(job.name, job.replaces) for job in made] == [
        (name, ()),
        (f"{name}-1", (name,)),
        (f"{name}-2", (name, f"{name}-1")),
    ]


def test_a_drawer_does_not_open_long_after(shop: Shop) -> None:
    with printer() as paper:
        paper.cable.unplug()
        redeem(shop.desk, shop.by, shop.basket({"g006": 1}, shortfall=Shortfall.CASH))
        with printing(shop, paper.cable.url):
            until(lambda: rows(shop)[0] == ("not_sent", "printer-unreachable"))
            shop.clock.advance(31_000)
            paper.cable.plug()
            until(lambda: rows(shop) == [("confirmed", ""), ("settled", TOO_LATE)])
        assert (len(paper.papers), paper.pulses) == (1, 0)


def test_a_drawer_that_cannot_be_reached_is_not_tried_again(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g006": 1}, shortfall=Shortfall.CASH))
    with shop.desk.store.write() as tx:
        receipt, _ = jobs.waiting(tx.connection)
        jobs.mark(tx.connection, receipt.id, JobState.CONFIRMED)
    said: list[PaperState] = []
    with printer() as paper:
        paper.cable.unplug()
        with printing(shop, paper.cable.url, said=said):
            until(lambda: rows(shop)[1] == ("settled", "printer-unreachable"))
            paper.cable.plug()
            until(lambda: said[-1] == PaperState())
        assert paper.pulses == 0


def test_nobody_is_asked_about_a_drawer(shop: Shop) -> None:
    redeem(shop.desk, shop.by, shop.basket({"g006": 1}, shortfall=Shortfall.CASH))
    with shop.desk.store.write() as tx:
        receipt, drawer = jobs.waiting(tx.connection)
        jobs.mark(tx.connection, receipt.id, JobState.CONFIRMED)
        jobs.mark(tx.connection, drawer.id, JobState.SENDING)
    said: list[PaperState] = []
    with printer(PrinterKind(32, mute=True)) as paper, printing(shop, paper.cable.url, patience=SHORT, said=said):
        until(lambda: states(shop) == ["confirmed", "settled"])
        redeem(shop.desk, shop.by, shop.basket({"g016": 1}, of="0006", shortfall=Shortfall.CASH))
        until(lambda: states(shop)[2:] == ["unknown", "settled"])
        until(lambda: said[-1].doubtful == 1)
        assert paper.pulses == 1
