"""异常: what an auditor should ask about, read off the entries of some days. A finding is a question, not a verdict."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from catalog.units import Points
from pos.core.accounts import CASH
from pos.core.acts import Act, ActCode
from pos.core.bins import SellMaterial
from pos.core.closing import Noted, is_manual, noted
from pos.core.day import DayOpen
from pos.core.entries import Entry
from pos.core.fund import Cash, CashReason
from pos.core.local_time import local_time
from pos.core.redemption import Collector, Redeem
from pos.core.store_policy import StorePolicy
from pos.core.thresholds import Thresholds
from pos.core.weigh_in import Weigh, WeighedLine

HALF_KILOGRAM = 500


class Rule(StrEnum):
    """What is asked about."""

    CARD_OFTEN = "card-often"
    PROXY_OFTEN = "proxy-often"
    OUTSIDE_HOURS = "outside-hours"
    MANUAL_SHARE = "manual-share"
    ROUND_WEIGHTS = "round-weights"
    OVERRIDE = "override"
    HIGH_VALUE = "high-value"
    REVERSALS = "reversals"
    REPRINTS = "reprints"
    OVERRIDES = "overrides"
    LOOKUPS = "lookups"
    LOOKED_ONLY = "looked-only"
    OWN_HOUSEHOLD = "own-household"
    MATERIAL_LOSS = "material-loss"
    CASH_DIFFERENCE = "cash-difference"
    COVERAGE = "coverage"
    EXPIRED = "expired"
    SYNC_AGE = "sync-age"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to ask about: by which keeper, of which household, in which entry, and the figure that says so."""

    rule: Rule
    keeper: str = ""
    household: str = ""
    seq: int = 0
    figure: int = 0
    about: str = ""
    """A good or material, by its code."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the entries are read by."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    policy: StorePolicy = field(default_factory=StorePolicy)
    utc_offset_minutes: int = 0
    own: Mapping[str, str] = field(default_factory=dict)
    """Household of a keeper's own people, by keeper."""
    tolerance: Mapping[str, int] = field(default_factory=dict)
    """Loss of each material that is let pass, in hundredths of a per cent."""


def findings(entries: Iterable[Entry], by: Circumstances) -> list[Finding]:
    """Everything that these entries give rise to, by keeper, household and entry."""
    found: list[Finding] = []
    every = list(entries)
    for day in _days(every):
        found += _of_day(day, by)
    for entry in every:
        found += _of_entry(entry, by)
    found += _of_keepers(every, by.thresholds)
    return sorted(found, key=lambda each: (each.keeper, each.household, each.seq, each.rule))


def counts(entries: Iterable[Entry]) -> dict[str, Counter[str]]:
    """By keeper: tickets, and everything that a Z document lists one by one."""
    every = list(entries)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in every:
        if isinstance(entry.body, Redeem | Weigh):
            found[entry.by.operator]["tickets"] += 1
    for note in noted(every):
        found[note.operator][note.what.value] += 1
    return dict(sorted(found.items()))


def by_household(entries: Iterable[Entry], whose: Mapping[int, str]) -> dict[str, Counter[str]]:
    """By household: what of that was about it. `whose` names the household of an entry that another refers to."""
    every = {entry.seq: entry for entry in entries}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for note in noted(every.values()):
        body = every[note.seq].body
        subject = getattr(body, "subject", "")
        named = subject if subject.isdecimal() and isinstance(body, Act) and body.code is ActCode.LOOKUP else ""
        household = every[note.seq].household or named or whose.get(getattr(body, "ref", None) or 0, "")
        if household:
            found[household][note.what.value] += 1
    return dict(sorted(found.items()))


def _days(entries: list[Entry]) -> list[list[Entry]]:
    """The entries day by day: each opening starts one."""
    days: list[list[Entry]] = [[]]
    for entry in entries:
        if isinstance(entry.body, DayOpen):
            days.append([])
        days[-1].append(entry)
    return days


def _of_day(day: list[Entry], by: Circumstances) -> list[Finding]:
    cards: Counter[tuple[str, str]] = Counter()
    proxies: dict[str, set[str]] = defaultdict(set)
    served: set[str] = set()
    looked: dict[tuple[str, str], int] = {}
    for entry in day:
        match entry.body:
            case Redeem() | Weigh() as body:
                served.add(body.household)
                cards[body.household, body.card] += 1
                if isinstance(body, Redeem) and body.collector is Collector.PROXY:
                    proxies[entry.by.operator].add(body.household)
            case Act(code=ActCode.LOOKUP, subject=subject) if subject.isdecimal():
                looked.setdefault((entry.by.operator, subject), entry.seq)
            case _:
                pass
    limits = by.thresholds
    often = [
        Finding(Rule.CARD_OFTEN, household=household, figure=uses)
        for (household, card), uses in cards.items()
        if card and uses > limits.card_uses
    ]
    carried = [
        Finding(Rule.PROXY_OFTEN, keeper, figure=len(households))
        for keeper, households in proxies.items()
        if len(households) > limits.proxy_households
    ]
    only = [
        Finding(Rule.LOOKED_ONLY, keeper, household, seq)
        for (keeper, household), seq in looked.items()
        if household not in served
    ]
    return [*often, *carried, *only]


def _of_entry(entry: Entry, by: Circumstances) -> list[Finding]:
    keeper, household = entry.by.operator, entry.household or ""

    def finding(rule: Rule, figure: int = 0, about: str = "") -> Finding:
        return Finding(rule, keeper, household, entry.seq, figure, about)

    found = []
    if household and by.own.get(keeper) == household and isinstance(entry.body, Redeem | Weigh):
        found.append(finding(Rule.OWN_HOUSEHOLD))
    match entry.body:
        case Redeem(lines=lines):
            high = Points(by.thresholds.high_points * 100)
            found += [finding(Rule.HIGH_VALUE, line.total.amount, line.good) for line in lines if line.total >= high]
            if not by.policy.open_at(local_time(entry.at.wall, by.utc_offset_minutes)):
                found.append(finding(Rule.OUTSIDE_HOURS))
        case Act(code=ActCode.OVERRIDE, subject=subject):
            found.append(finding(Rule.OVERRIDE, about=subject))
        case SellMaterial(lines=lines):
            found += [
                finding(Rule.MATERIAL_LOSS, share, material)
                for material, share in _losses(entry).items()
                if share > by.tolerance.get(material, 0)
            ]
        case Cash(reason=CashReason.COUNT):
            over = sum(_signed(move.source.kind, move.quantity) for move in entry.transfers if move.commodity == CASH)
            found += [finding(Rule.CASH_DIFFERENCE, over)] if over else []
        case _:
            pass
    return found


def _signed(source: str, quantity: int) -> int:
    return -quantity if source == "drawer" else quantity


def _losses(entry: Entry) -> dict[str, int]:
    """The share of each material that was lost on its way out, in hundredths of a per cent."""
    out: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for move in entry.transfers:
        if move.destination.kind == "out":
            code = move.commodity.partition(":")[2]
            out[code] += move.quantity
            lost[code] += move.quantity if move.destination.subject == "loss" else 0
    return {code: lost[code] * 10_000 // out[code] for code in out if lost[code]}


def _of_keepers(entries: list[Entry], limits: Thresholds) -> list[Finding]:
    lines: dict[str, list[WeighedLine]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.body, Weigh):
            lines[entry.by.operator] += [line for line in entry.body.lines if isinstance(line, WeighedLine)]
    found = []
    for keeper, weighed in lines.items():
        manual = sum(map(is_manual, weighed)) * 10_000 // len(weighed) if weighed else 0
        halves = sum(line.gross.amount % HALF_KILOGRAM == 0 for line in weighed)
        if manual > limits.manual_percent * 100:
            found.append(Finding(Rule.MANUAL_SHARE, keeper, figure=manual))
        if len(weighed) >= limits.round_lines and halves * 100 > limits.round_percent * len(weighed):
            found.append(Finding(Rule.ROUND_WEIGHTS, keeper, figure=halves * 10_000 // len(weighed)))
    most = {
        Noted.REVERSE: (Rule.REVERSALS, limits.reversals),
        Noted.REPRINT: (Rule.REPRINTS, limits.reprints),
        Noted.OVERRIDE: (Rule.OVERRIDES, limits.overrides),
        Noted.LOOKUP: (Rule.LOOKUPS, limits.lookups),
    }
    for keeper, done in counts(entries).items():
        found += [
            Finding(rule, keeper, figure=done[what]) for what, (rule, limit) in most.items() if done[what] > limit
        ]
    return found
