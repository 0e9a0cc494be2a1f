import threading
import time

import pytest

from drivers.events import DeviceDown, DeviceUp
from drivers.port import Poll
from drivers.reader import WAITING
from drivers.simulated.cable import PtyCable, TcpCable
from tests.drivers.listener import Listener, reader
from tests.drivers.waiting import gather, until


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


def test_a_handshake_is_kept_up() -> None:
    frame = b"\x01\x02S 01.250kgg\x03\x04"
    listener = Listener()
    asked = b""
    with PtyCable() as cable:
        running = reader(cable.url, listener, poll=Poll(b"\x05", 0.05, answers=((b"\x06", b"\x11"),)))
        running.start()
        ends = time.monotonic() + 20
        while listener.data.count(frame) < 3 and time.monotonic() < ends:
            asked += (came := cable.read(0.05))
            if came.endswith(b"\x05"):
                cable.write(b"\x06")
            elif came.endswith(b"\x11"):
                cable.write(frame)
        running.stop()
    assert listener.data.count(frame) >= 3
    assert asked.replace(b"\x05", b"") == b"\x11" * asked.count(b"\x11")
    assert asked.count(b"\x11") >= 3


def test_a_command_is_sent_between_polls() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener, poll=Poll(b"W", 0.05))
        assert not running.send(b"Z"), "the port is not open yet"
        running.start()
        until(lambda: listener.events == [DeviceUp("gun")])
        assert running.send(b"Z")
        asked = b""
        while not asked.endswith(b"ZWW"):
            asked += gather(lambda: cable.read(0.05), 1)
        running.stop()
    assert asked.strip(b"W") == b"Z"


def test_a_command_is_sent_at_once_to_a_device_that_is_not_polled() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener)
        running.start()
        until(lambda: listener.events == [DeviceUp("gun")])
        assert running.send(b"Z\r\n")
        assert running.send(b"T\r\n")
        assert gather(lambda: cable.read(0.05), 6) == b"Z\r\nT\r\n"
        running.stop()


def test_a_command_that_could_not_be_sent_is_never_sent_later() -> None:
    listener = Listener()
    with PtyCable() as cable:
        running = reader(cable.url, listener, poll=Poll(b"W", 60.0))
        running.start()
        assert gather(lambda: cable.read(0.05), 1) == b"W"
        assert [running.send(b"T") for _ in range(WAITING + 1)] == [True] * WAITING + [False]
        cable.unplug()
        until(lambda: isinstance(listener.events[-1], DeviceDown))
        assert not running.send(b"Z")
        cable.plug()
        until(lambda: listener.events[-1] == DeviceUp("gun"))
        assert gather(lambda: cable.read(0.05), 1) == b"W"
        assert cable.read(0.2) == b""
        running.stop()
