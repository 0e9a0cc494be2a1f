"""A simulated scale at the other end of a cable, with a pan to put things on and every fault a store will meet."""

import time
from collections import deque
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from threading import Event, RLock, Thread
from typing import Self

from drivers.simulated import scale_frames
from drivers.simulated.cable import Cable
from drivers.simulated.scale_frames import GRAMS_IN, Indication

COMMANDS = {"toledo8217": b"W"}
"""What a command scale answers to; the others send by themselves."""

ABOVE_MAXIMUM = 9
"""Divisions above its maximum up to which a scale still indicates."""


def flip(bit: int) -> Callable[[bytes], bytes]:
    """A fault for `spoil`: the frame with one bit turned over, counted from the first byte's lowest."""
    return lambda frame: (int.from_bytes(frame, "little") ^ 1 << bit % (8 * len(frame))).to_bytes(len(frame), "little")


def truncate(length: int) -> Callable[[bytes], bytes]:
    """A fault for `spoil`: the first `length` bytes of the frame."""
    return lambda frame: frame[:length]


class SimulatedScale:
    """A scale speaking `protocol` on `cable` from its own thread, as a context manager.

    Masses are grams; `division` is the displayed one, `interval` the seconds between two frames of one that sends by
    itself. The cable is the caller's: unplug and plug it there.
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
    ) -> None:
        self.cable = cable
        self._encode: Callable[[Indication], bytes] = getattr(scale_frames, protocol)
        self._command = COMMANDS.get(protocol)
        self._unit, self._decimals = unit, decimals
        self._division, self._maximum = division, maximum
        self._interval = interval
        self._lock = RLock()
        self._ramp = (0, 0, 0.0, 0.0)  # from grams, to grams, beginning, end
        self._tare = 0
        self._zero = 0
        self._zeroed = True
        self._shaking = False
        self._powered = True
        self._spoilers: deque[Callable[[bytes], bytes]] = deque()
        self._sent = 0
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"simulated-{protocol}", daemon=True)

    def place(self, grams: int, ramp: float = 0.2) -> None:
        """Have `grams` on the pan in all, reached over `ramp` seconds of motion. May be negative, or too much."""
        with self._lock:
            now = time.monotonic()
            self._ramp = (self._load(now), grams, now, now + ramp)

    def remove(self, ramp: float = 0.2) -> None:
        """Empty the pan."""
        self.place(0, ramp)

    def shake(self, on: bool) -> None:
        """A hand on the pan, or wind: the figure keeps moving until it is switched off."""
        self._shaking = on

    def press_tare(self) -> None:
        """Take what is on the pan as tare; on an empty pan this clears it."""
        with self._lock:
            self._tare = self._load(time.monotonic()) - self._zero

    def press_zero(self) -> None:
        """Take what is on the pan as zero, without tare."""
        with self._lock:
            self._zero, self._tare, self._zeroed = self._load(time.monotonic()), 0, True

    def power_off(self) -> None:
        """Silence on a live cable."""
        self._powered = False

    def power_on(self) -> None:
        """Speak again, without tare; with a load on the pan zero is not captured."""
        with self._lock:
            self._zero = self._tare = 0
            self._zeroed = self._load(time.monotonic()) == 0
            self._powered = True

    def spoil(self, change: Callable[[bytes], bytes], frames: int = 1) -> None:
        """Send the next frames changed; see `flip` and `truncate`."""
        self._spoilers.extend([change] * frames)

    def garbage(self, data: bytes) -> None:
        """Noise on the line, now."""
        self.cable.write(data)

    @property
    def sent(self) -> int:
        """Frames sent so far."""
        return self._sent

    def indication(self) -> Indication:
        """What the display shows now."""
        with self._lock:
            now = time.monotonic()
            gross = self._load(now) - self._zero
            moving = self._shaking or now < self._ramp[3]
            if self._shaking:
                gross += self._division * (3 if self._sent % 2 else -3)
            over = gross > self._maximum + ABOVE_MAXIMUM * self._division or gross < -self._maximum
            weight = self._figure(gross - self._tare)
            return Indication(weight, self._figure(self._tare), self._unit, not moving, over, self._zeroed)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=2.0)

    def _load(self, now: float) -> int:
        before, after, began, ends = self._ramp
        if now >= ends:
            return after
        return before + round((after - before) * (now - began) / (ends - began))

    def _figure(self, grams: int) -> Decimal:
        rounded = (Decimal(grams) / self._division).quantize(Decimal(1), ROUND_HALF_UP) * self._division
        return (rounded / GRAMS_IN[self._unit]).quantize(Decimal(1).scaleb(-self._decimals), ROUND_HALF_UP)

    def _run(self) -> None:
        due = time.monotonic()
        while not self._stop.is_set():
            asked = self.cable.read(min(self._interval, max(0.0, due - time.monotonic()), 0.05))
            if self._command:
                due = time.monotonic() + self._interval
                for _ in range(asked.count(self._command)):
                    self._send()
            elif time.monotonic() >= due:
                due = max(due + self._interval, time.monotonic())
                self._send()

    def _send(self) -> None:
        if not self._powered:
            return
        frame = self._encode(self.indication())
        if frame and self._spoilers:
            frame = self._spoilers.popleft()(frame)
        self.cable.write(frame)
        self._sent += 1
