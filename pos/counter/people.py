"""Log-in and a second person's approval: PINs hashed with argon2, wrong tries slowed down."""

from dataclasses import replace

from pos.core import people
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES, KeeperExists, Role
from pos.core.refusals import KeeperUnknown, PinLocked, PinWrong
from pos.core.transfers import Decision
from pos.counter import pins
from pos.counter.desk import Desk, check_signatures
from pos.storage import keys, rows
from pos.storage import people as keepers
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.people import Keeper
from pos.storage.rows import digest

MANAGES = SERVES


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
    fits = pins.fits(found.pin, pin)
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


def everybody(desk: Desk) -> list[Keeper]:
    """All who ever worked here."""
    with desk.store.read() as connection:
        return keepers.everybody(connection)


def add_keeper(desk: Desk, by: Signatures, number: str, name: str, role: Role, pin: str) -> None:
    """Take a person on. Two people do it, as soon as there are two who serve.

    Raises `KeeperExists`, `NumberWrong` or `PinWeak`.
    """
    people.check_person(number, name)
    person = Keeper(number, name.strip(), role, pins.hashed(pin), True, 0, 0)
    with desk.store.write() as tx:
        if keepers.serving(tx.connection) >= people.FEWEST_SERVING:
            check_signatures(tx.connection, by, two=True, roles=MANAGES)
        if keepers.keeper(tx.connection, number) is not None:
            raise KeeperExists(number=number)
        _save(desk, tx, by, person, "added")


def rename(desk: Desk, by: Signatures, number: str, name: str) -> None:
    """Another name for the same person; two people. Raises `KeeperUnknown` or `NumberWrong`."""
    people.check_person(number, name)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=MANAGES)
        _save(desk, tx, by, replace(_known(tx, number), name=name.strip()), "renamed")


def deactivate(desk: Desk, by: Signatures, number: str) -> None:
    """Somebody does not work here any more; two people. Raises `KeeperUnknown` or `TooFewServe`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=MANAGES)
        found = _known(tx, number)
        if found.active:
            people.check_leaves(found.role, keepers.serving(tx.connection))
            _save(desk, tx, by, replace(found, active=False), "left")


def activate(desk: Desk, by: Signatures, number: str) -> None:
    """Somebody works here again, with the PIN of before; two people. Raises `KeeperUnknown`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=MANAGES)
        found = _known(tx, number)
        if not found.active:
            _save(desk, tx, by, replace(found, active=True), "back")


def change_pin(desk: Desk, by: Signatures, number: str, pin: str) -> None:
    """A new PIN, which ends any wait after wrong tries; two people. Raises `KeeperUnknown` or `PinWeak`."""
    fresh = pins.hashed(pin)
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=MANAGES)
        _save(desk, tx, by, replace(_known(tx, number), pin=fresh, failures=0, locked_until=0), "pin")


def _known(tx: Transaction, number: str) -> Keeper:
    found = keepers.keeper(tx.connection, number)
    if found is None:
        raise KeeperUnknown(number=number)
    return found


def _save(desk: Desk, tx: Transaction, by: Signatures, person: Keeper, reason: str) -> None:
    """Salted, since a name is soon guessed from its hash; the PIN is no part of it."""
    row = keepers.row_of(person) | {"salt": keys.new_salt()}
    rows.save(tx.connection, t.keepers, [row])
    known = digest([{name: row[name] for name in ("number", "name", "role", "active", "salt")}])
    subject = f"{t.keepers.name}/{person.number}"
    tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, subject, digest=known, reason=reason), ()))
