"""Papers beside the receipts: a sheet is filed with its entry and queued; a report is recorded when it is printed.

And what a keeper says of a paper in doubt; asking for it again is `pos.counter.reverse.reprint`.
"""

from dataclasses import replace

from pos.core import codec, journal
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.local_time import local_time
from pos.core.people import ANYONE
from pos.core.sheets import Fact, Sheet, Table
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import jobs
from pos.storage.books import Transaction, Written
from pos.storage.jobs import JobState
from pos.storage.rows import digest


def file(
    desk: Desk,
    tx: Transaction,
    written: Written,
    title: str,
    facts: tuple[Fact, ...] = (),
    tables: tuple[Table, ...] = (),
    notes: tuple[str, ...] = (),
    signatures: tuple[str, ...] = (),
    copies: tuple[str, ...] = (),
) -> Sheet:
    """The sheet of the entry just written: kept with it, and queued for the printer."""
    entry, identity = written.entry, desk.store.identity
    sheet = Sheet(
        title,
        journal.number(identity.store, identity.device, identity.epoch, entry.seq),
        identity.name,
        local_time(entry.at.wall, identity.utc_offset_minutes),
        entry.by.operator,
        entry.by.approver or "",
        facts,
        tables,
        notes,
        signatures,
        copies,
    )
    jobs.queue(tx.connection, entry.seq, 0, sheet, desk.language, entry.by.operator, entry.at.wall)
    return sheet


def open_drawer(desk: Desk, tx: Transaction, written: Written) -> None:
    """Cash changes hands for the entry just written: an act, whose job pulses the drawer."""
    at, by = written.entry.at, written.entry.by
    opened = tx.append(at, by, Decision(Act(ActCode.DRAWER, ref=written.entry.seq), ()))
    jobs.queue(tx.connection, opened.entry.seq, 0, None, desk.language, by.operator, at.wall)


def report(
    desk: Desk, by: Signatures, title: str, facts: tuple[Fact, ...] = (), tables: tuple[Table, ...] = ()
) -> Sheet:
    """A report as it stands now: to look at, and to print with `print_report`."""
    identity = desk.store.identity
    time = local_time(desk.clock.wall(), identity.utc_offset_minutes)
    return Sheet(title, "", identity.name, time, by.operator, by.approver or "", facts, tables)


def print_report(desk: Desk, by: Signatures, sheet: Sheet) -> Sheet:
    """Put a report on paper: what it said is kept, and that it was printed is in the journal."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=ANYONE)
        known = digest([codec.plain(replace(sheet, time=""))])
        written = tx.append(desk.now(), by, Decision(Act(ActCode.REPORT, sheet.title, digest=known), ()))
        return file(desk, tx, written, sheet.title, sheet.facts, sheet.tables, sheet.notes, sheet.signatures)


def came_out(desk: Desk, by: Signatures, job: int) -> None:
    """The paper of job number `job` came out after all; nothing happens to a job that is not in doubt."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        if any(doubt.id == job and doubt.state is JobState.UNKNOWN for doubt in jobs.doubtful(tx.connection)):
            jobs.mark(tx.connection, job, JobState.SETTLED)
