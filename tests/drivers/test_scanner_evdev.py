"""Scanners taken from the keyboard: real `input_event` structs over a pipe, read by the library's own reading part."""

import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest

from drivers.events import DeviceDown, DeviceUp, Event, Scanned
from drivers.scanner.codes import MAX_LENGTH

if sys.platform != "linux":
    pytest.skip("input devices are Linux's", allow_module_level=True)

from evdev import ecodes as e
from evdev.eventio import EventIO

from drivers.scanner.evdev import Keys, evdev_scanner

CARD = "990101101201"
SIGNED = f"H1{CARD}0123456789ABCDEFGHJK"

SIGNS = {sign: (code, False) for sign, code in zip("1234567890-=", range(e.KEY_1, e.KEY_EQUAL + 1), strict=True)}
SIGNS |= {chr(65 + i): (getattr(e, f"KEY_{chr(65 + i)}"), True) for i in range(26)}
SIGNS |= {chr(97 + i): (getattr(e, f"KEY_{chr(65 + i)}"), False) for i in range(26)}
SIGNS |= {"]": (e.KEY_RIGHTBRACE, False), "#": (e.KEY_3, True), "$": (e.KEY_4, True), ":": (e.KEY_SEMICOLON, True)}


def event(kind: int, code: int, value: int) -> bytes:
    """One `struct input_event` with the kernel's time stamp."""
    return struct.pack("llHHi", 1_768_430_520, 0, kind, code, value)


def press(code: int) -> bytes:
    """A key down and up, as the kernel reports it."""
    syn, scan = event(e.EV_SYN, e.SYN_REPORT, 0), event(e.EV_MSC, e.MSC_SCAN, 0x70000 + code)
    return scan + event(e.EV_KEY, code, 1) + syn + scan + event(e.EV_KEY, code, 0) + syn


def typed(text: str, end: int = e.KEY_ENTER) -> bytes:
    """A scan, capitals with Shift held."""
    done = b""
    for sign in text:
        code, shifted = SIGNS[sign]
        done += (
            event(e.EV_KEY, e.KEY_LEFTSHIFT, 1) + press(code) + event(e.EV_KEY, e.KEY_LEFTSHIFT, 0)
            if shifted
            else press(code)
        )
    return done + press(end)


class Pipe(EventIO):
    """What is left of an input device when a pipe takes its place."""

    def __init__(self, number: int) -> None:
        self.fd = number

    def close(self) -> None:
        os.close(self.fd)


class Gun:
    """A scanner and the shop that listens to it; plugged in anew after each `unplug`."""

    def __init__(self) -> None:
        self.events: Queue[Event] = Queue()
        self.near = -1

    def take(self, _url: str) -> Pipe:
        far, self.near = os.pipe()
        return Pipe(far)

    def send(self, data: bytes) -> None:
        os.write(self.near, data)

    def unplug(self) -> None:
        os.close(self.near)

    def expect(self, *wanted: str | Event) -> None:
        for want in wanted:
            try:
                found = self.events.get(timeout=10)
            except Empty:
                pytest.fail(f"{want!r} did not come")
            assert (found.text if isinstance(found, Scanned) else found) == want


@contextmanager
def listening(take: Callable[[str], EventIO] | None = None, url: str = "/dev/input/gun") -> Iterator[Gun]:
    gun = Gun()
    given = take or gun.take
    reader = evdev_scanner("gun", url, gun.events.put, backoff=(0.3,), take=given)
    reader.start()
    try:
        yield gun
    finally:
        reader.stop()
        if take is None:
            gun.unplug()


def characters(*events: bytes) -> bytes:
    keys = Keys()
    fields = [one[2:] for data in events for one in struct.iter_unpack("llHHi", data)]
    return b"".join(keys.feed(*one) for one in fields)


@pytest.mark.parametrize("end", [e.KEY_ENTER, e.KEY_KPENTER, e.KEY_TAB])
def test_scans_in_digits_and_capitals(end: int) -> None:
    with listening() as gun:
        gun.expect(DeviceUp("gun"))
        gun.send(typed(CARD, end) + typed("]Q1" + SIGNED, end))
        gun.expect(CARD, "]Q1" + SIGNED)


def test_unplugged_and_back() -> None:
    with listening() as gun:
        gun.expect(DeviceUp("gun"))
        gun.send(typed(CARD)[:-240])
        gun.unplug()
        gun.expect(DeviceDown("gun", "device-lost"), DeviceUp("gun"))
        gun.send(typed("96385074"))
        gun.expect("96385074")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileNotFoundError(2, "no such device"), "port-missing"),
        (PermissionError(13, "not in group input"), "port-denied"),
        (OSError(16, "grabbed by another program"), "port-busy"),
        (OSError(25, "no input device"), "port-invalid"),
        (ValueError("not a keyboard"), "port-invalid"),
        (ImportError("no evdev here"), "port-invalid"),
    ],
)
def test_why_it_cannot_be_taken(error: Exception, code: str) -> None:
    def refuse(_url: str) -> EventIO:
        raise error

    with listening(refuse) as gun:
        gun.expect(DeviceDown("gun", code))


def test_the_real_taking_of_what_is_no_input_device(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, code in ((tmp_path / "none", "port-missing"), (tmp_path / "file", "port-invalid")):
        events: Queue[Event] = Queue()
        reader = evdev_scanner("gun", str(path), events.put, backoff=(0.02,))
        reader.start()
        assert events.get(timeout=10) == DeviceDown("gun", code)
        reader.stop()


def test_a_key_held_down_counts_once() -> None:
    assert characters(event(e.EV_KEY, e.KEY_7, 1), event(e.EV_KEY, e.KEY_7, 2), event(e.EV_KEY, e.KEY_7, 0)) == b"7"


def test_keypad_and_either_shift() -> None:
    assert characters(*map(press, (e.KEY_KP7, e.KEY_KP0, e.KEY_KPDOT))) == b"70."
    for shift in (e.KEY_LEFTSHIFT, e.KEY_RIGHTSHIFT):
        assert characters(event(e.EV_KEY, shift, 1), press(e.KEY_H), event(e.EV_KEY, shift, 0), press(e.KEY_H)) == b"Hh"


def test_a_separator_is_typed_as_a_control_key() -> None:
    held = event(e.EV_KEY, e.KEY_LEFTCTRL, 1), press(e.KEY_RIGHTBRACE), event(e.EV_KEY, e.KEY_LEFTCTRL, 0)
    assert characters(*held, press(e.KEY_1)) == b"\x1d1"


def test_characters_by_their_number_on_the_keypad() -> None:
    def by_number(*digits: int) -> tuple[bytes, ...]:
        return event(e.EV_KEY, e.KEY_LEFTALT, 1), *map(press, digits), event(e.EV_KEY, e.KEY_LEFTALT, 0)

    assert characters(*by_number(e.KEY_KP0, e.KEY_KP4, e.KEY_KP8), *by_number(e.KEY_KP7, e.KEY_KP2)) == b"0H"
    assert characters(*by_number(e.KEY_KP9, e.KEY_KP9, e.KEY_KP9), *by_number()) == b""


def test_lost_events_begin_a_scan_anew() -> None:
    with listening() as gun:
        gun.expect(DeviceUp("gun"))
        gun.send(typed("4444")[: -len(press(0))] + event(e.EV_SYN, e.SYN_DROPPED, 0) + typed(CARD))
        gun.expect(CARD)


def test_what_never_ends_is_bounded() -> None:
    with listening() as gun:
        gun.expect(DeviceUp("gun"))
        for _ in range(20):
            gun.send(press(e.KEY_7) * 10)
        gun.send(press(e.KEY_ENTER))
        gun.expect("7" * (MAX_LENGTH + 1))
