"""The Windows spooler: a win32print of our own with the functions and flags of the real one, below python-escpos."""

import sys
from types import ModuleType
from typing import Any

import pytest

from drivers.printer.conversation import Patience, PrinterState
from drivers.printer.job import Job
from drivers.printer.library import printers
from drivers.printer.printer import NotSent, Outcome, Printer, Sent, Unknown
from drivers.printer.profile import PrinterProfile
from tests.drivers.test_printer_send import a_receipt

NAME = "POS-58 (小票)"
PROFILE = PrinterProfile(f"windows:{NAME}", 32, confirm="none")
QUICK = Patience(answer=0.3)
PATIENT = Patience(answer=20)

SPOOLING, PRINTING, PAPER_OUT, PRINTED, DELETED = 0x8, 0x10, 0x40, 0x80, 0x100


class SpoolerError(Exception):
    """pywintypes.error: number, function, words."""


class Spooler(ModuleType):
    """One printer, whose jobs leave the list when they are printed."""

    PRINTER_ENUM_NAME = 8

    def __init__(self) -> None:
        super().__init__("win32print")
        self.status = self.attributes = 0
        self.stuck = False
        self.full = False
        self.jobs: dict[int, dict[str, Any]] = {}
        self.papers: list[bytes] = []
        self.handles = 0

    def EnumPrinters(self, flags: int, name: str, level: int) -> list[dict[str, str]]:
        return [{"pPrinterName": NAME}]

    def OpenPrinter(self, name: str) -> str:
        if name != NAME:
            raise SpoolerError(1801, "OpenPrinter", "The printer name is invalid.")
        self.handles += 1
        return "handle"

    def ClosePrinter(self, handle: str) -> None:
        self.handles -= 1

    def GetPrinter(self, handle: str, level: int) -> dict[str, int]:
        assert level == 2
        return {"Status": self.status, "Attributes": self.attributes}

    def StartDocPrinter(self, handle: str, level: int, about: tuple[str, str, str]) -> int:
        title, _, kind = about
        assert kind == "RAW"
        number = len(self.jobs) + len(self.papers) + 7
        self.jobs[number] = {"JobId": number, "pDocument": title, "Status": SPOOLING, "data": b""}
        return number

    def StartPagePrinter(self, handle: str) -> None:
        pass

    def EndPagePrinter(self, handle: str) -> None:
        pass

    def WritePrinter(self, handle: str, data: bytes) -> int:
        if self.full:
            raise SpoolerError(112, "WritePrinter", "There is not enough space on the disk.")
        self.jobs[max(self.jobs)]["data"] += data
        return len(data)

    def EndDocPrinter(self, handle: str) -> None:
        self.jobs[max(self.jobs)]["Status"] = PRINTING
        if not self.stuck:
            self.print_all()

    def EnumJobs(self, handle: str, first: int, most: int, level: int) -> list[dict[str, Any]]:
        return list(self.jobs.values())

    def SetJob(self, handle: str, job: int, level: int, about: None, command: int) -> None:
        if job not in self.jobs:
            raise SpoolerError(87, "SetJob", "The parameter is incorrect.")
        assert command == 5, "JOB_CONTROL_DELETE"
        del self.jobs[job]

    def print_all(self) -> None:
        self.papers += [job["data"] for job in self.jobs.values()]
        self.jobs.clear()


@pytest.fixture
def spooler(monkeypatch: pytest.MonkeyPatch) -> Spooler:
    made, types = Spooler(), ModuleType("pywintypes")
    vars(types)["error"] = SpoolerError
    monkeypatch.setitem(sys.modules, "win32print", made)
    monkeypatch.setitem(sys.modules, "pywintypes", types)
    # the connector looked for them when it was imported
    library = printers().win32raw
    monkeypatch.setattr(library, "_DEP_WIN32PRINT", True)
    monkeypatch.setattr(library, "win32print", made, raising=False)
    monkeypatch.setattr(library, "pywintypes", types, raising=False)
    return made


def send(job: Job, profile: PrinterProfile = PROFILE, patience: Patience = PATIENT) -> Outcome:
    return Printer(profile, patience=patience).send(job, lambda: None)


def test_a_receipt_goes_through_as_it_is(spooler: Spooler) -> None:
    job = a_receipt(PROFILE)
    assert send(job) == Sent()
    assert spooler.papers == [job.data]
    assert spooler.handles == 0, "all handles are closed"


@pytest.mark.parametrize(
    ("status", "attributes", "code"),
    [
        (0x10, 0, "paper-out"),
        (0x40 | 0x02, 0, "paper-out"),
        (0x40_0000, 0, "cover-open"),
        (0x08, 0, "printer-error"),
        (0x80, 0, "printer-offline"),
        (0x01, 0, "printer-offline"),
        (0, 0x400, "printer-offline"),
    ],
)
def test_nothing_is_spooled_for_a_printer_in_trouble(status: int, attributes: int, code: str, spooler: Spooler) -> None:
    spooler.status, spooler.attributes = status, attributes
    assert send(a_receipt(PROFILE)) == NotSent(code)  # type: ignore[arg-type]
    assert Printer(PROFILE).state() == PrinterState(True, code)  # type: ignore[arg-type]
    assert not spooler.jobs


def test_the_spooler_prints_by_itself_when_paper_returns(spooler: Spooler) -> None:
    """The driver says nothing; the job does. One paper comes out, and the next waits for it."""
    printer = Printer(PROFILE, patience=QUICK)
    first, second = Job("R1", b"\x1b@1\n"), Job("R2", b"\x1b@2\n")
    spooler.stuck = True
    assert printer.send(first, lambda: None) == Unknown("queue-holding")
    [job] = spooler.jobs.values()
    job["Status"] |= PAPER_OUT
    assert printer.send(second, lambda: None) == NotSent("paper-out")
    spooler.print_all()
    spooler.stuck = False
    assert printer.send(second, lambda: None) == Sent()
    assert spooler.papers == [first.data, second.data]


def test_a_copy_takes_the_place_of_what_the_spooler_still_holds(spooler: Spooler) -> None:
    printer = Printer(PROFILE, patience=QUICK)
    spooler.stuck = True
    assert printer.send(Job("R1", b"1"), lambda: None) == Unknown("queue-holding")
    spooler.stuck = False
    assert printer.send(Job("R1-1", b"2", replaces=("R1",)), lambda: None) == Sent()
    assert spooler.papers == [b"2"]


def test_a_printed_job_that_is_kept_is_no_obstacle(spooler: Spooler) -> None:
    spooler.jobs[3] = {"JobId": 3, "Status": PRINTED, "data": b""}
    assert send(Job("R1", b"1")) == Sent()


def test_a_job_that_is_being_deleted(spooler: Spooler) -> None:
    printer = Printer(PROFILE, patience=PATIENT)
    spooler.stuck = True
    end_doc = spooler.EndDocPrinter

    def delete(handle: str) -> None:
        end_doc(handle)
        spooler.jobs[max(spooler.jobs)]["Status"] = PRINTING | DELETED

    spooler.__dict__["EndDocPrinter"] = delete
    assert printer.send(Job("R1", b"1"), lambda: None) == Unknown("queue-dropped")


def test_a_spooler_whose_disk_is_full(spooler: Spooler) -> None:
    spooler.full = True
    outcome = send(a_receipt(PROFILE))
    assert isinstance(outcome, Unknown)
    assert outcome.code == "printer-lost"
    assert spooler.handles == 0


def test_a_printer_that_does_not_exist(spooler: Spooler) -> None:
    outcome = send(a_receipt(PROFILE), PrinterProfile("windows:none", 32))
    assert isinstance(outcome, NotSent)
    assert outcome.code == "printer-invalid"


def test_elsewhere_there_is_no_windows_spooler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "win32print", None)
    outcome = send(a_receipt(PROFILE))
    assert isinstance(outcome, NotSent)
    assert outcome.code == "printer-invalid"
