"""One look at a picture after another, from the cheap to the costly, for codes that are noisy, small or turned.

Which helps what was measured on real and drawn cards: a slight blur before Code 128 beats every other filter in noise,
low light and low contrast and ruins zbar's QR; enlarging helps small modules; Code 128 is read within some eleven
degrees of level or upright only, so the turns between them cover the circle.
"""

from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np

from drivers.camera.engines import Code, Corners, Grey, Symbology, zbar, zxing

BLUR = 0.9
"""Sigma of the blur, in pixels."""
ENLARGED = 1.5
TURNS = (22, 45, 67)
"""Degrees."""


def plain(grey: Grey) -> list[Code]:
    """Both engines on the picture as it is."""
    return merged([*zbar(grey), *zxing(grey)])


def blurred(grey: Grey) -> list[Code]:
    """Both engines on a slightly blurred picture, zbar for Code 128 only."""
    soft = _grey(cv2.GaussianBlur(grey, (0, 0), BLUR))
    return merged([*zbar(soft, [Symbology.CODE_128]), *zxing(soft)])


def enlarged(grey: Grey) -> list[Code]:
    """zxing-cpp on the picture half as large again."""
    large = _grey(cv2.resize(grey, None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC))
    return [_moved(code, np.array([[1 / ENLARGED, 0, 0], [0, 1 / ENLARGED, 0]])) for code in zxing(large)]


def turned(grey: Grey, degrees: int) -> list[Code]:
    """zxing-cpp for Code 128 on the picture turned about its middle."""
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    size = int(height * sine + width * cosine), int(height * cosine + width * sine)
    turn[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    picture = _grey(cv2.warpAffine(grey, turn, size, borderMode=cv2.BORDER_CONSTANT, borderValue=(128,)))
    back = cv2.invertAffineTransform(turn)
    return [_moved(code, np.asarray(back)) for code in zxing(picture, [Symbology.CODE_128])]


def merged(codes: Iterable[Code]) -> list[Code]:
    """Each text of a symbology once, in the order read; `agreed` when both engines read it."""
    kept: dict[tuple[str, Symbology], Code] = {}
    for code in codes:
        first = kept.setdefault((code.text, code.symbology), code)
        if first.engine is not code.engine or code.agreed:
            kept[code.text, code.symbology] = replace(first, agreed=True)
    return list(kept.values())


def overlap(one: Corners, other: Corners) -> bool:
    """Whether two codes lie in the same place; a bar code's corners may be a line, so some room is left around it."""
    if not one or not other:
        return False
    first, second = _box(one), _box(other)
    return all(low <= high for low, high in ((first[0], second[2]), (second[0], first[2]))) and all(
        low <= high for low, high in ((first[1], second[3]), (second[1], first[3]))
    )


def _box(corners: Corners) -> tuple[int, int, int, int]:
    across, down = zip(*corners, strict=True)
    room = max(max(across) - min(across), max(down) - min(down)) // 16
    return min(across) - room, min(down) - room, max(across) + room, max(down) + room


def _moved(code: Code, back: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Code:
    corners = tuple((round(x), round(y)) for x, y in (back @ (*point, 1) for point in code.corners))
    return replace(code, corners=corners)


def _grey(picture: object) -> Grey:
    return np.asarray(picture, dtype=np.uint8)
