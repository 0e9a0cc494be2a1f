"""Campaigns: hazards are collected for points for a while, up to so many points a household.

What the cap no longer pays for is taken all the same. A campaign's points come from a budget of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from catalog.materials import Material
from catalog.prices import POINT, EveryPieces, piece_points
from catalog.units import Points
from pos.core import accounts
from pos.core.accounts import POINTS, Account
from pos.core.acts import Opening
from pos.core.transfers import Decision, moved


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign, its first and its last day included."""

    code: str
    name: str
    starts: date
    ends: date
    cap: Points
    """Most that one household gets from it."""

    def left(self, on: date, earned: Points, budget: Points) -> Points:
        """What it still pays a household that has `earned` from it, of the `budget` left; nothing out of season."""
        if not self.starts <= on <= self.ends:
            return Points(0)
        return max(Points(0), min(self.cap - earned, budget))


def endow(campaign: str, points: Points, source: str, by: str) -> Decision[Opening]:
    """Points that the village gives to a campaign; `source` is the hash (hex) of what was decided."""
    gift = moved(Account("issue", "award", by), accounts.budget(campaign, by), POINTS, points.amount)
    return Decision(Opening(source), gift)


class Pool:
    """What the lines of one ticket share: pieces carried by material, and what is left of each campaign."""

    def __init__(self, left: Mapping[str, Points]) -> None:
        self._carried: dict[str, int] = {}
        self._left = dict(left)

    def take(self, material: Material, pieces: int, price: EveryPieces, before: int) -> tuple[Points, int, Points]:
        """Points for the next line of `pieces`, pieces carried after it, and points that the cap refuses.

        `before` are the pieces carried from earlier tickets. Pieces whose points are refused are used up, too.
        """
        held = self._carried.get(material.code, before) + pieces
        earned, used = piece_points(held, price)
        points = min(earned, self._whole(material.campaign)) if material.campaign else earned
        if material.campaign:
            self._left[material.campaign] = self._whole(material.campaign) - points
        self._carried[material.code] = held - used
        return points, held - used, earned - points

    def _whole(self, campaign: str) -> Points:
        return POINT * (self._left.get(campaign, Points(0)).amount // POINT.amount)
