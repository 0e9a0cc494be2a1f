"""The forms of the village's policy, one a subject; each publishes the whole policy anew, from a later day on."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.goods import Good
from catalog.units import Fen, Points
from pos.core.refusals import Refused
from pos.core.store_policy import MOST_TIERS, GoodRule, Hours, Lapse, Outside, Season, StorePolicy, Tier
from pos.counter import policy
from pos.counter.policy import Decided
from pos.i18n import Words
from pos.tui import parts
from pos.tui.closing_form import close
from pos.tui.form import FormScreen, Values
from pos.tui.goods_part import good
from pos.tui.owners import owner_word
from pos.tui.parts import Part, Wrong

_TIER = re.compile(r"([0-9]{1,6})[ :=]+([0-9]{1,2})%?")
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_WEEK = range(1, 8)


class PolicyForm(FormScreen):
    """One subject. A subclass gives its lines, what they change, and how the subject reads in the list."""

    def __init__(self, decided: Decided, goods: Mapping[str, Good]) -> None:
        super().__init__()
        self.decided, self.goods = decided, goods

    @property
    def before(self) -> StorePolicy:
        """What the newest version says."""
        return self.decided.newest

    def lines_of(self) -> Sequence[Part[Any]]:
        """The lines of this subject."""
        raise NotImplementedError

    def changes(self, values: Values) -> dict[str, Any]:
        """The fields of the policy that they change."""
        raise NotImplementedError

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """The subject's figures in a few words."""
        raise NotImplementedError

    def parts(self) -> Sequence[Part[Any]]:
        """From which day, and the lines."""
        return (parts.day("effective", initial=self.decided.earliest.isoformat()), *self.lines_of())

    def finished(self, values: Values) -> None:
        """Publish it; a second person agrees."""
        desk = self.till.station.desk
        try:
            found = policy.changed(self.before, **self.changes(values))
        except Refused as no:
            self.refuse(no)
            return
        self.commit(
            lambda by: policy.publish(desk, by, values["effective"], found),
            lambda _: close(self, self.words("policy.published")),
        )


class PayForm(PolicyForm):
    """How much in points, how cash is rounded, and from which price a second eye is needed."""

    TOPIC = "policy-pay"

    def lines_of(self) -> Sequence[Part[Any]]:
        """Share, rounding, limits of one ticket."""
        before, steps = self.before, [("1", "0.01"), ("10", "0.1")]
        return (
            parts.whole("points-percent", 0, 100, initial=str(before.points_percent)),
            parts.choice("cash-step", steps, initial=str(before.cash_step.amount)),
            parts.points("confirm-above", initial=_text(before.confirm_above), optional=True),
            parts.points("sign-above", initial=_text(before.sign_above), optional=True),
        )

    def changes(self, values: Values) -> dict[str, Any]:
        """As they are named."""
        return {
            "points_percent": values["points-percent"],
            "cash_step": Fen(int(values["cash-step"])),
            "confirm_above": values["confirm-above"],
            "sign_above": values["sign-above"],
        }

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """The share and the rounding."""
        return words("policy.pay-shown", percent=found.points_percent, step=found.cash_step)


class TiersForm(PolicyForm):
    """Reductions for households that earned much in the last twelve months, and who pays for them."""

    TOPIC = "policy-tiers"

    def lines_of(self) -> Sequence[Part[Any]]:
        """A line a tier, and the bearer."""
        texts = [f"{tier.earned.amount // 100} {tier.percent}" for tier in self.before.tiers]
        texts += [""] * (MOST_TIERS - len(texts))
        lines = (Part(f"tier-{place}", _tier, text, optional=True, most=10) for place, text in enumerate(texts, 1))
        bearers = {code: owner_word(self.words, code) for code in ("village", self.before.bearer)}
        choices = tuple({**bearers, **self.decided.parties}.items())
        return (*lines, parts.choice("bearer", choices, initial=self.before.bearer))

    def changes(self, values: Values) -> dict[str, Any]:
        """The tiers that are filled in."""
        filled = (values[f"tier-{place}"] for place in range(1, MOST_TIERS + 1))
        return {"tiers": tuple(tier for tier in filled if tier is not None), "bearer": values["bearer"]}

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """Each tier."""
        return " ".join(f"{t.earned.amount // 100}:{t.percent}%" for t in found.tiers) or words("policy.none-set")


class LimitsForm(PolicyForm):
    """What a household may spend in a day and a month, and how many large items it may take at a time."""

    TOPIC = "policy-limits"

    def lines_of(self) -> Sequence[Part[Any]]:
        """Caps, large items, and the cap of a store that has not synced."""
        before = self.before
        return (
            parts.points("day-points", initial=_text(before.day_points), optional=True),
            parts.points("month-points", initial=_text(before.month_points), optional=True),
            parts.points("large-from", initial=_text(before.large_from), optional=True),
            parts.whole("large-most", 0, 99, initial=str(before.large_most)),
            parts.points("offline-points", initial=str(before.offline_points)),
            parts.whole("offline-hours", 1, 999, initial=str(before.offline_hours)),
        )

    def changes(self, values: Values) -> dict[str, Any]:
        """As they are named."""
        return {name.replace("-", "_"): values[name] for name in (part.name for part in self.lines_of())}

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """The caps."""
        day, month = _text(found.day_points) or "-", _text(found.month_points) or "-"
        return words("policy.limits-shown", day=day, month=month)


class HoursForm(PolicyForm):
    """When the store is open; no line filled in: always."""

    TOPIC = "policy-hours"

    def lines_of(self) -> Sequence[Part[Any]]:
        """A line a weekday, and what happens outside."""
        outside = [(each.value, self.words(f"policy.outside-{each}")) for each in Outside]
        lines = (Part(f"day-{day}", _hours(day), _open_on(self.before, day), optional=True) for day in _WEEK)
        return (*lines, parts.choice("outside", outside, initial=self.before.outside.value))

    def changes(self, values: Values) -> dict[str, Any]:
        """All hours of the week."""
        hours = tuple(span for day in _WEEK for span in values[f"day-{day}"] or ())
        return {"hours": hours, "outside": Outside(values["outside"])}

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """On how many days."""
        days = len({hours.weekday for hours in found.hours})
        return words("policy.hours-shown", days=days) if days else words("policy.always-open")


class VouchersForm(PolicyForm):
    """How long service vouchers are good, what becomes of their points, and when a good is near its expiry."""

    TOPIC = "policy-vouchers"

    def lines_of(self) -> Sequence[Part[Any]]:
        """Days, and what happens after them."""
        lapses = [(each.value, self.words(f"policy.lapse-{each}")) for each in Lapse]
        return (
            parts.whole("voucher-days", 1, 3650, initial=str(self.before.voucher_days)),
            parts.choice("lapse", lapses, initial=self.before.lapse.value),
            parts.whole("near-days", 0, 365, initial=str(self.before.near_days)),
        )

    def changes(self, values: Values) -> dict[str, Any]:
        """As they are named."""
        return {
            "voucher_days": values["voucher-days"],
            "lapse": Lapse(values["lapse"]),
            "near_days": values["near-days"],
        }

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """The days."""
        return words("policy.vouchers-shown", days=found.voucher_days)


class GoodForm(PolicyForm):
    """What is decided of one good; empty lines take its rule away."""

    TOPIC = "policy-good"

    def lines_of(self) -> Sequence[Part[Any]]:
        """The good, its least share in points, pieces a day."""
        return (
            good(self.goods),
            parts.whole("good-percent", 0, 100, optional=True),
            parts.whole("daily", 1, 999, optional=True),
        )

    def changes(self, values: Values) -> dict[str, Any]:
        """The rules of all goods, this one's put in or taken out."""
        code, percent, daily = values["good"].code, values["good-percent"], values["daily"]
        others = tuple(rule for rule in self.before.goods if rule.good != code)
        kept = percent is not None or daily is not None
        mine = GoodRule(code, self.before.points_percent if percent is None else percent, daily)
        return {"goods": (*others, mine) if kept else others}

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """How many have one."""
        return words("policy.count-shown", count=len(found.goods))


class SeasonForm(PolicyForm):
    """A limit of one good for a while; no pieces: the good's limits are taken away."""

    TOPIC = "policy-season"

    def lines_of(self) -> Sequence[Part[Any]]:
        """The good, pieces a household, from and until."""
        first = self.decided.earliest.isoformat()
        return (
            good(self.goods),
            parts.whole("most", 1, 999, optional=True),
            parts.day("season-first", initial=first),
            parts.day("season-last", initial=first),
        )

    def changes(self, values: Values) -> dict[str, Any]:
        """The limits of all goods, this one's put in or taken out."""
        code, most = values["good"].code, values["most"]
        others = tuple(season for season in self.before.seasons if season.good != code)
        if most is None:
            return {"seasons": others}
        return {"seasons": (*self.before.seasons, Season(code, most, values["season-first"], values["season-last"]))}

    @staticmethod
    def shown(found: StorePolicy, words: Words) -> str:
        """How many there are."""
        return words("policy.count-shown", count=len(found.seasons))


FORMS: Mapping[str, type[PolicyForm]] = {
    "pay": PayForm,
    "tiers": TiersForm,
    "limits": LimitsForm,
    "good": GoodForm,
    "season": SeasonForm,
    "hours": HoursForm,
    "vouchers": VouchersForm,
}
"""By subject, in the order of the list."""


def _text(points: Points | None) -> str:
    return "" if points is None else str(points)


def _tier(typed: str) -> Tier | Wrong:
    found = _TIER.fullmatch(typed)
    return Tier(Points(int(found[1]) * 100), int(found[2])) if found else Wrong("form.not-a-tier")


def _hours(weekday: int) -> Any:
    """Reads `08:00-11:30 14:00-17:00`."""

    def read(typed: str) -> tuple[Hours, ...] | Wrong:
        spans = []
        for text in typed.split():
            found = _SPAN.fullmatch(text)
            if found is None:
                return Wrong("form.not-hours")
            opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
            if not 0 <= opens < closes <= 24 * 60 or max(int(found[2]), int(found[4])) > 59:
                return Wrong("form.not-hours")
            spans.append(Hours(weekday, opens, closes))
        return tuple(spans)

    return read


def _open_on(found: StorePolicy, weekday: int) -> str:
    spans = (hours for hours in found.hours if hours.weekday == weekday)
    return " ".join(f"{_clock(hours.opens)}-{_clock(hours.closes)}" for hours in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
