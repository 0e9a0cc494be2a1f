"""Print jobs: the facts of a paper on their way to the printer. The row is written with its entry, in one transaction.

queued -> sending -> confirmed | sent | unknown; not_sent goes back to queued by itself; unknown and sent are never
resent by the program: a person says it came out (settled) or asks for a reprint, which is a new job.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, insert, select, update

from pos.core import codec
from pos.core.sheets import Paper
from pos.database import Prepared
from pos.storage import tables as t


class JobState(StrEnum):
    """Where a job is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    SENT = "sent"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    SETTLED = "settled"


class Purpose(StrEnum):
    """What a job does at the printer."""

    RECEIPT = "receipt"
    DRAWER = "drawer"
    CARD = "card"
    """The card that its entry says was printed; what its code says is worked out at the printer, and kept nowhere."""


_LATELY = 500

TEMPLATE = 1
"""Version of the wording and layout that new jobs are printed with."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job; `copy` 0 is the original, `by` and `made` (wall clock ms) say who asked for it and when."""

    id: int
    seq: int
    copy: int
    purpose: Purpose
    paper: Paper | None
    """None for a drawer pulse and for a card."""
    language: str
    by: str
    made: int
    state: JobState
    cause: str
    tries: int


_INSERT = Prepared(
    insert(t.print_jobs).values(
        {
            name: bindparam(name)
            for name in ("seq", "copy", "purpose", "facts", "language", "template", "by", "made", "state")
        }
    )
)


def queue(connection: Connection, seq: int, copy: int, paper: Paper | None, language: str, by: str, made: int) -> None:
    """Queue a paper, or a drawer pulse when there is none, for entry `seq`."""
    _queue(connection, Purpose.RECEIPT if paper else Purpose.DRAWER, seq, copy, paper, language, by, made)


def queue_card(connection: Connection, seq: int, language: str, by: str, made: int) -> None:
    """Queue the card that entry `seq` says is printed."""
    _queue(connection, Purpose.CARD, seq, 0, None, language, by, made)


def _queue(
    connection: Connection,
    purpose: Purpose,
    seq: int,
    copy: int,
    paper: Paper | None,
    language: str,
    by: str,
    made: int,
) -> None:
    _INSERT.run(
        connection,
        seq=seq,
        copy=copy,
        purpose=purpose,
        facts=codec.dumps(codec.plain(paper)),
        language=language,
        template=TEMPLATE,
        by=by,
        made=made,
        state=JobState.QUEUED,
    )


def waiting(connection: Connection) -> list[Job]:
    """Jobs that the program may send by itself, oldest first: queued and not_sent ones."""
    return _jobs(connection, JobState.QUEUED, JobState.NOT_SENT)


def newest(connection: Connection) -> Job | None:
    """The job that was queued last."""
    row = connection.execute(select(t.print_jobs).order_by(t.print_jobs.c.id.desc()).limit(1)).one_or_none()
    return _job(row) if row else None


def doubtful(connection: Connection) -> list[Job]:
    """Jobs that a person must look at: they may or may not have come out."""
    return _jobs(connection, JobState.UNKNOWN, JobState.SENDING)


def of_entry(connection: Connection, seq: int) -> list[Job]:
    """The receipts of one entry, original first."""
    query = (
        select(t.print_jobs)
        .where(t.print_jobs.c.seq == seq, t.print_jobs.c.purpose == Purpose.RECEIPT.value)
        .order_by(t.print_jobs.c.copy)
    )
    return [_job(row) for row in connection.execute(query)]


def with_paper(connection: Connection, seqs: list[int]) -> set[int]:
    """Those of these entries that have a paper."""
    query = select(t.print_jobs.c.seq).where(
        t.print_jobs.c.seq.in_(seqs), t.print_jobs.c.purpose == Purpose.RECEIPT.value, t.print_jobs.c.copy == 0
    )
    return set(connection.execute(query).scalars())


def mark(connection: Connection, job: int, state: JobState, cause: str = "", confirmed: int | None = None) -> None:
    """Move a job on, saying why when it did not go as it should, or when (wall clock ms) it was confirmed."""
    more = 1 if state is JobState.SENDING else 0
    connection.execute(
        update(t.print_jobs)
        .where(t.print_jobs.c.id == job)
        .values(state=state.value, cause=cause, tries=t.print_jobs.c.tries + more, confirmed=confirmed)
    )


def last_confirmed(connection: Connection) -> int | None:
    """When (wall clock ms) a paper was last confirmed, among the newest `_LATELY` jobs; None if none was."""
    jobs = t.print_jobs.c
    newest = select(func.max(jobs.id)).scalar_subquery()
    found: int | None = connection.execute(
        select(func.max(jobs.confirmed)).where(jobs.id > newest - _LATELY, jobs.purpose != Purpose.DRAWER.value)
    ).scalar_one()
    return found


def settle_doubts(connection: Connection, seq: int) -> None:
    """Whoever asks for another copy of an entry's receipt has answered for the ones in doubt."""
    connection.execute(
        update(t.print_jobs)
        .where(t.print_jobs.c.seq == seq, t.print_jobs.c.state == JobState.UNKNOWN.value)
        .values(state=JobState.SETTLED.value)
    )


def interrupted(connection: Connection) -> int:
    """At start-up: jobs that were being sent when the program ended are unknown now; how many there were."""
    return connection.execute(
        update(t.print_jobs)
        .where(t.print_jobs.c.state == JobState.SENDING.value)
        .values(state=JobState.UNKNOWN.value, cause="interrupted")
    ).rowcount


def last_copy(connection: Connection, seq: int) -> int:
    """Number of the newest copy of an entry's receipt; -1 when it has none."""
    query = select(func.max(t.print_jobs.c.copy)).where(
        t.print_jobs.c.seq == seq, t.print_jobs.c.purpose == Purpose.RECEIPT.value
    )
    found: int | None = connection.execute(query).scalar_one()
    return -1 if found is None else found


def _jobs(connection: Connection, *states: JobState) -> list[Job]:
    # The second condition is the partial index's own: without it SQLite reads every job there ever was.
    query = (
        select(t.print_jobs)
        .where(
            t.print_jobs.c.state.in_([state.value for state in states]),
            t.print_jobs.c.state.not_in([JobState.CONFIRMED.value, JobState.SENT.value, JobState.SETTLED.value]),
        )
        .order_by(t.print_jobs.c.id)
        .limit(200)
    )
    return [_job(row) for row in connection.execute(query)]


def _job(row: object) -> Job:
    fields = row._mapping  # type: ignore[attr-defined]
    return Job(
        fields["id"],
        fields["seq"],
        fields["copy"],
        Purpose(fields["purpose"]),
        codec.build(Paper | None, codec.loads(fields["facts"])),  # type: ignore[arg-type]
        fields["language"],
        fields["by"],
        fields["made"],
        JobState(fields["state"]),
        fields["cause"],
        fields["tries"],
    )
