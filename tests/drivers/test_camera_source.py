"""Where pictures come from, which of them count, and a camera that outlives everything that may happen to it."""

import errno
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag

import cv2
import numpy as np
import pytest

from drivers.camera.camera import Camera, View
from drivers.camera.engines import Grey
from drivers.camera.frames import SETTLE, STALE, Frame, Slot
from drivers.camera.source import (
    CameraBusy,
    CameraDenied,
    CameraInvalid,
    CameraLost,
    CameraMissing,
    CameraStuck,
    CameraUnusable,
    Source,
    check_device,
    open_source,
    split,
)
from drivers.errors import PortError
from drivers.events import DeviceDown, DeviceUp, Event, Scanned
from tests.drivers import drawn_cards as drawn

ROOT = Path(__file__).parent.parent.parent
SMALL = (320, 240)
CARD = drawn.counter((drawn.qr(drawn.signed(5), 4), (60, 30)), size=(240, 320))
EMPTY = drawn.counter(size=(240, 320))
DEADLINE = 20.0


def film(path: Path, pictures: list[Grey], rate: int = 30) -> str:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), rate, SMALL)
    for picture in pictures:
        writer.write(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    writer.release()
    return f"file:{path}"


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(
    "url", ["", "camera:", "0", "http://x/y", "images:folder/picture.png", "camera:\0", "file:a\nb.avi"]
)
def test_a_url_that_makes_no_sense(url: str) -> None:
    with pytest.raises(CameraInvalid):
        split(url)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("camera:/dev/no-such-camera", CameraMissing),
        ("camera:97", CameraMissing),
        ("camera:９", CameraMissing),
        ("camera:99999999999999999999", CameraMissing),
        ("camera:rtsp://127.0.0.1:1/x", CameraMissing),
        ("images:%s%n.png", CameraMissing),
        ("file:no-such.avi", CameraMissing),
        ("images:no-such/f_%03d.png", CameraMissing),
        (f"file:{__file__}", CameraUnusable),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="cameras are devices there")
def test_why_a_source_cannot_be_opened(url: str, error: type[PortError]) -> None:
    with pytest.raises(error):
        open_source(url)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOENT, CameraMissing),
        (errno.ENODEV, CameraMissing),
        (errno.EACCES, CameraDenied),
        (errno.EBUSY, CameraBusy),
        (errno.EIO, CameraUnusable),
    ],
)
def test_the_system_says_why(number: int, error: type[PortError], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(error):
        check_device("camera:0", "/dev/video0")


def test_what_is_no_camera(tmp_path: Path) -> None:
    (tmp_path / "video1").write_bytes(b"metadata")
    with pytest.raises(CameraUnusable):
        open_source(f"camera:{tmp_path / 'video1'}")


def test_a_video_begins_again_at_its_end(tmp_path: Path) -> None:
    source = open_source(film(tmp_path / "two.avi", [EMPTY, CARD], rate=60))
    try:
        means = []
        for _ in range(4):
            assert source.grab()
            picture = source.picture()
            assert picture is not None
            assert picture.shape == (240, 320)
            means.append(round(float(picture.mean())))
    finally:
        source.close()
    assert means[0] == means[2] != means[1] == means[3]


def test_a_series_of_pictures(tmp_path: Path) -> None:
    for number, picture in enumerate([EMPTY, CARD]):
        cv2.imwrite(str(tmp_path / f"f_{number:03}.png"), picture)
    source = open_source(f"images:{tmp_path}/f_%03d.png")
    try:
        shown = [got for _ in range(3) if source.grab() and (got := source.picture()) is not None]
    finally:
        source.close()
    assert np.array_equal(shown[1], CARD)
    assert np.array_equal(shown[0], shown[2])


@pytest.mark.parametrize("left", [0, 300])
def test_a_video_of_which_only_the_beginning_is_there(tmp_path: Path, left: int) -> None:
    url = film(tmp_path / "cut.avi", [CARD] * 4)
    (tmp_path / "cut.avi").write_bytes((tmp_path / "cut.avi").read_bytes()[:left])
    with pytest.raises(CameraUnusable):
        open_source(url)


def png_of(side: int) -> bytes:
    """A picture whose head promises so many pixels a side, and whose body has none of them."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0), b"IDAT" + zlib.compress(b""), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


@pytest.mark.parametrize("spoilt", [b"", b"nonsense", png_of(60_000)], ids=["empty", "nonsense", "huge"])
def test_a_spoilt_picture_does_not_end_the_camera(tmp_path: Path, spoilt: bytes) -> None:
    views: list[View] = []
    cv2.imwrite(str(tmp_path / "f_000.png"), CARD)
    (tmp_path / "f_001.png").write_bytes(spoilt)
    with running(f"images:{tmp_path}/f_%03d.png") as (camera, said):
        camera.arm(views.append)
        until(lambda: len(views) > 1)
    assert scans(said) == [drawn.signed(5)]
    assert {event.code for event in said if isinstance(event, DeviceDown)} <= {CameraLost.code}


class Shots:
    """In place of a `cv2.VideoCapture`: what it retrieves."""

    def __init__(self, *shots: tuple[bool, object]) -> None:
        self.shots = iter(shots)

    def grab(self) -> bool:
        return True

    def retrieve(self) -> tuple[bool, object]:
        return next(self.shots)


def test_a_picture_that_cannot_be_decoded_is_none_and_a_huge_one_is_made_smaller() -> None:
    source = Source(Shots((False, None), (True, None), (True, np.zeros((2160, 3840, 3), np.uint8))))  # type: ignore[arg-type]
    assert source.picture() is None
    assert source.picture() is None
    picture = source.picture()
    assert picture is not None
    assert picture.shape == (1080, 1920)


def test_opencv_writes_nothing_on_the_screen(tmp_path: Path) -> None:
    (tmp_path / "video1").write_bytes(b"")
    program = (
        "from drivers.camera.source import open_source\n"
        "from drivers.errors import PortError\n"
        f"for url in ('camera:{tmp_path}/video1', 'camera:97', 'file:{__file__}', 'images:no/f_%03d.png'):\n"
        "    try:\n        open_source(url)\n    except PortError as error:\n        print(error.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
    assert len(done.stdout.split()) == 4
    assert done.stderr == b""


# Which frames count


def frame(at: float, number: int = 1) -> Frame:
    return Frame(EMPTY, at, number)


def test_only_frames_well_after_arming_count() -> None:
    slot = Slot()
    slot.arm(10.0)
    slot.put(frame(10.0 + SETTLE / 2))
    assert slot.take(10.1) is None
    slot.put(frame(10.0 + SETTLE))
    assert slot.take(10.2) == frame(10.0 + SETTLE)


def test_a_frame_that_waited_does_not_count() -> None:
    slot = Slot()
    slot.arm(0.0)
    slot.put(frame(1.0))
    assert slot.take(1.0 + STALE + 0.01) is None
    assert slot.take(1.0) is None


def test_the_latest_frame_is_given_out_once() -> None:
    slot = Slot()
    slot.arm(0.0)
    slot.put(frame(1.0, 1))
    slot.put(frame(1.1, 2))
    assert slot.take(1.1) == frame(1.1, 2)
    assert slot.take(1.1) is None


def test_disarming_drops_what_waits() -> None:
    slot = Slot()
    slot.put(frame(1.0))
    slot.arm(0.0)
    assert slot.take(1.0) is None
    slot.put(frame(1.0))
    slot.disarm()
    slot.arm(0.5)
    assert slot.take(1.0) is None


# The camera


class Fake(Source):
    """A source at thirty frames a second that does what the test says."""

    def __init__(self, picture: Grey | None = EMPTY) -> None:
        self.shown = picture
        self.blocked = Flag()
        self.blocked.set()
        self.closed = Flag()

    def grab(self) -> bool:
        time.sleep(0.03)
        self.blocked.wait()
        return self.shown is not None

    def picture(self) -> Grey | None:
        return self.shown

    def close(self) -> None:
        self.closed.set()


@contextmanager
def running(
    url: str = "camera:0", opener: Callable[[str], Source] = open_source, reading: float = 5.0
) -> Iterator[tuple[Camera, list[Event]]]:
    said: list[Event] = []
    camera = Camera("CAM-1", url, drawn.judge, said.append, opener=opener, backoff=(0.02,), reading=reading)
    camera.start()
    try:
        yield camera, said
    finally:
        camera.stop()


def scans(said: list[Event]) -> list[str]:
    return [event.text for event in said if isinstance(event, Scanned)]


def test_a_card_in_a_video_is_one_scan(tmp_path: Path) -> None:
    views: list[View] = []
    with running(film(tmp_path / "card.avi", [EMPTY] * 8 + [CARD] * 16)) as (camera, said):
        until(lambda: said)
        assert said == [DeviceUp("CAM-1")]
        camera.arm(views.append)
        until(lambda: scans(said))
        seen = len(views)
        until(lambda: len(views) > seen + 3)
    assert scans(said) == [drawn.signed(5)]
    assert any(view.finding.card for view in views)


def test_nothing_is_looked_at_until_it_is_armed_nor_after() -> None:
    fake, views = Fake(CARD), list[View]()
    with running(opener=lambda _: fake) as (camera, said):
        until(lambda: said)
        time.sleep(0.2)
        assert not views
        camera.arm(views.append)
        until(lambda: views)
        camera.disarm()
        seen = len(views)
        time.sleep(0.3)
        assert len(views) <= seen + 1
    assert fake.closed.is_set()
    assert scans(said) == [drawn.signed(5)]


def test_a_camera_that_comes_later() -> None:
    fake, there = Fake(), Flag()

    def opener(url: str) -> Source:
        if not there.is_set():
            raise CameraMissing(url)
        return fake

    with running(opener=opener) as (_, said):
        until(lambda: said)
        there.set()
        until(lambda: len(said) == 2)
    assert said == [DeviceDown("CAM-1", CameraMissing.code), DeviceUp("CAM-1")]


def test_a_camera_that_is_pulled_out_and_put_back() -> None:
    fakes = [Fake(), Fake()]
    left = iter(fakes)
    with running(opener=lambda _: next(left)) as (_, said):
        until(lambda: said)
        fakes[0].shown = None
        until(lambda: len(said) == 3)
    assert said == [DeviceUp("CAM-1"), DeviceDown("CAM-1", CameraLost.code), DeviceUp("CAM-1")]
    assert fakes[0].closed.is_set()


def test_a_read_that_does_not_come_back() -> None:
    fakes = [Fake(), Fake(CARD)]
    left = iter(fakes)
    with running(opener=lambda _: next(left), reading=0.4) as (camera, said):
        until(lambda: said)
        fakes[0].blocked.clear()
        until(lambda: len(said) == 3)
        assert said == [DeviceUp("CAM-1"), DeviceDown("CAM-1", CameraStuck.code), DeviceUp("CAM-1")]
        camera.arm(lambda _: None)
        until(lambda: scans(said))
        fakes[0].blocked.set()
        until(fakes[0].closed.is_set)
        assert len(said) == 4


def test_a_bug_in_the_judge_does_not_end_the_camera(caplog: pytest.LogCaptureFixture) -> None:
    said: list[Event] = []
    broken = Flag()

    def judge(text: str) -> None:
        broken.set()
        raise RuntimeError(text)

    camera = Camera("CAM-1", "camera:0", judge, said.append, opener=lambda _: Fake(CARD), backoff=(0.02,))
    camera.start()
    camera.arm(lambda _: None)
    try:
        until(broken.is_set)
        broken.clear()
        until(broken.is_set)
    finally:
        camera.stop()
    assert DeviceDown("CAM-1", "driver-error") in said
    assert "RuntimeError" in caplog.text
