"""A camera's focus and exposure held by its URL, and what Windows must be told before OpenCV is loaded."""

import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from drivers.camera.source import CameraInvalid, hold, split

ROOT = Path(__file__).parent.parent.parent


class Driver:
    """A camera's driver, as OpenCV hands it on: what was set, in order; it has only the settings in `knows`."""

    def __init__(self, *knows: int) -> None:
        self.knows = knows
        self.settings: dict[int, float] = {}

    def set(self, prop: int, value: float) -> bool:
        if prop in self.knows:
            self.settings[prop] = value
        return prop in self.knows

    def get(self, prop: int) -> float:
        return self.settings.get(prop, -1.0)


def test_focus_and_exposure_are_held_where_the_driver_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    focus = cv2.CAP_PROP_AUTOFOCUS, cv2.CAP_PROP_FOCUS
    exposure = cv2.CAP_PROP_AUTO_EXPOSURE, cv2.CAP_PROP_EXPOSURE
    whole, partly = Driver(*focus, *exposure), Driver(*exposure)
    assert hold(whole, {"focus": 30, "exposure": 150}) == []  # type: ignore[arg-type]
    assert list(whole.settings.items()) == [(focus[0], 0), (focus[1], 30), (exposure[0], 1), (exposure[1], 150)]
    assert hold(partly, {"focus": 30, "exposure": -6}) == ["focus"]  # type: ignore[arg-type]
    assert partly.settings[exposure[1]] == -6
    untouched = Driver(*focus, *exposure)
    assert hold(untouched, {}) == []  # type: ignore[arg-type]
    assert not untouched.settings


@pytest.mark.parametrize("query", ["focus", "focus=", "focus=1.5", "zoom=2", "focus=30,exposure=2", "exposure=９"])
def test_what_cannot_be_held(query: str) -> None:
    split("camera:0?focus=30&exposure=-6")
    with pytest.raises(CameraInvalid):
        split(f"camera:0?{query}")


def test_windows_is_prepared_before_opencv_is_loaded() -> None:
    code = """
import os, sys
from drivers.camera.camera import Camera
sys.platform = "win32"
Camera("CAM-1", "camera:0", print, print)
assert "cv2" not in sys.modules
print(os.environ["OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS"])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "0\n"
