"""A scale of the shop: reader, decoder and weighing machine wired together, safe to ask from any thread."""

import time
from dataclasses import replace
from threading import Condition

from drivers.errors import DeviceSilent
from drivers.events import DeviceDown, DeviceUp, Emit, Event, Weighed
from drivers.port import LineSettings
from drivers.reader import BACKOFF, Reader
from drivers.scale.protocol import load
from drivers.scale.weighing import FRESH, Moving, NotTaken, ScaleProfile, Settled, Weighing, WeighingMachine

SILENCE = 5.0
"""Seconds without a valid frame after which the port is reopened; the figure is gone long before."""

LIVE_INTERVAL = 0.1
"""Shortest time in seconds between two live figures of a moving load."""


class Scale:
    """One scale on its port. Emits `DeviceUp` and `DeviceDown`, and `Weighed` whenever what it says changes.

    `settings` None takes the protocol's usual ones. Raises `UnknownProtocol`, and `ValueError` for an unknown unit.
    """

    def __init__(
        self,
        profile: ScaleProfile,
        url: str,
        settings: LineSettings | None,
        emit: Emit,
        *,
        silence: float = SILENCE,
        backoff: tuple[float, ...] = BACKOFF,
    ) -> None:
        self.profile = profile
        self._protocol = load(profile.protocol)
        self._decoder = self._protocol.decoder(profile.unit, profile.checksum)
        self._machine = WeighingMachine(profile)
        self._emit = emit
        self._heard = Condition()
        self._frames = 0
        self._shown: Weighing | None = None
        self._shown_at = float("-inf")
        self._reader = Reader(
            profile.id,
            url,
            settings or self._protocol.settings,
            self._hear,
            self._report,
            poll=self._protocol.poll,
            silence=silence,
            backoff=backoff,
        )

    def start(self) -> None:
        """Begin listening. A scale starts once."""
        self._reader.start()

    def stop(self) -> None:
        """Stop listening and close the port."""
        self._reader.stop()

    def state(self) -> Weighing:
        """What the scale says now."""
        with self._heard:
            return self._machine.state(time.monotonic())

    def take(self, expected: Settled) -> Settled | NotTaken:
        """The weight that was shown as `expected`, once per load, if it still stands.

        A command scale is asked again first, so this may wait up to a second: call it from a worker.
        """
        with self._heard:
            before = self._frames
            if self._protocol.poll and not self._heard.wait_for(lambda: self._frames > before, timeout=FRESH):
                return NotTaken(DeviceSilent.code)
            return self._machine.take(expected, time.monotonic())

    def _hear(self, data: bytes) -> bool:
        """Take in what the port gave; runs on the reader's thread, also when nothing came."""
        with self._heard:
            readings = self._decoder.feed(data)
            now = time.monotonic()
            for reading in readings:
                self._machine.feed(reading, now)
            self._frames += len(readings)
            self._heard.notify_all()
        self._show(now)
        return bool(readings)

    def _report(self, event: Event) -> None:
        self._emit(event)
        match event:
            case DeviceDown(code=code):
                with self._heard:
                    self._machine.lost(code)
                    self._decoder = self._protocol.decoder(self.profile.unit, self.profile.checksum)
            case DeviceUp():
                pass
        self._show(time.monotonic())

    def _show(self, now: float) -> None:
        """Emit what the scale says if it is news; a moving figure is not news more often than the eye can follow."""
        with self._heard:
            state = self._machine.state(now)
        news = replace(state, raw=b"", at=0.0) if isinstance(state, Settled) else state
        too_soon = now - self._shown_at < LIVE_INTERVAL
        if news == self._shown or (isinstance(news, Moving) and isinstance(self._shown, Moving) and too_soon):
            return
        self._shown, self._shown_at = news, now
        self._emit(Weighed(self.profile.id, state))
