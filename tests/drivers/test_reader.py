import threading
import time

import pytest

from drivers.events import DeviceDown, DeviceUp, Event
from drivers.port import LineSettings, Poll
from drivers.reader import Reader
from drivers.simulated.cable import PtyCable, TcpCable
from tests.drivers.waiting import gather, until

FAST = (0.02,)


class Listener:
    """Collects what a reader hears and says; a line break makes what came valid."""

    def __init__(self) -> None:
        self.data = b""
        self.events: list[Event] = []
        self.fail = False

    def hear(self, data: bytes) -> bool:
        if self.fail and data:
            self.fail = False
            raise RuntimeError("a bug in a decoder")
        self.data += data
        return b"\n" in data


def reader(url: str, listener: Listener, *, silence: float | None = None, poll: Poll | None = None) -> Reader:
    return Reader(
        "gun", url, LineSettings(), listener.hear, listener.events.append, silence=silence, poll=poll, backoff=FAST
    )


def test_it_hears_and_ends_promptly() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener)
        running.start()
        until(lambda: listener.events == [DeviceUp("gun")])
        cable.write(b"H1")
        until(lambda: listener.data == b"H1")
        began = time.monotonic()
        running.stop()
        assert time.monotonic() - began < 5
    assert not [thread for thread in threading.enumerate() if thread.name == "reader-gun"]
    assert listener.events == [DeviceUp("gun")]


def test_a_missing_port_is_said_once_and_tried_again() -> None:
    listener = Listener()
    cable = PtyCable()
    cable.unplug()
    running = reader(cable.url, listener)
    running.start()
    until(lambda: listener.events == [DeviceDown("gun", "port-missing")])
    time.sleep(0.1)
    cable.plug()
    until(lambda: len(listener.events) == 2)
    running.stop()
    cable.close()
    assert listener.events == [DeviceDown("gun", "port-missing"), DeviceUp("gun")]


@pytest.mark.parametrize("kind", [PtyCable, TcpCable])
def test_a_pulled_cable_is_noticed_and_comes_back(kind: type[PtyCable] | type[TcpCable]) -> None:
    listener = Listener()
    with kind() as cable:
        running = reader(cable.url, listener)
        running.start()
        until(lambda: listener.events == [DeviceUp("gun")])
        for _ in range(2):
            cable.read(0.05)
            cable.unplug()
            until(lambda: isinstance(listener.events[-1], DeviceDown))
            cable.plug()
            until(lambda: listener.events[-1] == DeviceUp("gun"))
        cable.read(0.05)
        cable.write(b"again")
        until(lambda: listener.data.endswith(b"again"))
        running.stop()


def test_a_device_that_must_speak_is_up_when_it_does_and_down_when_it_stops() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener, silence=0.3)
        running.start()
        until(lambda: listener.events == [DeviceDown("gun", "device-silent")])
        while len(listener.events) < 2:
            cable.write(b"18.65\n")
            time.sleep(0.01)
        until(lambda: len(listener.events) == 3)
        running.stop()
    assert listener.events == [
        DeviceDown("gun", "device-silent"),
        DeviceUp("gun"),
        DeviceDown("gun", "device-silent"),
    ]


def test_noise_does_not_count_as_speaking() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener, silence=0.3)
        running.start()
        while not listener.events:
            cable.write(b"\x00\xff")
            time.sleep(0.01)
        running.stop()
    assert listener.events == [DeviceDown("gun", "device-silent")]


def test_a_command_device_is_asked_again_and_again() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener, poll=Poll(b"W", 0.03))
        running.start()
        asked = gather(lambda: cable.read(0.05), 5)
        running.stop()
    assert set(asked) == set(b"W")


def test_a_bug_in_a_listener_does_not_end_the_loop(caplog: pytest.LogCaptureFixture) -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener)
        running.start()
        until(lambda: listener.events == [DeviceUp("gun")])
        listener.fail = True
        cable.write(b"x")
        until(lambda: listener.events[-1] == DeviceUp("gun") and len(listener.events) == 3)
        cable.write(b"y")
        until(lambda: listener.data == b"y")
        running.stop()
    assert listener.events[1] == DeviceDown("gun", "driver-error")
    assert "a bug in a decoder" in caplog.text
