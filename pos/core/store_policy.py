"""What a village has decided about redemptions: tenders, tiers, limits, opening hours, vouchers; from a date on.

A version is published whole and never changed. Every figure has a meaning without anybody having set it: the default
policy asks for nothing beyond what the price book says.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from catalog.units import Fen, Points

CASH_STEPS = (Fen(1), Fen(10))
"""What cash may be rounded to: 0.01 or 0.1 yuan."""

MOST_TIERS, MOST_RULES = 5, 200


class Outside(StrEnum):
    """What happens to a redemption outside the opening hours."""

    WARN = "warn"
    APPROVE = "approve"
    """A second person agrees."""


class Lapse(StrEnum):
    """What becomes of the points of a voucher that was not used in time."""

    LOST = "lost"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Tier:
    """A reduction of `percent` for households that earned at least so many points in the last twelve months."""

    earned: Points
    percent: int


@dataclass(frozen=True, slots=True)
class GoodRule:
    """What is decided of one good: its least share in points (per cent), and pieces a household may take in a day."""

    good: str
    points_percent: int = 0
    daily: int | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """A limit of one good for a while: `most` pieces a household from the first day to the last, both included."""

    good: str
    most: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Hours:
    """When the store is open on a weekday (1 is Monday); minutes since midnight, the last one excluded."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class StorePolicy:
    """One version of what was decided. Raises `ValueError` for figures that make no sense."""

    points_percent: int = 0
    """Least share of every good's price that is paid in points; 100 takes no cash."""
    cash_step: Fen = field(default=Fen(1))
    tiers: tuple[Tier, ...] = ()
    bearer: str = "village"
    """The party that pays for what the tiers give away."""
    day_points: Points | None = None
    """Most points that a household may spend in a day; none when nothing is said. The same for the month."""
    month_points: Points | None = None
    large_from: Points | None = None
    """Price from which a good is a large item."""
    large_most: int = 1
    """Large items on one ticket."""
    confirm_above: Points | None = None
    """Price of a ticket above which the household's PIN or a second person confirms it."""
    sign_above: Points | None = None
    """Price of a ticket above which its collector signs the store's copy."""
    hours: tuple[Hours, ...] = ()
    """No hours: always open."""
    outside: Outside = Outside.WARN
    voucher_days: int = 90
    """Days that a voucher is good for after the day on which it was issued."""
    lapse: Lapse = Lapse.RETURNED
    near_days: int = 30
    """Days before its expiry from which the keeper is told that a good is near it."""
    offline_points: Points = field(default=Points(50_00))
    """Most points that a household may spend in a day at an enrolled store that has not synced for `offline_hours`."""
    offline_hours: int = 24
    goods: tuple[GoodRule, ...] = ()
    seasons: tuple[Season, ...] = ()

    def __post_init__(self) -> None:
        if not _makes_sense(self):
            raise ValueError("a policy whose figures make no sense")

    def rule(self, good: str) -> GoodRule:
        """What is decided of this good; the general share where it has none of its own."""
        return next((rule for rule in self.goods if rule.good == good), GoodRule(good, self.points_percent))

    def tier(self, earned: Points) -> int:
        """Per cent that a household gets off which earned so much in the last twelve months."""
        return max((tier.percent for tier in self.tiers if earned >= tier.earned), default=0)

    def open_at(self, local_time: str) -> bool:
        """Whether the store is open at a local time (`2026-01-15 06:42:10`)."""
        moment = datetime.fromisoformat(local_time)
        minute = moment.hour * 60 + moment.minute
        of_today = (hours for hours in self.hours if hours.weekday == moment.isoweekday())
        return not self.hours or any(hours.opens <= minute < hours.closes for hours in of_today)

    def day_cap(self, *, offline: bool) -> Points | None:
        """Most points that a household may spend today."""
        caps = [cap for cap in (self.day_points, self.offline_points if offline else None) if cap is not None]
        return min(caps, default=None)


def past_soft_age(policy: StorePolicy, synced_ms_ago: int | None) -> bool:
    """Whether the offline limit binds: too long without a sync; never in a store that runs alone (None)."""
    return synced_ms_ago is not None and synced_ms_ago > policy.offline_hours * 3_600_000


def _makes_sense(policy: StorePolicy) -> bool:
    shares = [policy.points_percent, *(rule.points_percent for rule in policy.goods)]
    percents = [*shares, *(tier.percent for tier in policy.tiers)]
    caps = (policy.day_points, policy.month_points, policy.large_from, policy.confirm_above, policy.sign_above)
    amounts = [*(cap for cap in caps if cap is not None), policy.offline_points, *(t.earned for t in policy.tiers)]
    counts = (policy.large_most, policy.voucher_days, policy.near_days, policy.offline_hours)
    pieces = [*(rule.daily or 0 for rule in policy.goods), *(season.most for season in policy.seasons)]
    return (
        all(0 <= percent <= 100 for percent in percents)
        and all(amount >= Points(0) for amount in amounts)
        and all(0 <= count <= 3650 for count in (*counts, *pieces))
        and policy.cash_step in CASH_STEPS
        and len(policy.tiers) <= MOST_TIERS
        and len(policy.goods) <= MOST_RULES
        and len(policy.seasons) <= MOST_RULES
        and len({rule.good for rule in policy.goods}) == len(policy.goods)
        and all(season.first <= season.last for season in policy.seasons)
        and all(1 <= h.weekday <= 7 and 0 <= h.opens < h.closes <= 24 * 60 for h in policy.hours)
    )
