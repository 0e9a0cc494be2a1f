"""A camera at the counter: one thread grabs pictures, one decodes them while armed, and both outlive every fault.

The camera is read all the time and its pictures are decoded only while armed, so that none is old when it counts. A
read that does not come back cannot be ended; its thread is given up, and closes the camera if it ever returns.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from drivers.camera.frames import Frame, Slot
from drivers.camera.grabber import READING, Grabber
from drivers.camera.source import CameraStuck, Source, open_source, prepare, split
from drivers.errors import DriverError
from drivers.events import DeviceDown, DeviceUp, Emit, Scanned
from drivers.reader import BACKOFF

if TYPE_CHECKING:
    from drivers.camera.decode import Finding, Judge

_MOST_STUCK = 2
"""Threads given up that may hang at a time before no further one is tried."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """A picture that was decoded, and what was in it."""

    frame: Frame
    finding: "Finding"


class Camera:
    """The camera at `url`, read by `judge`; emits `DeviceUp`, `DeviceDown` and, once for each card shown, `Scanned`.

    Raises `CameraInvalid` for a URL that cannot be.
    """

    def __init__(
        self,
        device: str,
        url: str,
        judge: "Judge",
        emit: Emit,
        *,
        opener: Callable[[str], Source] = open_source,
        backoff: tuple[float, ...] = BACKOFF,
        reading: float = READING,
    ) -> None:
        split(url)
        prepare()
        self._device, self._url = device, url
        self._judge, self._emit = judge, emit
        self._opener, self._backoff, self._reading = opener, backoff, reading
        self._slot = Slot()
        self.lacks_zbar = False
        """Whether zxing-cpp reads alone, because the system lacks zbar."""
        self._show: Callable[[View], object] = _nowhere
        self._said: DeviceUp | DeviceDown | None = None
        self._saying = Lock()
        self._stop = Event()
        self._grabber = self._new_grabber()
        self._stuck: list[Grabber] = []
        self._eyes = Thread(target=self._watch, name=f"camera-{device}", daemon=True)

    def start(self) -> None:
        """Begin. A camera runs once."""
        self._grabber.start()
        self._eyes.start()

    def stop(self) -> None:
        """End and close; returns within a moment even if a read does not come back."""
        self._stop.set()
        self._grabber.ended.set()
        self.disarm()
        for thread in (self._eyes, self._grabber):
            if thread.is_alive():
                thread.join(timeout=1.0)

    def arm(self, show: Callable[[View], object]) -> None:
        """Look for cards from now on; `show` is called on the camera's thread and must only post."""
        self._show = show
        self._slot.arm(time.monotonic())

    def disarm(self) -> None:
        """Look no more."""
        self._show = _nowhere
        self._slot.disarm()

    @property
    def armed(self) -> bool:
        """Whether it looks for cards."""
        return self._slot.armed_at is not None

    def _watch(self) -> None:
        """The decoding thread, which also looks after the grabbing one."""
        while not self._stop.is_set():
            try:
                self._look_on()
            except Exception:
                log.exception("camera %s", self._device)
                self._say(DriverError.code)
                self._stop.wait(self._backoff[-1])

    def _look_on(self) -> None:
        from drivers.camera.decode import Decoder, Verdict
        from drivers.camera.engines import zbar_missing

        self.lacks_zbar = zbar_missing()
        decoder, armed_at = Decoder(self._judge), None
        while not self._stop.is_set():
            self._slot.wait(0.2)
            now = time.monotonic()
            self._mind_the_grabber(now)
            if (frame := self._slot.take(now)) is None:
                continue
            if armed_at != self._slot.armed_at:
                armed_at = self._slot.armed_at
                decoder.begin(frame.at)
            if (finding := decoder.look(frame.grey, frame.at)) is None:
                continue
            if armed_at is None or armed_at != self._slot.armed_at:
                continue
            self._show(View(frame, finding))
            if finding.verdict is Verdict.CARD and finding.card is not None:
                log.info("%s: %s %s", self._device, finding.card.symbology, finding.card.engine)
                self._emit(Scanned(self._device, finding.card.text, frame.at))

    def _mind_the_grabber(self, now: float) -> None:
        self._stuck = [grabber for grabber in self._stuck if grabber.is_alive()]
        if now > self._grabber.due and len(self._stuck) < _MOST_STUCK:
            self._grabber.ended.set()
            self._stuck.append(self._grabber)
            self._say(CameraStuck.code)
            self._grabber = self._new_grabber()
            self._grabber.start()

    def _new_grabber(self) -> Grabber:
        return Grabber(self._url, self._opener, self._slot, self._say, backoff=self._backoff, reading=self._reading)

    def _say(self, fault: str) -> None:
        event = DeviceDown(self._device, fault) if fault else DeviceUp(self._device)
        with self._saying:
            if event != self._said:
                self._said = event
                self._emit(event)


def _nowhere(_: View) -> None:
    """Nobody looks."""
