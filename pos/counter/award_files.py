"""积分上账: award batches from a file while the store runs alone: looked at first, posted once by two people, told.

All of a batch or nothing. A correction is a batch of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from catalog.units import Points
from pos.core import accounts, award_file, awards, journal
from pos.core.accounts import POINTS
from pos.core.acts import Act, ActCode, FileAward
from pos.core.award_file import AwardFile, Problem
from pos.core.entries import Signatures
from pos.core.households import Household, HouseholdState
from pos.core.local_time import local_time
from pos.core.people import SERVES
from pos.core.redeem_refusals import AwardFileFaulty, LedgerAwards
from pos.core.sheets import Count, Fact, Label, Score, Sheet, Table
from pos.core.transfers import Decision
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.counter.spreadsheets import SUFFIXES, read_rows
from pos.storage import award_batches, books, jobs, registry
from pos.storage import tables as t
from pos.storage.award_batches import AwardLine, Batch
from pos.storage.rows import digest

POSTS = SERVES
"""Who may post a batch; two people always."""

FOLDER = "awards"
"""Where a store looks for files of awards, in its own folder."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What posting a file would do, and everything that forbids it."""

    file: AwardFile
    problems: tuple[Problem, ...]
    owed: Points
    """What of the deductions households do not have: it will be owed."""
    earlier: tuple[str, ...]
    """Batches posted before for the same period."""


def waiting_files(desk: Desk) -> list[Path]:
    """Files in the store's folder for awards, newest first."""
    folder = desk.store.folder / FOLDER
    found = [path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES] if folder.is_dir() else []
    return sorted(found, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def dry_run(desk: Desk, path: Path) -> Plan:
    """What a file would do; nothing is written. Raises `FileUnread`, and `LedgerAwards` in an enrolled store."""
    _check_alone(desk)
    file = award_file.read(read_rows(path), desk.store.identity.village)
    with desk.store.read() as connection:
        problems = _problems(desk, connection, file)
        writer = desk.store.identity.writer
        purses = {line.household: accounts.points(line.household, writer) for line in file.lines}
        held = books.peek(connection, writer, [(purse, POINTS) for purse in purses.values()])
        short = [-line.points.amount - held.of(purses[line.household], POINTS) for line in file.lines]
        same = [each.batch for each in award_batches.batches(connection) if each.period == file.period]
    return Plan(file, problems, Points(sum(owed for owed in short if owed > 0)), tuple(same))


def post(desk: Desk, by: Signatures, file: AwardFile) -> Batch:
    """Post a batch, an entry a household, all of it or nothing; two people. Raises `AwardFileFaulty`."""
    _check_alone(desk)
    source = digest([file.batch, file.period, file.title, *([e.household, e.points.amount] for e in file.lines)])
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=POSTS)
        books.day(tx.connection)
        if problems := _problems(desk, tx.connection, file):
            raise AwardFileFaulty(problems=len(problems))
        now = desk.now()
        lines = []
        for line in file.lines:
            purse, debt = accounts.points(line.household, tx.writer), accounts.debt(line.household, tx.writer)
            body = FileAward(line.household, file.batch, line.points, source)
            decision = awards.from_file(body, tx.books([(purse, POINTS), (debt, POINTS)]), tx.writer)
            written = tx.append(now, by, decision)
            lines.append(AwardLine(written.entry.seq, line.household, line.points))
        batch = Batch(file.batch, file.period, file.title, source, now.wall)
        award_batches.keep(tx.connection, batch, lines)
    return batch


def posted(desk: Desk) -> list[Batch]:
    """Every batch that was posted, newest first."""
    with desk.store.read() as connection:
        return award_batches.batches(connection)


def problem_sheet(desk: Desk, by: Signatures, plan: Plan) -> Sheet:
    """What is wrong with a file, to be sent back to whoever made it."""
    rows = tuple((str(problem.row or ""), Label(f"flaw-{problem.flaw}"), problem.text) for problem in plan.problems)
    facts = (Fact("award-batch", plan.file.batch), Fact("problems", Count(len(rows))))
    return paper.report(desk, by, "award-problems", facts, (Table(("row", "flaw", "text"), rows),))


def public_list(desk: Desk, by: Signatures, batch: Batch) -> Sheet:
    """The list to be put up: household number, masked name and points; deductions as a sum, and never by name."""
    with desk.store.read() as connection:
        lines = award_batches.lines(connection, batch.batch)
        households = {line.household: registry.household(connection, line.household) for line in lines}
    good = [line for line in lines if line.points > Points(0)]
    bad = [line for line in lines if line.points < Points(0)]
    rows = tuple((line.household[-4:], _masked(households[line.household]), Score(line.points)) for line in good)
    total = sum((line.points for line in good), Points(0))
    facts = (
        Fact("award-batch", batch.batch),
        Fact("period", batch.period),
        Fact("award-title", batch.title),
        Fact("deductions", Count(len(bad))),
        Fact("deducted", Score(sum((line.points for line in bad), Points(0)))),
    )
    table = Table(("household", "name", "points"), rows, (Count(len(rows)), "", Score(total)))
    return paper.report(desk, by, "award-list", facts, (table,))


def print_slips(desk: Desk, by: Signatures, batch: Batch) -> int:
    """Queue a slip for each household of a batch, and return how many; that they were printed is in the journal."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=POSTS)
        now = desk.now()
        act = Act(ActCode.REPORT, "award-slips", digest=digest([batch.batch, batch.source]))
        tx.append(now, by, Decision(act, ()))
        lines = award_batches.lines(tx.connection, batch.batch)
        for line in lines:
            household = registry.household(tx.connection, line.household)
            slip = _slip(desk, by, tx.connection, batch, line, household)
            copy = jobs.last_copy(tx.connection, line.seq) + 1
            jobs.queue(tx.connection, line.seq, copy, slip, desk.language, by.operator, now.wall)
    return len(lines)


def _slip(
    desk: Desk, by: Signatures, connection: Connection, batch: Batch, line: AwardLine, household: Household | None
) -> Sheet:
    identity = desk.store.identity
    purse = accounts.points(line.household, identity.writer)
    held = Points(books.peek(connection, identity.writer, [(purse, POINTS)]).of(purse, POINTS))
    balance = () if household is None or household.quiet else (Fact("balance", Score(held)),)
    return Sheet(
        "award-slip",
        journal.number(identity.store, identity.device, identity.epoch, line.seq),
        identity.name,
        local_time(batch.wall, identity.utc_offset_minutes),
        by.operator,
        by.approver or "",
        (
            Fact("household", line.household[-4:]),
            Fact("name", _masked(household)),
            Fact("period", batch.period),
            Fact("award-title", batch.title),
            Fact("points", Score(line.points)),
            *balance,
        ),
        notes=("note-object",),
    )


def _masked(household: Household | None) -> str:
    return household.masked if household else ""


def _check_alone(desk: Desk) -> None:
    if desk.store.identity.epoch:
        raise LedgerAwards()


def _problems(desk: Desk, connection: Connection, file: AwardFile) -> tuple[Problem, ...]:
    batches = {each.batch for each in award_batches.batches(connection)}
    return award_file.judge(file, desk.store.identity.village, _states(connection), batches)


def _states(connection: Connection) -> Mapping[str, HouseholdState]:
    query = select(t.households.c.number, t.households.c.state)
    return {row.number: HouseholdState(row.state) for row in connection.execute(query)}
