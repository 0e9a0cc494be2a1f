"""A scale's line as its user describes it: where it starts and ends, and what stands where (protocol `custom`)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

LONGEST = 64
"""Bytes of the longest frame that can be described."""

Token = Annotated[str, Meta(max_length=8)]
"""Characters U+0000 to U+00FF, one byte each."""

Place = Annotated[int, Meta(ge=0, le=LONGEST)]
Slice = tuple[Place, Place]
"""First byte and the one behind the last, counted from the frame's first byte."""

Status = Literal["stable", "moving", "overload", "under-zero", "no-weight"]
"""What a line says of its weight besides the figure."""


class LineProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One frame: tokens `start` and `end`, `length` in bytes with both of them, and what stands in its slices.

    A frame needs two of the three. Without a slice for the sign it stands in the weight;
    `minus` is what the sign's slice holds below zero. `backwards` is a weight with its lowest digit first; `decimals`
    places the point where the weight has none, and is what it must have where it has one. Status: the slice holds
    `stable`, `moving`, `over` or `under`, as far as these are given; anything else is no weight.
    Raises `ValueError` for a description that cannot be.
    """

    start: Token = ""
    end: Token = ""
    length: Annotated[int, Meta(ge=1, le=LONGEST)] | None = None
    weight: Slice
    sign: Slice | None = None
    unit: Slice | None = None
    status: Slice | None = None
    minus: Annotated[str, Meta(min_length=1, max_length=4)] = "-"
    stable: Token = ""
    moving: Token = ""
    over: Token = ""
    under: Token = ""
    backwards: bool = False
    decimals: Annotated[int, Meta(ge=0, le=5)] | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if flaw := next(self._flaws(), None):
            raise ValueError(flaw)

    def _flaws(self) -> Iterator[str]:
        meanings = self.meanings().values()
        tokens = (self.start, self.end, self.minus, *meanings)
        if any(ord(character) > 0xFF for token in tokens for character in token):
            yield "a token is made of the characters U+0000 to U+00FF, one byte each"
        if sum(map(bool, (self.start, self.end, self.length))) < 2:
            yield "a frame needs two of start, end and length"
        last = (self.length or LONGEST) - len(self.end)
        slices = sorted(self.slices())
        if any(not len(self.start) <= first < behind <= last for first, behind in slices):
            yield f"each slice lies between {len(self.start)} and {last}, its first place before its last"
        if any(behind > first for (_, behind), (first, _) in pairwise(slices)):
            yield "slices do not overlap"
        if bool(self.status) != bool(meanings):
            yield "a status needs its slice and at least one of stable, moving, over and under"
        if len({token.strip(" ") for token in meanings}) < len(meanings):
            yield "stable, moving, over and under differ"

    def slices(self) -> list[Slice]:
        """Those that are given."""
        return [each for each in (self.weight, self.sign, self.unit, self.status) if each]

    def meanings(self) -> dict[Status, str]:
        """The tokens of the status that are given, by what they mean."""
        tokens: dict[Status, str] = {
            "stable": self.stable, "moving": self.moving, "overload": self.over, "under-zero": self.under,
        }  # fmt: skip
        return {meaning: token for meaning, token in tokens.items() if token}
