"""A live picture in the terminal: real pixels where it can show them, else two half-blocks a cell."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from drivers.camera.engines import Corners, Grey

    Colours = NDArray[np.uint8]
    """Rows of red, green, blue."""

Painter = type[Any]
"""A widget class of textual-image, with an `image`."""

FINE = (640, 360)
"""Most pixels across and down of a picture that the terminal itself draws."""
_LEVELS = 32
"""Steps of brightness of the half-blocks; fewer repaint less."""
_UPPER_HALF = "\N{UPPER HALF BLOCK}"


def painter() -> Painter | None:
    """The widget for real pixels in this terminal, None where it has none. Asks the terminal: before the app runs."""
    from textual_image.renderable import Image, SixelImage, TGPImage
    from textual_image.widget import Image as Best

    return Best if Image in (SixelImage, TGPImage) else None


@cache
def painter_behind(app: App[Any]) -> Painter | None:
    """`painter` while the app runs: put away for that moment, once. None where it cannot be put away."""
    with suppress(SuspendNotSupported), app.suspend():
        return painter()
    return None


def fitted(width: int, height: int, across: int, down: int) -> tuple[int, int]:
    """The largest size of the shape `width` x `height` that fits into `across` x `down`; at least one pixel."""
    scale = min(across / width, down / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def framed(grey: "Grey", size: tuple[int, int], frames: "Sequence[Corners]", colour: tuple[int, int, int]) -> "Colours":
    """The picture at `size` (across, down), with a frame around each of the places in it."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    picture = np.repeat(np.asarray(small, dtype=np.uint8)[:, :, None], 3, axis=2)
    scale = np.array([size[0] / grey.shape[1], size[1] / grey.shape[0]])
    room = max(1, size[0] // 80)
    for corners in frames:
        points = np.array(corners) * scale
        low, high = points.min(axis=0).astype(int) - room, points.max(axis=0).astype(int) + room
        cv2.rectangle(picture, low.tolist(), high.tolist(), colour, thickness=max(1, size[0] // 200))
    return picture


class Picture(Widget):
    """Shows the latest picture it was given, as large as there is room."""

    def __init__(self, painter: Painter | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painter = painter
        self._colours: Colours | None = None

    def compose(self) -> ComposeResult:
        """The terminal's own picture, where it has one."""
        if self._painter is not None:
            yield self._painter(id="pixels")

    def show(
        self, grey: "Grey", frames: "Sequence[Corners]" = (), colour: tuple[int, int, int] = (255, 255, 255)
    ) -> None:
        """Show a picture with frames of one colour."""
        height, width = grey.shape
        if self._painter is not None:
            from PIL import Image

            fine = framed(grey, fitted(width, height, *FINE), frames, colour)
            self.query_one("#pixels", self._painter).image = Image.fromarray(fine)
        elif self.size.area:
            size = fitted(width, height, self.size.width, self.size.height * 2)
            self._colours = framed(grey, size, frames, colour)
            self.refresh()

    def clear(self) -> None:
        """Show nothing: a picture that is not live is not shown."""
        self._colours = None
        if self._painter is not None:
            self.query_one("#pixels", self._painter).image = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Two rows of pixels as one row of half-blocks, in the middle of the width."""
        width = self.size.width
        if self._colours is None or y * 2 >= len(self._colours):
            return Strip.blank(width, self.rich_style)
        upper = _coarse(self._colours[y * 2])
        lower = _coarse(self._colours[y * 2 + 1]) if y * 2 + 1 < len(self._colours) else upper
        pixels = groupby(zip(upper, lower, strict=True))
        segments = [Segment(_UPPER_HALF * len(list(same)), _style(*pair)) for pair, same in pixels]
        margin = (width - len(upper)) // 2
        return Strip([Segment(" " * margin, self.rich_style), *segments]).adjust_cell_length(width, self.rich_style)


def _coarse(row: "Colours") -> list[tuple[int, int, int]]:
    step = 256 // _LEVELS
    return [(red, green, blue) for red, green, blue in (row // step * step).tolist()]


@lru_cache(4096)
def _style(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Style:
    return Style.parse("rgb({},{},{}) on rgb({},{},{})".format(*upper, *lower))
