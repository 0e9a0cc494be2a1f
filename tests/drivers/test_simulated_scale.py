"""A simulated scale on its cable: faults, power, the rate of the line, and what it remembers of the shop's bytes."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from drivers.errors import PortError
from drivers.port import LineSettings, open_port, read_some
from drivers.simulated.cable import Cable, PtyCable, TcpCable, listen
from drivers.simulated.scale import SimulatedScale, flip, truncate
from tests.drivers.waiting import gather, until

ZERO = b"ST,GS,+000.000kg\r\n"


class Shop:
    """The shop's end: bytes, and nothing that understands them."""

    def __init__(self, cable: Cable, settings: LineSettings) -> None:
        self.port: serial.SerialBase = open_port(cable.url, settings)
        self.heard = b""

    def hears(self, what: bytes) -> bool:
        self.heard += read_some(self.port, "")
        return what in self.heard

    def until(self, what: bytes) -> None:
        until(lambda: self.hears(what), f"{what!r} in {self.heard[-60:]!r}")

    def afresh(self, count: int = 200) -> bytes:
        """The next bytes."""
        self.heard = b""
        return gather(lambda: read_some(self.port, ""), count)


@contextmanager
def opened(scale: SimulatedScale, settings: LineSettings | None = None) -> Iterator[Shop]:
    with scale:
        shop = Shop(scale.cable, settings or LineSettings())
        yield shop
        shop.port.close()


@pytest.fixture
def cable() -> Iterator[PtyCable]:
    with PtyCable() as made:
        yield made


def scale(cable: Cable, protocol: str = "st_gs", settings: LineSettings | None = None) -> SimulatedScale:
    return SimulatedScale(cable, protocol, interval=0.02, settings=settings)


@pytest.mark.parametrize(
    ("act", "seen"),
    [
        (lambda pan: pan.place(12_500), b"ST,GS,+012.500kg\r\n"),
        (lambda pan: pan.place(12_500, ramp=60.0), b"US,GS,"),
        (lambda pan: pan.place(-500), b"ST,GS,-000.500kg\r\n"),
        (lambda pan: pan.place(200_000), b"OL,GS,+       kg\r\n"),
        (lambda pan: pan.shake(True), b"US,GS,-000.015kg\r\n"),
        (lambda pan: (pan.place(1_000, 0), pan.press_tare(), pan.place(3_000, 0)), b"ST,NT,+002.000kg\r\n"),
        (lambda pan: (pan.place(1_000, 0), pan.press_zero(), pan.remove(0)), b"ST,GS,-001.000kg\r\n"),
        (lambda pan: pan.spoil(truncate(5)), b"\r\nST,GS" + ZERO),
        (lambda pan: pan.spoil(flip(8 * 7 + 1)), b"ST,GS,+" + b"2" + b"00.000kg\r\n"),
        (lambda pan: pan.garbage(b"\x00\xff\xfe"), b"\x00\xff\xfe"),
        (lambda pan: (pan.power_off(), pan.power_on(b"XK3190 v1.0\r\n")), b"XK3190 v1.0\r\n"),
    ],
)
def test_what_happens_at_the_pan_is_on_the_line(
    cable: PtyCable, act: Callable[[SimulatedScale], object], seen: bytes
) -> None:
    pan = scale(cable)
    with opened(pan) as shop:
        shop.until(ZERO)
        act(pan)
        shop.until(seen)


def test_a_burst_of_garbage_has_its_length() -> None:
    with TcpCable() as cable, opened(pan := scale(cable, "mtsics")) as shop:
        shop.port.write(b"SI\r\n")
        shop.until(b"S S")
        pan.noise(10_000)
        assert len(shop.afresh(10_000)) >= 10_000


def test_silence_ends_and_power_does_not_come_back_by_itself(cable: PtyCable) -> None:
    pan = scale(cable)
    with opened(pan) as shop:
        shop.until(ZERO)
        pan.silence(0.3)
        shop.afresh(1)
        shop.until(ZERO)
        pan.power_off()
        assert not pan.awake
        until(lambda: not read_some(shop.port, ""), "quiet")
        sent, shop.heard = pan.sent, b""
        assert not shop.hears(b"ST")
        assert pan.sent == sent


def test_a_power_cycled_sics_scale_says_who_it_is_and_wants_zero() -> None:
    with TcpCable() as cable:
        pan = scale(cable, "mtsics")
        with opened(pan) as shop:
            shop.port.write(b"SI\r\n")
            shop.until(b"S S      0.000 kg\r\n")
            pan.place(5_000, 0)
            pan.press_tare()
            pan.power_off()
            shop.port.write(b"SI\r\n")
            pan.power_on()
            shop.until(b'I4 A "0123456789"\r\n')
            assert not pan.indication().zeroed
            assert not pan.indication().net
            pan.remove(0)
            assert pan.press_zero()
            assert pan.indication().zeroed


def test_every_byte_that_was_sent_to_it_is_kept(cable: PtyCable) -> None:
    pan = scale(cable, "nci")
    with opened(pan) as shop:
        shop.port.write(b"W\r")
        shop.until(b"\n  0.000kg")
        assert pan.received == b"W\r"
        assert pan.awake
        shop.port.write(b"X\r")
        until(lambda: not pan.awake, "switched off")
        assert b"X" in pan.received


def test_a_shop_at_another_rate_hears_noise_and_is_not_understood(cable: PtyCable) -> None:
    with opened(scale(cable, settings=LineSettings(2400))) as shop:
        assert ZERO not in shop.afresh()
        shop.port.baudrate = 2400
        shop.heard = b""
        shop.until(ZERO)
    with opened(scale(cable, "samsung_esp", LineSettings(2400))) as shop:
        shop.port.write(b"$$$$")
        until(lambda: not shop.hears(b"00.000\r"), "nothing")
        shop.port.baudrate = 2400
        shop.port.write(b"$")
        shop.until(b"00.000\r")


def test_parity_is_heard_in_bit_7(cable: PtyCable) -> None:
    pan = scale(cable, "toledo8217", LineSettings(bytesize=7, parity="E"))
    with opened(pan) as shop:
        pan.place(1_250, 0)
        shop.port.write(b"W")
        shop.until(bytes.fromhex("82 30 b1 2e b2 35 30 8d"))
        assert pan.received == b"W"


def test_a_cable_may_come_back_under_another_name(tmp_path: Path) -> None:
    with PtyCable(tmp_path / "one") as cable:
        cable.unplug()
        cable.plug(str(tmp_path / "two"))
        assert cable.url == str(tmp_path / "two")
        with pytest.raises(PortError, match="port-missing"):
            open_port(str(tmp_path / "one"), LineSettings())
        with opened(scale(cable)) as shop:
            shop.until(ZERO)
    assert list(tmp_path.iterdir()) == []


def test_a_tcp_line_may_come_back_on_another_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as spare:
        other = spare.getsockname()[1]
    with TcpCable() as cable:
        cable.unplug()
        cable.plug(str(other))
        assert cable.url == f"socket://127.0.0.1:{other}"
        with opened(scale(cable)) as shop:
            shop.until(ZERO)


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    file = tmp_path / "precious"
    file.write_text("mine", encoding="utf-8")
    return file


def test_a_file_that_is_no_line_is_left_alone(tmp_path: Path, precious: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(precious)
    for name in (precious, link, tmp_path):
        with pytest.raises(FileExistsError):
            PtyCable(name)
    assert precious.read_text(encoding="utf-8") == "mine"
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, precious]


def test_a_cable_that_could_not_be_plugged_in_takes_nothing_away(tmp_path: Path, precious: Path) -> None:
    usual = tmp_path / "usual"
    with PtyCable(usual) as cable:
        cable.unplug()
        with pytest.raises(FileExistsError):
            cable.plug(str(precious))
        assert cable.url == str(usual)
        cable.unplug()
        with pytest.raises(FileNotFoundError):
            cable.plug(str(tmp_path / "nowhere" / "scale"))
        cable.plug()
        assert usual.is_symlink()
        cable.unplug()
        with pytest.raises(FileExistsError):
            cable.plug(str(precious))
    assert precious.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [precious]


def test_only_the_link_that_a_cable_made_goes_with_it(tmp_path: Path, precious: Path) -> None:
    link, beside = tmp_path / "scale", tmp_path / "scale.new"
    beside.write_text("mine too", encoding="utf-8")
    with PtyCable(link):
        link.unlink()
        precious.rename(link)
    assert link.read_text(encoding="utf-8") == "mine"
    assert beside.read_text(encoding="utf-8") == "mine too"


def test_a_link_left_over_is_taken_over(tmp_path: Path) -> None:
    stale = tmp_path / "stale"
    stale.symlink_to("/dev/pts/9999")
    with PtyCable(stale):
        assert os.readlink(stale) != "/dev/pts/9999"
    assert list(tmp_path.iterdir()) == []


def test_where_to_listen(tmp_path: Path) -> None:
    with listen("tcp:0") as tcp, listen(f"pty:{tmp_path / 'scale'}") as pty, listen("pty") as somewhere:
        assert tcp.url.startswith("socket://127.0.0.1:")
        assert pty.url == str(tmp_path / "scale")
        assert Path(somewhere.url).exists()
    for wrong in ("", "tcp", "tcp:", "tcp:99999", "tcp:-1", "tcp:１２", "udp:5", "5000"):
        with pytest.raises(ValueError, match=wrong or None):
            listen(wrong)


def test_only_this_machine_is_listened_to_unless_it_is_said() -> None:
    with listen("tcp:0") as closed, listen("tcp:0.0.0.0:0") as wide:
        assert isinstance(closed, TcpCable)
        assert isinstance(wide, TcpCable)
        assert closed.address[0] == "127.0.0.1"
        assert wide.address[0] == "0.0.0.0"


def test_frames_in_dialect(cable: PtyCable) -> None:
    with opened(SimulatedScale(cable, "st_gs", dialect="tiger", interval=0.02)) as shop:
        shop.until(b"ST,GS,   0.000,kg\r\n")
