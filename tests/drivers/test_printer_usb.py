"""Printers on the USB bus without a kernel driver: pyusb over a bus of our own, with a simulated printer on it."""

import errno

import pytest

from drivers.printer.conversation import Patience
from drivers.printer.job import Job
from drivers.printer.printer import Abilities, Confirmed, NotSent, Outcome, Printer, Sent, Unknown
from drivers.printer.profile import PrinterProfile
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from tests.drivers.test_printer_send import SHORT, USUAL, a_receipt
from tests.drivers.usb_bus import Bus, BusCable, interface
from tests.drivers.waiting import until

URL = BusCable.url


@pytest.fixture
def cable() -> BusCable:
    return BusCable()


def plug_in(bus: Bus | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda: bus)
    monkeypatch.setattr("usb.backend.libusb0.get_backend", lambda: None)
    monkeypatch.setattr("usb.backend.openusb.get_backend", lambda: None)


def send(profile: PrinterProfile, job: Job, patience: Patience = USUAL) -> Outcome:
    return Printer(profile, patience=patience).send(job, lambda: None)


def test_a_receipt_is_confirmed_and_the_kernels_driver_comes_back(
    cable: BusCable, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = Bus(cable)
    plug_in(bus, monkeypatch)
    profile = PrinterProfile(URL, 32)
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        assert send(profile, a_receipt(profile)) == Confirmed()
        assert send(profile, a_receipt(profile)) == Confirmed()
        assert len(printer.papers) == 2
    assert bus.done == ["detach", "close", "attach", "close"] * 2, "and no reset: it forgets what it was printing"
    assert bus.kernel_driver


def test_limits_are_in_milliseconds_and_never_none(cable: BusCable, monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus(cable)
    plug_in(bus, monkeypatch)
    profile = PrinterProfile(URL, 32, status=False)
    with SimulatedPrinter(cable, PrinterKind(32, mute=True)) as printer:
        assert send(profile, a_receipt(profile), Patience(status=0.05, answer=7)) == Sent()
        until(lambda: len(printer.papers) == 1)
    assert 7000 in bus.timeouts
    assert min(bus.timeouts) >= 1


def test_a_printer_that_was_never_configured(cable: BusCable, monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus(cable)
    bus.configured = bus.kernel_driver = False
    plug_in(bus, monkeypatch)
    with SimulatedPrinter(cable, PrinterKind(32, model="POS-58")):
        found = Printer(PrinterProfile(URL, 32), patience=USUAL).probe()
        assert found == Abilities(real_time=True, queued=True, model="POS-58")
    assert bus.done == ["configure", "close"]


@pytest.mark.parametrize(
    ("url", "interfaces", "done"),
    [
        (f"{URL}?in=0x82&out=0x01", [interface(0, (0x81, 0x82, 0x02, 0x01), kind=255)], []),
        (URL, [interface(0, (0x02,)), interface(1, (0x02, 0x81))], ["alternate 1"]),
    ],
)
def test_end_points_are_told_or_found(
    url: str, interfaces: list[object], done: list[str], cable: BusCable, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = Bus(cable, *interfaces)  # type: ignore[arg-type]
    plug_in(bus, monkeypatch)
    profile = PrinterProfile(url, 32)
    with SimulatedPrinter(cable, PrinterKind(32)):
        assert send(profile, a_receipt(profile)) == Confirmed()
    assert bus.done == ["detach", *done, "close", "attach", "close"]


def test_a_one_way_printer(cable: BusCable, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(Bus(cable, interface(0, (0x02,))), monkeypatch)
    with SimulatedPrinter(cable, PrinterKind(32)) as printer:
        profile = PrinterProfile(URL, 32, status=False)
        assert send(profile, a_receipt(profile), SHORT) == Sent()
        until(lambda: len(printer.papers) == 1)
        assert send(PrinterProfile(URL, 32), a_receipt(profile), SHORT) == Unknown("printer-silent")


@pytest.mark.parametrize(
    ("fault", "code"),
    [(errno.EACCES, "printer-denied"), (errno.EBUSY, "printer-busy"), (errno.EIO, "printer-unreachable")],
)
def test_a_bus_that_refuses(fault: int, code: str, cable: BusCable, monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus(cable)
    bus.fault = fault
    plug_in(bus, monkeypatch)
    outcome = send(PrinterProfile(URL, 32), Job("R", b"x"))
    assert isinstance(outcome, NotSent)
    assert outcome.code == code


@pytest.mark.parametrize(
    ("interfaces", "code"), [([interface(0, (0x81, 0x02), kind=3)], "printer-invalid"), (None, "printer-invalid")]
)
def test_no_printer_and_no_libusb(
    interfaces: list[object] | None, code: str, cable: BusCable, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug_in(Bus(cable, *interfaces) if interfaces else None, monkeypatch)  # type: ignore[arg-type]
    outcome = send(PrinterProfile(URL, 32), Job("R", b"x"))
    assert isinstance(outcome, NotSent)
    assert outcome.code == code


def test_not_plugged_in_then_plugged_in(cable: BusCable, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(Bus(cable), monkeypatch)
    cable.unplug()
    profile = PrinterProfile(URL, 32)
    shared = Printer(profile, patience=USUAL)
    outcome = shared.send(a_receipt(profile), lambda: None)
    assert isinstance(outcome, NotSent)
    assert outcome.code == "printer-unreachable"
    cable.plug()
    with SimulatedPrinter(cable, PrinterKind(32)):
        assert shared.send(a_receipt(profile), lambda: None) == Confirmed()


@pytest.mark.parametrize("pulled", [True, False])
def test_pulled_or_stuck_after_the_first_byte(pulled: bool, cable: BusCable, monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus(cable)
    plug_in(bus, monkeypatch)
    profile = PrinterProfile(URL, 32, status=False)

    def fail() -> None:
        cable.plugged, bus.stuck = not pulled, not pulled

    outcome = Printer(profile, patience=SHORT).send(a_receipt(profile), fail)
    assert isinstance(outcome, Unknown)
    assert outcome.code == "printer-lost"
