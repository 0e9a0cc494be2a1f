import errno
import termios

import pytest
import serial

from drivers import errors
from drivers.port import Handshake, LineSettings, in_use, open_port, read_some, refusal
from drivers.simulated.cable import PtyCable, TcpCable
from tests.drivers.waiting import until

EIGHT = LineSettings()


def test_the_settings_reach_the_port() -> None:
    settings = LineSettings(baudrate=4800, bytesize=7, parity="E", stopbits=2, dtr=False, rts=False)
    port = open_port("loop://", settings)
    assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (4800, 7, "E", 2)
    assert (port.dtr, port.rts) == (False, False)
    assert port.timeout < 0.5
    assert port.write_timeout > 0
    port.close()


def test_a_loop_gives_back_what_was_written() -> None:
    port = open_port("loop://", EIGHT)
    assert read_some(port, "loop://") == b""
    port.write(b"W")
    assert read_some(port, "loop://") == b"W"
    port.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("/dev/no-such-port", "port-missing"),
        ("socket://127.0.0.1:1", "port-missing"),
        ("nonsense://x", "port-invalid"),
        ("/dev/null", "port-invalid"),
    ],
)
def test_a_port_that_does_not_open_says_why(url: str, code: str) -> None:
    with pytest.raises(errors.PortError) as refused:
        open_port(url, EIGHT)
    assert (refused.value.code, refused.value.url) == (code, url)


def test_a_port_in_use_is_busy() -> None:
    with PtyCable() as cable:
        first = open_port(cable.url, EIGHT)
        with pytest.raises(errors.PortBusy):
            open_port(cable.url, EIGHT)
        first.close()
        open_port(cable.url, EIGHT).close()


def test_a_pty_refuses_seven_bits_when_opened_again() -> None:
    seven = LineSettings(bytesize=7, parity="E")
    with PtyCable() as cable:
        open_port(cable.url, seven).close()
        with pytest.raises(errors.PortInvalid):
            open_port(cable.url, seven)


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (serial.SerialException(errno.ENOENT, "could not open port"), "port-missing"),
        (serial.SerialException(errno.EACCES, "could not open port"), "port-denied"),
        (serial.SerialException(errno.EAGAIN, "Could not exclusively lock port"), "port-busy"),
        (serial.SerialException(errno.EBUSY, "could not open port"), "port-busy"),
        (serial.SerialException("could not open port 'COM3': PermissionError(13, '拒绝访问。', None, 5)"), "port-busy"),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2, '', None, 2)"), "port-missing"),
        (termios.error(errno.EINVAL, "Invalid argument"), "port-invalid"),
        (ValueError("invalid URL"), "port-invalid"),
    ],
)
def test_errors_of_an_opening_port_have_names(raised: Exception, code: str) -> None:
    assert refusal(raised, "COM3").code == code


@pytest.mark.parametrize(
    "raised",
    [
        serial.SerialException("device reports readiness to read but returned no data"),
        serial.SerialException("write failed: [Errno 5] Input/output error"),
        serial.SerialException("ClearCommError failed (PermissionError(13, '', None, 5))"),
        serial.SerialTimeoutException("Write timeout"),
        OSError(errno.EIO, "Input/output error"),
        termios.error(errno.EIO, "Input/output error"),
        TypeError("'NoneType' object cannot be interpreted as an integer"),
    ],
)
def test_whatever_a_vanished_device_raises_is_one_error(raised: Exception) -> None:
    with pytest.raises(errors.DeviceLost) as lost, in_use("COM3"):
        raise raised
    assert lost.value.code == "device-lost"


def test_every_code_of_the_tree_is_its_own() -> None:
    def below(kind: type[errors.DriverError]) -> list[type[errors.DriverError]]:
        return [kind, *(deeper for child in kind.__subclasses__() for deeper in below(child))]

    codes = [kind.code for kind in below(errors.DriverError) if kind.__module__ == errors.__name__]
    assert len(codes) == len(set(codes))
    assert errors.__doc__
    assert all(code in errors.__doc__ for code in codes if code not in ("driver-error", "port-error"))


def test_a_closed_tcp_peer_is_a_lost_device() -> None:
    with TcpCable() as cable:
        port = open_port(cable.url, EIGHT)
        cable.read(0.2)
        cable.unplug()
        with pytest.raises(errors.DeviceLost):
            until(lambda: bool(read_some(port, cable.url)))
        port.close()


ENQ_ACK = ((b"\x06", b"\x11"),)
QUIET = b""
FRAME = b"\x01\x02S 01.250kg\x06\x03\x04"


@pytest.mark.parametrize(
    ("came", "answers"),
    [
        pytest.param([b"\x06"], [b"\x11"], id="alone"),
        pytest.param([QUIET, b"\x06", FRAME], [b"", b"\x11", b""], id="after a while, then the frame"),
        pytest.param([b"\x06", b"\x06"], [b"\x11", b""], id="once only"),
        pytest.param([b"kg\r\n\x06", QUIET], [b"", b"\x11"], id="behind a late frame: when nothing follows"),
        pytest.param([b"\x06" + FRAME, QUIET], [b"", b""], id="a scale that sends without being told"),
        pytest.param([FRAME[:13], FRAME[13:], QUIET], [b"", b"", b""], id="a checksum that looks like it"),
        pytest.param([b"\x15", QUIET], [b"", b""], id="another word"),
    ],
)
def test_a_handshake_is_answered(came: list[bytes], answers: list[bytes]) -> None:
    handshake = Handshake(ENQ_ACK)
    handshake.asked()
    assert [handshake.heard(data) for data in came] == answers


def test_a_handshake_is_answered_only_after_a_request_and_again_after_the_next() -> None:
    handshake = Handshake(((b"\x06", b"\x04\x05"), (b"\x15", b"\x04\x0208\x03")))
    assert handshake.heard(b"\x06") == b""
    for _ in range(2):
        handshake.asked()
        assert handshake.heard(b"\x06") == b"\x04\x05"
        assert handshake.heard(b"\x15") == b"\x04\x0208\x03"
        assert handshake.heard(b"\x15") == b""


def test_the_words_of_a_handshake_may_be_split() -> None:
    handshake = Handshake(((b"\x10\x06", b"go"),))
    handshake.asked()
    assert [handshake.heard(data) for data in (b"\x10", b"\x06")] == [b"", b"go"]
