"""What holds for every class of screen: it has its picture, help in both languages, and no key that does nothing."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import pos.tui
from pos import i18n
from pos.tui import keys
from pos.tui.base import CounterScreen, Dialog, Front
from pos.tui.days_form import DaysForm
from pos.tui.form import FormScreen
from pos.tui.list_screen import ListScreen
from pos.tui.note_screen import NoteScreen
from pos.tui.paying import PayingScreen
from pos.tui.policy_forms import PolicyForm
from pos.tui.screens.fund import MoneyForm
from pos.tui.ticket_screen import TicketScreen
from tests.screens.gallery import AT_SCALES, EVERY

Screen = type[Front[Any]]

_BASES = {
    CounterScreen,
    DaysForm,
    Dialog,
    FormScreen,
    ListScreen,
    MoneyForm,
    NoteScreen,
    PayingScreen,
    PolicyForm,
    TicketScreen,
}
"""What screens are made from, and never stands in front itself."""
_LANGUAGES = ("zh_CN", "en")
_SHORTEST = {"zh_CN": 10, "en": 20}
"""Characters below which a text explains nothing."""


def _below(screen: Screen) -> Iterator[Screen]:
    for each in screen.__subclasses__():
        yield each
        yield from _below(each)


def _screens() -> list[Screen]:
    for module in pkgutil.walk_packages(pos.tui.__path__, "pos.tui."):
        importlib.import_module(module.name)
    ours = {each for each in _below(Front) if each.__module__.startswith("pos.tui.") and "[" not in each.__name__}
    return sorted(ours - _BASES, key=lambda each: each.__name__)


SCREENS = _screens()


def topic(screen: Screen) -> str:
    """What its help is about."""
    return screen.TOPIC or screen.NAME


def test_every_screen_has_its_picture() -> None:
    pictured = {"Login", *(shot.screen for shot in (*EVERY, *AT_SCALES))}
    assert {screen.__name__ for screen in SCREENS} == pictured


def test_no_two_screens_share_a_name() -> None:
    assert len({screen.__name__ for screen in SCREENS}) == len(SCREENS)


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_help_says_what_a_screen_is_for_and_what_its_keys_do(screen: Screen, language: str) -> None:
    words = i18n.load(language)
    shown = keys.keys_of(screen.NAME, dialog=screen.DIALOG)
    if any(key.action == "help" for key in shown):
        assert len(words(f"help.{topic(screen)}")) >= _SHORTEST[language]
    for key in shown:
        assert words(key.label) != key.label, "a key without a word"


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_no_key_is_dead_and_every_screen_can_be_left(screen: Screen) -> None:
    shown = keys.keys_of(screen.NAME, dialog=screen.DIALOG)
    assert shown, "no keys in the table"
    for key in shown:
        assert "." in key.action or hasattr(screen, f"action_{key.action}"), key
    assert screen.NAME in ("login", "home") or any(key.action == "back" for key in shown)
