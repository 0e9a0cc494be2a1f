"""What a keeper says of a receipt in doubt; asking for it again is `pos.counter.reverse.reprint`."""

from pos.core.entries import Signatures
from pos.counter.desk import Desk, check_signatures
from pos.storage import jobs
from pos.storage.jobs import JobState


def came_out(desk: Desk, by: Signatures, job: int) -> None:
    """The receipt of job number `job` is on paper after all; nothing happens to a job that is not in doubt."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        if any(doubt.id == job and doubt.state is JobState.UNKNOWN for doubt in jobs.doubtful(tx.connection)):
            jobs.mark(tx.connection, job, JobState.SETTLED)
