"""The weighing indicator between a simulated pan and its serial line: one protocol's program, run on a pan. Pure.

A protocol is one module in `drivers.simulated.scales`, named like the protocol and written from the manuals, never from
the decoders. It holds

    STREAMS                                  whether it sends by itself from power-up
    frame(shown[, dialect]) -> bytes         what it sends for what it shows; b"" where that make says nothing

and where the make has them

    DIALECTS                                 variants by name besides the usual "", None for any text
    COMMAND, obey(command, head) -> bytes    one command as a pattern for bytes, and the answer to it; b"" for none
    BANNER                                   what it says at power-up
    UNIT                                     the unit of its frames, whatever its display shows
    LOWEST                                   divisions below zero that it still shows
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

from drivers.errors import UnknownProtocol
from drivers.simulated import scales
from drivers.simulated.indication import Indication
from drivers.simulated.pan import Pan

COMMAND_LIMIT = 256
"""Bytes without a command in them after which an indicator forgets what came."""

Answer = Callable[[], bytes]
"""Makes an answer when its time has come."""


@dataclass(frozen=True, slots=True)
class Firmware:
    """What a make has programmed; see the module's docstring."""

    name: str
    streams: bool
    frame: Callable[[Indication], bytes]
    command: re.Pattern[bytes] | None
    obey: "Callable[[bytes, Indicator], bytes]"
    banner: bytes
    lowest: int | None
    unit: str | None


def names() -> list[str]:
    """All protocols that can be simulated."""
    return sorted(module.name for module in iter_modules(scales.__path__))


def load(name: str, dialect: str = "", streams: bool | None = None) -> Firmware:
    """The firmware of this name; `streams` overrules whether it sends by itself.

    Raises `UnknownProtocol`, and `ValueError` for a dialect it has not.
    """
    if name not in names():
        raise UnknownProtocol(name)
    module = import_module(f"{scales.__name__}.{name}")
    dialects: tuple[str, ...] | None = getattr(module, "DIALECTS", ())
    if dialect and dialects is not None and dialect not in dialects:
        raise ValueError(f"{name} has no dialect {dialect}; it has: {', '.join(dialects)}")
    frame = partial(module.frame, dialect=dialect) if dialect else module.frame
    command = getattr(module, "COMMAND", None)
    obey = getattr(module, "obey", lambda _command, _head: b"")
    banner, lowest = getattr(module, "BANNER", b""), getattr(module, "LOWEST", None)
    streams = module.STREAMS if streams is None else streams
    return Firmware(name, streams, frame, command, obey, banner, lowest, getattr(module, "UNIT", None))


@dataclass(frozen=True, slots=True)
class _Later:
    """An answer that waits: for `ends`, or until the pan is still if that comes first."""

    ends: float
    when_still: Answer | None
    then: Answer


class Indicator:
    """Bytes in, bytes out, on a pan; times are monotonic seconds, `interval` those between two frames of a stream.

    For `obey`: `stream` makes the frames sent by themselves, None for none; `mode` is what the firmware remembers from
    one command to the next; `standby` is the switched-off state in which only the supply is alive; `now` is the time.
    """

    def __init__(self, firmware: Firmware, pan: Pan, interval: float, dialect: str = "") -> None:
        self.firmware, self.pan, self.dialect = firmware, pan, dialect
        self.interval = interval
        self.stream: Callable[[Indication], bytes] | None = firmware.frame if firmware.streams else None
        self.mode = ""
        self.standby = False
        self.now = 0.0
        self._pending = b""
        self._later: list[_Later] = []
        self._next_frame = 0.0

    def receive(self, data: bytes, now: float) -> list[bytes]:
        """Carry out the commands that `data` completes; the answers to them."""
        self.now = now
        if self.firmware.command is None:
            return []
        self._pending += data
        answers = []
        while found := self.firmware.command.match(self._pending):
            self._pending = self._pending[found.end() :]
            answers.append(self.firmware.obey(found[0], self))
        if len(self._pending) > COMMAND_LIMIT:
            self._pending = b""
        return [answer for answer in answers if answer]

    def due(self, now: float) -> list[bytes]:
        """What it says by itself: answers whose time has come, and the next frame of a stream."""
        self.now = now
        still = self.pan.still(now)
        waiting, self._later = self._later, []
        answers = []
        for later in waiting:
            if later.when_still and still:
                answers.append(later.when_still())
            elif now >= later.ends:
                answers.append(later.then())
            else:
                self._later.append(later)
        if self.stream and not self.standby and now >= self._next_frame:
            self._next_frame = max(self._next_frame + self.interval, now)
            answers.append(self.stream(self.shown()))
        return [answer for answer in answers if answer]

    def wait(self, now: float, longest: float) -> float:
        """Seconds until `due` may have something to say, at most `longest`."""
        if self._later:
            return min(longest, self.interval, 0.01)
        return min(longest, max(0.0, self._next_frame - now)) if self.stream else longest

    def power_up(self, now: float) -> bytes:
        """Start anew; the banner."""
        self.pan.restart(now)
        self.stream = self.firmware.frame if self.firmware.streams else None
        self.mode, self.standby = "", False
        self._pending, self._later = b"", []
        return self.firmware.banner

    def shown(self, tenfold: bool = False) -> Indication:
        """What the display shows now."""
        return self.pan.indication(self.now, tenfold)

    def frame(self) -> bytes:
        """The frame for what the display shows now."""
        return self.firmware.frame(self.shown())

    def zero(self) -> bool:
        """The key for zero."""
        return self.pan.zero(self.now)

    def tare(self) -> bool:
        """The key for tare."""
        return self.pan.tare(self.now)

    def after(self, seconds: float, then: Answer) -> None:
        """Answer later."""
        self._later.append(_Later(self.now + seconds, None, then))

    def when_still(self, then: Answer, seconds: float, otherwise: Answer) -> bytes:
        """The answer once the pan is still, now if it is; after so many seconds of motion the other one."""
        if self.pan.still(self.now):
            return then()
        self._later.append(_Later(self.now + seconds, then, otherwise))
        return b""

    def cancel(self) -> None:
        """Forget what was to be answered, and stop streaming."""
        self._later.clear()
        self.stream = None
