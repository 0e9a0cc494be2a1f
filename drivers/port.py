"""Open a serial port by URL with its line settings, and put names to what goes wrong.

URLs are pyserial's (`/dev/ttyUSB0`, `COM3`, `socket://host:port`, `loop://`) and `adapter:1A86:7523@1-1.2`, a USB
adapter under whatever name it has now (`drivers.ports`). Every error becomes a `drivers.errors.PortError`.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import serial

from drivers.errors import DeviceLost, PortBusy, PortDenied, PortError, PortInvalid, PortMissing
from drivers.ports import locate

READ_TIMEOUT = 0.1
"""Seconds one read waits for the first byte; bounds how late a loop sees its stop event."""

WRITE_TIMEOUT = 1.0
"""Seconds a write may take before the device counts as lost; a scale's figure stays fresh no longer."""

READ_LIMIT = 4096
"""Most bytes taken by one read."""

PORT_ERRORS: tuple[type[Exception], ...] = (OSError, TypeError)
"""What pyserial lets through when a device vanishes: its own SerialException is an OSError; TypeError is a read whose
port was closed by another thread; on POSIX `termios.error`, which is no OSError, comes too."""

if sys.platform != "win32":
    import termios

    PORT_ERRORS = (*PORT_ERRORS, termios.error)

OPEN_ERRORS: tuple[type[Exception], ...] = (*PORT_ERRORS, ValueError)
"""The same when a port is opened; ValueError is a URL or a setting that cannot be."""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How the line is set; the default is 9600 8N1 with DTR and RTS on."""

    baudrate: int = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    dtr: bool = True
    rts: bool = True


@dataclass(frozen=True, slots=True)
class Poll:
    """What a command device is sent each `interval` seconds so that it answers.

    `answers` is the rest of a handshake: what is sent back when exactly these bytes came, as (heard, sent) pairs, each
    once after a request.
    """

    request: bytes
    interval: float
    answers: tuple[tuple[bytes, bytes], ...] = ()


class Handshake:
    """Finds the words of a handshake in what a device sends, and gives what to send back.

    A device that waits for an answer says nothing more, so a word is taken for one at once when it is all that came
    since the request, and after other bytes (a late frame, whose checksum may look like a word) when quiet follows it.
    """

    def __init__(self, answers: tuple[tuple[bytes, bytes], ...]) -> None:
        self._answers = answers
        self._kept = 1 + max((len(heard) for heard, _ in answers), default=0)
        self._due: list[tuple[bytes, bytes]] = []
        self._tail = b""

    def asked(self) -> None:
        """The request was sent: every answer is due again."""
        self._due = list(self._answers)
        self._tail = b""

    def heard(self, data: bytes) -> bytes:
        """What to send back now that `data` came (b"" after a quiet moment), or b""."""
        self._tail = (self._tail + data)[-self._kept :]
        for pair in self._due:
            word, answer = pair
            if self._tail == word or (not data and self._tail.endswith(word)):
                self._due.remove(pair)
                self._tail = b""
                return answer
        return b""


@dataclass(frozen=True, slots=True)
class Commands:
    """What makes a scale act; None where its protocol has no such command. Never sent while probing."""

    zero: bytes | None = None
    tare: bytes | None = None
    clear: bytes | None = None


def open_port(url: str, settings: LineSettings) -> serial.SerialBase:
    """An open port, exclusive where the system can, without flow control.

    Raises `PortMissing`, `PortUnclear`, `PortBusy`, `PortDenied` or `PortInvalid`.
    """
    try:
        name = locate(url)
        port = serial.serial_for_url(
            name,
            do_not_open=True,
            baudrate=settings.baudrate,
            bytesize=settings.bytesize,
            parity=settings.parity,
            stopbits=settings.stopbits,
            timeout=READ_TIMEOUT,
            write_timeout=WRITE_TIMEOUT,
        )
        if sys.platform != "win32" and "://" not in name:
            port.exclusive = True
        port.dtr = settings.dtr
        port.rts = settings.rts
        port.open()
    except OPEN_ERRORS as error:
        raise refusal(error, url) from error
    return port


def refusal(error: Exception, url: str) -> PortError:
    """Why a port did not open, from what pyserial or the system raised."""
    number = error.args[0] if error.args and isinstance(error.args[0], int) else getattr(error, "errno", None)
    # pyserial words some causes instead of giving a number; "denied" on Windows means that somebody has it open
    unfit = isinstance(error, ValueError | TypeError) or "Could not configure port" in str(error)
    if unfit or number in (errno.EINVAL, errno.ENOTTY):
        return PortInvalid(url, str(error))
    if number in (errno.EAGAIN, errno.EBUSY) or "PermissionError(13" in str(error):
        return PortBusy(url, str(error))
    if number in (errno.EACCES, errno.EPERM):
        return PortDenied(url, str(error))
    return PortMissing(url, str(error))


@contextmanager
def in_use(url: str) -> Iterator[None]:
    """Around calls on an open port: whatever says that the device went becomes `DeviceLost`."""
    try:
        yield
    except PORT_ERRORS as error:
        raise DeviceLost(url, str(error)) from error


def read_some(port: serial.SerialBase, url: str) -> bytes:
    """What is there, or the first byte to come within `READ_TIMEOUT`, or nothing. Raises `DeviceLost`."""
    with in_use(url):
        return bytes(port.read(min(max(1, port.in_waiting), READ_LIMIT)))
