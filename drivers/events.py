"""What device threads say: frozen values, handed to the `emit` callable the shop gave them.

`emit` is called on the device's own thread; it must return at once (post a message, put into a queue),
never wait and never raise. `device` is the shop's name of the device, the same in every event it sends.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.scale.weighing import Weighing


@dataclass(frozen=True, slots=True)
class DeviceUp:
    """The device answers: its port is open and, where it sends by itself, its first valid frame is in."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceDown:
    """The device is not to be relied on; `code` is the code of a `DriverError`."""

    device: str
    code: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """A whole code was read; `at` is monotonic seconds."""

    device: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the scale says has changed."""

    device: str
    weighing: Weighing


Event = DeviceUp | DeviceDown | Scanned | Weighed
"""Everything a device thread may say."""

Emit = Callable[[Event], object]
"""Takes an event from a device thread; must neither block nor raise."""
