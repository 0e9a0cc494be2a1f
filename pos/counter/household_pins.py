"""A household's own PIN: it confirms tickets above the village's limit. Kept as a hash in a row that can be erased."""

from sqlalchemy import Connection, select, update

from pos.core import people
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.people import SERVES
from pos.core.redeem_refusals import HouseholdPinLocked, HouseholdPinWrong
from pos.core.refusals import HouseholdUnknown
from pos.core.transfers import Decision
from pos.counter import pins
from pos.counter.desk import Desk, check_signatures
from pos.storage import erasure, registry, rows
from pos.storage import tables as t
from pos.storage.rows import digest

SETS_PINS = SERVES
"""Who may let a household choose its PIN; two people always, for it opens the household's purse."""


def set_pin(desk: Desk, by: Signatures, household: str, pin: str) -> None:
    """Let a household choose a PIN, or another one; an empty one takes it away. Raises `PinWeak`."""
    row = {"household": household, "pin": pins.hashed(pin) if pin else "", "failures": 0, "locked_until": 0}
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=SETS_PINS)
        if registry.household(tx.connection, household) is None:
            raise HouseholdUnknown(household=household[-4:])
        if pin:
            rows.save(tx.connection, t.household_pins, [row])
        else:
            erasure.forget_pin(tx.connection, household)
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, "household_pins", digest=digest([row])), ()))


def has_pin(connection: Connection, household: str) -> bool:
    """Whether the household has chosen a PIN."""
    query = select(t.household_pins.c.household).where(t.household_pins.c.household == household)
    return connection.execute(query).first() is not None


def check(desk: Desk, household: str, pin: str) -> None:
    """Raises `HouseholdPinWrong` (tries counted) or `HouseholdPinLocked` (seconds to wait)."""
    with desk.store.read() as connection:
        query = select(t.household_pins).where(t.household_pins.c.household == household)
        found = connection.execute(query).one_or_none()
    if found is None:
        raise HouseholdPinWrong(wait=0)
    wall = desk.clock.wall()
    if 0 < found.locked_until - wall <= people.LONGEST_WAIT_S * 1000:
        raise HouseholdPinLocked(seconds=-(-(found.locked_until - wall) // 1000))
    fits = pins.fits(found.pin, pin)
    failures = 0 if fits else found.failures + 1
    if failures != found.failures:
        until = wall + people.wait_after(failures) * 1000 if failures else 0
        with desk.store.write() as tx:
            row = update(t.household_pins).where(t.household_pins.c.household == household)
            tx.connection.execute(row.values(failures=failures, locked_until=until))
    if not fits:
        raise HouseholdPinWrong(wait=people.wait_after(failures))
