"""开班: each light by itself (domain reference 4.0)."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.units import Fen
from pos.core.day import Policy
from pos.core.opening import Check, Colour, Facts, Light, lights, warnings
from pos.core.scales import Policy as ScalePolicy
from pos.core.scales import Standing, judge
from tests.shop import FLOOR, START

TODAY = date(2026, 1, 15)
HOUR = 3_600_000
FINE = Facts(START, START - HOUR, TODAY, None, {"FS-1": Standing(FLOOR, 258, (), None)})


def light(facts: Facts, check: Check) -> Light:
    return next(each for each in lights(facts, Policy()) if each.check is check)


def test_all_green() -> None:
    found = lights(FINE, Policy())
    assert [each.check for each in found] == list(Check)
    assert {each.colour for each in found} == {Colour.GREEN}
    assert warnings(found) == ()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(FINE, last_wall=START + 3_600_000), Light(Check.CLOCK, Colour.RED, "back", figure=3600)),
        (replace(FINE, last_wall=START + 1), Light(Check.CLOCK, Colour.RED, "back", figure=1)),
        (replace(FINE, last_wall=START), Light(Check.CLOCK, Colour.GREEN, "ok")),
        (replace(FINE, last_wall=START - 72 * HOUR), Light(Check.CLOCK, Colour.AMBER, "ahead", figure=72)),
        (replace(FINE, open_day=TODAY), Light(Check.YESTERDAY, Colour.GREEN, "ok")),
        (
            replace(FINE, open_day=date(2026, 1, 14)),
            Light(Check.YESTERDAY, Colour.RED, "open", day=date(2026, 1, 14)),
        ),
        (replace(FINE, standings={}), Light(Check.SCALE, Colour.AMBER, "none")),
        (replace(FINE, paper="paper-out"), Light(Check.PAPER, Colour.AMBER, "fault", "paper-out")),
        (replace(FINE, drawer=Fen(50_00)), Light(Check.CASH, Colour.AMBER, "uncounted", figure=50_00)),
        (replace(FINE, drawer=Fen(50_00), counted=True), Light(Check.CASH, Colour.GREEN, "ok", figure=50_00)),
        (replace(FINE, synced_ms_ago=3 * HOUR), Light(Check.SYNC, Colour.GREEN, "ok", figure=3)),
        (replace(FINE, synced_ms_ago=48 * HOUR), Light(Check.SYNC, Colour.AMBER, "old", figure=48)),
    ],
)
def test_one_light(facts: Facts, expected: Light) -> None:
    assert light(facts, expected.check) == expected


def test_a_scale_whose_verification_has_run_out() -> None:
    out = replace(FLOOR, verified_until=date(2026, 1, 14))
    found = light(replace(FINE, standings={"FS-1": judge(out, TODAY, ScalePolicy(), None)}), Check.SCALE)
    assert (found.colour, found.reason, found.about, found.day) == (
        Colour.AMBER,
        "expired",
        "FS-1",
        date(2026, 1, 14),
    )


def test_what_the_entry_says() -> None:
    found = lights(replace(FINE, paper="cover-open", drawer=Fen(1), standings={}), Policy())
    assert warnings(found) == ("scale-none", "paper-fault", "cash-uncounted")
