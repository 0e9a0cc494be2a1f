"""An open line to a printer over one of python-escpos's connectors: the one place that knows their private methods.

The lines are opened here, because the connectors create missing device files, lose sockets whose opening failed and set
no limit on writing. Everything that goes wrong is a `drivers.errors.PortError`.
"""

import contextlib
import os
import select
import socket
import stat
import time
from pathlib import Path

from drivers.errors import DeviceLost, PortInvalid
from drivers.port import OPEN_ERRORS, PORT_ERRORS, LineSettings, in_use, open_port, read_some, refusal
from drivers.printer.address import DeviceFile, SerialPort, Tcp, Usb, Wire
from drivers.printer.library import printers
from drivers.printer.libusb import UsbLine


class TcpLine:
    """A printer on the network."""

    baud = None

    def __init__(self, where: Tcp, timeout: float) -> None:
        """Connect within `timeout` seconds."""
        self.url = f"socket://{where.host}:{where.port}"
        try:
            self._socket = socket.create_connection((where.host, where.port), timeout)
        except OSError as error:
            raise refusal(error, self.url) from error
        self._connector = printers().Network(where.host, where.port, timeout)
        self._connector.device = self._socket

    def write(self, data: bytes, timeout: float) -> None:
        """Hand all bytes to the system within `timeout` seconds. Raises `DeviceLost`, when some may have gone."""
        with in_use(self.url):
            self._socket.settimeout(timeout)
            self._connector._raw(data)

    def read(self, timeout: float) -> bytes:
        """What came within `timeout` seconds, or nothing. Raises `DeviceLost` when the printer hung up."""
        with in_use(self.url):
            self._socket.settimeout(timeout)
            try:
                data = bytes(self._connector._read())
            except (TimeoutError, BlockingIOError):
                return b""
        if not data:
            raise DeviceLost(self.url, "the printer closed the connection")
        return data

    def close(self) -> None:
        """Hang up."""
        self._connector.close()


class SerialLine:
    """A printer on a serial port."""

    def __init__(self, where: SerialPort) -> None:
        self.url = where.port
        self.baud = where.baud
        self._port = open_port(where.port, LineSettings(baudrate=where.baud))
        self._connector = printers().Serial(where.port, where.baud)
        self._connector.device = self._port

    def write(self, data: bytes, timeout: float) -> None:
        """See `TcpLine.write`."""
        with in_use(self.url):
            self._port.write_timeout = timeout
            self._connector._raw(data)

    def read(self, timeout: float) -> bytes:
        """See `TcpLine.read`."""
        with in_use(self.url):
            self._port.timeout = timeout
        # the connector's own reading waits for 16 bytes
        return read_some(self._port, self.url)

    def close(self) -> None:
        """Close the port; what was written still leaves it."""
        # the connector flushes first, for ever if the printer holds the line
        with contextlib.suppress(*PORT_ERRORS):
            self._port.close()


class DeviceFileLine:
    """A printer behind a character device."""

    baud = None

    def __init__(self, where: DeviceFile) -> None:
        self.url = str(where.path)
        try:
            self._file = _CharacterDevice(where.path)
        except OPEN_ERRORS as error:
            raise refusal(error, self.url) from error
        self._connector = printers().File(self.url)
        self._connector.device = self._file

    def write(self, data: bytes, timeout: float) -> None:
        """See `TcpLine.write`."""
        with in_use(self.url):
            self._file.timeout = timeout
            self._connector._raw(data)

    def read(self, timeout: float) -> bytes:
        """See `TcpLine.read`."""
        with in_use(self.url):
            return self._file.read(timeout)

    def close(self) -> None:
        """Close the device."""
        with contextlib.suppress(OSError):
            self._connector.close()


class _CharacterDevice:
    """A device file opened for both directions, which never waits longer than it was told."""

    def __init__(self, path: Path) -> None:
        if not stat.S_ISCHR(path.stat().st_mode):
            raise ValueError("not a character device")
        self._number = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.timeout: float = 0

    def write(self, data: bytes) -> None:
        """All bytes, within `timeout` seconds."""
        end = time.monotonic() + self.timeout
        while data:
            if not select.select([], [self._number], [], max(0, end - time.monotonic()))[1]:
                raise TimeoutError("the printer takes no more")
            data = data[os.write(self._number, data) :]

    def flush(self) -> None:
        """Nothing is held back."""

    def read(self, timeout: float) -> bytes:
        """What came within `timeout` seconds, or nothing."""
        if not select.select([self._number], [], [], timeout)[0]:
            return b""
        data = os.read(self._number, 4096)
        if not data:
            raise OSError("end of file")
        return data

    def close(self) -> None:
        """Close the file."""
        os.close(self._number)


Line = TcpLine | SerialLine | DeviceFileLine | UsbLine


def connect(where: Wire, timeout: float) -> Line:
    """Open the line; connecting over the network takes at most `timeout` seconds. Raises `PortError`."""
    match where:
        case Tcp():
            return TcpLine(where, timeout)
        case SerialPort():
            return SerialLine(where)
        case DeviceFile():
            if not hasattr(os, "O_NONBLOCK"):
                raise PortInvalid(str(where.path), "there are no device files on this system")
            return DeviceFileLine(where)
        case Usb():
            return UsbLine(where)
