"""The print loop against simulated printers over TCP: one paper for one job, whatever happens on the way."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import get_args

import pytest

from drivers.printer.conversation import Patience
from drivers.printer.job import Job as PrinterJob
from drivers.printer.printer import Outcome, Printer
from drivers.printer.profile import PrinterProfile
from drivers.printer.raster import Font
from drivers.printer.status import Trouble
from drivers.simulated.cable import TcpCable
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from pos import i18n
from pos.core.entries import Signatures
from pos.core.receipts import Receipt
from pos.core.refusals import KeeperUnknown
from pos.counter.paper import came_out
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.printing.loop import FAULT, TOO_LATE, UNPRINTABLE, PrintLoop
from pos.printing.state import PaperState, explain
from pos.storage import jobs, tables
from pos.storage.jobs import Job, JobState
from pos.storage.store import open_store
from tests import shop as shops
from tests.drivers.strict_reader import read
from tests.drivers.waiting import until
from tests.shop import Shop

SHORT = Patience(connect=2, status=0.2, answer=0.3, quiet=0.05)
"""For printers that will not answer."""
LATE = Patience(connect=2, status=5, answer=20, quiet=0.05)
"""For printers that answer, however slow the machine is."""
STUCK = Patience(connect=2, status=0.2, answer=20, quiet=0.05)
"""For a printer that will be waited for until the end of the test."""


@contextmanager
def printer(kind: PrinterKind | None = None) -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(TcpCable(), kind or PrinterKind(32)) as made:
        yield made


@contextmanager
def printing(
    shop: Shop,
    url: str,
    *,
    status: bool | None = True,
    patience: Patience = LATE,
    said: list[PaperState] | None = None,
    build: Callable[[PrinterProfile, Patience], Printer] = lambda profile, patience: Printer(
        profile, patience=patience
    ),
    idle: float = 0.05,
    font: Callable[[], Font | None] = lambda: None,
) -> Iterator[PrintLoop]:
    loop = PrintLoop(
        shop.desk.store,
        build(PrinterProfile(url, 32, status=status), patience),
        (said if said is not None else []).append,
        clock=shop.clock.clock(),
        back_off=(0.02,),
        idle=idle,
        font=font,
    )
    loop.start()
    try:
        yield loop
    finally:
        loop.stop()


def rows(shop: Shop) -> list[tuple[str, str]]:
    """State and cause of every job, oldest first."""
    with shop.desk.store.read() as connection:
        found = connection.execute(tables.print_jobs.select().order_by(tables.print_jobs.c.id))
        return [(row.state, row.cause) for row in found]


def states(shop: Shop) -> list[str]:
    return [state for state, _ in rows(shop)]


def doubtful(shop: Shop) -> list[Job]:
    with shop.desk.store.read() as connection:
        return jobs.doubtful(connection)


def sale(shop: Shop, good: str = "g001") -> Receipt:
    return redeem(shop.desk, shop.by, shop.basket({good: 1}))


def test_jobs_come_out_in_their_order(shop: Shop) -> None:
    first, second = sale(shop), weigh_in(shop.desk, shop.by, shop.bag())
    said: list[PaperState] = []
    with printer() as paper, printing(shop, paper.cable.url, said=said):
        until(lambda: states(shop) == ["confirmed"] * 2)
        until(lambda: said[-1] == PaperState())
        assert [receipt.slip.number in text for receipt, text in zip((first, second), paper.texts, strict=True)]
        assert len(paper.papers) == 2
        assert "兑换小票" in paper.texts[0]
        assert "称重回收单" in paper.texts[1]
        assert read(paper.papers[0]).cuts == 1
    assert [state.waiting for state in said] == [2, 1, 0]


def test_a_queued_job_wakes_the_loop_at_once(shop: Shop) -> None:
    with printer() as paper, printing(shop, paper.cable.url, idle=3600) as loop:
        for count in (1, 2):
            sale(shop)
            loop.wake()
            until(lambda: states(shop) == ["confirmed"] * count)  # noqa: B023 - called at once


def test_out_of_paper_before_the_job(shop: Shop) -> None:
    said: list[PaperState] = []
    with printer() as paper:
        paper.paper_out()
        sale(shop)
        with printing(shop, paper.cable.url, said=said):
            until(lambda: rows(shop) == [("not_sent", "paper-out")])
            until(lambda: said[-1] == PaperState(1, 0, "paper-out"))
            paper.refill()
            until(lambda: states(shop) == ["confirmed"])
            until(lambda: said[-1] == PaperState())
        assert len(paper.papers) == 1


def test_out_of_paper_within_the_job(shop: Shop) -> None:
    """The printer has it and prints the rest itself; the program never sends it again."""
    said: list[PaperState] = []
    with printer() as paper:
        paper.paper_out(after_lines=5)
        sale(shop)
        with printing(shop, paper.cable.url, patience=SHORT, said=said) as loop:
            until(lambda: rows(shop) == [("unknown", "paper-out")])
            until(lambda: said[-1] == PaperState(0, 1, "paper-out"))
            paper.refill()
            until(lambda: said[-1].cause == "")
            sale(shop)
            loop.wake()
            until(lambda: states(shop) == ["unknown", "confirmed"])
        assert len(paper.papers) == 2

        [doubt] = doubtful(shop)
        came_out(shop.desk, shop.by, doubt.id)
        assert states(shop) == ["settled", "confirmed"]
        came_out(shop.desk, shop.by, doubt.id + 1)
        assert states(shop) == ["settled", "confirmed"]
        with pytest.raises(KeeperUnknown):
            came_out(shop.desk, Signatures("77"), doubt.id)


def test_unreachable_and_back(shop: Shop) -> None:
    said: list[PaperState] = []
    with printer() as paper:
        paper.cable.unplug()
        sale(shop)
        sale(shop)
        with printing(shop, paper.cable.url, said=said):
            until(lambda: bool(said) and said[-1] == PaperState(2, 0, "printer-unreachable"))
            assert rows(shop) == [("not_sent", "printer-unreachable"), ("queued", "")]
            paper.cable.plug()
            until(lambda: states(shop) == ["confirmed"] * 2)
        assert len(paper.papers) == 2


def test_a_mute_printer(shop: Shop) -> None:
    said: list[PaperState] = []
    with (
        printer(PrinterKind(32, mute=True)) as paper,
        printing(shop, paper.cable.url, status=False, patience=SHORT, said=said),
    ):
        sale(shop)
        until(lambda: states(shop) == ["sent"])
        until(lambda: said[-1] == PaperState())
        until(lambda: len(paper.papers) == 1)


def test_a_printer_that_never_answers_is_not_sent_the_job_again(shop: Shop) -> None:
    with printer(PrinterKind(32, mute=True)) as paper:
        first = sale(shop)
        with printing(shop, paper.cable.url, patience=SHORT):
            until(lambda: rows(shop) == [("unknown", "printer-silent")])
        shop.reopen()
        second = sale(shop, "g013")
        with printing(shop, paper.cable.url, patience=SHORT):
            until(lambda: states(shop) == ["unknown", "unknown"])
        until(lambda: len(paper.papers) == 2)
        assert [text.count("兑换小票") for text in paper.texts] == [1, 1]
        assert first.slip.number in paper.texts[0]
        assert second.slip.number in paper.texts[1]


KILLED = """
import sys, time
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from pathlib import Path
from pos.printing.loop import PrintLoop
from pos.storage.store import open_store

PrintLoop(open_store(Path(sys.argv[1])), Printer(PrinterProfile(sys.argv[2], 32)), lambda state: None).start()
time.sleep(600)
"""


def test_killed_between_sending_and_the_answer(shop: Shop) -> None:
    sale(shop)
    shop.close()
    with printer(PrinterKind(32, late=600)) as paper:
        program = subprocess.Popen([sys.executable, "-c", KILLED, str(shop.folder), paper.cable.url])
        try:
            until(lambda: len(paper.papers) == 1)
        finally:
            program.kill()
            program.wait()
    shop.desk = replace(shop.desk, store=open_store(shop.folder))
    assert states(shop) == ["sending"]

    said: list[PaperState] = []
    with printer() as paper, printing(shop, paper.cable.url, said=said):
        until(lambda: rows(shop) == [("unknown", "interrupted")])
        until(lambda: bool(said) and said[-1] == PaperState(0, 1, ""))
        sale(shop)
        until(lambda: states(shop) == ["unknown", "confirmed"])
        assert len(paper.papers) == 1


def test_a_printer_left_inside_a_picture_is_brought_out_of_it(shop: Shop) -> None:
    sale(shop)
    with shop.desk.store.write() as tx:
        jobs.mark(tx.connection, jobs.waiting(tx.connection)[0].id, JobState.SENDING)
    with printer() as paper, printing(shop, paper.cable.url):
        until(lambda: rows(shop) == [("unknown", "interrupted")])
        sale(shop)
        until(lambda: states(shop) == ["unknown", "confirmed"])
        assert paper.received.count(bytes(100 * 48)) == 1
        assert len(paper.papers) == 1


def test_a_receipt_that_cannot_be_rendered_does_not_block_the_next(shop: Shop) -> None:
    receipt = sale(shop)
    with shop.desk.store.write() as tx:
        [job] = jobs.waiting(tx.connection)
        jobs.queue(tx.connection, job.seq, 1, receipt, "xx", shops.KEEPER, shop.clock.wall)
    said: list[PaperState] = []
    with printer() as paper, printing(shop, paper.cable.url, said=said):
        sale(shop)
        until(lambda: rows(shop) == [("confirmed", ""), ("not_sent", UNPRINTABLE), ("confirmed", "")])
        until(lambda: said[-1] == PaperState(1, 0, UNPRINTABLE))
        assert len(paper.papers) == 2


class Broken(Printer):
    """A printer whose driver has a bug: it breaks on the first job, before or after the job is marked as sent."""

    after = False

    def send(self, job: PrinterJob, on_sending: Callable[[], None]) -> Outcome:
        if not self.__dict__.setdefault("broke", False):
            self.__dict__["broke"] = True
            if self.after:
                on_sending()
            raise ZeroDivisionError
        return super().send(job, on_sending)


class BrokenLater(Broken):
    after = True


@pytest.mark.parametrize(
    ("build", "ends"), [(Broken, ["confirmed", "confirmed"]), (BrokenLater, ["unknown", "confirmed"])]
)
def test_the_loop_outlives_a_bug(
    shop: Shop, build: Callable[..., Printer], ends: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    said: list[PaperState] = []
    sale(shop)
    sale(shop)
    with (
        printer() as paper,
        printing(shop, paper.cable.url, said=said, build=lambda profile, patience: build(profile, patience=patience)),
    ):
        until(lambda: states(shop) == ends)
        until(lambda: said[-1] == PaperState(0, ends.count("unknown")))
        assert len(paper.papers) == ends.count("confirmed")
    assert FAULT in [state.cause for state in said]
    assert "ZeroDivisionError" in caplog.text


def test_low_paper_is_said(shop: Shop) -> None:
    said: list[PaperState] = []
    with printer() as paper, printing(shop, paper.cable.url, said=said):
        paper.paper_low()
        sale(shop)
        until(lambda: bool(said) and said[-1] == PaperState(paper_low=True))


def test_stopping_waits_for_nobody(shop: Shop) -> None:
    """The thread that is left behind leaves the store alone."""
    with printer(PrinterKind(32, late=600)) as paper:
        sale(shop)
        with printing(shop, paper.cable.url, patience=STUCK):
            until(lambda: len(paper.papers) == 1)
    until(lambda: "printing" not in [thread.name for thread in threading.enumerate()])
    assert states(shop) == ["sending"]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_cause_is_explained(language: str) -> None:
    words = i18n.load(language)
    causes = (*get_args(Trouble), UNPRINTABLE, TOO_LATE, FAULT, "font-missing", "interrupted")
    assert all(len(explain(cause, words)) > 5 for cause in causes)
