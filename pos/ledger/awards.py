"""Award batches 上账: from the committee's list to points on cards, in steps that different people take.

    draft ─review (another person)▶ reviewed ─publish▶ published ─objection days over, none open▶ effective ─▶ granted

Each step once; the same again is refused, the same draft again changes nothing. Before it is effective a batch can be
withdrawn; after, a correction is a new batch that names the one it corrects. What is raised is a `LedgerRefused`.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from catalog.units import Points
from pos.core import accounts, awards, codec
from pos.core.accounts import LEDGER, POINTS
from pos.core.award_file import MOST_TITLE
from pos.ledger import audit, award_items, feed, rights
from pos.ledger import tables as t
from pos.ledger.award_items import Item
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Forbidden, Invalid, NotFound
from pos.ledger.service import Ledger
from pos.ledger.sheets import Problem
from pos.wire import reference
from pos.wire.reference import AwardsNotice, AwardTold

MOST_LINES = 5_000
MOST_DAYS = 60
DAY_MS = 24 * 3_600_000

_BATCH = re.compile(r"[a-z0-9-]{1,24}")
_PERIOD = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2]|Q[1-4]|W[0-5][0-9])")
_MEETING = re.compile(r"\S.{0,59}")
_GONE = frozenset({"merged", "closed"})


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A household's award for an item; the item's own figure when `points` says nothing."""

    household: str
    item: str
    points: Points | None = None
    times: int = 1
    row: int = 0
    """Its row in the list that it comes from."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A batch as the committee hands it in."""

    batch: str
    village: str
    period: str
    """`2026-01`, `2026-Q1` or `2026-W03`."""
    title: str
    """As the next receipt calls it."""
    meeting: str
    lines: tuple[DraftLine, ...]
    corrects: str | None = None


def draft(ledger: Ledger, township: str, new: Draft, by: str, *, dry_run: bool = False) -> list[Problem]:
    """Take a batch in, or say all that is wrong with it; nothing is written when there is, nor on a dry run."""
    digest = hashlib.sha256(codec.dumps(codec.plain(new))).hexdigest()

    def work(act: Act) -> list[Problem]:
        there = _row(act.connection, township, new.batch)
        if there is not None and there.digest != digest:
            raise Conflict("batch-taken", batch=new.batch)
        items = award_items.items(act.connection, township, new.village)
        problems = _problems(act, new, items)
        if not problems and there is None and not dry_run:
            _write(act, new, items, digest, by)
        return problems

    return ledger.act(township, work)


def review(ledger: Ledger, township: str, batch: str, by: str) -> None:
    """Agree to a draft, as somebody else than who drafted it."""

    def work(act: Act) -> None:
        row = _in_state(act, batch, "draft")
        if row.drafted_by == by:
            raise Forbidden("same-person", batch=batch)
        _step(act, batch, by, state="reviewed", reviewed_by=by, reviewed=act.now)

    ledger.act(township, work)


def publish(ledger: Ledger, township: str, batch: str, objection_days: int, by: str) -> None:
    """Hang a reviewed batch up for so many days, in which anybody may object."""
    if not 0 <= objection_days <= MOST_DAYS:
        raise Invalid("objection-days", most=MOST_DAYS)

    def work(act: Act) -> None:
        _in_state(act, batch, "reviewed")
        _step(act, batch, by, state="published", published_by=by, published=act.now, objection_days=objection_days)

    ledger.act(township, work)


def object_to(ledger: Ledger, township: str, batch: str, line: int, reason: str, by: str) -> None:
    """Note an objection to a line (from 1) of a published batch; `reason` is a code."""

    def work(act: Act) -> None:
        _in_state(act, batch, "published")
        c = t.award_lines.c
        here = (c.township == township, c.batch == batch, c.line == line, c.objection.is_(None))
        if not act.connection.execute(
            update(t.award_lines).where(*here).values(objection=reason[:24], objected_by=by)
        ).rowcount:
            raise NotFound("line-unknown", line=line)
        audit.note(act.connection, township, act.now, by, "object", f"{batch} {line}", reason)

    ledger.act(township, work)


def decide_objection(ledger: Ledger, township: str, batch: str, line: int, by: str, *, upheld: bool) -> None:
    """Settle an objection: an upheld one takes its line out."""

    def work(act: Act) -> None:
        _in_state(act, batch, "published")
        c = t.award_lines.c
        here = (c.township == township, c.batch == batch, c.line == line, c.objection.is_not(None))
        outcome = "upheld" if upheld else "dismissed"
        open_one = update(t.award_lines).where(*here, c.outcome.is_(None)).values(outcome=outcome)
        if not act.connection.execute(open_one).rowcount:
            raise NotFound("objection-unknown", line=line)
        audit.note(act.connection, township, act.now, by, outcome, f"{batch} {line}")

    ledger.act(township, work)


def make_effective(ledger: Ledger, township: str, batch: str, by: str) -> None:
    """Let a published batch stand, when its days are over and no objection is open."""

    def work(act: Act) -> None:
        row = _in_state(act, batch, "published")
        if act.now < (until := row.published + row.objection_days * DAY_MS):
            raise Conflict("objections-possible", until=until)
        c = t.award_lines.c
        open_ones = select(func.count()).where(
            c.township == township, c.batch == batch, c.objection.is_not(None), c.outcome.is_(None)
        )
        if count := act.connection.execute(open_ones).scalar_one():
            raise Conflict("objections-open", count=count)
        _step(act, batch, by, state="effective", effective_by=by, effective=act.now)

    ledger.act(township, work)


def withdraw(ledger: Ledger, township: str, batch: str, by: str) -> None:
    """Take a batch back that is not effective yet; its number stays taken."""

    def work(act: Act) -> None:
        _in_state(act, batch, "draft", "reviewed", "published")
        _step(act, batch, by, state="withdrawn")

    ledger.act(township, work)


def grant(ledger: Ledger, township: str, batch: str, by: str) -> int:
    """Post an effective batch, all of it, send the points to the stores and tell them. Returns how many households.

    What was merged meanwhile goes to its heir; while a household of it is closed nothing is posted.
    """

    def work(act: Act) -> int:
        row = _in_state(act, batch, "effective")
        told = _told(act, batch)
        act.books(
            (account(each.household, LEDGER), POINTS) for each in told for account in (accounts.points, accounts.debt)
        )
        for each in told:
            keys = [(account(each.household, LEDGER), POINTS) for account in (accounts.points, accounts.debt)]
            decision = awards.award(each.household, batch, each.points, act.books(keys))
            if decision.transfers:
                act.write(decision, by)
        _step(act, batch, by, state="granted", granted_by=by, granted=act.now)
        rights.settle(act, (each.household for each in told))
        notice = AwardsNotice(batch, row.period, row.village, row.title, tuple(told))
        feed.put(act, row.village, reference.AWARDS, [(batch, notice)])
        return len(told)

    return ledger.act(township, work)


def lines(connection: Connection, township: str, batch: str) -> list[Row[Any]]:
    """The lines of a batch in their order."""
    c = t.award_lines.c
    query = select(t.award_lines).where(c.township == township, c.batch == batch).order_by(c.line)
    return list(connection.execute(query))


def batches(connection: Connection, township: str) -> list[Row[Any]]:
    """All batches, newest first."""
    c = t.award_batches.c
    query = select(t.award_batches).where(c.township == township).order_by(c.drafted.desc(), c.batch)
    return list(connection.execute(query))


def _told(act: Act, batch: str) -> list[AwardTold]:
    """What each household gets in all, by number; items that are private are named by their code all the same."""
    standing = [line for line in lines(act.connection, act.township, batch) if line.outcome != "upheld"]
    known = rights.households_of(act, {line.household for line in standing})
    totals: dict[str, int] = defaultdict(int)
    items: dict[str, list[str]] = defaultdict(list)
    for line in standing:
        heir = known[line.household]
        while heir.successor:
            heir = rights.require_household(act, heir.successor)
        if heir.state in _GONE:
            raise Conflict("household-closed", household=line.household)
        totals[heir.household] += line.total
        items[heir.household].append(line.item)
    return [AwardTold(of, Points(totals[of]), tuple(items[of])) for of in sorted(totals)]


def _problems(act: Act, new: Draft, items: dict[str, Item]) -> list[Problem]:
    found = [Problem(0, code, text[:24]) for code, text in _facts(act, new)]
    known = rights.households_of(act, {line.household for line in new.lines})
    seen: set[tuple[str, str]] = set()
    for line in new.lines:
        row, item = known.get(line.household), items.get(line.item)
        if row is None:
            found.append(Problem(line.row, "household-unknown", line.household[:24]))
        elif row.village != new.village:
            found.append(Problem(line.row, "household-elsewhere", line.household))
        elif row.state in _GONE:
            found.append(Problem(line.row, "household-closed", line.household))
        if item is None:
            found.append(Problem(line.row, "item-unknown", line.item[:24]))
        elif problem := _figure(line, item):
            found.append(Problem(line.row, problem, line.item))
        if (line.household, line.item) in seen:
            found.append(Problem(line.row, "line-twice", line.household))
        seen.add((line.household, line.item))
    return found


def _facts(act: Act, new: Draft) -> Sequence[tuple[str, str]]:
    village = select(t.villages.c.name).filter_by(township=act.township, village=new.village)
    corrected = new.corrects and _row(act.connection, act.township, new.corrects)
    checks = (
        ("batch", new.batch, bool(_BATCH.fullmatch(new.batch))),
        ("period", new.period, bool(_PERIOD.fullmatch(new.period))),
        ("title", new.title, 0 < len(new.title) <= MOST_TITLE),
        ("meeting", new.meeting, bool(_MEETING.fullmatch(new.meeting))),
        ("village-unknown", new.village, act.connection.execute(village).first() is not None),
        ("lines", str(len(new.lines)), 0 < len(new.lines) <= MOST_LINES),
        ("corrects-unknown", new.corrects or "", new.corrects is None or bool(corrected)),
    )
    return [(code, text) for code, text, fine in checks if not fine]


def _figure(line: DraftLine, item: Item) -> str:
    """What is wrong with a line's figure; empty when nothing is."""
    if line.points is None and item.low != item.high:
        return "points-missing"
    if line.points is not None and not item.low <= line.points <= item.high:
        return "points-out-of-range"
    return "" if 1 <= line.times <= item.most_times else "times"


def _write(act: Act, new: Draft, items: dict[str, Item], digest: str, by: str) -> None:
    key = {"township": act.township, "batch": new.batch}
    facts = {"village": new.village, "period": new.period, "title": new.title, "meeting": new.meeting}
    made = {"corrects": new.corrects, "digest": digest, "state": "draft", "drafted_by": by, "drafted": act.now}
    act.connection.execute(insert(t.award_batches).values(**key, **facts, **made, objection_days=0))
    rows = []
    for number, line in enumerate(new.lines, 1):
        points = items[line.item].low if line.points is None else line.points
        figures = {"points": points.amount, "times": line.times, "total": points.amount * line.times}
        rows.append({**key, "line": number, "household": line.household, "item": line.item, **figures})
    act.connection.execute(insert(t.award_lines), rows)
    audit.note(act.connection, act.township, act.now, by, "draft", new.batch, str(len(rows)))


def _step(act: Act, batch: str, by: str, *, state: str, **values: int | str) -> None:
    c = t.award_batches.c
    here = update(t.award_batches).where(c.township == act.township, c.batch == batch)
    act.connection.execute(here.values(state=state, **values))
    audit.note(act.connection, act.township, act.now, by, state, batch)


def _in_state(act: Act, batch: str, *states: str) -> Row[Any]:
    row = _row(act.connection, act.township, batch)
    if row is None:
        raise NotFound("batch-unknown", batch=batch)
    if row.state not in states:
        raise Conflict("batch-state", batch=batch, state=row.state)
    return row


def _row(connection: Connection, township: str, batch: str) -> Row[Any] | None:
    c = t.award_batches.c
    return connection.execute(select(t.award_batches).where(c.township == township, c.batch == batch)).one_or_none()
