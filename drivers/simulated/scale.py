"""A simulated scale at the other end of a cable, with a pan to put things on and every fault a store will meet."""

import random
import time
from collections import deque
from collections.abc import Callable
from threading import Event, RLock, Thread
from typing import Self

from drivers.port import LineSettings
from drivers.simulated.cable import Cable
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator, load
from drivers.simulated.line import heard
from drivers.simulated.pan import Pan

PAUSE = 0.05
"""Longest time in seconds for which the scale only listens."""

RECEIVED_LIMIT = 1 << 20
"""Most bytes kept of what the shop sent."""


def flip(bit: int) -> Callable[[bytes], bytes]:
    """A fault for `spoil`: the frame with one bit turned over, counted from the first byte's lowest."""
    return lambda frame: (int.from_bytes(frame, "little") ^ 1 << bit % (8 * len(frame))).to_bytes(len(frame), "little")


def truncate(length: int) -> Callable[[bytes], bytes]:
    """A fault for `spoil`: the first `length` bytes of the frame."""
    return lambda frame: frame[:length]


class SimulatedScale:
    """A scale speaking `protocol` on `cable` from its own thread, as a context manager.

    Masses are grams; `division` is the displayed one, `interval` the seconds between two frames of one that sends by
    itself. `streams` overrules whether the protocol does, `dialect` is a make's variant of it. `settings` are those of
    the scale's line: over a pty a shop at another rate hears noise, over TCP a converter that stays at the first
    settings does when they are changed; None is understood at any rate. The cable is the caller's: unplug and plug it
    there. Raises `UnknownProtocol`, and `ValueError` for a unit or dialect there is not.
    """

    def __init__(
        self,
        cable: Cable,
        protocol: str,
        *,
        unit: str = "kg",
        decimals: int = 3,
        division: int = 5,
        maximum: int = 150_000,
        interval: float = 0.1,
        dialect: str = "",
        streams: bool | None = None,
        settings: LineSettings | None = None,
    ) -> None:
        firmware = load(protocol, dialect, streams)
        lowest = None if firmware.lowest is None else firmware.lowest * division
        self.cable = cable
        self.settings = self._converter = settings
        self._pan = Pan(unit, decimals, division, maximum, lowest)
        self._indicator = Indicator(firmware, self._pan, interval, dialect)
        # a line of somebody's own making may be one that cannot be filled: refused here, not on the thread
        firmware.frame(self._pan.indication(0.0))
        self._lock = RLock()
        self._powered = True
        self._silent_until = 0.0
        self._spoilers: deque[Callable[[bytes], bytes]] = deque()
        self._received = bytearray()
        self._sent = 0
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"simulated-{protocol}", daemon=True)

    def place(self, grams: int, ramp: float = 0.2) -> None:
        """Have `grams` on the pan in all, reached over `ramp` seconds of motion. May be negative, or too much."""
        with self._lock:
            self._pan.place(grams, ramp, time.monotonic())

    def remove(self, ramp: float = 0.2) -> None:
        """Empty the pan."""
        self.place(0, ramp)

    def shake(self, on: bool) -> None:
        """A hand on the pan, or wind: the figure keeps moving until it is switched off."""
        with self._lock:
            self._pan.shake(on)

    def press_tare(self) -> bool:
        """Take what is on the pan as tare, if it is still; on an empty pan this clears it."""
        with self._lock:
            return self._pan.tare(time.monotonic())

    def press_zero(self) -> bool:
        """Take what is on the pan as zero, if it is still and little enough, without tare."""
        with self._lock:
            return self._pan.zero(time.monotonic())

    def power_off(self) -> None:
        """Silence on a live cable."""
        self._powered = False

    def power_on(self, banner: bytes | None = None) -> None:
        """Start anew, without tare: a banner (by default the make's), then frames.

        With a load on the pan zero is not captured.
        """
        with self._lock:
            usual = self._indicator.power_up(time.monotonic())
            self._powered = True
        self._put(usual if banner is None else banner)

    def spoil(self, change: Callable[[bytes], bytes], frames: int = 1) -> None:
        """Send the next frames changed; see `flip` and `truncate`."""
        self._spoilers.extend([change] * frames)

    def garbage(self, data: bytes) -> None:
        """Noise on the line, now."""
        self.cable.write(data)

    def noise(self, length: int) -> None:
        """So many random bytes on the line, now."""
        self.garbage(random.randbytes(length))

    def silence(self, seconds: float) -> None:
        """Neither hear nor say anything for a while, as with a loose contact."""
        self._silent_until = time.monotonic() + seconds

    @property
    def sent(self) -> int:
        """Frames and answers sent so far."""
        return self._sent

    @property
    def received(self) -> bytes:
        """Every byte the shop sent, as the scale understood it: what a careless program did to it is in there."""
        with self._lock:
            return bytes(self._received)

    @property
    def awake(self) -> bool:
        """Powered, and not switched off by a command."""
        return self._powered and not self._indicator.standby

    def indication(self) -> Indication:
        """What the display shows now."""
        with self._lock:
            return self._pan.indication(time.monotonic())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=2.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            came = self.cable.read(self._indicator.wait(time.monotonic(), PAUSE) if self._speaks() else PAUSE)
            if not self._speaks():
                continue
            now = time.monotonic()
            with self._lock:
                answers = self._indicator.receive(self._take(came), now) if came else []
                answers += self._indicator.due(now)
            for answer in answers:
                self._put(answer)

    def _speaks(self) -> bool:
        return self._powered and time.monotonic() >= self._silent_until

    def _take(self, came: bytes) -> bytes:
        """What the scale understands of it."""
        if self.settings and (shop := self.cable.shop_settings or self._converter):
            came = heard(came, shop, self.settings)
        self._received += came
        del self._received[:-RECEIVED_LIMIT]
        return came

    def _put(self, frame: bytes) -> None:
        if not frame:
            return
        if self._spoilers:
            frame = self._spoilers.popleft()(frame)
        if self.settings:
            frame = heard(frame, self.settings, self.cable.shop_settings or self._converter or self.settings)
        self.cable.write(frame)
        self._sent += 1
