"""What hardware can refuse, as one tree.

    DriverError                      code and fields; the screen translates the code
    ├── PortError                    url, detail
    │   ├── PortMissing              port-missing    no such port, or nobody at the other end
    │   ├── PortUnclear              port-unclear    several adapters may be meant; a person has to say which
    │   ├── PortBusy                 port-busy       another program holds it
    │   ├── PortDenied               port-denied     this user may not open it
    │   ├── PortInvalid              port-invalid    the URL or its line settings cannot be
    │   ├── DeviceLost               device-lost     it was there and went while in use
    │   └── DeviceSilent             device-silent   the port is open, but nothing valid comes
    └── UnknownProtocol              protocol-unknown    name

Codes are stable: they are stored, translated and compared. A driver that knows more adds a class below its own module.
"""

from typing import ClassVar


class DriverError(Exception):
    """Something about a device; `code` is stable kebab-case and carries no prose."""

    code: ClassVar[str] = "driver-error"


class PortError(DriverError):
    """Something about the port at `url`; `detail` is the system's own wording, for the log only."""

    code: ClassVar[str] = "port-error"

    def __init__(self, url: str, detail: str = "") -> None:
        super().__init__(f"{self.code}: {url}: {detail}")
        self.url = url
        self.detail = detail


class PortMissing(PortError):
    """No such port, or nobody listens at the address."""

    code = "port-missing"


class PortUnclear(PortError):
    """Several adapters may be meant, or one adapter by several devices: only a person can tell."""

    code = "port-unclear"


class PortBusy(PortError):
    """Another program has the port open."""

    code = "port-busy"


class PortDenied(PortError):
    """The user may not open the port (on Linux usually the group `dialout`)."""

    code = "port-denied"


class PortInvalid(PortError):
    """The URL makes no sense, or the port does not take these line settings."""

    code = "port-invalid"


class DeviceLost(PortError):
    """The device went away while the port was open."""

    code = "device-lost"


class DeviceSilent(PortError):
    """The port is open, but no valid frame came for longer than the device may be silent."""

    code = "device-silent"


class UnknownProtocol(DriverError):
    """There is no scale protocol of this name."""

    code = "protocol-unknown"

    def __init__(self, name: str) -> None:
        super().__init__(f"{self.code}: {name}")
        self.name = name
