"""Reads a print job as a strict printer would, and objects to all that a real one might not print as meant.

Written from the manuals (Epson ESC/POS reference; TM-T88III specification; HPRT TP80K; SPRT POS76; SUREPRINT SP91), and
from nothing in the driver: it judges the driver's bytes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

import qrcode

SINGLE, DOUBLE = 12, 24
REAL_TIME = re.compile(rb"\x10(\x04[\x01-\x08]|\x05[\x00-\x02]|\x14[\x01-\x08])")
ROMS = {"gbk": "gbk", "gb2312": "gb2312", "gb18030": "gb18030"}


class Objection(AssertionError):
    """What is wrong with the job, and at which byte."""


@dataclass(frozen=True)
class Line:
    """A printed line; `align` is 0 left, 1 centre, 2 right."""

    text: str
    align: int = 0
    bold: bool = False
    wide: int = 1
    high: int = 1


@dataclass(frozen=True)
class Code:
    """A QR code or a barcode; `dots` is its width without margins."""

    kind: str
    data: str
    dots: int


@dataclass(frozen=True)
class Picture:
    """A block of a raster picture; a row is `width` // 8 bytes, and a set bit is black."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """Where the paper was cut."""


@dataclass
class Reading:
    """What the job does, in order."""

    items: list[Line | Code | Picture | Cut] = field(default_factory=list)
    pulses: int = 0
    questions: list[bytes] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [item for item in self.items if isinstance(item, Line)]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def codes(self) -> list[Code]:
        return [item for item in self.items if isinstance(item, Code)]

    @property
    def pictures(self) -> list[Picture]:
        return [item for item in self.items if isinstance(item, Picture)]

    @property
    def cuts(self) -> int:
        return sum(isinstance(item, Cut) for item in self.items)


def read(job: bytes, *, dots: int = 384, charset: str = "gbk", double_byte: bool = True) -> Reading:
    """What a printer with paper `dots` wide, this character ROM and this mode after power-up makes of the job."""
    return _Reader(job, dots, ROMS[charset], double_byte).run()


class _Reader:
    def __init__(self, job: bytes, dots: int, rom: str, double_byte: bool) -> None:
        self.job, self.at = job, 0
        self.dots, self.rom, self.at_power_up = dots, rom, double_byte
        self.reading = Reading()
        self.initialised = False
        self.reset()

    def reset(self) -> None:
        self.double_byte = self.at_power_up
        self.align = 0
        self.bold = False
        self.wide = self.high = 1
        self.bar_width = 3
        self.line, self.line_dots = "", 0
        self.line_style: tuple[bool, int, int] | None = None
        self.qr: bytes | None = None
        self.qr_size = 3

    def object(self, what: str) -> NoReturn:
        raise Objection(f"{what} at byte {self.at} of {len(self.job)}")

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.job):
            self.object("truncated stream")
        taken = self.job[self.at : self.at + count]
        self.at += count
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def choice(self, allowed: bytes, what: str) -> int:
        value = self.byte()
        if value not in allowed:
            self.object(f"{what} {value}")
        return value

    def at_line_start(self, what: str) -> None:
        if self.line:
            self.object(f"text left without LF before {what}")

    def run(self) -> Reading:
        while self.at < len(self.job):
            first = self.job[self.at]
            if not self.initialised and self.job[self.at : self.at + 2] != b"\x1b@":
                self.object("something before ESC @")
            if first >= 0x20:
                self.character()
            elif first == 0x0A:
                self.at += 1
                self.end_line()
            else:
                self.command()
        self.at_line_start("the end of the job")
        return self.reading

    def command(self) -> None:
        name = self.job[self.at : self.at + 2]
        handlers: dict[bytes, Callable[[], None]] = {
            b"\x1b@": self.initialise,
            b"\x1ba": self.set_align,
            b"\x1bE": self.set_bold,
            b"\x1b!": self.set_mode,
            b"\x1b-": self.set_underline,
            b"\x1bt": self.set_code_page,
            b"\x1bd": self.feed,
            b"\x1bp": self.pulse,
            b"\x1c&": self.double_byte_on,
            b"\x1c.": self.double_byte_off,
            b"\x1c!": self.set_kanji_mode,
            b"\x1c-": self.set_underline,
            b"\x1d!": self.set_size,
            b"\x1dh": self.set_bar_height,
            b"\x1dw": self.set_bar_width,
            b"\x1df": self.set_bar_font,
            b"\x1dH": self.set_bar_text,
            b"\x1dk": self.barcode,
            b"\x1d(": self.parenthesis,
            b"\x1dv": self.raster,
            b"\x1dV": self.cut,
            b"\x1dr": self.question,
            b"\x1dI": self.identity,
            b"\x1da": self.automatic_status,
            b"\x10\x04": self.real_time,
        }
        if name not in handlers:
            self.object(f"unknown command {name.hex(' ')}" if len(name) == 2 else "truncated stream")
        self.at += 2
        handlers[name]()

    def initialise(self) -> None:
        self.at_line_start("ESC @")
        self.reset()
        self.initialised = True

    def set_align(self) -> None:
        value = self.choice(b"\x00\x01\x02012", "alignment")
        if self.line:
            self.object("alignment changed inside a line")
        self.align = value % 48

    def set_bold(self) -> None:
        self.bold = bool(self.byte() & 1)

    def set_mode(self) -> None:
        if self.byte() & 0x31:
            self.object("ESC ! for font B or size, which Chinese characters do not obey")

    def set_kanji_mode(self) -> None:
        if self.byte() & 0x3C:
            self.object("FS ! for size, whose bits makers disagree on")

    def set_underline(self) -> None:
        self.choice(b"\x00\x01\x02012", "underline")

    def set_code_page(self) -> None:
        self.byte()

    def set_size(self) -> None:
        value = self.byte()
        self.wide, self.high = (value >> 4) + 1, (value & 15) + 1
        if max(self.wide, self.high) > 2:
            self.object("characters more than doubled")

    def double_byte_on(self) -> None:
        # some firmware carries it out from the next line on
        self.at_line_start("FS &")
        self.double_byte = True

    def double_byte_off(self) -> None:
        self.at_line_start("FS .")
        self.double_byte = False

    def feed(self) -> None:
        if self.line:
            self.end_line()
        self.byte()

    def pulse(self) -> None:
        self.choice(b"\x00\x0101", "drawer pin")
        self.take(2)
        self.reading.pulses += 1

    def question(self) -> None:
        self.reading.questions.append(b"\x1dr" + bytes([self.choice(b"\x01\x0212", "GS r")]))

    def identity(self) -> None:
        self.reading.questions.append(b"\x1dI" + bytes([self.choice(b"\x01\x02\x03123ABCDE", "GS I")]))

    def automatic_status(self) -> None:
        self.byte()

    def real_time(self) -> None:
        self.reading.questions.append(b"\x10\x04" + bytes([self.choice(b"\x01\x02\x03\x04", "DLE EOT")]))

    def character(self) -> None:
        first = self.byte()
        if first == 0x7F:
            self.object("a DEL")
        if first < 0x7F:
            self.put(chr(first), SINGLE)
            return
        if not self.double_byte:
            self.object("a high byte while double-byte mode is off")
        code = bytes([first, self.byte()])
        if 0x30 <= code[1] <= 0x39:
            if self.rom != "gb18030":
                self.object("a four-byte sequence")
            code += self.take(2)
        try:
            character = code.decode(self.rom)
        except UnicodeDecodeError:
            self.object(f"the ROM has no character {code.hex()}")
        if len(code) == 4 and not "\u3400" <= character <= "\u4db5":
            self.object(f"a four-byte character outside of Extension A, which no ROM has: {code.hex()}")
        if "\ue000" <= character <= "\uf8ff":
            self.object(f"a character that makers may fill as they like: {code.hex()}")
        # the glyphs of · and — are the same in both sets, and only Python's gb2312 gives them other names
        named = "gbk" if self.rom == "gb2312" else self.rom
        self.put(code.decode(named), DOUBLE)

    def put(self, character: str, cell: int) -> None:
        style = (self.bold, self.wide, self.high)
        self.line_style = self.line_style or style
        if style != self.line_style:
            self.object("style changed inside a line")
        self.line += character
        self.line_dots += cell * self.wide
        if self.line_dots > self.dots:
            self.object(f"a line of {self.line_dots} dots on paper of {self.dots}")

    def end_line(self) -> None:
        bold, wide, high = self.line_style or (self.bold, self.wide, self.high)
        self.reading.items.append(Line(self.line, self.align, bold, wide, high))
        self.line, self.line_dots, self.line_style = "", 0, None

    def cut(self) -> None:
        self.at_line_start("a cut")
        if self.choice(b"\x00\x0101AB", "cut") in b"AB":
            self.byte()
        self.reading.items.append(Cut())

    def fits(self, dots: int, what: str) -> None:
        if dots > self.dots:
            self.object(f"{what} of {dots} dots on paper of {self.dots}")

    def no_real_time(self, data: bytes, what: str) -> None:
        if REAL_TIME.search(data):
            self.object(f"a real-time command inside {what}")

    def raster(self) -> None:
        self.at_line_start("a picture")
        self.choice(b"0", "GS v")
        self.choice(b"\x00\x01\x02\x03\x30\x31\x32\x33", "raster mode")
        across = int.from_bytes(self.take(2), "little")
        height = int.from_bytes(self.take(2), "little")
        if not across or not height:
            self.object("an empty picture")
        self.fits(across * 8, "a picture")
        if height % 48 == 0:
            self.object(f"a picture block of {height} rows")
        data = self.take(across * height)
        self.no_real_time(data, "a picture")
        self.reading.items.append(Picture(across * 8, height, data))

    def set_bar_height(self) -> None:
        if not self.byte():
            self.object("a barcode of no height")

    def set_bar_width(self) -> None:
        self.bar_width = self.choice(b"\x02\x03\x04\x05\x06", "barcode module")

    def set_bar_font(self) -> None:
        self.choice(b"\x00\x0101", "barcode font")

    def set_bar_text(self) -> None:
        self.choice(b"\x00\x01\x02\x030123", "barcode text position")

    def barcode(self) -> None:
        self.at_line_start("a barcode")
        self.choice(b"I", "barcode type")
        content = self.take(self.byte())
        if content[:2] not in (b"{A", b"{B", b"{C"):
            self.object("CODE128 without its code set")
        self.no_real_time(content, "a barcode")
        values = content[2:]
        if content[:2] == b"{C":
            if any(value > 99 for value in values):
                self.object("CODE128 set C takes pairs of digits")
            data = "".join(f"{value:02}" for value in values)
        else:
            data = values.decode("ascii")
        modules = 11 * (len(values) + 2) + 13
        self.fits(modules * self.bar_width, "a barcode")
        self.reading.items.append(Code("barcode", data, modules * self.bar_width))

    def parenthesis(self) -> None:
        kind = self.byte()
        arguments = self.take(int.from_bytes(self.take(2), "little"))
        if kind == ord("H"):
            self.tagged_question(arguments)
            return
        if kind != ord("k") or arguments[:1] != b"1":
            self.object(f"unknown command 1d 28 {kind:02x}")
        function, rest = arguments[1:2], arguments[2:]
        match function, rest:
            case b"A", b"1\x00" | b"2\x00":
                pass
            case b"C", _ if len(rest) == 1 and 1 <= rest[0] <= 16:
                self.qr_size = rest[0]
            case b"E", b"0" | b"1" | b"2" | b"3":
                pass
            case b"P", _ if rest[:1] == b"0" and len(rest) > 1:
                self.qr = rest[1:]
            case b"Q", b"0":
                self.print_qr()
            case _:
                self.object(f"unknown QR function {function!r} {rest!r}")

    def tagged_question(self, arguments: bytes) -> None:
        self.at_line_start("GS ( H")
        if len(arguments) != 6 or arguments[:2] != b"00" or not all(0x20 <= byte <= 0x7E for byte in arguments[2:]):
            self.object("GS ( H without four printable characters")
        self.reading.questions.append(b"\x1d(H" + arguments[2:])

    def print_qr(self) -> None:
        self.at_line_start("a QR code")
        if self.qr is None:
            self.object("a QR code without data")
        self.no_real_time(self.qr, "a QR code")
        try:
            data = self.qr.decode("utf-8")
        except UnicodeDecodeError:
            self.object("QR data that is not UTF-8")
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(data)
        code.make(fit=True)
        dots = (code.modules_count + 8) * self.qr_size
        self.fits(dots, "a QR code with its white border")
        self.reading.items.append(Code("qr", data, code.modules_count * self.qr_size))
