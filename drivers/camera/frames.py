"""The one-slot box between the thread that grabs and the thread that decodes: the latest frame, while it is good.

A camera keeps a few old pictures, and after a pause gives them first: they may show the previous household's card. So
only frames taken well after arming count, and none that has waited.
"""

from dataclasses import dataclass, field
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drivers.camera.engines import Grey

SETTLE = 0.1
"""Seconds after arming before which a frame does not count."""
STALE = 0.3
"""Seconds after which a frame is too old to count."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture, when it was taken (monotonic seconds), and its number in the camera's life."""

    grey: "Grey"
    at: float
    number: int


@dataclass(slots=True)
class Slot:
    """Holds the latest frame while armed; each is given out once."""

    armed_at: float | None = None
    _frame: Frame | None = None
    _changed: Condition = field(default_factory=Condition)

    def arm(self, at: float) -> None:
        """Frames count from now on."""
        with self._changed:
            self.armed_at, self._frame = at, None

    def disarm(self) -> None:
        """No frame counts, nor the one that waits."""
        with self._changed:
            self.armed_at = self._frame = None
            self._changed.notify_all()

    def put(self, frame: Frame) -> None:
        """Replace whatever waits."""
        with self._changed:
            if self.armed_at is not None:
                self._frame = frame
                self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Until a frame is there, at most so long."""
        with self._changed:
            if self._frame is None:
                self._changed.wait(seconds)

    def take(self, now: float) -> Frame | None:
        """The frame that waits, if it was taken while armed and is fresh at `now`; it is gone afterwards."""
        with self._changed:
            frame, self._frame = self._frame, None
            if frame is None or self.armed_at is None:
                return None
            return frame if frame.at >= self.armed_at + SETTLE and now - frame.at <= STALE else None
