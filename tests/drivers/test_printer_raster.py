"""Pictures: cells, blocks that cheap printers survive, and no real-time command among the dots."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.printer import raster
from drivers.printer.document import Align, Barcode, Cut, Document, Feed, Qr, Rule, Size, Text
from drivers.printer.layout import Line, lay_out
from tests.drivers.strict_reader import Picture, Reading, read

FONT = raster.find_font()
needs_font = pytest.mark.skipif(FONT is None, reason=raster.FONT_HELP)


def carried(image: Image.Image) -> Reading:
    return read(b"\x1b@" + raster.raster_commands(image), dots=576)


def from_bits(data: bytes, across: int) -> Image.Image:
    """A picture whose packed rows are these bytes, a set bit being black."""
    rows = len(data) // across
    return Image.frombytes("1", (across * 8, rows), bytes(255 - byte for byte in data)).convert("L")


def rows(reading: Reading) -> bytes:
    return b"".join(picture.data for picture in reading.pictures)


@given(st.binary(min_size=6, max_size=600).map(lambda data: data[: len(data) // 6 * 6]))
def test_the_dots_arrive(data: bytes) -> None:
    data = data[:-1] + b"\x01"  # so that no white margin is left out
    reading = carried(from_bits(data, 6))
    got = rows(reading)[: len(data)]
    assert all(a == b or (a, b) == (0x10, 0x30) for a, b in zip(data, got, strict=True))
    assert not any(rows(reading)[len(data) :])


@pytest.mark.parametrize("nasty", [b"\x10\x04\x01", b"\x10\x05\x02", b"\x10\x14\x01", b"\x10\x10\x04"])
@pytest.mark.parametrize("at", range(4))
def test_real_time_commands_are_nudged_away(nasty: bytes, at: int) -> None:
    data = (bytes(at) + nasty + b"\xff" * 9)[:12]
    got = rows(carried(from_bits(data, 4)))[:12]
    assert got != data
    assert all(a & b == a for a, b in zip(data, got, strict=True)), "dots are added, never taken"


@pytest.mark.parametrize("height", [1, 24, 47, 48, 49, 96, 100, 148, 196, 200, 240, 960])
def test_blocks(height: int) -> None:
    pictures = carried(Image.new("L", (384, height), 0)).pictures
    assert all(picture.height % 48 and picture.height <= 101 for picture in pictures)
    assert height <= sum(picture.height for picture in pictures) <= height + 1


def test_white_at_the_right_is_not_sent() -> None:
    image = Image.new("L", (384, 10), 255)
    image.putpixel((9, 3), 0)
    assert carried(image).items == [Picture(16, 10, bytes(7) + b"\x40" + bytes(12))]
    assert carried(Image.new("L", (384, 10), 255)).items == [Picture(8, 10, bytes(10))]


@pytest.mark.parametrize(("modules", "dots", "size"), [(29, 384, 6), (29, 576, 6), (57, 384, 5), (177, 384, 2)])
def test_qr_modules_fit_with_their_border(modules: int, dots: int, size: int) -> None:
    assert raster.module_dots(modules, dots) == size


def test_a_qr_picture_has_its_white_border() -> None:
    image = raster.qr_picture("V1/HD01/01/250718/000123/-20000/123450/K7QM2D4X", 384)
    size = raster.module_dots(raster.qr_modules("V1/HD01/01/250718/000123/-20000/123450/K7QM2D4X"), 384)
    assert size >= 5
    black = image.point(lambda dot: 255 - dot)
    assert black.getbbox() == (4 * size, 4 * size, image.width - 4 * size, image.height - 4 * size)


def test_no_font(tmp_path: Path) -> None:
    assert raster.find_font([str(tmp_path / "none.ttf")]) is None
    assert "fonts-wqy-zenhei" in raster.FONT_HELP


@needs_font
def test_cells() -> None:
    assert FONT is not None
    assert FONT.has("积")
    assert not FONT.has("\U0010fffd")
    assert FONT.cell("积").size == (24, 24)
    assert FONT.cell("W").size == (12, 24)
    assert FONT.cell("×").size == (24, 24)
    assert FONT.cell("\U0010fffd") == FONT.cell("〓")
    assert set(FONT.cell("积").tobytes()) == {0, 255}, "no grey"


@needs_font
@pytest.mark.parametrize("size", Size)
def test_a_line_is_as_wide_as_the_printer_would_make_it(size: Size) -> None:
    assert FONT is not None
    image = raster.line_picture(Line("■■", size=size), 384, FONT)
    assert image.size == (384, 24 * size.high + 6)
    box = image.point(lambda dot: 255 - dot).getbbox()
    assert box is not None
    assert 24 * size.wide < box[2] <= 48 * size.wide
    right = raster.line_picture(Line("■■", Align.RIGHT, size=size), 384, FONT).point(lambda dot: 255 - dot).getbbox()
    assert right is not None
    assert 384 - 48 * size.wide <= right[0] < 384 - 24 * size.wide


@needs_font
@pytest.mark.parametrize("columns", [32, 48])
def test_files(columns: int) -> None:
    assert FONT is not None
    document = Document((Text("余额 1.00 分", bold=True), Rule(), Feed(2), Qr("V1"), Barcode("123456"), Cut()))
    image = raster.picture(lay_out(document, columns), columns, FONT)
    assert image.width == columns * 12
    again = Image.open(io.BytesIO(raster.png(image)))
    assert (again.size, again.mode) == (image.size, "1")
    assert raster.pdf(image).startswith(b"%PDF")
    assert raster.picture((), columns, FONT).width == columns * 12
