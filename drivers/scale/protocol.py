"""Scale protocols by name. A protocol is one module in `drivers.scale.protocols`, and its name is the module's.

The module holds `SETTINGS` (the line's usual settings), `POLL` (what a command scale is asked and how often, None for
one that sends by itself), and one pure function:

    def scan(data: bytes, options: Options) -> tuple[int, Reading | None]

It looks at the front of what has come so far and returns how many bytes it is done with and the reading in them, if
any; `(0, None)` waits for more. Everything else (split reads, starts in the middle of a frame, limits, a unit that
nobody confirmed) is here. Where its scales have them the module also holds

    COMMANDS    zero, tare and clear
    at          what the scale at an address is asked and told, where several may share a line
    PASSIVE     what a scale is asked that usually sends by itself, when its menu has it wait
    ONE_SHOT    True: the scale waits for a still load by itself and gives each load's weight once
    PATIENCE    seconds for which it may keep silent while the load moves
    DESCRIBED   True: a user describes the frames
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules

from drivers.errors import UnknownProtocol
from drivers.port import Commands, LineSettings, Poll
from drivers.scale import protocols
from drivers.scale.line import LineProfile
from drivers.scale.reading import DummyZeros, Options, Reading, fault, unit_named

FRAME_LIMIT = 256
"""Longest frame of any protocol, in bytes; what is longer is noise."""

Scan = Callable[[bytes, Options], tuple[int, Reading | None]]
"""Splits one frame off the front of a buffer."""


BLANK = b" \r\n\0"
"""What may stand between frames in any number."""


class Decoder:
    """Bytes in, readings out; holds the start of an unfinished frame, and what stood between the last ones.

    The same bytes between frames again and again (an address, an echo, a price) are no noise; others are, and the
    reading behind them says so.
    """

    def __init__(self, scan: Scan, options: Options, words: tuple[bytes, ...] = ()) -> None:
        """`words` are those of a handshake, which come and go between frames."""
        self._scan = scan
        self._options = options
        self._words = words
        self._pending = b""
        self._gap = self._usual = b""

    def feed(self, data: bytes) -> list[Reading]:
        """The readings completed by `data`, oldest first. Noise gives none; nothing is raised."""
        data, self._pending = self._pending + data, b""
        start, readings = 0, []
        while start < len(data):
            used, reading = self._scan(data[start : start + FRAME_LIMIT], self._options)
            if not used:
                if len(data) - start < FRAME_LIMIT:
                    break
                used = 1
            skipped = used - (len(reading.raw) if reading else 0)
            self._gap = (self._gap + data[start : start + skipped])[-FRAME_LIMIT:]
            if reading:
                readings.append(self._marked(self._confirmed(reading)))
            start += used
        self._pending = data[start:]
        return readings

    def _marked(self, reading: Reading) -> Reading:
        """The reading, told of noise in front of it."""
        for word in self._words:
            self._gap = self._gap.replace(word, b"")
        gap, usual = self._gap.strip(BLANK), self._usual
        self._gap, self._usual = b"", gap or usual
        return reading if gap in (b"", usual) else replace(reading, discarded=len(gap))

    def _confirmed(self, reading: Reading) -> Reading:
        """The reading, or a fault if its frame names another unit than the one confirmed at set-up."""
        confirmed = self._options.unit
        if confirmed is None or reading.unit in (None, confirmed):
            return reading
        return fault("unit-unconfirmed", reading.raw)


@dataclass(frozen=True, slots=True)
class Protocol:
    """How one family of scales speaks."""

    name: str
    settings: LineSettings
    poll: Poll | None
    commands: Commands
    scan: Scan
    passive: Poll | None
    one_shot: bool
    patience: float
    described: bool
    addressed: Callable[[str], tuple[Poll, Commands]] | None = None
    address: str = ""

    def at(self, address: str) -> "Protocol":
        """The protocol as spoken with the scale at `address` alone; the same for an empty one. Raises `ValueError`."""
        if not address:
            return self
        if self.addressed is None:
            raise ValueError(f"protocol {self.name} has no addresses")
        poll, commands = self.addressed(address)
        return replace(self, poll=poll, commands=commands, address=address)

    def asks(self, poll: bool | None = None) -> Poll | None:
        """What a scale is asked; `poll` False where its menu has it speak by itself, True where it has it wait.

        None is the family's usual way. Raises `ValueError` where it cannot be asked.
        """
        if poll and not (self.poll or self.passive):
            raise ValueError(f"protocol {self.name} has nothing to ask")
        return self.poll if poll is None else (self.poll or self.passive) if poll else None

    def decoder(
        self,
        unit: str | None = None,
        checksum: bool | None = None,
        line: LineProfile | None = None,
        poll: bool | None = None,
        dummy_zeros: DummyZeros | None = None,
    ) -> Decoder:
        """A new decoder.

        `unit` is the unit confirmed at set-up (any spelling `unit_named` knows): assumed where frames name none, a
        fault where they name another; None for the family's usual one, and whatever frames name. `checksum` says
        whether frames end in one, for families in which that is a setting of the scale; None accepts both. `line` is
        what the user of a described protocol says about it; `poll` is as for `asks`; `dummy_zeros` is what a known load
        has told of a display's fixed zeros, None refuses figures with such. Raises `ValueError` for a unit
        that is not a mass, for a line where none is described or none where one is, and as `asks` does.
        """
        if self.described != (line is not None):
            raise ValueError(
                f"protocol {self.name} {'needs' if self.described else 'takes no'} description of its line"
            )
        named = None if unit is None else unit_named(unit)
        if unit is not None and named is None:
            raise ValueError(f"not a unit of mass: {unit}")
        asked = self.asks(poll)
        words = tuple(heard for heard, _ in asked.answers) if asked else ()
        options = Options(named, checksum, line, dummy_zeros, self.address, asked=bool(poll))
        return Decoder(self.scan, options, words)


def names() -> list[str]:
    """All protocols there are."""
    return sorted(module.name for module in iter_modules(protocols.__path__))


def load(name: str) -> Protocol:
    """The protocol of this name. Raises `UnknownProtocol`."""
    if name not in names():
        raise UnknownProtocol(name)
    module = import_module(f"{protocols.__name__}.{name}")
    return Protocol(
        name,
        module.SETTINGS,
        module.POLL,
        getattr(module, "COMMANDS", Commands()),
        module.scan,
        getattr(module, "PASSIVE", None),
        getattr(module, "ONE_SHOT", False),
        getattr(module, "PATIENCE", 0.0),
        getattr(module, "DESCRIBED", False),
        getattr(module, "at", None),
    )
