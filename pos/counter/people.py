"""Log-in and a second person's approval: PINs hashed with argon2, wrong tries slowed down."""

import re

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from pos.core import people
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import Role
from pos.core.refusals import KeeperUnknown, PinLocked, PinWeak, PinWrong
from pos.core.transfers import Decision
from pos.counter.desk import Desk, check_signatures
from pos.storage import people as keepers
from pos.storage import rows
from pos.storage import tables as t
from pos.storage.people import Keeper
from pos.storage.rows import digest

_PIN = re.compile(r"[0-9]{4,8}")
_HASHER = PasswordHasher(time_cost=5, memory_cost=7_168, parallelism=1)
"""The argon2id setting of OWASP that takes least memory: what guards a short PIN is the wait after wrong tries."""

_ASCENDING, _DESCENDING = "0123456789012", "9876543210987"


def sign_in(desk: Desk, number: str, pin: str) -> Keeper:
    """Who this is. Raises `KeeperUnknown`, `PinLocked` (seconds to wait) or `PinWrong` (tries counted)."""
    with desk.store.read() as connection:
        found = keepers.keeper(connection, number)
    if found is None or not found.active:
        raise KeeperUnknown(number=number)
    wall = desk.clock.wall()
    # A clock set far back must not lock anyone out for longer than the longest wait.
    if 0 < found.locked_until - wall <= people.LONGEST_WAIT_S * 1000:
        raise PinLocked(seconds=-(-(found.locked_until - wall) // 1000))
    fits = _verified(found.pin, pin)
    if fits and not found.failures:
        return found
    failures = 0 if fits else found.failures + 1
    with desk.store.write() as tx:
        keepers.note_try(tx.connection, number, failures, wall + people.wait_after(failures) * 1000 if failures else 0)
    if not fits:
        raise PinWrong(wait=people.wait_after(failures))
    return found


def approve(desk: Desk, operator: str, number: str, pin: str) -> Signatures:
    """The signatures of `operator` and of the second person whose PIN this is. Raises a `PeopleRefused`."""
    people.check_approval(operator, number, sign_in(desk, number, pin).role)
    return Signatures(operator, number)


def add_keeper(desk: Desk, by: Signatures, number: str, name: str, role: Role, pin: str) -> None:
    """Take a person on. Two people do it, as soon as there are two who serve."""
    check_pin(pin)
    row = {
        "number": number,
        "name": name,
        "role": role.value,
        "pin": _HASHER.hash(pin),
        "active": 1,
        "failures": 0,
        "locked_until": 0,
    }
    with desk.store.write() as tx:
        if keepers.serving(tx.connection) >= 2:
            check_signatures(tx.connection, by, two=True)
        rows.save(tx.connection, t.keepers, [row])
        known = {"number": number, "name": name, "role": role.value}
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "keepers", digest=digest([known])), ()))


def check_pin(pin: str) -> None:
    """Raises `PinWeak` for anything but four to eight digits that are not the first anyone would try."""
    guessed = len(set(pin)) == 1 or pin in _ASCENDING or pin in _DESCENDING
    if guessed or not _PIN.fullmatch(pin):
        raise PinWeak()


def _verified(hashed: str, pin: str) -> bool:
    try:
        return _HASHER.verify(hashed, pin)
    except VerifyMismatchError:
        return False
