"""打印机: the papers that wait for it, and its cash drawer tried out."""

from dataclasses import dataclass

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import jobs


@dataclass(frozen=True, slots=True)
class Waiting:
    """A paper on its way to the printer, and why it is not there yet, if it was tried."""

    number: str
    cause: str


def waiting(desk: Desk) -> list[Waiting]:
    """The papers that have not come out, oldest first."""
    with desk.store.read() as connection:
        return [Waiting(job.paper.number, job.cause) for job in jobs.waiting(connection) if job.paper is not None]


def last_confirmed(desk: Desk) -> int | None:
    """When (wall clock ms) the printer last said that a paper is out; None if it did not lately."""
    with desk.store.read() as connection:
        return jobs.last_confirmed(connection)


def try_drawer(desk: Desk, by: Signatures) -> None:
    """Open the cash drawer without a sale: an act of whoever does it, whose job pulses the drawer."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        at = desk.now()
        written = tx.append(at, by, Decision(Act(ActCode.DRAWER, reason="test"), ()))
        jobs.queue(tx.connection, written.entry.seq, 0, None, desk.language, by.operator, at.wall)
