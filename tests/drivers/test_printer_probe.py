"""Which questions a printer answers, and jobs that are confirmed by the answer to a tagged question."""

from dataclasses import replace

import pytest

from drivers.printer.job import drawer_job
from drivers.printer.printer import TAGGING_MODELS, Abilities, Confirmed, Printer, Unknown
from drivers.printer.profile import PrinterProfile
from drivers.simulated.cable import TcpCable
from drivers.simulated.printer import PrinterKind, SimulatedPrinter
from tests.drivers.test_printer_peers import answering, peer
from tests.drivers.test_printer_send import SHORT, STUCK, USUAL, WIRES, a_receipt, plug, profile_of, send
from tests.drivers.waiting import until

EPSON = PrinterKind(32, model="TM-T20II", tags=True)


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (PrinterKind(32), Abilities(real_time=True, queued=True)),
        (PrinterKind(32, model="POS-58"), Abilities(True, True, False, "POS-58")),
        (EPSON, Abilities(True, True, True, "TM-T20II")),
        (replace(EPSON, noisy=True, late=0.02), Abilities(True, True, True, "TM-T20II")),
    ],
)
def test_what_a_printer_answers(wire: str, kind: PrinterKind, found: Abilities) -> None:
    cable, url = plug(wire)
    with SimulatedPrinter(cable, kind) as printer:
        patience = replace(USUAL, status=0.3) if not kind.model else USUAL
        assert Printer(profile_of(url, status=False), patience=patience).probe() == found
        assert printer.papers == []
        asked_for_a_tag = b"\x1d(H" in printer.received
        assert asked_for_a_tag == (kind.model == "TM-T20II"), "others may print the tag"


def test_a_printer_that_says_nothing() -> None:
    with SimulatedPrinter(TcpCable(), PrinterKind(32, mute=True)) as printer:
        assert Printer(profile_of(printer.cable.url), patience=SHORT).probe() == Abilities()


def test_only_the_queue_answers() -> None:
    with peer(answering(lambda data: b"" if data.startswith(b"\x10\x04") else b"\x00")) as url:
        assert Printer(profile_of(url), patience=SHORT).probe() == Abilities(queued=True)


def test_nothing_is_found_out_in_trouble() -> None:
    with SimulatedPrinter(TcpCable(), PrinterKind(32)) as printer:
        printer.paper_out()
        assert Printer(profile_of(printer.cable.url), patience=USUAL).probe() == Abilities(trouble="paper-out")
        printer.close()
        assert Printer(profile_of(printer.cable.url), patience=SHORT).probe() == Abilities(
            trouble="printer-unreachable"
        )


@pytest.mark.parametrize(
    ("model", "knows"),
    [
        *((model, True) for model in ("TM-T20", "TM-T20III", "TM-T82II", "TM-T88IV", "TM-T88VII", "TM-m30II-NT")),
        *((model, False) for model in ("TM-T82", "TM-T88III", "TM-J2000", "XP-58", "", "TM-T200", "POS TM-T20")),
    ],
)
def test_models_that_know_tags(model: str, knows: bool) -> None:
    assert bool(TAGGING_MODELS.fullmatch(model)) == knows


@pytest.mark.parametrize("kind", [EPSON, replace(EPSON, noisy=True), replace(EPSON, late=0.05)])
def test_a_tagged_answer_confirms(kind: PrinterKind) -> None:
    with SimulatedPrinter(TcpCable(), kind) as printer:
        profile = PrinterProfile(printer.cable.url, 32, confirm="gs_h")
        assert send(profile, a_receipt(profile)) == (Confirmed(), ["sending"])
        assert send(profile, drawer_job("D", profile))[0] == Confirmed()
        assert (len(printer.papers), printer.pulses) == (1, 1)
        assert b"\x1dr" not in printer.received


@pytest.mark.parametrize(
    "answer", [b'7"0000\0', b"\x00", b"_TM-T88V\0", b'7"', b"7\0"], ids=["tag", "status", "name", "part", "empty"]
)
def test_another_answer_than_the_own_tag_confirms_nothing(answer: bytes) -> None:
    with peer(answering(lambda data: b"\x12" if data.startswith(b"\x10\x04") else answer)) as url:
        profile = PrinterProfile(url, 32, confirm="gs_h")
        assert send(profile, a_receipt(profile), SHORT)[0] == Unknown("printer-silent")


def test_without_paper_a_tag_does_not_come_back() -> None:
    with SimulatedPrinter(TcpCable(), EPSON) as printer:
        profile = PrinterProfile(printer.cable.url, 32, confirm="gs_h")
        printer.paper_out(after_lines=4)
        assert send(profile, a_receipt(profile), STUCK)[0] == Unknown("paper-out")
        printer.refill()
        until(lambda: len(printer.papers) == 1)
        assert send(profile, drawer_job("D", profile))[0] == Confirmed()
        assert len(printer.papers) == 1


def test_an_answer_that_comes_too_late_confirms_nothing() -> None:
    """Not its own job, which is unknown by then, and not the next one."""
    with SimulatedPrinter(TcpCable(), PrinterKind(32, late=0.5)) as printer:
        profile = PrinterProfile(printer.cable.url, 32, status=False, confirm="gs_r")
        assert send(profile, a_receipt(profile), SHORT)[0] == Unknown("printer-silent")
        until(lambda: len(printer.papers) == 1)
        printer.paper_out(after_lines=4)
        assert isinstance(send(profile, a_receipt(profile), STUCK)[0], Unknown)
        assert len(printer.papers) == 1
