"""校秤: check a scale with a known weight, say how the scales stand, and note what two people let pass."""

from sqlalchemy import Connection

from catalog.units import Grams
from pos.core import scales
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.local_time import local_date
from pos.core.refusals import DayNotOpen
from pos.core.scales import Evidence, ScaleCheck, Standing
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import books, checks


def check(desk: Desk, by: Signatures, known: Grams, reading: Grams, evidence: Evidence) -> ScaleCheck:
    """Write down what a scale said of a `known` weight; a wrong one pays nothing until it is right, or released.

    Before the day is opened, too. Raises `BelowMinimum` or `OverMaximum` for a weight that this scale does not weigh.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        decision = scales.decide(desk.scales[evidence.scale], known, reading, evidence)
        tx.append(desk.now(), by, decision)
    return decision.body


def release(desk: Desk, by: Signatures, scale: str) -> None:
    """Two people let a scale go on that was wrong at its last check; until the next one."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        found = checks.newest(tx.connection, scale)
        if found is not None and not found[1].passed:
            act = Act(ActCode.OVERRIDE, scale, found[0], reason="check-failed")
            tx.append(desk.now(), by, Decision(act, ()))


def vouch(desk: Desk, by: Signatures, scale: str, reason: str) -> None:
    """Two people let a load count although the scale did not return to zero; `reason` is the code of why it waits."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        tx.append(desk.now(), by, Decision(Act(ActCode.OVERRIDE, scale, reason=reason), ()))


def standings(desk: Desk) -> dict[str, Standing]:
    """How every scale of the register stands now."""
    with desk.store.read() as connection:
        try:
            opened = books.day(connection).opened
        except DayNotOpen:
            opened = None
        return load_standings(connection, desk, opened)


def load_standings(connection: Connection, desk: Desk, opened: int | None) -> dict[str, Standing]:
    """The same inside a transaction; `opened` is the entry that opened the day, None while none is open."""
    offset = desk.store.identity.utc_offset_minutes
    today = local_date(desk.clock.wall(), offset)
    return {
        name: scales.judge(facts, today, desk.scale_policy, checks.last(connection, name, opened, today, offset))
        for name, facts in desk.scales.items()
    }
