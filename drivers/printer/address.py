"""Where a printer is, read from its URL."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from drivers.errors import PortInvalid

RAW_PORT = 9100
"""TCP port on which network printers take raw jobs."""

_DEVICE_FILE = re.compile(r"/dev/(usb/)?lp\d+")
_USB = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?:\?(.*))?")
_QUEUE = re.compile(r"[^\s/#,-][^\s/#,]{0,126}")
"""What CUPS lets a queue be called; a leading hyphen would be an option of `lp`."""

_MAX_SPOOLER_NAME = 220
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
class Usb:
    """A USB printer without a kernel driver: vendor, product and, where they have to be told, its end points."""

    vendor: int
    product: int
    end_in: int | None = None
    end_out: int | None = None


@dataclass(frozen=True, slots=True)
class WindowsQueue:
    """A printer of the Windows spooler, with the maker's or the "Generic / Text Only" driver."""

    name: str


@dataclass(frozen=True, slots=True)
class CupsQueue:
    """A queue of CUPS, to which `lp` gives raw jobs."""

    name: str


@dataclass(frozen=True, slots=True)
class Folder:
    """No printer: receipts become files."""

    path: Path


Wire = Tcp | SerialPort | DeviceFile | Usb
"""What bytes go to directly."""

Queue = WindowsQueue | CupsQueue
"""What another program prints from, in its own time."""

Address = Wire | Queue | Folder


def address(url: str) -> Address:
    """What a printer's URL points at; the forms are listed at `PrinterProfile`. Raises `PortInvalid`."""
    if not url.isprintable():
        raise PortInvalid(url, "a control character in it")
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
            case "usb" if found := _USB.fullmatch(rest.removeprefix("//")):
                return _usb(found)
            case "windows" if 0 < len(rest) <= _MAX_SPOOLER_NAME:
                return WindowsQueue(rest)
            case "cups" if _QUEUE.fullmatch(rest):
                return CupsQueue(rest)
            case _ if _DEVICE_FILE.fullmatch(url):
                return DeviceFile(Path(url))
            case _ if re.fullmatch(r"/dev/\S+|COM\d+", url):
                return SerialPort(url, 9600)
    except ValueError as error:
        raise PortInvalid(url, str(error)) from error
    raise PortInvalid(url, "not a printer URL")


def _usb(found: re.Match[str]) -> Usb:
    """Vendor and product are hexadecimal, as `lsusb` shows them. Raises ValueError for end points that cannot be."""
    query = parse_qs(found[3] or "", strict_parsing=bool(found[3]))
    ends = {name: int(values[0], 0) for name, values in query.items()}
    end_in, end_out = ends.pop("in", None), ends.pop("out", None)
    if ends or end_in not in (None, *range(0x81, 0x90)) or end_out not in (None, *range(0x01, 0x10)):
        raise ValueError("end points are in=0x81 to 0x8f and out=0x01 to 0x0f")
    return Usb(int(found[1], 16), int(found[2], 16), end_in, end_out)
