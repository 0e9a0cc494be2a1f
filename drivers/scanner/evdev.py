"""Scanners that type, taken whole from Linux's input devices: no input method, terminal or focus sees their keys.

Key codes: linux/input-event-codes.h; the layout is the US one, to which scanners are set. The keys become the bytes
that the same scanner sends on a serial port, and are cut into scans as those are.
"""

import errno
import select
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drivers.errors import PortInvalid
from drivers.events import Emit
from drivers.port import OPEN_ERRORS, READ_TIMEOUT, LineSettings, refusal
from drivers.reader import BACKOFF, Reader
from drivers.scanner.serial import STX, hearing

if TYPE_CHECKING:
    from evdev.eventio import EventIO

_SYN, _KEY, _SYN_DROPPED = 0, 1, 3
_UP, _DOWN = 0, 1
_SHIFT, _CTRL, _ALT = {42, 54}, {29, 97}, {56, 100}

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
_PAD = {71: "7", 72: "8", 73: "9", 74: "-", 75: "4", 76: "5", 77: "6", 78: "+", 79: "1", 80: "2", 81: "3", 82: "0"}
_SAME = {15: "\t", 28: "\r", 57: " ", 96: "\r", 55: "*", 83: ".", 98: "/", **_PAD}

_PLAIN = {first + place: sign for first, row, _ in _ROWS for place, sign in enumerate(row)} | _SAME
_SHIFTED = {first + place: sign for first, _, row in _ROWS for place, sign in enumerate(row)} | _SAME


@dataclass(slots=True)
class Keys:
    """The machine from key events to the bytes of ASCII that they type."""

    _held: set[int] = field(default_factory=set)
    _numbered: str = ""
    """What was typed on the keypad since Alt went down: a character's number."""

    def feed(self, kind: int, code: int, value: int) -> bytes:
        """What one `input_event` types; after lost events STX, which begins a scan anew."""
        if kind == _SYN and code == _SYN_DROPPED:
            self._held.clear()
            return bytes((STX,))
        if kind != _KEY:
            return b""
        if value == _UP:
            self._held.discard(code)
            return self._by_number() if code in _ALT else b""
        if value != _DOWN:
            return b""
        self._held.add(code)
        if self._held & _ALT:
            self._numbered += _PAD.get(code, "")
            return b""
        sign = (_SHIFTED if self._held & _SHIFT else _PLAIN).get(code, "")
        if self._held & _CTRL and sign:
            return bytes((ord(sign.upper()) & 0x1F,))
        return sign.encode()

    def _by_number(self) -> bytes:
        number, self._numbered = self._numbered, ""
        return bytes((int(number),)) if number.isdecimal() and int(number) < 128 else b""


class Keyboard:
    """An input device in the place of a serial port: `read` gives the bytes that its keys type."""

    in_waiting = 0

    def __init__(self, device: "EventIO") -> None:
        self._device = device
        self._keys = Keys()

    def read(self, _most: int) -> bytes:
        """What is typed by the events that are there, or come within `READ_TIMEOUT`. Raises `OSError` on its loss."""
        if not select.select([self._device.fileno()], [], [], READ_TIMEOUT)[0]:
            return b""
        events = list(self._device.read())
        if not events:
            raise OSError(errno.ENODEV, "end of file")
        return b"".join(self._keys.feed(event.type, event.code, event.value) for event in events)

    def close(self) -> None:
        """Give the keyboard back."""
        self._device.close()


def take(url: str) -> "EventIO":
    """The input device at this path, grabbed: nobody else gets its keys. Raises `OSError`; `ImportError` elsewhere."""
    from evdev import InputDevice, ecodes

    device = InputDevice(url, readonly=True)
    try:
        if ecodes.KEY_ENTER not in device.capabilities().get(ecodes.EV_KEY, []):
            raise ValueError("not a keyboard")
        device.grab()
    except (OSError, ValueError):
        device.close()
        raise
    return device


def evdev_scanner(
    device: str,
    url: str,
    emit: Emit,
    *,
    backoff: tuple[float, ...] = BACKOFF,
    take: "Callable[[str], EventIO]" = take,
) -> Reader:
    """A reader, not yet started, that emits `Scanned` for each text; `url` is `/dev/input/by-id/…-event-kbd`."""

    def opening(url: str, _settings: LineSettings) -> Keyboard:
        try:
            return Keyboard(take(url))
        except ImportError as error:
            raise PortInvalid(url, str(error)) from error
        except OPEN_ERRORS as error:
            raise refusal(error, url) from error

    return Reader(device, url, LineSettings(), hearing(device, emit), emit, backoff=backoff, opening=opening)
