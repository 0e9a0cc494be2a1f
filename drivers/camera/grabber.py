"""The thread that reads a source without pause, so that no picture is old when it counts."""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from drivers.camera.frames import Frame, Slot
from drivers.camera.source import CameraLost, Source
from drivers.errors import DriverError
from drivers.reader import BACKOFF

FAILURES = 10
"""Reads without a picture, one after another, before the source is opened anew."""
OPENING, READING = 20.0, 5.0
"""Seconds that opening and reading may take; some systems open for ten."""

APART = 0.08
"""Least seconds between two pictures that are decoded from what the camera sends; nobody looks more often."""

_BETWEEN_FAILURES = 0.1

log = logging.getLogger(__name__)


class Grabber(Thread):
    """Opens the source at `url` and fills `slot`, again and again with back-off, until `ended` is set.

    `say` hears "" when pictures come, and the code of the `DriverError` when they do not. Past `due`, in monotonic
    seconds, a call has not come back: set `ended` and start another one. This one closes its source if it ever can.
    """

    def __init__(
        self,
        url: str,
        opener: Callable[[str], Source],
        slot: Slot,
        say: Callable[[str], object],
        *,
        backoff: tuple[float, ...] = BACKOFF,
        opening: float = OPENING,
        reading: float = READING,
    ) -> None:
        super().__init__(name=f"grabber-{url}", daemon=True)
        self.ended = Event()
        self.due = float("inf")
        self._url, self._opener, self._slot, self._say = url, opener, slot, say
        self._backoff, self._opening, self._reading = backoff, opening, reading
        self._attempts = 0

    def run(self) -> None:
        """The thread's work."""
        while not self.ended.is_set():
            try:
                self._visit()
            except DriverError as error:
                log.info("%s: %s", self._url, error)
                if not self.ended.is_set():
                    self._say(error.code)
            self.due = float("inf")
            self.ended.wait(self._backoff[min(self._attempts, len(self._backoff) - 1)])
            self._attempts += 1

    def _visit(self) -> None:
        """One life of an open source. Raises a `PortError` when it ends other than by `ended`."""
        self.due = time.monotonic() + self._opening
        source = self._opener(self._url)
        try:
            self._grab(source)
        finally:
            source.close()

    def _grab(self, source: Source) -> None:
        failures = number = 0
        taken_at = float("-inf")
        while not self.ended.is_set():
            self.due = time.monotonic() + self._reading
            good = source.grab()
            at = time.monotonic()
            wanted = self._slot.armed_at is not None and at - taken_at >= APART
            picture = source.picture() if good and wanted else None
            if self.ended.is_set():
                return
            if picture is not None:
                number, taken_at = number + 1, at
                self._slot.put(Frame(picture, at, number))
            if good and (picture is not None or not wanted):
                failures, self._attempts = 0, 0
                self._say("")
            else:
                failures += 1
                if failures >= FAILURES:
                    raise CameraLost(self._url, f"{failures} reads without a picture")
                self.ended.wait(_BETWEEN_FAILURES)
