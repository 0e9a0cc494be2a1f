"""Codes from one picture, and the stateful decoder that decides over many pictures what is a card.

Nothing a decoder says may charge anybody: the till opens the household and a person confirms.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import combinations

import cv2
import numpy as np

from drivers.camera.engines import Code, Grey
from drivers.camera.passes import TURNS, blurred, enlarged, merged, overlap, plain, turned

FAST, SLOW = 0.1, 0.2
"""Least seconds between two decodes while something moves in view, and while nothing does."""
AWAY = 0.7
"""Seconds that a card must be out of view before it counts again."""
MEMORY = 3.0
"""Seconds within which an unsure number must be read a second time."""

_MOST_HELD = 16
_THUMB = (64, 36)
_CHANGE, _CELLS = 6, 12
"""Something moves when so many cells of the thumbnail change by more than so many levels."""


def read_codes(grey: Grey) -> list[Code]:
    """The QR and Code 128 codes in a grey picture (two axes, uint8), whatever their text; each text once.

    Costlier passes run only while nothing was found. Raises `ValueError` for another kind of array.
    """
    grey = _checked(grey)
    looks: tuple[Callable[[Grey], list[Code]], ...]
    looks = (plain, blurred, enlarged, *(partial(turned, degrees=turn) for turn in TURNS))
    return next((codes for look in looks if (codes := look(grey))), [])


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text claims when it is a card's: its number, and whether the text proves it (a tag of our own key)."""

    number: str
    sure: bool


Judge = Callable[[str], Claim | None]
"""Says whether a text is a card; format and check digits must fit."""


class Verdict(StrEnum):
    """What the decoder makes of a picture; stable codes."""

    NOTHING = "nothing"
    NO_CARD = "no-card"
    """A code, but not a card's."""
    UNSURE = "unsure"
    """A bare number that one engine read in one picture: to be read once more."""
    CARD = "card"
    HELD = "held"
    """The card that was already taken, still in view."""
    SEVERAL_CARDS = "several-cards"
    DISAGREEMENT = "disagreement"
    """The engines read different texts in the same place."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One decoded picture: all codes in it, and with `CARD` the code that was accepted."""

    verdict: Verdict
    codes: tuple[Code, ...] = ()
    card: Code | None = None


@dataclass(slots=True)
class _Held:
    last: float
    thumb: Grey


@dataclass(slots=True)
class Decoder:
    """Looks at pictures of one camera in the order they were taken; time is in seconds and comes with each.

    A text that proves itself is a card at once, a bare number when both engines or two pictures agree on it. After an
    accepted card, the same number is `HELD` until it was out of view for `AWAY` seconds of a scene that changed.
    """

    judge: Judge
    _last: float = float("-inf")
    _thumb: Grey | None = None
    _empties: int = 0
    """Pictures in a row without a card; which passes run depends on this number alone."""
    _unsure: tuple[str, float] = ("", 0.0)
    _held: dict[str, _Held] = field(default_factory=dict)

    def begin(self, at: float) -> None:
        """Watching starts (again): what was taken before and lies there still must first go away."""
        self._last, self._thumb, self._empties, self._unsure = float("-inf"), None, 0, ("", 0.0)
        for held in self._held.values():
            held.last = at

    def look(self, grey: Grey, at: float) -> Finding | None:
        """Decode a picture; None when it is too early for another, which while nothing moves is twice as long.

        Raises `ValueError` for an array that is no grey picture.
        """
        grey = _checked(grey)
        if at - self._last < FAST:
            return None
        thumb = np.asarray(cv2.resize(grey, _THUMB, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        if at - self._last < SLOW and not _differ(self._thumb, thumb):
            return None
        self._last, self._thumb = at, thumb
        codes = self._codes(grey)
        finding = self._decide(codes, at, thumb)
        self._forget(at, thumb)
        return finding

    def _codes(self, grey: Grey) -> list[Code]:
        """The plain pass, and while there is no card the others in their turn; one that has read is due again."""
        codes = plain(grey)
        if self._has_card(codes):
            self._empties = 0
            return codes
        self._empties += 1
        if self._empties % 2 == 0:
            codes = merged([*codes, *blurred(grey)])
        if self._empties % 4 == 0 and not self._has_card(codes):
            turn = TURNS[self._empties // 4 % len(TURNS)]
            codes = merged([*codes, *enlarged(grey), *turned(grey, turn)])
        if self._has_card(codes):
            self._empties -= 1
        return codes

    def _has_card(self, codes: list[Code]) -> bool:
        return any(self.judge(code.text) for code in codes)

    def _decide(self, codes: list[Code], at: float, thumb: Grey) -> Finding:
        claims = [(code, claim) for code in codes if (claim := self.judge(code.text))]
        seen = tuple(codes)
        if any(self._contradict(one, other) for one, other in combinations(codes, 2)):
            return Finding(Verdict.DISAGREEMENT, seen)
        if len({claim.number for _, claim in claims}) > 1:
            return Finding(Verdict.SEVERAL_CARDS, seen)
        if not claims:
            return Finding(Verdict.NO_CARD if codes else Verdict.NOTHING, seen)
        code, claim = max(claims, key=lambda each: each[1].sure)
        if claim.number in self._held:
            self._held[claim.number] = _Held(at, thumb)
            return Finding(Verdict.HELD, seen, code)
        agreed = claim.sure or code.agreed or len(claims) > 1 or self._again(claim.number, at)
        if not agreed:
            self._unsure = (claim.number, at)
            return Finding(Verdict.UNSURE, seen)
        self._held[claim.number] = _Held(at, thumb)
        return Finding(Verdict.CARD, seen, code)

    def _again(self, number: str, at: float) -> bool:
        last, when = self._unsure
        return last == number and at - when <= MEMORY

    def _contradict(self, one: Code, other: Code) -> bool:
        """Different texts in the same place, one of them a card's."""
        return (
            one.symbology is other.symbology
            and overlap(one.corners, other.corners)
            and any(self.judge(code.text) for code in (one, other))
        )

    def _forget(self, at: float, thumb: Grey) -> None:
        """Let go of cards that went away; one that was not read in a scene that has not changed lies there still."""
        for number, held in list(self._held.items()):
            if not _differ(held.thumb, thumb):
                held.last = at
            elif at - held.last > AWAY:
                del self._held[number]
        while len(self._held) > _MOST_HELD:
            del self._held[min(self._held, key=lambda number: self._held[number].last)]


def _differ(one: Grey | None, other: Grey) -> bool:
    return one is None or int(np.count_nonzero(cv2.absdiff(one, other) > _CHANGE)) >= _CELLS


def _checked(grey: Grey) -> Grey:
    if grey.ndim != 2 or grey.dtype != np.uint8 or not grey.size:
        raise ValueError("a picture is an array of uint8 with two axes")
    return np.ascontiguousarray(grey)
