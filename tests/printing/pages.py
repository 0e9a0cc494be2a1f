"""Paper taken apart again: the pages of a PDF, the picture of an ESC/POS job, runs of dots to be measured."""

import io
import re
import struct
from collections.abc import Iterator
from itertools import groupby

from PIL import Image

from drivers.simulated.paper import commands

_IMAGE = re.compile(
    rb"/Width (\d+)\n/Height (\d+)\n/Filter \[ /CCITTFaxDecode \].*?/Length (\d+)\n>>stream\n", re.DOTALL
)
_PAGE = re.compile(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]")


def pdf_pages(data: bytes) -> list[Image.Image]:
    """The picture of every page, from its own bytes: fax group 4, given the head of a TIFF file."""
    pages = []
    for found in _IMAGE.finditer(data):
        width, height, length = (int(number) for number in found.groups())
        tags = ((256, width), (257, height), (258, 1), (259, 4), (262, 1), (273, 110), (278, height), (279, length))
        head = struct.pack("<2sHIH", b"II", 42, 8, len(tags)) + b"".join(
            struct.pack("<HHII", t, 4, 1, v) for t, v in tags
        )
        body = data[found.end() :][:length]
        pages.append(Image.open(io.BytesIO(head.ljust(110, b"\0") + body)).convert("L"))
    return pages


def pdf_size(data: bytes) -> set[tuple[int, int]]:
    """The size of its pages in millimetres."""
    return {(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in _PAGE.findall(data)}


def raster(data: bytes) -> Image.Image:
    """What `GS v 0` commands put on paper, one below the other."""
    blocks = []
    for command in commands(data):
        if command.name == b"\x1dv":
            across, rows = struct.unpack_from("<HH", command.arguments, 2)
            bits = bytes(byte ^ 0xFF for byte in command.arguments[6:])
            blocks.append(Image.frombytes("1", (across * 8, rows), bits).convert("L"))
    whole = Image.new("L", (max(b.width for b in blocks), sum(b.height for b in blocks)), 255)
    top = 0
    for block in blocks:
        whole.paste(block, (0, top))
        top += block.height
    return whole


def framed(image: Image.Image, margin: int) -> Image.Image:
    """The picture on a larger white paper."""
    paper = Image.new("L", (image.width + 2 * margin, image.height + 2 * margin), 255)
    paper.paste(image, (margin, margin))
    return paper


def runs(image: Image.Image, y: int) -> list[tuple[bool, int]]:
    """Along a row of dots: dark or not, and for how many."""
    row = (image.getpixel((x, y)) for x in range(image.width))
    return [(dark, len(list(dots))) for dark, dots in groupby(row, lambda dot: dot == 0)]


def columns_of(image: Image.Image, x: int) -> Iterator[tuple[bool, int]]:
    """Down a column of dots: dark or not, and for how many."""
    yield from runs(image.transpose(Image.Transpose.TRANSPOSE), x)
