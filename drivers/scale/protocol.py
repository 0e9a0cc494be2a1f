"""Scale protocols by name. A protocol is one module in `drivers.scale.protocols`, and its name is the module's.

The module holds `SETTINGS` (the line's usual settings), `POLL` (what a command scale is asked and how often, None for
one that sends by itself), where the scale takes them `COMMANDS` (zero, tare and clear), and one pure function:

    def scan(data: bytes, options: Options) -> tuple[int, Reading | None]

It looks at the front of what has come so far and returns how many bytes it is done with and the reading in them, if
any; `(0, None)` waits for more. Everything else (split reads, starts in the middle of a frame, limits) is here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from drivers.errors import UnknownProtocol
from drivers.port import Commands, LineSettings, Poll
from drivers.scale import protocols
from drivers.scale.reading import Options, Reading, unit_named

FRAME_LIMIT = 256
"""Longest frame of any protocol, in bytes; what is longer is noise."""

Scan = Callable[[bytes, Options], tuple[int, Reading | None]]
"""Splits one frame off the front of a buffer."""


class Decoder:
    """Bytes in, readings out; holds nothing but the start of an unfinished frame."""

    def __init__(self, scan: Scan, options: Options) -> None:
        self._scan = scan
        self._options = options
        self._pending = b""

    def feed(self, data: bytes) -> list[Reading]:
        """The readings completed by `data`, oldest first. Noise gives none; nothing is raised."""
        data, self._pending = self._pending + data, b""
        start, readings = 0, []
        while start < len(data):
            used, reading = self._scan(data[start : start + FRAME_LIMIT], self._options)
            if reading:
                readings.append(reading)
            if not used:
                if len(data) - start < FRAME_LIMIT:
                    break
                used = 1
            start += used
        self._pending = data[start:]
        return readings


@dataclass(frozen=True, slots=True)
class Protocol:
    """How one family of scales speaks."""

    name: str
    settings: LineSettings
    poll: Poll | None
    commands: Commands
    scan: Scan

    def decoder(self, unit: str | None = None, checksum: bool | None = None) -> Decoder:
        """A new decoder.

        `unit` is the unit to assume where frames name none (any spelling `unit_named` knows), None for the family's
        usual one. `checksum` says whether frames end in one, for families in which that is a setting of the scale; None
        accepts both. Raises `ValueError` for a unit that is not a mass.
        """
        named = None if unit is None else unit_named(unit)
        if unit is not None and named is None:
            raise ValueError(f"not a unit of mass: {unit}")
        return Decoder(self.scan, Options(named, checksum))


def names() -> list[str]:
    """All protocols there are."""
    return sorted(module.name for module in iter_modules(protocols.__path__))


def load(name: str) -> Protocol:
    """The protocol of this name. Raises `UnknownProtocol`."""
    if name not in names():
        raise UnknownProtocol(name)
    module = import_module(f"{protocols.__name__}.{name}")
    commands = getattr(module, "COMMANDS", Commands())
    return Protocol(name, module.SETTINGS, module.POLL, commands, module.scan)
