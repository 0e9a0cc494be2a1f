from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from drivers.errors import DeviceLost, PortError
from drivers.port import LineSettings, open_port, read_some
from drivers.simulated.cable import Cable, PtyCable, TcpCable
from tests.drivers.waiting import gather


@pytest.fixture(params=["pty", "tcp"])
def cable(request: pytest.FixtureRequest) -> Iterator[Cable]:
    made: PtyCable | TcpCable = PtyCable() if request.param == "pty" else TcpCable()
    with made:
        yield made


def opened(cable: Cable) -> serial.SerialBase:
    """The shop's end, and for TCP the connection accepted on the device's."""
    port = open_port(cable.url, LineSettings())
    cable.read(0.2)
    return port


def receive(port: serial.SerialBase, count: int) -> bytes:
    return gather(lambda: read_some(port, ""), count)


def test_bytes_pass_both_ways_unchanged(cable: Cable) -> None:
    every = bytes(range(256))
    port = opened(cable)
    cable.write(every)
    assert receive(port, 256) == every
    port.write(every)
    assert gather(lambda: cable.read(0.05), 256) == every
    port.close()


def test_nothing_to_read_ends_by_itself(cable: Cable) -> None:
    assert cable.read(0.01) == b""


def test_writing_to_nobody_never_waits(cable: Cable) -> None:
    for _ in range(200):
        cable.write(b"x" * 1000)


def test_a_pulled_cable_fails_the_open_port_and_comes_back_under_its_name(cable: Cable) -> None:
    url = cable.url
    port = opened(cable)
    cable.unplug()
    with pytest.raises(DeviceLost):
        receive(port, 1)
    port.close()
    with pytest.raises(PortError, match="port-missing"):
        open_port(url, LineSettings())
    assert cable.read(0.01) == b""
    cable.write(b"into the air")
    cable.plug()
    assert cable.url == url
    again = opened(cable)
    cable.write(b"back")
    assert receive(again, 4) == b"back"
    again.close()


def test_the_shop_may_close_and_open_again(cable: Cable) -> None:
    for word in (b"one", b"two", b"three"):
        port = opened(cable)
        cable.read(0.05)
        cable.write(word)
        assert receive(port, len(word)) == word
        port.close()


def test_a_pty_keeps_the_name_it_was_given_and_leaves_nothing(tmp_path: Path) -> None:
    link = tmp_path / "scale"
    with PtyCable(link) as cable:
        assert cable.url == str(link)
        assert link.is_symlink()
    assert list(tmp_path.iterdir()) == []
