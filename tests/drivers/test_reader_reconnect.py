"""A reader whose device goes away, in every way there is, and comes back."""

import errno
import os
import termios
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from threading import Event as Signal

import pytest
import serial
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.errors import PortBusy, PortMissing
from drivers.events import DeviceDown, DeviceUp, Event
from drivers.port import LineSettings, Poll, open_port
from drivers.reader import Reader
from drivers.scale.protocol import load
from drivers.simulated.cable import PtyCable
from tests.drivers.listener import FAST, Listener, reader
from tests.drivers.waiting import gather, until

GONE = serial.SerialException(
    "device reports readiness to read but returned no data (device disconnected or multiple access on port?)"
)


class Vanishing:
    """A port that raises as pyserial does when its device has gone, at one of the calls a reader makes."""

    def __init__(self, at: str, error: Exception) -> None:
        self.at, self.error = at, error
        self.closed = False

    def _do(self, what: str) -> None:
        if what == self.at:
            raise self.error

    @property
    def in_waiting(self) -> int:
        self._do("in_waiting")
        return 0

    def read(self, size: int) -> bytes:
        self._do("read")
        time.sleep(0.01)
        return b""

    def write(self, data: bytes) -> None:
        self._do("write")

    def close(self) -> None:
        self.closed = True
        self._do("close")


@pytest.mark.parametrize(
    ("at", "error"),
    [
        pytest.param("read", GONE, id="read"),
        pytest.param("write", serial.SerialException("write failed: [Errno 5] Input/output error"), id="write"),
        pytest.param("write", serial.SerialTimeoutException("Write timeout"), id="write timeout"),
        pytest.param("in_waiting", OSError(errno.EIO, "Input/output error"), id="in_waiting"),
        pytest.param("read", termios.error(errno.EIO, "Input/output error"), id="termios"),
        pytest.param("read", TypeError("'NoneType' object cannot be interpreted as an integer"), id="closed meanwhile"),
        pytest.param(
            "read", serial.SerialException("ClearCommError failed (PermissionError(13, '', None, 5))"), id="win"
        ),
        pytest.param(
            "write", serial.SerialException("WriteFile failed (PermissionError(13, '', None, 5))"), id="win write"
        ),
        pytest.param("read", serial.SerialException("GetOverlappedResult failed"), id="win overlapped"),
        pytest.param("close", OSError(errno.EIO, "Input/output error"), id="silence, then a close that fails"),
    ],
)
def test_a_device_that_vanishes_is_closed_and_opened_again(at: str, error: Exception) -> None:
    listener = Listener()
    gone = Vanishing(at, error)
    with PtyCable() as cable:
        ports: list[Callable[[], serial.SerialBase]] = [lambda: gone, lambda: open_port(cable.url, LineSettings())]
        running = Reader(
            "gun",
            cable.url,
            LineSettings(),
            listener.hear,
            listener.events.append,
            poll=Poll(b"W", 0.02),
            silence=0.3,
            backoff=FAST,
            opening=lambda url, settings: (ports.pop(0) if len(ports) > 1 else ports[0])(),
        )
        running.start()
        until(lambda: bool(listener.events), "the loss is said")
        assert listener.events[0] == DeviceDown("gun", "device-silent" if at == "close" else "device-lost")
        assert gone.closed
        while len(listener.events) < 2:
            cable.write(b"1.25\n")
            time.sleep(0.01)
        running.stop()
    assert listener.events[1] == DeviceUp("gun")


def test_the_loss_is_said_before_a_close_that_does_not_return(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener()
    gone, returned = Vanishing("read", GONE), Signal()
    monkeypatch.setattr(gone, "close", returned.wait)
    running = Reader(
        "gun", "COM3", LineSettings(), listener.hear, listener.events.append, opening=lambda *_: gone, silence=60
    )
    running.start()
    until(lambda: listener.events == [DeviceDown("gun", "device-lost")])
    returned.set()
    running.stop()


def test_it_waits_longer_each_time_and_at_once_no_longer_when_it_was_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    listener = Listener()
    failures = 7

    def opening(url: str, settings: LineSettings) -> serial.SerialBase:
        if len(waited) == failures:
            return Vanishing("read", GONE)
        raise PortMissing(url)

    running = Reader("gun", "COM3", LineSettings(), listener.hear, listener.events.append, opening=opening)

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == failures + 2:
            running._stop.set()

    monkeypatch.setattr(running._stop, "wait", wait)
    running.start()
    until(lambda: len(waited) == failures + 2)
    assert waited == [0.5, 1, 2, 4, 5, 5, 5, 0.5, 1]


def test_an_adapter_that_comes_back_under_another_name_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listener = Listener()
    with PtyCable(tmp_path / "ttyUSB0") as cable:

        def comports() -> list[ListPortInfo]:
            port = ListPortInfo(cable.url)
            port.vid, port.pid, port.location = 0x1A86, 0x7523, "1-1.2"
            return [port] if os.path.lexists(cable.url) else []

        monkeypatch.setattr(list_ports, "comports", comports)
        running = reader("adapter:1A86:7523@1-1.2", listener)
        running.start()
        until(lambda: listener.events == [DeviceUp("gun")])
        cable.unplug()
        until(lambda: listener.events[-1] in (DeviceDown("gun", "port-missing"), DeviceDown("gun", "device-lost")))
        cable.plug(str(tmp_path / "ttyUSB1"))
        until(lambda: listener.events[-1] == DeviceUp("gun"))
        cable.write(b"here")
        until(lambda: listener.data == b"here")
        running.stop()


def test_a_port_taken_by_another_program_is_busy_until_it_is_free() -> None:
    listener = Listener()
    with PtyCable() as cable:
        other = open_port(cable.url, LineSettings())
        running = reader(cable.url, listener)
        running.start()
        until(lambda: listener.events == [DeviceDown("gun", PortBusy.code)])
        other.close()
        until(lambda: listener.events[-1] == DeviceUp("gun"))
        running.stop()


def test_what_was_half_received_is_forgotten_with_the_line() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = Reader(
            "gun",
            cable.url,
            LineSettings(),
            listener.hear,
            listener.events.append,
            backoff=FAST,
            reset=lambda: setattr(listener, "data", b""),
        )
        running.start()
        until(lambda: listener.events == [DeviceUp("gun")])
        cable.write(b"ST,GS,+0001")
        until(lambda: bool(listener.data))
        cable.unplug()
        until(lambda: isinstance(listener.events[-1], DeviceDown))
        cable.plug()
        until(lambda: listener.events[-1] == DeviceUp("gun"))
        cable.write(b"2.50kg\n")
        until(lambda: b"\n" in listener.data)
        running.stop()
    assert listener.data == b"2.50kg\n"


def test_a_garbage_storm_starves_nobody_and_leaves_nothing_behind() -> None:
    events: list[Event] = []
    decoder = load("yaohua_stx").decoder()
    heard = 0
    good = b"\x02+00125031E\x03"
    seen: list[str] = []

    def hear(data: bytes) -> bool:
        nonlocal heard
        heard += len(data)
        readings = decoder.feed(data)
        seen.extend(f"{reading.value}" for reading in readings)
        return bool(readings)

    storm = bytes(range(256)) * 40
    with PtyCable() as cable:
        running = Reader(
            "scale", cable.url, LineSettings(), hear, events.append, poll=Poll(b"W", 0.02), silence=30, backoff=FAST
        )
        running.start()
        assert gather(lambda: cable.read(0.05), 1) == b"W"
        tracemalloc.start()
        asked = 0
        for start in range(0, len(storm), 512):
            cable.write(storm[start : start + 512])
            asked += len(cable.read(0.01))
        until(lambda: heard == len(storm), "all of it is heard")
        grown = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        cable.write(good)
        until(lambda: seen == ["1.250"])
        running.stop()
    assert asked, "it went on asking"
    assert events == [DeviceUp("scale")]
    assert grown < 100_000
