"""Reading the journal for the screen: its list, and one entry's receipt."""

from dataclasses import dataclass

from sqlalchemy import Connection

from catalog.units import Points
from pos.core import accounts
from pos.core.acts import Act, FileAward
from pos.core.disputes import Dispute
from pos.core.entries import Entry
from pos.core.households import mask
from pos.core.journal import ReceiptForeign, ReceiptForged, check_code, number, read_mark
from pos.core.local_time import local_time
from pos.core.receipts import Receipt
from pos.core.redemption import Redeem
from pos.core.refusals import EntryUnknown
from pos.core.scales import ScaleCheck
from pos.core.sheets import Paper
from pos.core.stock import Receive
from pos.core.weigh_in import Weigh
from pos.counter.desk import Desk
from pos.storage import books, jobs, registry
from pos.storage.jobs import JobState

MOST = 100
"""Most lines of one page."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the list shows it; `points` is what it did to the household's points, None where it is about none."""

    seq: int
    kind: str
    """The entry's kind, or what act it is."""
    time: str
    """`2026-01-15 06:42:10` at the store's offset."""
    operator: str
    household: str
    """The serial that people say; empty where it is about none."""
    name: str
    points: Points | None
    reversed_by: int | None
    ref: int | None
    """The entry that it takes back or prints again."""
    has_paper: bool
    """Whether it has a paper of its own."""
    reversible: bool


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry's paper, and how many copies were made of it since."""

    seq: int
    paper: Paper
    copies: int


def page(desk: Desk, limit: int, household: str | None = None, before: int | None = None) -> list[Line]:
    """Up to `limit` entries, newest first; of one household, and older than `before`, when asked."""
    names: dict[str, str] = {}
    with desk.store.read() as connection:
        found = books.newest(connection, min(limit, MOST), household, before)
        papers = jobs.with_paper(connection, [listed.seq for listed in found])
        return [
            _line(desk, connection, books.read_entry(connection, listed.seq), listed.reversed_by, names, papers)
            for listed in found
        ]


def _line(
    desk: Desk,
    connection: Connection,
    entry: Entry,
    reversed_by: int | None,
    names: dict[str, str],
    papers: set[int],
) -> Line:
    identity, household = desk.store.identity, entry.household
    if household is not None and household not in names:
        found = registry.household(connection, household)
        names[household] = mask(found.head) if found else ""
    points = accounts.points(household, identity.writer) if household else None
    moved = sum(
        move.quantity if move.destination == points else -move.quantity
        for move in entry.transfers
        if points in (move.source, move.destination)
    )
    return Line(
        entry.seq,
        _named(entry),
        local_time(entry.at.wall, identity.utc_offset_minutes),
        entry.by.operator,
        household[-4:] if household else "",
        names.get(household, "") if household else "",
        Points(moved) if household else None,
        reversed_by,
        getattr(entry.body, "ref", None),
        entry.seq in papers,
        isinstance(entry.body, Weigh | Redeem | Receive) and reversed_by is None,
    )


def _named(entry: Entry) -> str:
    match entry.body:
        case Act(code=code) | Dispute(code=code):
            return code.value
        case ScaleCheck():
            return "check"
        case FileAward():
            return "award"
        case _:
            return entry.kind


def paper(desk: Desk, seq: int) -> Filed:
    """The paper of entry `seq`. Raises `EntryUnknown` when it has none."""
    with desk.store.read() as connection:
        papers = jobs.of_entry(connection, seq)
        if not papers or papers[0].paper is None:
            raise EntryUnknown(number=seq)
        return Filed(seq, papers[0].paper, jobs.last_copy(connection, seq))


def by_mark(desk: Desk, text: str) -> Filed:
    """The paper whose QR code says `text`. Raises `ReceiptForeign` or `ReceiptForged`, or `EntryUnknown`."""
    mark, identity = read_mark(text), desk.store.identity
    if mark.number != number(identity.store, identity.device, identity.epoch, mark.seq):
        raise ReceiptForeign()
    with desk.store.read() as connection:
        if mark.code != check_code(books.entry_hash(connection, mark.seq)):
            raise ReceiptForged()
    return paper(desk, mark.seq)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A print job of which nobody knows whether it came out, and of which paper."""

    job: int
    seq: int
    number: str
    cause: str


def doubts(desk: Desk) -> list[Doubt]:
    """The papers in doubt, oldest first."""
    with desk.store.read() as connection:
        return [
            Doubt(job.id, job.seq, job.paper.number, job.cause)
            for job in jobs.doubtful(connection)
            if job.paper is not None and job.state is JobState.UNKNOWN
        ]


def number_of(receipt: Receipt) -> int:
    """The entry's number in the journal, from the receipt's own."""
    return int(receipt.slip.number.rpartition("-")[2])
