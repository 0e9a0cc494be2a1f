"""The parts of a form: what may be typed, what it stands for, and what to say when it stands for nothing.

Each part reads its own text; numbers are read exactly, never rounded.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from catalog.units import Fen, Grams, Points
from pos.i18n import Words
from pos.tui.widgets.cells import half_width

V = TypeVar("V", covariant=True)

_DECIMAL = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed stands for nothing; `why` is the id of the text that says so."""

    why: str


@dataclass(frozen=True, slots=True)
class Part(Generic[V]):
    """One line of a form.

    `name` keys its value and its label `form.<name>`; `read` turns the text into the value or says what is `Wrong`;
    `shown` says beside the field what the value is understood as. An empty text is the value None where `optional`.
    `choices` are (value, label): then the line is chosen from with the arrow keys, not typed.
    """

    name: str
    read: Callable[[str], "V | Wrong"]
    initial: str = ""
    optional: bool = False
    most: int = 40
    shown: Callable[[V], str] | None = None
    choices: tuple[tuple[str, str], ...] = ()
    scanned: bool = False
    """Whether a scanned good's code may fill it."""

    def value(self, text: str) -> "V | Wrong | None":
        """What `text` stands for."""
        plain = half_width(text).strip()
        if not plain:
            return None if self.optional else Wrong("form.missing")
        return self.read(plain)


def text(name: str, *, initial: str = "", optional: bool = False, most: int = 40) -> Part[str]:
    """Words as they are."""
    return Part(name, lambda typed: typed, initial, optional, most)


def whole(name: str, low: int, high: int, *, initial: str = "", optional: bool = False) -> Part[int]:
    """A whole number from `low` to `high`."""

    def read(typed: str) -> int | Wrong:
        fits = typed.isascii() and typed.isdecimal() and len(typed) <= 9 and low <= int(typed) <= high
        return int(typed) if fits else Wrong("form.not-whole")

    return Part(name, read, initial, optional, most=9)


def points(name: str, *, initial: str = "", optional: bool = False) -> Part[Points]:
    """Points, to two decimals."""
    return _fixed(name, 2, Points, initial, optional)


def yuan(name: str, *, initial: str = "", optional: bool = False) -> Part[Fen]:
    """Money in yuan, to the fen."""
    return _fixed(name, 2, Fen, initial, optional)


def kilograms(name: str, *, initial: str = "", optional: bool = False) -> Part[Grams]:
    """A mass in kilograms, to the gram."""
    return _fixed(name, 3, Grams, initial, optional)


def day(name: str, *, initial: str = "", optional: bool = False) -> Part[date]:
    """A date as 2026-01-31 or 20260131."""

    def read(typed: str) -> date | Wrong:
        found = _DAY.fullmatch(typed)
        try:
            return date(int(found[1]), int(found[2]), int(found[3])) if found else Wrong("form.not-a-date")
        except ValueError:
            return Wrong("form.not-a-date")

    return Part(name, read, initial, optional, most=10)


def choice(name: str, choices: Sequence[tuple[str, str]], *, initial: str = "") -> Part[str]:
    """One of these (value, label); the first where `initial` says nothing else."""
    offered = tuple(choices)
    return Part(name, lambda typed: typed, initial or offered[0][0], choices=offered)


def found(
    name: str, find: Callable[[str], V | None], shown: Callable[[V], str], *, initial: str = "", optional: bool = False
) -> Part[V]:
    """Something known by a code that is typed or scanned: a good, a household, a material."""

    def read(typed: str) -> V | Wrong:
        known = find(typed)
        return Wrong("form.unknown") if known is None else known

    return Part(name, read, initial, optional, shown=shown, scanned=True)


def _fixed(name: str, places: int, make: Callable[[int], V], initial: str, optional: bool) -> Part[V]:
    def read(typed: str) -> V | Wrong:
        match = _DECIMAL.fullmatch(typed)
        decimals = (match[2] or "") if match else ""
        if match is None or len(decimals) > places:
            return Wrong("form.not-a-figure")
        return make(int(match[1]) * 10**places + int(decimals.ljust(places, "0") or "0"))

    return Part(name, read, initial, optional, most=13)


def say(wrong: Wrong, part: Part[object], words: Words) -> str:
    """Which line is wrong, and how."""
    return f"{words(f'form.{part.name}')}: {words(wrong.why)}"
