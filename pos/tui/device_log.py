"""What each device said lately, for the device screen: kept on the screen's thread, from what the devices post."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from drivers.errors import DeviceSilent
from drivers.events import DeviceDown, Event, Weighed
from drivers.scale.weighing import Moving, NoSignal, OutOfRange, Settled
from pos.printing.state import PaperState

KEPT = 50
"""Most that is kept of one device."""

SHOWN = 14
"""Most characters shown of a scan: a card's number, not the tag behind it."""

PRINTER, KEYBOARD = "#printer", "#keyboard"
"""Names of the receipt printer and of a scanner that types, which settings give none."""

What = Event | PaperState


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a device said, at wall clock `wall` (ms)."""

    wall: int
    what: What

    @property
    def is_fault(self) -> bool:
        """Whether somebody had to do something about it."""
        match self.what:
            case DeviceDown() | Weighed(weighing=NoSignal()):
                return True
            case Weighed(weighing=OutOfRange(code=code)):
                return code != "below-minimum"
            case PaperState(cause=cause):
                return bool(cause)
            case _:
                return False


class DeviceLog:
    """The newest entries of every device."""

    def __init__(self) -> None:
        self._kept: dict[str, deque[Entry]] = {}

    def note(self, device: str, what: What, wall: int) -> None:
        """Keep what a device said, unless it says the same as before: a load that moves is one entry.

        That a scale has not been heard yet is nothing that it said.
        """
        if isinstance(what, Weighed) and what.weighing == NoSignal(DeviceSilent.code, None):
            return
        kept = self._kept.setdefault(device, deque(maxlen=KEPT))
        if not kept or _gist(kept[-1].what) != _gist(what):
            kept.append(Entry(wall, what))

    def of(self, device: str) -> list[Entry]:
        """Of one device, newest first."""
        return list(reversed(self._kept.get(device, ())))

    def last_fault(self, device: str) -> Entry | None:
        """The newest fault of one device."""
        return next((entry for entry in self.of(device) if entry.is_fault), None)


def _gist(what: What) -> object:
    """What of it is news."""
    match what:
        case Weighed(weighing=Settled() as settled):
            return settled.value, settled.unit, settled.mode, settled.status
        case Weighed(weighing=Moving(reason=reason)):
            return reason
        case Weighed(weighing=OutOfRange(code=code) | NoSignal(code=code)) | DeviceDown(code=code):
            return code
        case _:
            return what


def newest(entries: Iterable[Entry], kind: type[object]) -> Entry | None:
    """The first of these entries that is of this kind."""
    return next((entry for entry in entries if isinstance(entry.what, kind)), None)
