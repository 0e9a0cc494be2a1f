"""Sending to printers that behave and that do not, over real TCP and ptys: what is certain, and what is not."""

import socket
import struct
import threading
from collections.abc import Callable
from time import monotonic, sleep

import pytest

from drivers.printer.conversation import Patience, PrinterState
from drivers.printer.job import Job, drawer_job, receipt_job
from drivers.printer.printer import Confirmed, NotSent, Outcome, Printer, Sent, Unknown
from drivers.printer.profile import PrinterProfile
from drivers.simulated.cable import Cable, PtyCable, TcpCable
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from tests.drivers.strict_reader import read
from tests.drivers.test_printer_escpos import receipt

USUAL = Patience(quiet=0.02)
"""For printers that will answer: they are waited for as long as they need."""

SHORT = Patience(status=0.05, answer=0.1, quiet=0.02)
"""For printers that will not."""

STUCK = Patience(status=5, answer=0.2, quiet=0.02)
"""For printers that will not print, and say so."""

WIRES = ["tcp", "serial", "device"]


def plug(wire: str) -> tuple[Cable, str]:
    """A cable of this sort and the URL of the printer at its end."""
    if wire == "tcp":
        tcp = TcpCable()
        return tcp, tcp.url
    pty = PtyCable()
    return pty, f"serial://{pty.url}?baud=921600" if wire == "serial" else f"file://{pty.url}"


def profile_of(url: str, status: bool | None = None) -> PrinterProfile:
    return PrinterProfile(url, 32, status=status)


def a_receipt(profile: PrinterProfile, name: str = "王*明") -> Job:
    return receipt_job("R", receipt(name), profile)


def send(profile: PrinterProfile, job: Job, patience: Patience = USUAL) -> tuple[Outcome, list[str]]:
    told: list[str] = []
    return Printer(profile, patience=patience).send(job, lambda: told.append("sending")), told


def eventually(condition: Callable[[], bool]) -> None:
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end
        sleep(0.005)


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", [PrinterKind(32), PrinterKind(32, noisy=True), PrinterKind(32, late=0.05)])
def test_a_receipt_is_confirmed(wire: str, kind: PrinterKind) -> None:
    cable, url = plug(wire)
    with SimulatedPrinter(cable, kind) as printer:
        profile = profile_of(url)
        job = a_receipt(profile)
        assert send(profile, job) == (Confirmed(), ["sending"])
        assert send(profile, job) == (Confirmed(), ["sending"])
        assert len(printer.papers) == 2
        assert read(printer.papers[0]).items == read(job.data).items
        assert "兑换小票" in printer.texts[0]
        assert printer.pulses == 0


@pytest.mark.parametrize("wire", WIRES)
def test_the_drawer_opens_without_paper_coming_out(wire: str) -> None:
    cable, url = plug(wire)
    with SimulatedPrinter(cable) as printer:
        assert send(profile_of(url), drawer_job("D", profile_of(url)))[0] == Confirmed()
        assert printer.pulses == 1
        assert not printer.papers


@pytest.mark.parametrize("wire", WIRES)
def test_a_mute_printer(wire: str) -> None:
    cable, url = plug(wire)
    with SimulatedPrinter(cable, PrinterKind(32, mute=True)) as printer:
        mute, untried = profile_of(url, status=False), profile_of(url)
        assert send(mute, a_receipt(mute), SHORT) == (Sent(), ["sending"])
        eventually(lambda: len(printer.papers) == 1)
        assert Printer(mute).state() == PrinterState(answers=False)
        assert b"\x1dr" not in printer.received
        assert b"\x10\x04" not in printer.received
        assert send(untried, a_receipt(untried), SHORT) == (Unknown("printer-silent"), ["sending"])
        eventually(lambda: len(printer.papers) == 2)


@pytest.mark.parametrize("status", [True, None])
def test_nothing_is_sent_without_paper_or_with_the_lid_open(status: bool | None) -> None:
    cable = TcpCable()
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        profile = profile_of(cable.url, status)
        printer.paper_out()
        assert send(profile, a_receipt(profile)) == (NotSent("paper-out"), [])
        printer.refill()
        printer.open_cover()
        assert send(profile, a_receipt(profile)) == (NotSent("cover-open"), [])
        printer.close_cover()
        assert b"\x1b@" not in printer.received
        assert send(profile, a_receipt(profile)) == (Confirmed(), ["sending"])
        assert len(printer.papers) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_the_roll_ends_in_the_middle_and_one_paper_comes_out_after_the_change(wire: str) -> None:
    cable, url = plug(wire)
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        profile = profile_of(url)
        job = a_receipt(profile)
        printer.paper_out(after_lines=4)
        assert send(profile, job, STUCK) == (Unknown("paper-out"), ["sending"])
        assert send(profile, job) == (NotSent("paper-out"), [])
        assert not printer.papers
        printer.refill()
        eventually(lambda: len(printer.papers) == 1)
        assert read(printer.papers[0]).items == read(job.data).items
        assert send(profile, drawer_job("D", profile))[0] == Confirmed()
        assert len(printer.papers) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_the_answer_to_an_earlier_job_confirms_nothing(wire: str) -> None:
    cable, url = plug(wire)
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        profile = profile_of(url)
        job = a_receipt(profile)
        printer.paper_out(after_lines=4)
        assert send(profile, job, STUCK)[0] == Unknown("paper-out")
        printer.refill()
        eventually(lambda: len(printer.papers) == 1)
        printer.paper_out(after_lines=4)
        assert send(profile, job, STUCK)[0] == Unknown("paper-out")
        assert len(printer.papers) == 1


def test_silent_while_it_cannot_print() -> None:
    cable = TcpCable()
    with SimulatedPrinter(cable, PrinterKind(32, silent_offline=True)) as printer:
        profile = profile_of(cable.url)
        printer.paper_out()
        assert send(profile, a_receipt(profile), SHORT)[0] == Unknown("printer-silent")
        printer.refill()
        eventually(lambda: len(printer.papers) == 1)


def test_a_roll_near_its_end_is_told() -> None:
    cable = TcpCable()
    with SimulatedPrinter(cable) as printer:
        profile = profile_of(cable.url)
        printer.paper_low()
        assert send(profile, a_receipt(profile))[0] == Confirmed(paper_low=True)
        assert Printer(profile).state().paper_low


def test_the_first_byte_leaves_after_on_sending() -> None:
    cable = TcpCable()
    with SimulatedPrinter(cable) as printer:
        profile = profile_of(cable.url)

        def crash() -> None:
            assert b"\x1b@" not in printer.received
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            Printer(profile).send(a_receipt(profile), crash)
        assert send(profile, a_receipt(profile))[0] == Confirmed()
        assert len(printer.papers) == 1


def test_killed_between_sending_and_the_answer() -> None:
    cable = TcpCable()
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        profile = profile_of(cable.url)
        with socket.create_connection(cable.address) as killed:
            killed.sendall(a_receipt(profile).data)
            killed.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))
            eventually(lambda: len(printer.papers) == 1)
        assert send(profile, a_receipt(profile))[0] == Confirmed()
        assert len(printer.papers) == 2


@pytest.mark.parametrize("wire", WIRES)
def test_the_cable_is_pulled_while_waiting(wire: str) -> None:
    cable, url = plug(wire)
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        profile = profile_of(url)

        def pull() -> None:
            eventually(lambda: b"\x1b@" in printer.received)
            cable.unplug()

        puller = threading.Thread(target=pull)
        printer.paper_out(after_lines=4)
        outcome = Printer(profile).send(a_receipt(profile), puller.start)
        puller.join()
        assert isinstance(outcome, Unknown)
        assert outcome.code == "printer-lost"
        outcome, told = send(profile, a_receipt(profile))
        assert isinstance(outcome, NotSent)
        assert outcome.code == "printer-unreachable"
        assert told == []


def test_power_fails_inside_a_picture() -> None:
    cable = TcpCable()
    profile = PrinterProfile(cable.url, 32, qr=False)
    job = receipt_job("R", receipt(), profile)
    with SimulatedPrinter(cable, PrinterKind(32, dies_after=job.data.index(b"\x1dv0") + 100)) as printer:
        outcome, _ = send(profile, job)
        assert isinstance(outcome, Unknown)
        assert outcome.code == "printer-lost"
        eventually(lambda: Printer(profile).state().answers)
        assert send(profile, job)[0] == Confirmed()
        whole = read(job.data).items
        assert read(printer.papers[0]).items[-len(whole) :] == whole


def test_what_a_power_cut_of_the_computer_broke_off_does_not_eat_the_next() -> None:
    cable = TcpCable()
    profile = PrinterProfile(cable.url, 32, qr=False)
    job = receipt_job("R", receipt(), profile)
    half = job.data[: job.data.index(b"\x1dv0") + 100]
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        with socket.create_connection(("127.0.0.1", int(cable.url.rpartition(":")[2]))) as line:
            line.sendall(half)
            eventually(lambda: printer.received.endswith(half))
        fresh = Printer(profile, patience=USUAL)
        fresh.broken_off = True
        assert fresh.send(job, lambda: None) == Confirmed()
        whole = read(job.data).items
        assert read(printer.papers[0]).items[-len(whole) :] == whole
        assert not fresh.broken_off


def test_two_threads_take_turns() -> None:
    cable = TcpCable()
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        profile = profile_of(cable.url)
        shared = Printer(profile)
        jobs = [a_receipt(profile, name) for name in ("甲", "乙", "丙", "丁")]
        outcomes: list[Outcome] = []
        threads = [
            threading.Thread(target=lambda job=job: outcomes.append(shared.send(job, lambda: None))) for job in jobs
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == [Confirmed()] * 4
        whole = [read(job.data).items for job in jobs]
        assert all(read(paper).items in whole for paper in printer.papers)
        assert len(set(printer.papers)) == 4
