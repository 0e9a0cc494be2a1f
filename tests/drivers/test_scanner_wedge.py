"""Scans told from typing: speeds and suffixes of real scanners, people at the keyboard, and both in turn."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.codes import MAX_LENGTH
from drivers.scanner.wedge import Release, Scan, Wedge, WedgeSettings

FAST, SLOW = 0.010, 0.120
CR, LF, TAB = "enter", "ctrl+j", "tab"


class Keyboard:
    """Feeds a wedge; tells what came out, with the released keys as one list."""

    def __init__(self, settings: WedgeSettings | None = None) -> None:
        self.wedge: Wedge[str] = Wedge(settings or WedgeSettings())
        self.now = 100.0
        self.scans: list[str] = []
        self.typed: list[str] = []

    def take(self, actions: Iterable[Release[str] | Scan]) -> None:
        for action in actions:
            match action:
                case Release(keys):
                    self.typed.extend(keys)
                case Scan(text):
                    self.scans.append(text)

    def press(self, *names: str, every: float = FAST) -> "Keyboard":
        for name in names:
            self.now += every
            self.take(self.wedge.key(name, self.now, name))
        return self

    def wait(self, seconds: float = SLOW) -> "Keyboard":
        self.now += seconds
        self.take(self.wedge.tick(self.now))
        return self


@pytest.mark.parametrize("suffix", [(CR,), (LF,), (TAB,), (CR, LF), ("\r", "\n")])
def test_a_scan_is_one_scan_and_never_a_key(suffix: tuple[str, ...]) -> None:
    keyboard = Keyboard().press(*"990101101201", *suffix).wait()

    assert (keyboard.scans, keyboard.typed) == (["990101101201"], [])


@pytest.mark.parametrize("suffix", [(CR,), (TAB,), (CR, LF)])
def test_three_scans_without_a_gap_are_three(suffix: tuple[str, ...]) -> None:
    keyboard = Keyboard()
    for code in ("111111", "222222222222", "111111"):
        keyboard.press(*code, *suffix, every=0.0)

    assert (keyboard.wait().scans, keyboard.typed) == (["111111", "222222222222", "111111"], [])


def test_a_person_types() -> None:
    keyboard = Keyboard()
    for name in (*"990101101201", CR):
        keyboard.press(name, every=SLOW).wait(0.06)

    assert (keyboard.scans, keyboard.typed) == ([], [*"990101101201", CR])


def test_held_keys_come_back_when_the_gap_is_over() -> None:
    keyboard = Keyboard().press("1", "2")

    assert keyboard.typed == []
    assert keyboard.wedge.due == pytest.approx(keyboard.now + 0.05)
    assert keyboard.wait(0.04).typed == []
    assert keyboard.wait(0.02).typed == ["1", "2"]
    assert keyboard.wedge.due is None


def test_the_next_key_shows_the_gap_too() -> None:
    assert Keyboard().press("1", "2").press("3", every=SLOW).typed == ["1", "2"]


def test_too_short_for_a_scan_is_typing() -> None:
    keyboard = Keyboard().press(*"12345", CR)

    assert (keyboard.scans, keyboard.typed) == ([], [*"12345", CR])


def test_enter_after_a_scan_is_a_person_again() -> None:
    keyboard = Keyboard().press(*"990101101201", CR).press(CR, every=SLOW)

    assert (keyboard.scans, keyboard.typed) == (["990101101201"], [CR])


def test_a_function_key_passes_at_once_behind_what_was_held() -> None:
    keyboard = Keyboard().press("1", "2", "f8", "left")

    assert keyboard.typed == ["1", "2", "f8", "left"]


def test_a_scan_after_typing_is_clean() -> None:
    keyboard = Keyboard().press("3").wait().press(*"990101101201", CR)

    assert (keyboard.scans, keyboard.typed) == (["990101101201"], ["3"])


def test_full_width_digits_are_held_too() -> None:
    assert Keyboard().press(*"９９０１０１１０１２０１", CR).scans == ["９９０１０１１０１２０１"]


def test_a_separator_inside_a_scan_is_part_of_it() -> None:
    keyboard = Keyboard().press("ctrl+right_square_bracket").press(*"0106901", "ctrl+right_square_bracket", *"310", CR)

    assert (keyboard.scans, keyboard.typed) == (["0106901\x1d310"], ["ctrl+right_square_bracket"])


def test_too_long_for_any_code_is_one_scan_that_says_so() -> None:
    keyboard = Keyboard().press(*("7" * 500), CR).wait()

    assert (keyboard.scans, keyboard.typed) == (["7" * (MAX_LENGTH + 1)], [])


def test_a_prefix_lets_typing_pass_at_once() -> None:
    keyboard = Keyboard(WedgeSettings(prefix="f12")).press("1", "2", CR)
    assert keyboard.typed == ["1", "2", CR]

    keyboard.press("f12", *"990101101201", CR, LF)
    assert (keyboard.scans, keyboard.typed) == (["990101101201"], ["1", "2", CR])

    assert keyboard.press("f12").wait().typed == ["1", "2", CR, "f12"]


def test_a_printable_prefix_is_not_part_of_the_code() -> None:
    assert Keyboard(WedgeSettings(prefix="~")).press("~", *"990101101201", TAB).scans == ["990101101201"]


@given(st.lists(st.tuples(st.sampled_from([*"123aA ", CR, LF, TAB, "f8", "backspace"]), st.sampled_from([FAST, SLOW]))))
def test_no_key_of_a_person_is_lost_or_moved(presses: list[tuple[str, float]]) -> None:
    slow = [name for name, _ in presses]
    keyboard = Keyboard()
    for name in slow:
        keyboard.press(name, every=SLOW)
    assert keyboard.wait().typed == slow

    mixed = Keyboard()
    for name, every in presses:
        mixed.press(name, every=every)
    mixed.wait()
    left = iter(slow)
    assert all(name in left for name in mixed.typed)
    assert mixed.scans or mixed.typed == slow
