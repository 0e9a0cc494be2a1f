"""Reads ESC/POS as a printer does, leniently: commands out of a stream, and from them the text a person finds on paper.

Facts from Epson's ESC/POS reference and the manuals of HPRT TP80K, SPRT POS76 and Better BT-532C; nothing is shared
with the driver, so that a mistake there shows here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ESC, FS, GS, DLE, LF = 0x1B, 0x1C, 0x1D, 0x10, 0x0A

_ARGUMENTS = {
    ESC: {
        **dict.fromkeys(b"@2", 0),
        **dict.fromkeys(b"!-3EGJMRUVadt{ ", 1),
        **dict.fromkeys(b"$\\c", 2),
        ord("p"): 3,
    },
    FS: {**dict.fromkeys(b"&.", 0), **dict.fromkeys(b"!-CW", 1), ord("S"): 2},
    GS: {**dict.fromkeys(b"!/:BHIafhrw", 1), **dict.fromkeys(b"$LPW\\", 2)},
    DLE: {4: 1, 5: 1, 0x14: 3},
}
"""Bytes after the two of a command, for all commands of fixed length that printers of this class know."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its arguments, or a run of text, whose name is empty."""

    name: bytes
    arguments: bytes

    @property
    def raw(self) -> bytes:
        """The bytes it came as."""
        return self.name + self.arguments


def next_command(data: bytes) -> Command | None:
    """The command at the start of the bytes, or None while it is not whole. An unknown one is taken for two bytes."""
    if not data:
        return None
    first = data[0]
    if first not in _ARGUMENTS:
        return _text(data) if first >= 0x20 else Command(data[:1], b"")
    if len(data) < 2:
        return None
    length = _length(data)
    return Command(data[:2], data[2 : 2 + length]) if length is not None and len(data) >= 2 + length else None


def commands(data: bytes) -> Iterator[Command]:
    """All whole commands in the bytes."""
    while command := next_command(data):
        yield command
        data = data[len(command.raw) :]


def _text(data: bytes) -> Command:
    """The text up to the next control byte; every second byte of a hanzi is above those."""
    end = next((i for i, byte in enumerate(data) if byte < 0x20), len(data))
    return Command(b"", data[:end])


def _length(data: bytes) -> int | None:
    """How many argument bytes belong to the command; None while that is not known."""
    first, second, rest = data[0], data[1], data[2:]
    match bytes([first, second]):
        case b"\x1dV":
            return None if not rest else 2 if rest[0] in (65, 66, 97, 98) else 1
        case b"\x1d(":
            return None if len(rest) < 3 else 3 + int.from_bytes(rest[1:3], "little")
        case b"\x1dv":
            size = int.from_bytes(rest[2:4], "little") * int.from_bytes(rest[4:6], "little")
            return None if len(rest) < 6 else 6 + size
        case b"\x1dk" if rest and rest[0] >= 65:
            return None if len(rest) < 2 else 2 + rest[1]
        case b"\x1dk":
            return rest.index(0) + 1 if 0 in rest else None
        case b"\x1b*":
            size = int.from_bytes(rest[1:3], "little")
            return None if len(rest) < 3 else 3 + size * (3 if rest[0] >= 32 else 1)
    return _ARGUMENTS[first].get(second, 0)


class Paper:
    """What is on the paper so far, in lines of text; pictures and codes are named in brackets."""

    def __init__(self, columns: int, charset: str, double_byte: bool) -> None:
        """`double_byte`: whether Chinese mode is on after power-up."""
        self._columns = columns
        self._charset = charset
        self._at_power_up = double_byte
        self._double_byte = double_byte
        self._align = 0
        self._wide = 1
        self._lines: list[str] = []
        self._line = b""
        self._qr = ""

    def tear(self) -> str:
        """The text of the paper so far, which leaves the printer; empty lines at its end are left out."""
        self._end_line(only_if_any=True)
        text = "\n".join(self._lines).rstrip()
        self._lines = []
        return text

    def put(self, command: Command) -> None:
        """Carry out one command."""
        arguments = command.arguments
        match command.name:
            case b"":
                self._line += arguments
            case b"\n":
                self._end_line()
            case b"\x1b@":
                self.reset()
            case b"\x1c&" | b"\x1c.":
                self._double_byte = command.name == b"\x1c&"
            case b"\x1ba":
                self._align = arguments[0] & 3
            case b"\x1d!":
                self._wide = (arguments[0] >> 4 & 7) + 1
            case b"\x1bd":
                self._end_line(only_if_any=True)
                self._lines += [""] * arguments[0]
            case b"\x1d(" | b"\x1dk" | b"\x1dv" | b"\x1b*":
                self._put_picture(command)

    def _put_picture(self, command: Command) -> None:
        """A code or a picture, which starts on a line of its own."""
        arguments = command.arguments
        if command.name == b"\x1d(":
            if arguments[:1] == b"k" and arguments[3:5] == b"1P":
                self._qr = arguments[6:].decode("utf-8", "replace")
            if arguments[:1] != b"k" or arguments[3:5] != b"1Q":
                return
            shown = f"[QR {self._qr}]"
        elif command.name == b"\x1dk":
            shown = f"[barcode {_digits(arguments)}]"
        else:
            shown = "[picture]"
        self._end_line(only_if_any=True)
        self._lines.append(self._aligned(shown, 1))

    def reset(self) -> None:
        """ESC @, or the power coming back: what was not yet printed is gone, and all settings are as built."""
        self._double_byte = self._at_power_up
        self._align = 0
        self._wide = 1
        self._line = b""

    def _end_line(self, *, only_if_any: bool = False) -> None:
        """LF: the line goes to paper, on several lines if it is too long."""
        if only_if_any and not self._line:
            return
        part = ""
        for character in self._line.decode(self._charset if self._double_byte else "cp437", "replace"):
            if self._width(part + character) * self._wide > self._columns:
                self._lines.append(self._aligned(part, self._wide))
                part = ""
            part += character
        self._lines.append(self._aligned(part, self._wide))
        self._line = b""

    def _aligned(self, text: str, wide: int) -> str:
        """The line with the space that ESC a puts before it."""
        room = max(0, self._columns - self._width(text) * (wide if self._align == 2 else 1))
        return " " * {0: 0, 1: room // 2, 2: room}.get(self._align, 0) + text.rstrip()

    def _width(self, text: str) -> int:
        """Columns on paper: two for a hanzi, whether it came as two bytes or as four."""
        return sum(1 if character.isascii() else 2 for character in text) if self._double_byte else len(text)


def _digits(arguments: bytes) -> str:
    """What stands below a Code128 barcode (GS k 73), whose code set C has two digits in a byte; others as they are."""
    if arguments[:1] != b"I":
        return arguments[1:].rstrip(b"\0").decode("ascii", "replace")
    content = arguments[2:]
    if content.startswith(b"{C"):
        return "".join(f"{pair:02}" for pair in content[2:])
    return content[2:].decode("ascii", "replace")
