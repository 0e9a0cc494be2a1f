"""Where a printer is, read from its URL."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from drivers.errors import PortInvalid

RAW_PORT = 9100
"""TCP port on which network printers take raw jobs."""

_DEVICE_FILE = re.compile(r"/dev/(usb/)?lp\d+")
_BAUD_RATES = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)


@dataclass(frozen=True, slots=True)
class Tcp:
    """A printer on the network."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A printer on a serial port, 8N1."""

    port: str
    baud: int


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """A printer behind a character device, such as Linux makes for USB printers."""

    path: Path


@dataclass(frozen=True, slots=True)
class Folder:
    """No printer: receipts become files."""

    path: Path


Address = Tcp | SerialPort | DeviceFile | Folder


def address(url: str) -> Address:
    """What a printer's URL points at; the forms are listed at `PrinterProfile`. Raises `PortInvalid`."""
    scheme, _, rest = url.partition(":")
    try:
        match scheme.lower():
            case "folder" if path := rest.removeprefix("//"):
                return Folder(Path(path))
            case "socket":
                parts = urlsplit(url)
                if parts.hostname:
                    return Tcp(parts.hostname, parts.port or RAW_PORT)
            case "serial":
                port, _, query = rest.removeprefix("//").partition("?")
                baud = int(parse_qs(query).get("baud", ["9600"])[0])
                if port and baud in _BAUD_RATES:
                    return SerialPort(port, baud)
            case "file" if path := rest.removeprefix("//"):
                return DeviceFile(Path(path))
            case _ if _DEVICE_FILE.fullmatch(url):
                return DeviceFile(Path(url))
            case _ if re.fullmatch(r"/dev/\S+|COM\d+", url):
                return SerialPort(url, 9600)
    except ValueError as error:
        raise PortInvalid(url, str(error)) from error
    raise PortInvalid(url, "not a printer URL")
