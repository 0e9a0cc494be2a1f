"""Scans over real ptys and TCP: suffixes, bursts, pieces, garbage, and a cable pulled in between."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from queue import Empty, Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.events import DeviceDown, DeviceUp, Event, Scanned
from drivers.scanner.codes import MAX_LENGTH
from drivers.scanner.serial import Framing, serial_scanner
from drivers.simulated.cable import Cable, PtyCable, TcpCable
from drivers.simulated.scanner import SimulatedScanner

CABLES: list[Callable[[], PtyCable | TcpCable]] = [TcpCable]
if sys.platform != "win32":
    CABLES.append(PtyCable)


class Shop:
    """What the reader says to the shop, in order."""

    def __init__(self) -> None:
        self.events: Queue[Event] = Queue()

    def expect(self, *wanted: str | Event) -> None:
        """The next events, a plain string standing for a scan's text; nobody waits longer than ten seconds."""
        for want in wanted:
            try:
                event = self.events.get(timeout=10)
            except Empty:
                pytest.fail(f"{want!r} did not come")
            assert (event.text if isinstance(event, Scanned) else event) == want


@contextmanager
def listening(cable: Cable) -> Iterator[Shop]:
    shop = Shop()
    reader = serial_scanner("gun", cable.url, shop.events.put, backoff=(0.02,))
    reader.start()
    try:
        shop.expect(DeviceUp("gun"))
        yield shop
    finally:
        reader.stop()


@pytest.mark.parametrize("make", CABLES)
@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n", b"\t", b"\x03"])
def test_every_suffix(make: Callable[[], PtyCable | TcpCable], suffix: bytes) -> None:
    with make() as cable, listening(cable) as shop:
        SimulatedScanner(cable, suffix=suffix).scan("990101101201")
        shop.expect("990101101201")


@pytest.mark.parametrize("make", CABLES)
def test_a_burst_garbage_and_a_pulled_cable(make: Callable[[], PtyCable | TcpCable]) -> None:
    with make() as cable, listening(cable) as shop:
        gun = SimulatedScanner(cable, prefix=b"\x02]C0")
        gun.scan("990101101201", "4006381333931", "990101101201")
        shop.expect("]C0990101101201", "]C04006381333931", "]C0990101101201")

        gun.send(b"\x02\xff\xfe12\r")
        shop.expect("\ufffd\ufffd12")

        cable.unplug()
        shop.expect(DeviceDown("gun", "device-lost"))
        shop.expect(DeviceDown("gun", "port-missing"))
        cable.plug()
        shop.expect(DeviceUp("gun"))
        gun.scan("96385074")
        shop.expect("]C096385074")


def test_idle_is_measured_from_the_last_byte() -> None:
    framing = Framing()

    assert framing.feed(b"9901", 10.0) == []
    assert framing.feed(b"", 10.15) == []
    assert framing.feed(b"0110", 10.15) == []
    assert framing.feed(b"1201\r", 10.3) == ["990101101201"]
    assert framing.feed(b"9901", 11.0) == []
    assert framing.feed(b"", 11.25) == []
    assert framing.feed(b"1201\r", 11.26) == ["1201"]


def test_stx_begins_anew() -> None:
    assert Framing().feed(b"99\x02990101101201\x03\r\n", 1.0) == ["990101101201"]


def test_a_line_that_never_ends_is_bounded() -> None:
    framing = Framing()
    for tick in range(100):
        assert framing.feed(b"7" * 100, tick / 100) == []
    assert framing.feed(b"\r", 1.0) == ["7" * (MAX_LENGTH + 1)]
    assert framing.feed(b"990101101201\r", 1.0) == ["990101101201"]


CODES = st.lists(st.text("0123456789HABC]", min_size=1, max_size=MAX_LENGTH), max_size=5)


@given(CODES, st.sampled_from([b"\r", b"\n", b"\r\n", b"\t"]), st.lists(st.integers(0, 400), max_size=8))
def test_however_the_bytes_are_cut(codes: list[str], suffix: bytes, cuts: list[int]) -> None:
    line = b"".join(code.encode() + suffix for code in codes)
    edges = [0, *sorted(cut for cut in cuts if cut < len(line)), len(line)]
    framing = Framing()
    pieces = [line[start:end] for start, end in pairwise(edges)]
    assert [text for piece in pieces for text in framing.feed(piece, 1.0)] == codes


@given(st.lists(st.binary(max_size=200), max_size=10))
def test_noise_yields_short_texts_and_nothing_worse(noise: list[bytes]) -> None:
    framing = Framing()
    assert all(0 < len(text) <= MAX_LENGTH + 1 for data in noise for text in framing.feed(data, 1.0))
