"""The register of scales: verification dates, daily checks, and what bars a scale from weighing for the shop."""

from datetime import date

import pytest

from catalog.materials import ScaleClass
from catalog.units import Grams
from pos.core import codec, entries
from pos.core.codec import CodecError
from pos.core.entries import Entry, Moment, Signatures
from pos.core.refusals import BelowMinimum, OverMaximum
from pos.core.scales import (
    CheckRule,
    Concern,
    Evidence,
    LastCheck,
    Policy,
    ScaleCheck,
    ScaleCheckDue,
    ScaleCheckFailed,
    ScaleExpired,
    ScaleFacts,
    Standing,
    WhenExpired,
    decide,
    judge,
    tolerance,
)

UNTIL = date(2026, 9, 30)
PLATFORM = ScaleFacts("FS-1", ScaleClass.FLOOR, Grams(1_000), Grams(150_000), Grams(50), UNTIL)
SEEN = Evidence("FS-1", "flag", "5354", 7)
QUIET = Policy(check=CheckRule.OFF)


def last(reading: int, *, today: bool = True, released: bool = False) -> LastCheck:
    return LastCheck(decide(PLATFORM, Grams(5_000), Grams(reading), SEEN).body, today, released)


def found(standing: Standing) -> tuple[set[Concern], Concern | None]:
    return set(standing.concerns), standing.bar


@pytest.mark.parametrize(
    ("today", "concerns", "bar"),
    [
        (date(2026, 8, 30), set(), None),
        (date(2026, 8, 31), {Concern.EXPIRES_SOON}, None),
        (date(2026, 9, 30), {Concern.EXPIRES_SOON}, None),
        (date(2026, 10, 1), {Concern.EXPIRED}, Concern.EXPIRED),
    ],
)
def test_verification_runs_out(today: date, concerns: set[Concern], bar: Concern | None) -> None:
    assert found(judge(PLATFORM, today, QUIET, None)) == (concerns, bar)


def test_an_expired_scale_weighs_where_the_store_only_warns() -> None:
    standing = judge(PLATFORM, date(2026, 10, 1), Policy(expired=WhenExpired.WARN, check=CheckRule.OFF), None)
    assert found(standing) == ({Concern.EXPIRED}, None)
    standing.admit()


def test_the_days_of_the_warning_are_a_setting() -> None:
    standing = judge(PLATFORM, date(2026, 9, 23), Policy(warn_days=7, check=CheckRule.OFF), None)
    assert (standing.concerns, standing.days_left) == ((Concern.EXPIRES_SOON,), 7)
    assert not judge(PLATFORM, date(2026, 9, 22), Policy(warn_days=7, check=CheckRule.OFF), None).concerns


def test_a_date_nobody_put_in() -> None:
    bare = ScaleFacts("FS-1", ScaleClass.FLOOR, Grams(1_000), Grams(150_000), Grams(50))
    assert found(judge(bare, UNTIL, QUIET, None)) == ({Concern.NO_DATE}, None)


@pytest.mark.parametrize(
    ("rule", "before", "concerns", "bar"),
    [
        (CheckRule.OFF, None, set(), None),
        (CheckRule.REMIND, None, {Concern.CHECK_DUE}, None),
        (CheckRule.REQUIRE, None, {Concern.CHECK_DUE}, Concern.CHECK_DUE),
        (CheckRule.REQUIRE, last(5_000, today=False), {Concern.CHECK_DUE}, Concern.CHECK_DUE),
        (CheckRule.REQUIRE, last(5_000), set(), None),
        (CheckRule.OFF, last(5_100, today=False), {Concern.CHECK_FAILED}, Concern.CHECK_FAILED),
        (CheckRule.REMIND, last(5_100), {Concern.CHECK_FAILED}, Concern.CHECK_FAILED),
        (CheckRule.REMIND, last(5_100, released=True), {Concern.CHECK_FAILED}, None),
        (
            CheckRule.REQUIRE,
            last(5_100, today=False, released=True),
            {Concern.CHECK_FAILED, Concern.CHECK_DUE},
            Concern.CHECK_DUE,
        ),
    ],
)
def test_daily_check(rule: CheckRule, before: LastCheck | None, concerns: set[Concern], bar: Concern | None) -> None:
    assert found(judge(PLATFORM, date(2026, 1, 15), Policy(check=rule), before)) == (concerns, bar)


def test_what_bars_a_scale_is_said_by_its_code() -> None:
    require = Policy(check=CheckRule.REQUIRE)
    with pytest.raises(ScaleExpired) as expired:
        judge(PLATFORM, date(2026, 10, 1), require, last(5_100)).admit()
    assert expired.value.fields == {"scale": "FS-1", "date": UNTIL}
    with pytest.raises(ScaleCheckFailed):
        judge(PLATFORM, UNTIL, require, last(5_100)).admit()
    with pytest.raises(ScaleCheckDue):
        judge(PLATFORM, UNTIL, require, None).admit()


@pytest.mark.parametrize(
    ("known", "allowed"), [(5_000, 50), (25_000, 50), (25_050, 100), (100_000, 100), (100_050, 150), (150_000, 150)]
)
def test_the_error_allowed_in_service(known: int, allowed: int) -> None:
    """Domain reference 3.6: e = 50 g may be off 50 g to 25 kg, 100 g to 100 kg, 150 g above."""
    assert tolerance(Grams(known), Grams(50)) == Grams(allowed)


@pytest.mark.parametrize(
    ("reading", "difference", "passed"),
    [(5_000, 0, True), (5_050, 50, True), (4_950, -50, True), (5_100, 100, False), (4_900, -100, False)],
)
def test_a_check(reading: int, difference: int, passed: bool) -> None:
    decision = decide(PLATFORM, Grams(5_000), Grams(reading), SEEN)
    assert decision.transfers == ()
    assert (decision.body.difference, decision.body.passed) == (Grams(difference), passed)
    assert decision.body.tolerance == Grams(50)


def test_a_weight_that_this_scale_does_not_weigh() -> None:
    with pytest.raises(BelowMinimum):
        decide(PLATFORM, Grams(999), Grams(1_000), SEEN)
    with pytest.raises(OverMaximum):
        decide(PLATFORM, Grams(150_001), Grams(150_000), SEEN)


def test_a_check_in_the_journal() -> None:
    entry = Entry(3, Moment(1, 2, "b"), Signatures("02"), decide(PLATFORM, Grams(5_000), Grams(5_050), SEEN).body, ())
    line = entries.encode(entry)
    assert (codec.loads(line)["k"], codec.loads(line)["code"]) == ("act", "inspection")
    back = entries.decode(line)
    assert back == entry
    assert isinstance(back.body, ScaleCheck)
    with pytest.raises(CodecError):
        entries.decode(line.replace(b'"inspection"', b'"reprint"'))


@pytest.mark.parametrize(
    ("own", "needed", "takes"),
    [
        (ScaleClass.FLOOR, ScaleClass.FLOOR, True),
        (ScaleClass.COUNTER, ScaleClass.FLOOR, True),
        (ScaleClass.COUNTER, ScaleClass.COUNTER, True),
        (ScaleClass.FLOOR, ScaleClass.COUNTER, False),
    ],
)
def test_a_finer_scale_does_the_coarser_work(own: ScaleClass, needed: ScaleClass, takes: bool) -> None:
    assert ScaleFacts("S", own, Grams(1), Grams(2), Grams(1)).takes(needed) is takes
