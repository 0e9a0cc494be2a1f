"""How much of a good, and how many points, one household may take and spend in a while."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from catalog.goods import Good
from catalog.units import Points
from pos.core.redeem_refusals import (
    OverDayLimit,
    OverDayPoints,
    OverMonthPoints,
    OverSeasonLimit,
    TooManyLarge,
)
from pos.core.store_policy import Season, StorePolicy


@dataclass(frozen=True, slots=True)
class Lately:
    """What a household took and spent before this ticket, as far as the policy in force asks for it."""

    today: Mapping[str, int] = field(default_factory=dict)
    """Pieces by good on this business day."""
    seasons: Mapping[Season, int] = field(default_factory=dict)
    """Pieces of a season's good since it began."""
    day_points: Points = field(default=Points(0))
    month_points: Points = field(default=Points(0))


def check_good(good: Good, quantity: int, lately: Lately, policy: StorePolicy, today: date) -> None:
    """Raises `OverDayLimit` or `OverSeasonLimit` when a household would take more of a good than it may."""
    daily = policy.rule(good.code).daily
    taken = lately.today.get(good.code, 0)
    if daily is not None and taken + quantity > daily:
        raise OverDayLimit(item=good.name, limit=daily, taken=taken)
    for season in policy.seasons:
        taken = lately.seasons.get(season, 0)
        if season.good == good.code and season.first <= today <= season.last and taken + quantity > season.most:
            raise OverSeasonLimit(item=good.name, limit=season.most, taken=taken, until=season.last)


def check_large(pieces: Iterable[tuple[int, Points]], policy: StorePolicy) -> None:
    """Pieces and price of each line: raises `TooManyLarge` for more large items than one ticket takes."""
    least = policy.large_from
    if least is not None and sum(number for number, price in pieces if price >= least) > policy.large_most:
        raise TooManyLarge(most=policy.large_most, points=least)


def check_spending(points: Points, lately: Lately, policy: StorePolicy, *, offline: bool) -> None:
    """Raises `OverDayPoints` or `OverMonthPoints` when a household would spend more than it may.

    `offline` says that this is an enrolled store past its soft sync age: then the offline limit binds, too.
    """
    day, month = policy.day_cap(offline=offline), policy.month_points
    if day is not None and points and lately.day_points + points > day:
        raise OverDayPoints(limit=day, spent=lately.day_points, points=points)
    if month is not None and points and lately.month_points + points > month:
        raise OverMonthPoints(limit=month, spent=lately.month_points, points=points)
