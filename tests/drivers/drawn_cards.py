"""Pictures of cards, drawn: QR and Code 128 on a grey counter, and what a cheap camera does to them."""

import barcode
import cv2
import numpy as np
import segno
from numpy.typing import NDArray

from drivers.camera.decode import Claim
from drivers.camera.engines import Grey
from pos.core import cards

KEY = bytes(range(32))
SIZE = (720, 1280)
"""Height and width."""


def number(ten: int) -> str:
    """A card number made from up to ten digits."""
    return f"{ten:010d}{cards.check_digits(f'{ten:010d}')}"


def signed(ten: int) -> str:
    """The text of a card's QR code."""
    return cards.signed(number(ten), KEY)


def judge(text: str) -> Claim | None:
    """What a village with `KEY` thinks of a text."""
    if cards.is_number(text):
        return Claim(text, sure=False)
    if text[:2] == "H1" and cards.is_number(text[2:14]):
        return Claim(text[2:14], sure=text == cards.signed(text[2:14], KEY))
    return None


def qr(text: str, module: int = 5) -> Grey:
    """A QR code with its quiet zone; `module` pixels a module."""
    matrix = np.array([list(row) for row in segno.make(text, micro=False, error="m").matrix_iter(border=4)])
    return _scaled(matrix, module, module)


def code_128(text: str, module: int = 3, height: int = 90) -> Grey:
    """A Code 128 with its quiet zone."""
    bars = barcode.get("code128", text).build()[0]
    bits = np.array([[0] * 10 + [int(bit) for bit in bars] + [0] * 10])
    return np.pad(_scaled(bits, module, height), ((20, 20), (0, 0)), constant_values=255)


def counter(*placed: tuple[Grey, tuple[int, int]], size: tuple[int, int] = SIZE) -> Grey:
    """A picture of the counter with codes lying on it, each with its upper left corner (x, y)."""
    picture = np.full(size, 110, np.uint8)
    for code, (x, y) in placed:
        picture[y : y + code.shape[0], x : x + code.shape[1]] = code
    return picture


def turned(picture: Grey, degrees: float) -> Grey:
    """Turned about its middle."""
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderValue=(110,)), dtype=np.uint8)


def blurred(picture: Grey, sigma: float) -> Grey:
    """Out of focus."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), dtype=np.uint8)


def dim(picture: Grey, gain: float) -> Grey:
    """In poor light."""
    return (picture * gain).astype(np.uint8)


def noisy(picture: Grey, sigma: float, seed: int = 1) -> Grey:
    """With a sensor's noise."""
    noise: NDArray[np.float64] = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _scaled(bits: NDArray[np.int_], across: int, down: int) -> Grey:
    return np.kron(np.where(bits > 0, 0, 255), np.ones((down, across))).astype(np.uint8)
