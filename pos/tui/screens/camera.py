"""摄像头: the live picture, and what is seen in it; looks for cards only while it is in front."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.color import Color
from textual.message import Message
from textual.widgets import Static

from drivers.scanner.codes import Code, Kind
from pos.tui.base import CounterScreen
from pos.tui.widgets.picture import Picture

if TYPE_CHECKING:
    from drivers.camera.camera import View

_TICK = 0.5
"""Seconds between looks at whether the picture is still live."""
_PAINT = 0.18
"""Least seconds between two pictures; a terminal takes a while to draw one."""
_BLIND = 3
"""Looks without a new picture after which the last one is not shown any more."""

_COLOURS = {
    "card": "settled",
    "held": "settled",
    "unsure": "waiting",
    "no-card": "waiting",
    "several-cards": "refusing",
    "disagreement": "refusing",
}
"""The token of the frame's colour by verdict."""
_REFUSED = ("several-cards", "disagreement")


@dataclass
class Looked(Message, bubble=False):
    """The camera decoded a picture."""

    view: "View"


class CameraScreen(CounterScreen):
    """Shows what the camera sees. A card in it is a scan like any other."""

    NAME = "camera"
    CSS_PATH = "camera.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._verdict = ""
        self._missed = _BLIND
        self._painted_at = float("-inf")

    def body(self) -> ComposeResult:
        """What it says above the picture; what is missing on this machine below."""
        yield Static(self.words("camera.show-card"), id="seen", markup=False)
        yield Picture(self.till.painter, id="picture")
        yield Static(id="hint", markup=False)

    def on_mount(self) -> None:
        """Look after the picture."""
        self.set_interval(_TICK, self._mind)

    def on_screen_resume(self) -> None:
        """In front: look."""
        if self.till.keeper is not None and (camera := self.till.station.devices.camera) is not None:
            camera.arm(lambda view: self.post_message(Looked(view)))
        self._mind()

    def on_screen_suspend(self) -> None:
        """Something is in front: look no more."""
        self._disarm()

    def on_unmount(self) -> None:
        """Gone: look no more."""
        self._disarm()

    def on_looked(self, message: Looked) -> None:
        """Show the picture with a frame around what was read, and say what it is."""
        finding, now = message.view.finding, message.view.frame.at
        verdict, self._missed = finding.verdict.value, 0
        changed = verdict != self._verdict
        if changed or now - self._painted_at >= _PAINT:
            self._painted_at = now
            token = _COLOURS.get(verdict, "muted")
            colour = Color.parse(self.till.theme_variables[token]).rgb
            frames = [code.corners for code in finding.codes if code.corners]
            self.query_one("#picture", Picture).show(message.view.frame.grey, frames, colour)
        if changed:
            self._verdict = verdict
            text = self.words(f"camera.{verdict}")
            self._tell(text)
            if verdict in _REFUSED:
                self.refuse_scan(text)

    def scanned(self, code: Code) -> None:
        """A card opens its household, whoever read it."""
        if code.kind in (Kind.CARD, Kind.SIGNED_CARD):
            self.till.open_card(code.text)
        else:
            self.refuse_scan(self.words("home.card-first"))

    def action_back(self) -> None:
        """Esc: back to waiting for a card."""
        self.till.go_home()

    def _mind(self) -> None:
        """Say why there is no picture when there is none."""
        devices = self.till.station.devices
        lacks = devices.camera is not None and devices.camera.lacks_zbar
        self.query_one("#hint", Static).update(self.words("camera.zbar-missing") if lacks else "")
        self._missed += 1
        if self._missed <= _BLIND:
            return
        self._verdict = ""
        self.query_one("#picture", Picture).clear()
        status = next((each for each in devices.statuses() if each.kind == "camera"), None)
        if status is not None and status.cause:
            self._tell(self.words(f"fault.{status.cause}"))
        else:
            self._tell(self.words("camera.starting"))

    def _tell(self, text: str) -> None:
        self.query_one("#seen", Static).update(text)

    def _disarm(self) -> None:
        if (camera := self.till.station.devices.camera) is not None:
            camera.disarm()
