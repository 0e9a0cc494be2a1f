"""忘记姓名: a donor, carrier or payee is erased from every row and every kept paper; the books keep salted hashes."""

from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.households import NameUnknown
from pos.core.people import Role
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import erasure

ERASES = frozenset({Role.CLERK})
"""Who may erase people; another person agrees."""


def erase_name(desk: Desk, by: Signatures, name: str) -> int:
    """Forget somebody who gave, brought or got something; how many rows held the name. Raises `NameUnknown`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=ERASES)
        found = erasure.known(tx.connection, name)
        if not found:
            raise NameUnknown()
        erasure.forget_party(tx.connection, [name])
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "deliveries", reason="erased"), ()))
        return found


def known(desk: Desk, name: str) -> int:
    """How many rows hold this name."""
    with desk.store.read() as connection:
        return erasure.known(connection, name)
