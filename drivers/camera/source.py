"""Where pictures come from: a camera, a video file or a numbered series of pictures, all through OpenCV.

URLs: `camera:0`, `camera:/dev/v4l/by-id/…-video-index0`, `file:PATH.avi`, `images:FOLDER/f_%03d.png`. Files play at
their own pace and begin again at the end. A camera's focus and exposure can be held where its driver allows it, in the
driver's own numbers: `camera:0?focus=30&exposure=150`.

    PortError
    ├── CameraInvalid       camera-invalid     the URL makes no sense
    ├── CameraMissing       camera-missing     no such camera, file or series
    ├── CameraBusy          camera-busy        another program holds it
    ├── CameraDenied        camera-denied      this user may not open it (Linux: not in the group `video`)
    ├── CameraUnusable      camera-unusable    it gives no pictures (a camera's second node; no video)
    ├── CameraLost          camera-lost        it gave pictures and stopped
    └── CameraStuck         camera-stuck       a read has not come back
"""

import errno
import logging
import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.errors import PortError

if TYPE_CHECKING:
    import cv2

    from drivers.camera.engines import Grey

SIZE = (1280, 720)
"""What a camera is asked for."""
_MOST_PIXELS = 1920 * 1080
"""Larger pictures are made smaller."""
_NUMBER = re.compile("-?[0-9]{1,6}")
_PACE = 15.0
"""Pictures a second where a file does not say, or says nonsense."""

log = logging.getLogger(__name__)


class CameraInvalid(PortError):
    """The URL makes no sense."""

    code = "camera-invalid"


class CameraMissing(PortError):
    """No such camera, file or series of pictures."""

    code = "camera-missing"


class CameraBusy(PortError):
    """Another program has the camera."""

    code = "camera-busy"


class CameraDenied(PortError):
    """The user may not open the camera."""

    code = "camera-denied"


class CameraUnusable(PortError):
    """It is there, but gives no pictures."""

    code = "camera-unusable"


class CameraLost(PortError):
    """It gave pictures, and stopped."""

    code = "camera-lost"


class CameraStuck(PortError):
    """A read has not come back for seconds."""

    code = "camera-stuck"


_BY_ERRNO = {
    errno.ENOENT: CameraMissing,
    errno.ENODEV: CameraMissing,
    errno.ENXIO: CameraMissing,
    errno.EACCES: CameraDenied,
    errno.EPERM: CameraDenied,
    errno.EBUSY: CameraBusy,
}


class Source:
    """An open source. `pace` is the seconds between pictures of a file, 0 for a camera, which sets its own."""

    def __init__(self, capture: "cv2.VideoCapture", pace: float = 0.0) -> None:
        self._capture = capture
        self._pace = pace

    def grab(self) -> bool:
        """Wait for the next picture without decoding it; False when none came. A file begins again at its end."""
        import cv2

        time.sleep(self._pace)
        try:
            if self._capture.grab():
                return True
            return bool(self._pace) and self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0) and self._capture.grab()
        except cv2.error as error:
            log.info("no picture: %s", error)
            return False

    def picture(self) -> "Grey | None":
        """The picture just grabbed, in grey; None when it cannot be decoded."""
        import cv2
        import numpy as np

        try:
            good, picture = self._capture.retrieve()
        except cv2.error as error:
            log.info("no picture: %s", error)
            return None
        if not good or picture is None or not picture.size:
            return None
        colour = picture.ndim == 3
        grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if colour else picture, dtype=np.uint8)
        if grey.size > _MOST_PIXELS:
            scale = (_MOST_PIXELS / grey.size) ** 0.5
            grey = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        return grey

    def close(self) -> None:
        """Give it back."""
        self._capture.release()


def split(url: str) -> tuple[str, str]:
    """The URL's kind and the rest. Raises `CameraInvalid`."""
    kind, _, rest = url.partition(":")
    if kind not in ("camera", "file", "images") or not rest or not rest.isprintable():
        raise CameraInvalid(url, "camera:0, file:PATH or images:FOLDER/f_%03d.png")
    if kind == "camera":
        _held(url)
    if kind == "images" and "%" not in rest:
        raise CameraInvalid(url, "a series is named by its pattern, such as f_%03d.png")
    return kind, rest


def prepare() -> None:
    """Tell OpenCV, which reads it when it is loaded, not to spend seconds on Media Foundation's hardware transforms."""
    if sys.platform == "win32":
        os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")


def open_source(url: str) -> Source:
    """Open a camera or a file. Raises a `PortError` of this module that says why it cannot be."""
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    kind, rest = split(url)
    try:
        return _camera(url, rest) if kind == "camera" else _file(url, rest, series=kind == "images")
    except cv2.error as error:
        raise CameraUnusable(url, str(error)) from error


def check_device(url: str, path: str) -> None:
    """Ask the system why a camera cannot be opened, since OpenCV does not say. Raises a `PortError` of this module."""
    try:
        os.close(os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0)))
    except OSError as error:
        raise _BY_ERRNO.get(error.errno or 0, CameraUnusable)(url, str(error)) from error


def hold(capture: "cv2.VideoCapture", held: Mapping[str, int]) -> list[str]:
    """Stop the camera from setting `focus` and `exposure` by itself; those of them that its driver does not allow."""
    import cv2

    # V4L2 counts 1 as manual exposure, Windows' drivers 0
    by_hand = 1 if sys.platform == "linux" else 0
    steps = {
        "focus": ((cv2.CAP_PROP_AUTOFOCUS, 0), cv2.CAP_PROP_FOCUS),
        "exposure": ((cv2.CAP_PROP_AUTO_EXPOSURE, by_hand), cv2.CAP_PROP_EXPOSURE),
    }
    refused = []
    for name, value in held.items():
        automatic, prop = steps[name]
        capture.set(*automatic)
        if not capture.set(prop, value) or capture.get(prop) != value:
            refused.append(name)
    return refused


def _held(url: str) -> dict[str, int]:
    """What the URL of a camera wants held. Raises `CameraInvalid`."""
    query = url.partition("?")[2]
    pairs = [part.partition("=") for part in query.split("&") if part]
    if any(name not in ("focus", "exposure") or not _NUMBER.fullmatch(value) for name, _, value in pairs):
        raise CameraInvalid(url, "behind ? stand focus=NUMBER and exposure=NUMBER")
    return {name: int(value) for name, _, value in pairs}


def _camera(url: str, rest: str) -> Source:
    import cv2

    rest = rest.partition("?")[0]
    if sys.platform == "linux":
        path = f"/dev/video{rest}" if _is_number(rest) else rest
        check_device(url, path)
        capture = cv2.VideoCapture(path, cv2.CAP_V4L2)
    elif not _is_number(rest):
        raise CameraInvalid(url, "a camera is a number here")
    else:
        # Media Foundation, the default of Windows, takes many seconds to open.
        capture = cv2.VideoCapture(int(rest), cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_ANY)
        if not capture.isOpened():
            capture.open(int(rest), cv2.CAP_ANY)
    if not capture.isOpened():
        raise (CameraUnusable if sys.platform == "linux" else CameraMissing)(url)
    # Uncompressed, most cameras give a few large pictures a second; the size counts only after the format.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, SIZE[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, SIZE[1])
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    got = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
    log.info("%s: %.0f x %.0f", url, *got)
    if refused := hold(capture, _held(url)):
        log.warning("%s: the driver does not hold %s", url, ", ".join(refused))
    return Source(capture)


def _is_number(rest: str) -> bool:
    return rest.isascii() and rest.isdecimal() and len(rest) < 4


def _file(url: str, path: str, *, series: bool) -> Source:
    import cv2

    if not series and not Path(path).is_file():
        raise CameraMissing(url)
    capture = cv2.VideoCapture(path, cv2.CAP_IMAGES if series else cv2.CAP_ANY)
    if not capture.isOpened():
        raise (CameraMissing if series else CameraUnusable)(url)
    rate = capture.get(cv2.CAP_PROP_FPS)
    return Source(capture, 1 / (rate if 1 <= rate <= 60 else _PACE))
