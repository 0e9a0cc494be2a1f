"""异常报告: what an auditor should ask about of a span of days, by keeper and household."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from catalog.units import Fen, Points
from pos.core import exceptions
from pos.core.entries import Entry, Signatures
from pos.core.exceptions import Circumstances, Finding, Rule
from pos.core.local_time import local_date
from pos.core.people import SERVES, Role
from pos.core.sheets import Cell, Count, Day, Fact, Label, Money, Score, Share, Sheet, Table
from pos.counter import paper
from pos.counter.coverage import coverage
from pos.counter.desk import Desk
from pos.storage import books, catalogue, closes, fund, people, periods, policies, shelves

READS = SERVES | {Role.AUDITOR}
_SHARES = frozenset({Rule.MANUAL_SHARE, Rule.ROUND_WEIGHTS, Rule.MATERIAL_LOSS, Rule.COVERAGE})
_WATCHED = ("manual", "reverse", "take-back", "reprint", "override", "lookup", "drawer")
_COUNTED = ("tickets", *_WATCHED)


def report(desk: Desk, by: Signatures, first: date, last: date) -> Sheet:
    """Everything that business days `first` to `last` give rise to ask about, and how the store stands now."""
    with desk.store.read() as connection:
        span = periods.span(connection, first, last)
        entries = [books.read_entry(connection, seq) for seq in span]
        found = exceptions.findings(entries, _circumstances(desk, connection, last))
        found += _standing(desk, connection)
        names = _names(connection)
        refs = {ref for entry in entries if (ref := getattr(entry.body, "ref", None))}
        whose = {ref: books.read_entry(connection, ref).household or "" for ref in refs}
    facts = (Fact("first-day", Day(first)), Fact("last-day", Day(last)), Fact("findings", Count(len(found))))
    return paper.report(
        desk, by, "exceptions", facts, (_findings(found, names), _keepers(entries), _households(entries, whose))
    )


def _circumstances(desk: Desk, connection: Connection, last: date) -> Circumstances:
    own = {
        person.number: household
        for person in people.everybody(connection)
        if (household := fund.own_household(connection, f"k-{person.number}"))
    }
    return Circumstances(
        desk.thresholds,
        policies.in_force(connection, last)[1],
        desk.store.identity.utc_offset_minutes,
        own,
        {code: material.tolerance for code, material in catalogue.materials(connection).items()},
    )


def _standing(desk: Desk, connection: Connection) -> list[Finding]:
    """What depends on no entry: expired goods on the shelf, points that nothing covers, hours without a sync."""
    today = local_date(desk.clock.wall(), desk.store.identity.utc_offset_minutes)
    shelved = shelves.on_hand(connection)
    expired = [
        Finding(Rule.EXPIRED, figure=each.lot.on_hand, about=each.lot.good)
        for each in shelved
        if each.lot.expiry is not None and each.lot.expiry < today
    ]
    held = closes.held(connection, desk.store.identity.writer)
    share = coverage(connection, held, catalogue.terms_in_force(connection, today).fen_per_point)
    low = share is not None and share < desk.thresholds.coverage_percent * 100
    synced = desk.last_sync()
    hours = 0 if synced is None else (desk.clock.wall() - synced) // 3_600_000
    return [
        *expired,
        *([Finding(Rule.COVERAGE, figure=share or 0)] if low else []),
        *([Finding(Rule.SYNC_AGE, figure=hours)] if hours > desk.day_policy.sync_hours else []),
    ]


def _names(connection: Connection) -> dict[str, str]:
    goods = {good.code: good.name for good in catalogue.all_goods(connection)}
    return goods | {code: material.name for code, material in catalogue.materials(connection).items()}


def _findings(found: list[Finding], names: dict[str, str]) -> Table:
    rows = tuple(
        (
            Label(f"rule-{each.rule}"),
            each.keeper,
            each.household[-4:],
            f"#{each.seq}" if each.seq else "",
            names.get(each.about, each.about),
            _figure(each),
        )
        for each in found
    )
    return Table(("what", "keeper-number", "household", "entry", "about", "figure"), rows, title="findings")


def _figure(each: Finding) -> Cell:
    if each.rule in _SHARES:
        return Share(each.figure)
    if each.rule is Rule.HIGH_VALUE:
        return Score(Points(each.figure))
    if each.rule is Rule.CASH_DIFFERENCE:
        return Money(Fen(each.figure))
    return Count(each.figure) if each.figure else ""


def _keepers(entries: list[Entry]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (keeper, *(Count(done[what]) for what in _COUNTED)) for keeper, done in exceptions.counts(entries).items()
    ]
    return Table(("keeper-number", *(f"counted-{what}" for what in _COUNTED)), tuple(rows), title="by-keeper")


def _households(entries: list[Entry], whose: Mapping[int, str]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (household[-4:], *(Count(done[what]) for what in _WATCHED))
        for household, done in exceptions.by_household(entries, whose).items()
    ]
    return Table(("household", *(f"counted-{what}" for what in _WATCHED)), tuple(rows), title="by-household")
