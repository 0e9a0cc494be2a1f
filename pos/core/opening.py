"""开班: the checks before a business day is opened, each one a light. What warns is written down, red stops it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from catalog.units import Fen
from pos.core.day import Policy
from pos.core.scales import Standing


class Check(StrEnum):
    """What is looked at, in this order."""

    CLOCK = "clock"
    YESTERDAY = "yesterday"
    SCALE = "scale"
    PAPER = "paper"
    CASH = "cash"
    SYNC = "sync"


class Colour(StrEnum):
    """How it is: as it should be, to be known, or in the way of the opening."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Light:
    """One check; `reason` is a code, `about` a scale's name or a fault's code, `figure` what the reason counts."""

    check: Check
    colour: Colour
    reason: str
    about: str = ""
    figure: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks look at. Times are wall clock ms."""

    wall: int
    last_wall: int
    """When the newest entry was written."""
    today: date
    open_day: date | None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    paper: str = ""
    """What is wrong with the printer, by its code; empty when nothing is known to be."""
    drawer: Fen = field(default=Fen(0))
    """Cash that should be in the drawer."""
    counted: bool = False
    """Whether it was counted since the last close."""
    synced_ms_ago: int | None = None
    """None for a store that runs alone."""


def lights(facts: Facts, policy: Policy) -> tuple[Light, ...]:
    """Every check, in its order."""
    return (
        _clock(facts, policy),
        _yesterday(facts),
        *_scales(facts.standings),
        Light(Check.PAPER, Colour.AMBER, "fault", facts.paper)
        if facts.paper
        else Light(Check.PAPER, Colour.GREEN, "ok"),
        _cash(facts),
        _sync(facts, policy),
    )


def warnings(found: Iterable[Light]) -> tuple[str, ...]:
    """What the entry that opens the day says of the checks that were not green: `scale-expired`, `paper-fault`."""
    codes = (f"{light.check}-{light.reason}" for light in found if light.colour is not Colour.GREEN)
    return tuple(dict.fromkeys(codes))


def _clock(facts: Facts, policy: Policy) -> Light:
    ahead = facts.wall - facts.last_wall
    if ahead < 0:
        return Light(Check.CLOCK, Colour.RED, "back", figure=-(ahead // 1000))
    hours = ahead // 3_600_000
    if hours >= policy.ahead_hours:
        return Light(Check.CLOCK, Colour.AMBER, "ahead", figure=hours)
    return Light(Check.CLOCK, Colour.GREEN, "ok")


def _yesterday(facts: Facts) -> Light:
    if facts.open_day is not None and facts.open_day != facts.today:
        return Light(Check.YESTERDAY, Colour.RED, "open", day=facts.open_day)
    return Light(Check.YESTERDAY, Colour.GREEN, "ok")


def _scales(standings: Mapping[str, Standing]) -> Iterable[Light]:
    """The gravest concern of each scale. Even a scale that may not weigh leaves the shelf to be served from."""
    for name, standing in standings.items():
        if standing.concerns:
            worst, until = standing.concerns[0].value, standing.scale.verified_until
            yield Light(Check.SCALE, Colour.AMBER, worst, name, standing.days_left or 0, until)
        else:
            yield Light(Check.SCALE, Colour.GREEN, "ok", name)
    if not standings:
        yield Light(Check.SCALE, Colour.AMBER, "none")


def _cash(facts: Facts) -> Light:
    if not facts.drawer and not facts.counted:
        return Light(Check.CASH, Colour.GREEN, "none")
    colour = Colour.GREEN if facts.counted else Colour.AMBER
    return Light(Check.CASH, colour, "ok" if facts.counted else "uncounted", figure=facts.drawer.amount)


def _sync(facts: Facts, policy: Policy) -> Light:
    if facts.synced_ms_ago is None:
        return Light(Check.SYNC, Colour.GREEN, "alone")
    hours = facts.synced_ms_ago // 3_600_000
    colour = Colour.AMBER if hours >= policy.sync_hours else Colour.GREEN
    return Light(Check.SYNC, colour, "old" if colour is Colour.AMBER else "ok", figure=hours)
