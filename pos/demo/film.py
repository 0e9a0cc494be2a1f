"""What the demo's camera sees: a customer holds a card in front of it, and takes it away again."""

from pathlib import Path

FILE = "camera.avi"

_WIDTH, _HEIGHT = 640, 480
_RATE = 15
"""Pictures a second."""
_COUNTER, _CARD = 110, 245
"""Levels of grey."""
_MARGIN = 30


def film(path: Path, qr: str) -> None:
    """Write a video of the card whose QR code says `qr`; played again and again it comes, stays and goes."""
    import cv2
    import numpy as np

    from drivers.printer.raster import qr_picture

    code = np.asarray(qr_picture(qr, _HEIGHT // 2).convert("L"))
    card = np.pad(code, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN * 4)), constant_values=_CARD)
    height, width = card.shape
    rest, top = (_WIDTH - width) // 2, (_HEIGHT - height) // 2
    coming = [_WIDTH - (_WIDTH - rest) * step // 8 for step in range(8)]
    places = [_WIDTH] * _RATE + coming + [rest] * 3 * _RATE + coming[::-1] + [_WIDTH] * _RATE
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), _RATE, (_WIDTH, _HEIGHT))
    for left in places:
        picture = np.full((_HEIGHT, _WIDTH), _COUNTER, np.uint8)
        seen = min(width, _WIDTH - left)
        picture[top : top + height, left : left + seen] = card[:, :seen]
        writer.write(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
    writer.release()
