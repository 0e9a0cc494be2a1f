"""The set-up search: what it sends and never sends, and whether it finds real lines."""

from collections.abc import Generator
from decimal import Decimal
from threading import Event, Thread
from typing import Any

import pytest

from drivers import port as ports
from drivers.errors import PortBusy
from drivers.port import LineSettings, open_port
from drivers.scale.candidates import confirmed
from drivers.scale.detect import (
    BAUDRATES,
    Found,
    Outcome,
    Silent,
    Step,
    Unclear,
    hear,
    listening,
    probing,
    run,
    weighing,
)
from drivers.scale.probes import PROBES, ROUNDS, rounds_at
from drivers.scale.protocol import load, names
from drivers.simulated.cable import PtyCable
from drivers.simulated.scale import SimulatedScale
from tests.drivers.waiting import gather, until

LINE = LineSettings()
YAOHUA = b"\x02+00125031E\x03"
OS2 = b"\x01\x02S 01.250kgg\x03\x04\x10"

READ_ONLY = b"".join(
    (
        b"\x05\r\n",
        b"W\r",
        b"EhelloF\r\n",
        b"SI\r\n",
        b"Q\r\n",
        b"\nW\r",
        b"\x02AA00\x03\r\n",
        b"98000001\r\n",
        b"s",
    )
)
"""All that may be sent to a silent port, in this order; a printer never gets the Sartorius question."""
SARTORIUS = b"\x1bP"

FORBIDDEN_LETTERS = set(b"PXTZR0CS@")
FORBIDDEN_LINES = (b"P", b"X", b"ON", b"OFF", b"T", b"Z", b"R", b"0", b"C", b"CAL", b"C1", b"S", b"PSI", b"POH", b"@")
FORBIDDEN_STARTS = (b"T", b"Z", b"<AL>", b"<PB>", b"<DB>", b"\x1bR", b"\x1bS", b"\x1bZ")


def told(
    plan: Generator[Step, bytes, Outcome], answers: dict[bytes, bytes] | None = None
) -> tuple[Outcome, list[Step]]:
    """How a plan ends on a line that answers nothing but these questions, and what it did."""
    steps = [next(plan)]
    while True:
        try:
            steps.append(plan.send((answers or {}).get(steps[-1].send, b"")))
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome, steps


def test_listening_sends_nothing_and_tries_every_rate_with_control_lines_on_then_off() -> None:
    outcome, steps = told(listening())
    assert outcome == Silent()
    assert [(step.settings.baudrate, step.settings.dtr) for step in steps] == [
        (rate, lines) for lines in (True, False) for rate in BAUDRATES
    ]
    assert BAUDRATES == (9600, 4800, 2400, 19200, 1200, 38400, 115200, 600)
    assert all(step.send == step.after == b"" and step.settings.dtr == step.settings.rts for step in steps)


def test_a_slow_scale_is_given_time() -> None:
    plan = listening()
    next(plan)
    more = plan.send(YAOHUA)
    assert more.settings.baudrate == 9600
    assert not more.flush
    with pytest.raises(StopIteration) as end:
        plan.send(YAOHUA * 3)
    assert isinstance(end.value.value, Found)


def test_an_unknown_voice_is_kept_as_a_sample_and_nothing_is_sent() -> None:
    plan = listening((9600, 4800))
    next(plan)
    plan.send(b"Hello\r\n" * 9)
    with pytest.raises(StopIteration) as end:
        plan.send(b"")
    assert end.value.value == Unclear(LINE, b"Hello\r\n" * 9)


def test_what_answers_without_sense_is_not_found() -> None:
    outcome, _ = told(probing(printer=False), {probe.request: b"?\r\n" for probe in PROBES})
    assert outcome == Unclear(LINE, b"?\r\n")


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.request.hex())
def test_an_echo_is_no_answer(probe: Any) -> None:
    polls = {poll.request for name in probe.identifies if (poll := load(name).poll)}
    outcome, _ = told(probing(printer=False), {sent: sent for sent in (probe.request, *polls)})
    assert not isinstance(outcome, Found)


def test_one_good_answer_is_not_enough() -> None:
    frame = b"S S      1.250 kg\r\n"
    plan = probing(printer=False, rounds=(LINE,), probes=tuple(each for each in PROBES if each.request == b"SI\r\n"))
    answers = [frame, frame, b""]
    outcome: Outcome | None = None
    next(plan)
    while outcome is None:
        try:
            plan.send(answers.pop(0) if answers else b"")
        except StopIteration as end:
            outcome = end.value
    assert outcome == Unclear(LINE, frame)


def commands(stream: bytes) -> list[bytes]:
    """The lines in what was sent; a Yaohua request is one word of its own."""
    return [line for line in stream.replace(b"\r", b"\n").split(b"\n") if line]


@pytest.mark.parametrize("printer", [True, False])
def test_a_complete_probe_of_a_silent_port_sends_read_only_questions_alone(
    monkeypatch: pytest.MonkeyPatch, printer: bool
) -> None:
    monkeypatch.setattr(ports, "READ_TIMEOUT", 0.005)
    sent = bytearray()
    done = Event()
    with PtyCable() as cable:

        def swallow() -> None:
            while not done.is_set():
                sent.extend(cable.read(0.02))

        thread = Thread(target=swallow)
        thread.start()
        outcome = run(cable.url, probing(printer=printer, seconds=0.01), lambda _: None)
        once = READ_ONLY + (b"" if printer else SARTORIUS)
        until(lambda: len(sent) >= len(once) * len(ROUNDS), "all was sent")
        done.set()
        thread.join()
    assert outcome == Silent()
    assert bytes(byte & 0x7F for byte in sent) == once * len(ROUNDS)
    for line in commands(once.removesuffix(SARTORIUS).removesuffix(b"s")):
        assert line not in FORBIDDEN_LINES
        assert not line.startswith(FORBIDDEN_STARTS)
    for letter in {probe.request for probe in PROBES if len(probe.request) == 1}:
        assert letter[0] not in FORBIDDEN_LETTERS


def test_no_scale_that_a_probe_looks_for_is_asked_anything_but_its_weight() -> None:
    wanted = {name for probe in PROBES for name in probe.identifies}
    assert wanted <= set(names())
    for name in wanted:
        poll = load(name).poll
        assert poll, f"{name} must answer a second time"
        request = poll.request.strip(b"\r\n")
        assert request not in FORBIDDEN_LINES
        assert not request.startswith(FORBIDDEN_STARTS)


def test_seven_bit_scales_are_asked_with_their_parity() -> None:
    with PtyCable() as cable:
        hear(cable.url, Step(LineSettings(bytesize=7, parity="E"), 0.01, b"W"))
        assert cable.read(1.0) == b"\xd7"
        hear(cable.url, Step(LineSettings(bytesize=7, parity="O"), 0.01, b"W"))
        assert cable.read(1.0) == b"W"


def test_the_echo_test_is_ended_even_when_the_search_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    (echo,) = (probe for probe in PROBES if probe.request == b"Ehello")
    assert echo.after.startswith(b"F")

    def interrupted(port: object, url: str) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("drivers.scale.detect.read_some", interrupted)
    with PtyCable() as cable:
        with pytest.raises(KeyboardInterrupt):
            hear(cable.url, Step(LINE, 1.0, echo.request, echo.after))
        assert gather(lambda: cable.read(0.1), 9) == b"EhelloF\r\n"


def test_a_weight_asked_of_a_streaming_cas_is_always_ended() -> None:
    (weight,) = (probe for probe in PROBES if probe.request == b"W")
    assert weight.after == b"\r"
    assert [probe.request for probe in PROBES if probe.prints] == [SARTORIUS]


def test_the_port_is_taken_exclusively_and_a_busy_one_is_left_alone() -> None:
    with PtyCable() as cable:
        other = open_port(cable.url, LINE)
        with pytest.raises(PortBusy):
            run(cable.url, listening(), lambda _: None)
        other.close()

        def held(_: LineSettings) -> None:
            with pytest.raises(PortBusy):
                open_port(cable.url, LINE)

        assert run(cable.url, listening((9600,), 0.01), held) == Silent()


@pytest.mark.parametrize(
    ("protocol", "line"),
    [
        ("yaohua_stx", LineSettings(4800)),
        ("st_gs", LineSettings(9600, 7, "E")),
        ("os2_active", LineSettings(9600)),
        ("toledo_continuous", LineSettings(4800, 7, "E")),
        ("ff_bcd", LineSettings(9600)),
    ],
)
def test_a_talking_scale_is_found_at_its_own_rate(protocol: str, line: LineSettings) -> None:
    with PtyCable() as cable, SimulatedScale(cable, protocol, settings=line, interval=0.05) as scale:
        scale.place(1250, 0)
        rates: list[int] = []
        outcome = run(cable.url, listening((9600, 4800), 0.5), lambda settings: rates.append(settings.baudrate))
        assert isinstance(outcome, Found)
        (found,) = outcome.candidates
        assert (found.protocol, found.settings) == (protocol, line)
        assert rates[-1] == line.baudrate
        assert scale.received == b""
        (sure,) = confirmed([found], hear(cable.url, weighing(found, 0.5)), Decimal("1.250"), "kg")
        assert sure.unit == "kg"


@pytest.mark.parametrize(
    ("protocol", "line"),
    [
        ("cas_dc1", LINE),
        ("toledo8217", LineSettings(bytesize=7, parity="E")),
        ("nci", LINE),
        ("mtsics", LINE),
        ("and_std", LineSettings(2400, 7, "E")),
        ("sma", LINE),
        ("yaohua_cmd", LINE),
        ("dibal_98", LINE),
        ("kern_re_cr", LINE),
        ("sbi", LineSettings(bytesize=7, parity="O")),
    ],
)
def test_a_silent_scale_is_asked_and_found(protocol: str, line: LineSettings) -> None:
    with PtyCable() as cable, SimulatedScale(cable, protocol, settings=line, streams=False) as scale:
        scale.place(1250, 0)
        before = scale.indication()
        assert run(cable.url, listening((line.baudrate,), 0.15), lambda _: None) == Silent()
        first = next(index for index, probe in enumerate(PROBES) if protocol in probe.identifies)
        probes = PROBES[max(0, first - 1) : first + 1]
        plan = probing(printer=False, rounds=(LINE, line), seconds=0.15, probes=probes)
        outcome = run(cable.url, plan, lambda _: None)
        assert isinstance(outcome, Found), outcome
        found = outcome.candidates[0]
        assert (found.protocol, found.settings) == (protocol, line)
        assert confirmed([found], hear(cable.url, weighing(found, 0.3)), Decimal("1.250"), "kg")
        after = scale.indication()
        assert scale.awake
        assert (before.weight, before.tare) == (after.weight, after.tare)


def test_a_known_rate_saves_the_others() -> None:
    assert {each.baudrate for each in rounds_at(2400)} == {2400}
    assert {(each.bytesize, each.parity, each.dtr) for each in rounds_at(2400)} == {
        (8, "N", True),
        (7, "E", True),
        (7, "O", True),
        (8, "N", False),
    }
