"""The judge judged: it reads what is right, and each of its objections is shown the bytes it is there for."""

import pytest

from tests.drivers.strict_reader import Code, Cut, Line, Objection, Picture, read

START = b"\x1b@\x1c&"


def picture(across: int, rows: int, data: bytes | None = None) -> bytes:
    head = b"\x1dv0\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little")
    return head + (bytes(across * rows) if data is None else data)


def qr(data: bytes, size: int = 5) -> bytes:
    stored = b"1P0" + data
    store = b"\x1d(k" + len(stored).to_bytes(2, "little") + stored
    return b"\x1d(k\x03\x001C" + bytes([size]) + store + b"\x1d(k\x03\x001Q0"


def test_a_good_job() -> None:
    job = (
        START
        + b"\x1ba\x01\x1d!\x11\xba\xd3\xb6\xab\n\x1d!\x00\x1ba\x00"
        + b"\x1bE\x01"
        + "合计  200.00".encode("gbk")
        + b"\n\x1bE\x00"
        + qr(b"V1/HD01")
        + b"\x1dw\x02\x1dkI\x04{C\x0c\x22"
        + picture(2, 1, b"\x80\x01")
        + b"\x1bd\x06\x1dV\x01\x1dr\x01"
    )
    reading = read(job)
    assert reading.items == [
        Line("河东", align=1, wide=2, high=2),
        Line("合计  200.00", bold=True),
        Code("qr", "V1/HD01", 21 * 5),
        Code("barcode", "1234", (11 * 4 + 13) * 2),
        Picture(16, 1, b"\x80\x01"),
        Cut(),
    ]
    assert reading.cuts == 1
    assert reading.pulses == 0
    assert reading.questions == [b"\x1dr\x01"]


@pytest.mark.parametrize("dots", [384, 576])
def test_a_line_as_long_as_the_paper(dots: int) -> None:
    full = "分" * (dots // 24)
    assert read(START + full.encode("gbk") + b"\n", dots=dots).text == full
    with pytest.raises(Objection, match="dots on paper"):
        read(START + full.encode("gbk") + b".\n", dots=dots)
    with pytest.raises(Objection, match="dots on paper"):
        read(START + b"\x1d!\x10" + full.encode("gbk") + b"\n", dots=dots)


@pytest.mark.parametrize(
    ("job", "objection"),
    [
        (b"abc\n\x1b@", "before ESC @"),
        (b"\x1c&\x1b@", "before ESC @"),
        (b"\x1b@\x1c.\xb7\xd6\n", "double-byte mode is off"),
        (START + b"\x81\x30\x84\x36\n", "four-byte"),
        (START + "龑䶮".encode("gb18030") + b"\n", "four-byte|ROM"),
        (START + b"\xfe\x9f\n", "ROM"),
        (START + b"abc\x1ba\x01\n", "alignment"),
        (START + b"abc\x1dV\x01", "LF before a cut"),
        (START + b"abc" + qr(b"X"), "LF before a QR"),
        (START + b"abc" + picture(1, 1), "LF before a picture"),
        (START + b"abc\x1dkI\x04{C\x0c\x22", "LF before a barcode"),
        (START + b"abc", "LF before the end"),
        (START + b"abc\x1c&\n", "LF before FS &"),
        (START + picture(49, 1), "picture of 392 dots"),
        (START + b"\x1dw\x06\x1dkI\x08{B123456", "barcode of"),
        (START + qr(b"X" * 300, 16), "QR code with its white border"),
        (START + b"\x1dkI\x041234", "code set"),
        (START + b"\x1dkI\x03{C\x64", "pairs"),
        (START + b"\x1dkI\x05{C\x10\x04\x01", "real-time"),
        (START + b"\x1bZ", "unknown command"),
        (START + b"\x07", "truncated|unknown"),
        (START + b"\x0d\n", "unknown command"),
        (START + b"\x1d(L\x02\x00\x30\x32", "unknown command"),
        (START + b"\x1d(k\x03\x001Z0", "unknown QR"),
        (START + b"\x1b", "truncated"),
        (START + b"\x1ba", "truncated"),
        (START + b"\xb7", "truncated"),
        (START + picture(2, 10)[:-1], "truncated"),
        (START + picture(3, 1, b"\x10\x04\x01"), "real-time"),
        (START + picture(2, 2, b"\x00\x10\x14\x01"), "real-time"),
        (START + picture(1, 48), "block of 48"),
        (START + picture(1, 96), "block of 96"),
        (START + picture(0, 1), "empty"),
        (START + qr(b"\xb7\xd6"), "UTF-8"),
        (START + b"\x1d(k\x03\x001Q0", "without data"),
        (START + b"\x1b!\x30", "ESC !"),
        (START + b"\x1c!\x0c", "FS !"),
        (START + b"\x1d!\x22", "doubled"),
        (START + b"a\x1bE\x01b\n", "style"),
        (START + b"a\x7f\n", "DEL"),
    ],
)
def test_an_objection(job: bytes, objection: str) -> None:
    with pytest.raises(Objection, match=objection):
        read(job)


def test_the_rom_decides_what_exists() -> None:
    job = START + "王喆".encode("gbk") + b"\n"
    assert read(job, charset="gbk").text == "王喆"
    with pytest.raises(Objection, match="ROM"):
        read(job, charset="gb2312")
    dots = START + "买买提·艾力——".encode("gbk") + b"\n"
    assert read(dots, charset="gb2312").text == "买买提·艾力——"
    newer = START + b"\xfe\x9f\n"
    assert read(newer, charset="gb18030").text == "䶮"


def test_chinese_mode_after_power_up() -> None:
    bare = b"\x1b@" + "分".encode("gbk") + b"\n"
    assert read(bare, double_byte=True).text == "分"
    with pytest.raises(Objection, match="double-byte mode is off"):
        read(bare, double_byte=False)
