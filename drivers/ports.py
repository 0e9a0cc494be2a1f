"""Which adapters are plugged in, and which of them is meant: a USB port by what it is, not by the name it got today.

A port is written `adapter:VID:PID[#SERIAL][@LOCATION]`, for example `adapter:1A86:7523@1-1.2`: maker and product in
hexadecimal, the adapter's own serial number where it has one, and the USB socket it was set up in. Cheap adapters have
no serial number, or all the same; two of those differ by their socket only.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from drivers.errors import PortMissing, PortUnclear

SCHEME = "adapter:"
OTHERS = "?not="

KNOWN = {
    (0x1A86, 0x7523): "CH340",
    (0x1A86, 0x5523): "CH341",
    (0x0403, 0x6001): "FT232R",
    (0x067B, 0x2303): "PL2303",
    (0x067B, 0x23A3): "PL2303",
    (0x10C4, 0xEA60): "CP210x",
    (0x0EB8, 0x2200): "Mettler-Toledo Ariva-S",
}
"""Chips (or whole scales) by maker and product, as people call them."""

LINKS = Path("/dev/serial")
"""Where Linux keeps names that outlive replugging: `by-id` with the serial number, `by-path` with the socket."""

_IDENTITY = re.compile(r"([0-9A-F]{4}):([0-9A-F]{4})(?:#([\w.-]+))?(?:@([\w.:-]+))?", re.ASCII | re.IGNORECASE)
_SERIAL = re.compile(r"[\w.-]*[1-9A-Za-z][\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class UsbIdentity:
    """What tells one adapter from another; `serial` and `location` are empty where it has none."""

    vid: int
    pid: int
    serial: str = ""
    location: str = ""

    def __str__(self) -> str:
        serial = f"#{self.serial}" if self.serial else ""
        location = f"@{self.location}" if self.location else ""
        return f"{self.vid:04X}:{self.pid:04X}{serial}{location}"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A serial port of this machine. `path` is what to open; `product` is its maker's wording, often empty."""

    device: str
    path: str
    identity: UsbIdentity | None = None
    product: str = ""

    @property
    def chip(self) -> str:
        """What a person would call it, empty for a port that is not USB."""
        if self.identity is None:
            return ""
        return KNOWN.get((self.identity.vid, self.identity.pid)) or self.product or str(self.identity)

    @property
    def url(self) -> str:
        """How settings name it."""
        return f"{SCHEME}{self.identity}" if self.identity else self.path


def parse(text: str) -> UsbIdentity:
    """The identity written as `VID:PID[#SERIAL][@LOCATION]`. Raises `ValueError`."""
    match = _IDENTITY.fullmatch(text)
    if not match:
        raise ValueError(f"not an adapter: {text}")
    return UsbIdentity(int(match[1], 16), int(match[2], 16), match[3] or "", match[4] or "")


def adapters() -> list[Adapter]:
    """Every serial port the system knows of, in the order of their names; none is opened."""
    # enumerating loads a module per system, and most ports are opened by a fixed name
    from serial.tools.list_ports import comports

    found = []
    for port in comports():
        identity = None
        if port.vid is not None and port.pid is not None:
            serial, location = port.serial_number or "", port.location or ""
            identity = UsbIdentity(port.vid, port.pid, serial if _SERIAL.fullmatch(serial) else "", location)
        path = _lasting_name(port.device, bool(identity and identity.serial))
        found.append(Adapter(port.device, path, identity, port.product or ""))
    return sorted(found, key=lambda adapter: (adapter.identity is None, len(adapter.device), adapter.device))


def _lasting_name(device: str, has_serial: bool) -> str:
    """The link that stays with the adapter (or with its socket) when `ttyUSB` numbers change; Linux only."""
    if sys.platform == "linux":
        for folder in ("by-id", "by-path") if has_serial else ("by-path",):
            for link in sorted((LINKS / folder).glob("*")):
                if link.resolve() == Path(device):
                    return str(link)
    return device


def find(wanted: UsbIdentity, present: Sequence[Adapter], others: Iterable[UsbIdentity] = ()) -> Adapter:
    """The adapter that is meant: by serial number, by socket, or because it is the only one of its make.

    `others` are the adapters of the shop's other devices: one of those is never taken for the one that is missing.
    Raises `PortMissing`, and `PortUnclear` where a person has to say which it is.
    """
    url = f"{SCHEME}{wanted}"
    best = max((_likeness(wanted, adapter) for adapter in present), default=0)
    rivals = [(other, max((_likeness(other, adapter) for adapter in present), default=0)) for other in others]
    alike = [
        adapter
        for adapter in present
        if best and _likeness(wanted, adapter) == best and all(_likeness(other, adapter) <= best for other, _ in rivals)
    ]
    if not alike:
        raise PortMissing(url, "no such adapter")
    homeless = any(top == best and any(_likeness(other, adapter) == best for adapter in alike) for other, top in rivals)
    if len(alike) > 1 or homeless:
        raise PortUnclear(url, "several adapters, or several devices for one: " + ", ".join(a.device for a in alike))
    return alike[0]


def _likeness(wanted: UsbIdentity, adapter: Adapter) -> int:
    """0 another adapter; 1 the same make; 2 also serial number or, without one, the socket; 3 both."""
    there = adapter.identity
    if there is None or (wanted.vid, wanted.pid) != (there.vid, there.pid):
        return 0
    if wanted.serial and wanted.serial != there.serial:
        return 0
    return 1 + bool(wanted.serial) + bool(wanted.location and wanted.location == there.location)


def locate(url: str) -> str:
    """What the system calls the port at `url` now; URLs that are no adapter's are returned as they are.

    Raises `ValueError`, `PortMissing` and `PortUnclear`.
    """
    if not url.startswith(SCHEME):
        return url
    wanted, _, others = url.removeprefix(SCHEME).partition(OTHERS)
    return find(parse(wanted), adapters(), [parse(other) for other in others.split(",") if other]).path


def apart(url: str, urls: Iterable[str]) -> str:
    """`url` as one of `urls`, those of all the shop's devices: `locate` then leaves the others their adapters.

    URLs of any kind of device may hold an adapter's. Raises `ValueError`.
    """
    if not url.startswith(SCHEME):
        return url
    parse(url.removeprefix(SCHEME))
    held = (each.partition(SCHEME)[2].partition("?")[0] for each in urls if each != url)
    others = [str(parse(each)) for each in held if each]
    return url + OTHERS + ",".join(others) if others else url
