"""公示同意: whether a household, or who gave something, agreed to be named in public; an entry says who recorded it.

Public disclosure of a name needs its own consent. It is taken back as easily as it is given.
"""

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.counter.households import named
from pos.storage import consents
from pos.storage.rows import digest

RECORDS = SERVES


def household(desk: Desk, by: Signatures, number: str, *, agreed: bool) -> None:
    """A household's answer, by its number or the serial that people say. Raises `HouseholdUnknown`."""
    _record(desk, by, f"household/{named(desk, number).number}", agreed=agreed)


def gift(desk: Desk, by: Signatures, seq: int, *, agreed: bool) -> None:
    """The answer of who gave what entry `seq` took in."""
    _record(desk, by, f"gift/{seq}", agreed=agreed)


def _record(desk: Desk, by: Signatures, subject: str, *, agreed: bool) -> None:
    answer = "agreed" if agreed else "withdrawn"
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=RECORDS)
        act = Act(ActCode.REFERENCE, f"consents/{subject}", digest=digest([subject, answer]), reason=answer)
        written = tx.append(desk.now(), by, Decision(act, ()))
        if agreed:
            consents.give(tx.connection, subject, written.entry.seq)
        else:
            consents.withdraw(tx.connection, subject)
