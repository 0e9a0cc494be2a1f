"""The two engines that read codes from a picture: zbar (a library of the system) and zxing-cpp (a wheel).

Symbols are restricted to QR and Code 128 always: with every symbology on, zbar reads numbers where there are none, and
writes warnings of its unfinished decoders on the screen.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""A picture as rows of brightness, 0 black to 255 white."""

Corners = tuple[tuple[int, int], ...]
"""Points (x, y) around a code, in pixels of the picture it was read from."""

APT_PACKAGE = "libzbar0"
"""The Debian package of the library that pyzbar loads."""

log = logging.getLogger(__name__)


class Symbology(StrEnum):
    """The kinds of codes that are read."""

    QR = "qr"
    CODE_128 = "code-128"


BOTH = (Symbology.QR, Symbology.CODE_128)


class Engine(StrEnum):
    """Who read a code."""

    ZBAR = "zbar"
    ZXING = "zxing"


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a picture; the text is never empty."""

    text: str
    symbology: Symbology
    engine: Engine
    """Who read it first."""
    agreed: bool = False
    """Whether the other engine read the same text."""
    corners: Corners = ()


def zbar(grey: Grey, symbologies: Iterable[Symbology] = BOTH) -> list[Code]:
    """What zbar reads, in ASCII alone: it guesses at any other character set, often wrongly. Nothing without it."""
    found = []
    if (decode := _pyzbar()) is not None:
        for each in decode(grey, symbols=[_zbar_symbols()[wanted] for wanted in symbologies]):
            text = _ascii(each.data)
            if text:
                symbology = Symbology.QR if each.type == "QRCODE" else Symbology.CODE_128
                found.append(Code(text, symbology, Engine.ZBAR, corners=tuple((p.x, p.y) for p in each.polygon)))
    return found


def zxing(grey: Grey, symbologies: Iterable[Symbology] = BOTH) -> list[Code]:
    """What zxing-cpp reads; a text beyond ASCII as the code itself says that it is meant."""
    found = []
    formats = zxingcpp.BarcodeFormats([_FORMATS[wanted] for wanted in symbologies])
    for each in zxingcpp.read_barcodes(grey, formats=formats, text_mode=zxingcpp.TextMode.Plain):
        text = _ascii(each.bytes) or each.text
        if text:
            at = each.position
            corners = tuple((p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left))
            symbology = Symbology.CODE_128 if each.format == zxingcpp.BarcodeFormat.Code128 else Symbology.QR
            found.append(Code(text, symbology, Engine.ZXING, corners=corners))
    return found


def zbar_missing() -> bool:
    """Whether zxing-cpp works alone because the system lacks zbar; the log says how to get it."""
    return _pyzbar() is None


_FORMATS = {Symbology.QR: zxingcpp.BarcodeFormat.QRCode, Symbology.CODE_128: zxingcpp.BarcodeFormat.Code128}


@cache
def _pyzbar() -> Callable[..., Any] | None:
    try:
        from pyzbar.pyzbar import decode
    except (ImportError, OSError) as error:
        # Windows: a DLL that lacks the Visual C++ 2013 runtime is a FileNotFoundError.
        log.warning("zbar is missing (%s); reading with zxing-cpp alone. apt-get install %s", error, APT_PACKAGE)
        return None
    found: Callable[..., Any] = decode
    return found


@cache
def _zbar_symbols() -> dict[Symbology, Any]:
    from pyzbar.pyzbar import ZBarSymbol

    return {Symbology.QR: ZBarSymbol.QRCODE, Symbology.CODE_128: ZBarSymbol.CODE128}


def _ascii(data: bytes) -> str:
    """The bytes as strict ASCII; empty when they are not."""
    return data.decode("ascii") if data.isascii() else ""
