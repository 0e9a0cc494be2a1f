"""What the policy in force lets one household do: what it took lately, and the tier that it has earned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from catalog.units import Points
from pos.core.allowances import Lately
from pos.core.day import Day
from pos.core.lately import Took, took
from pos.core.local_time import local_date
from pos.core.redemption import Discount
from pos.core.store_policy import StorePolicy, past_soft_age
from pos.counter.desk import Desk
from pos.storage import lately as stored

_YEAR_MS = 365 * 86_400_000


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom a policy is applied to: a household on an open day, `wall` being now (ms)."""

    desk: Desk
    household: str
    day: Day
    wall: int


def lately(connection: Connection, whose: Customer, goods: Iterable[str], policy: StorePolicy) -> Lately:
    """What the household took of these goods and spent; nothing is read where the policy does not ask."""
    codes, today = set(goods), whose.day.business_date
    seasons = [s for s in policy.seasons if s.good in codes and s.first <= today <= s.last]
    daily = any(rule.daily is not None and rule.good in codes for rule in policy.goods)
    capped = policy.day_cap(offline=offline(whose, policy)) is not None
    now = _since(connection, whose, whose.day.opened) if daily or capped else Took({}, Points(0))
    month = Points(0)
    if policy.month_points is not None:
        month = _since_day(connection, whose, _local(whose).replace(day=1)).points
    since = {season: _since_day(connection, whose, season.first).pieces.get(season.good, 0) for season in seasons}
    return Lately(now.pieces, since, now.points, month)


def offline(whose: Customer, policy: StorePolicy) -> bool:
    """Whether this is an enrolled store that has not synced for too long."""
    synced = whose.desk.last_sync()
    return past_soft_age(policy, None if synced is None else whose.wall - synced)


def discount(connection: Connection, whose: Customer, policy: StorePolicy) -> Discount | None:
    """The reduction that the household has earned in the last twelve months."""
    if not policy.tiers:
        return None
    percent = policy.tier(earned(connection, whose))
    return Discount(percent, policy.bearer) if percent else None


def earned(connection: Connection, whose: Customer) -> Points:
    """What the household earned in the last twelve months by weigh-ins and awards, deductions taken off."""
    writer = whose.desk.store.identity.writer
    return Points(max(0, stored.earned_since(connection, whose.household, writer, whose.wall - _YEAR_MS)))


def _since(connection: Connection, whose: Customer, seq: int) -> Took:
    entries = stored.taken_since(connection, whose.household, seq)
    return took(whose.household, entries, whose.desk.store.identity.writer)


def _since_day(connection: Connection, whose: Customer, first: date) -> Took:
    minutes = whose.desk.store.identity.utc_offset_minutes
    midnight = (first - date(1970, 1, 1)).days * 86_400_000 - minutes * 60_000
    return _since(connection, whose, stored.first_opened(connection, midnight))


def _local(whose: Customer) -> date:
    return local_date(whose.wall, whose.desk.store.identity.utc_offset_minutes)
