"""户: find one without its card, set its state, edit who belongs to it, merge two, erase one that is gone.

Whoever looks at a household without its card says why, and it is written down.
"""

from dataclasses import dataclass, replace

from catalog.units import Points
from pos.core import accounts
from pos.core import households as rules_of
from pos.core.accounts import POINTS
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.households import (
    MOST_MEMBERS,
    Household,
    HouseholdServed,
    HouseholdState,
    LedgerDecides,
    LookupReason,
    Member,
    StateReason,
)
from pos.core.people import SERVES, Role
from pos.core.refusals import HouseholdUnknown, QuantityOutOfRange
from pos.core.sheets import Fact, Label, Score, Sheet
from pos.core.transfers import Decision
from pos.counter import paper
from pos.counter.desk import Desk, check_signatures
from pos.storage import erasure, keys, registry, rows
from pos.storage import tables as t
from pos.storage.books import Transaction

FINDS = SERVES | {Role.AUDITOR}
EDITS = frozenset({Role.CLERK})
"""Who sees whole names."""
SEARCH = "search"
"""Subject of the act that says that somebody searched; of the one that opens a household it is the number."""


@dataclass(frozen=True, slots=True)
class HouseholdFile:
    """What the village clerk edits: whole names."""

    household: Household
    members: tuple[Member, ...]


def find(desk: Desk, by: Signatures, words: str, reason: LookupReason) -> list[Household]:
    """Households whose number ends with `words` or whose head's name holds them; an entry says that somebody looked.

    Raises `HouseholdUnknown` when there is none; that somebody looked is written down all the same.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=FINDS)
        found = registry.find_households(tx.connection, words) if words else []
        tx.append(desk.now(), by, Decision(Act(ActCode.LOOKUP, SEARCH, reason=reason.value), ()))
    if not found:
        raise HouseholdUnknown(household=words)
    return found


def named(desk: Desk, text: str) -> Household:
    """The household with this number, or the serial that people say. Raises `HouseholdUnknown`."""
    with desk.store.read() as connection:
        found = registry.find_households(connection, text) if text.isdecimal() and len(text) in (4, 16) else []
    if len(found) != 1:
        raise HouseholdUnknown(household=text)
    return found[0]


def look_at(desk: Desk, by: Signatures, number: str, reason: LookupReason) -> Household:
    """A household without its card; an entry says whose, by whom and why. Raises `HouseholdUnknown`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, roles=FINDS)
        found = _known(tx, number)
        tx.append(desk.now(), by, Decision(Act(ActCode.LOOKUP, number, reason=reason.value), ()))
    return found


def open_file(desk: Desk, by: Signatures, number: str) -> HouseholdFile:
    """A household by its whole names, for those who edit them. Raises `NotPermitted` or `HouseholdUnknown`."""
    with desk.store.read() as connection:
        check_signatures(connection, by, roles=EDITS)
        household = registry.household(connection, number)
        if household is None:
            raise HouseholdUnknown(household=number[-4:])
        return HouseholdFile(household, registry.members(connection, number))


def edit(desk: Desk, by: Signatures, household: Household, members: tuple[Member, ...]) -> None:
    """Head, group, persons and members as given; its state stays. The clerk does it, and another person agrees.

    A member keeps the place that older entries know them by. Raises `HouseholdUnknown`, and `QuantityOutOfRange` for
    more members than have a digit or than persons live there.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=EDITS)
        state = _known(tx, household.number).state
        places = {member.place for member in members}
        most = min(MOST_MEMBERS, household.persons - 1)
        if not len(places) == len(members) <= most or places - set(range(1, MOST_MEMBERS + 1)):
            raise QuantityOutOfRange(most=most)
        registry.set_members(tx.connection, household.number, members)
        people: list[object] = [[member.place, member.name] for member in members]
        _save(desk, tx, by, replace(household, state=state), "edited", people)


def set_quiet(desk: Desk, by: Signatures, number: str, *, quiet: bool) -> None:
    """Whether a household wants its balance on paper and in large figures; it may say so itself. `HouseholdUnknown`."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        _save(desk, tx, by, replace(_known(tx, number), quiet=quiet), "quiet")


def set_state(desk: Desk, by: Signatures, number: str, state: HouseholdState, reason: StateReason) -> None:
    """A household away, frozen, closed or normal again; two people and a reason.

    Raises `HouseholdUnknown`, `HouseholdClosed` for a merged one, `HouseholdHolds` for closing one that has points.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        household = _known(tx, number)
        own = (accounts.points(number, tx.writer), accounts.pending(number, tx.writer))
        rules_of.check_state(household, state, tx.books((account, POINTS) for account in own), tx.writer)
        _save(desk, tx, by, replace(household, state=state), reason.value)


def merge(desk: Desk, by: Signatures, number: str, into: str) -> Sheet:
    """All points of one household to another, which it is from now on; two people, in a store that runs alone.

    Raises `LedgerDecides`, `HouseholdUnknown`, `HouseholdSame`, `HouseholdUnsettled` or another `HouseholdRefused`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True)
        if desk.store.identity.epoch:
            raise LedgerDecides()
        old, new = rules_of.admit(_known(tx, number)), rules_of.admit(_known(tx, into))
        mine = (accounts.points, accounts.pending, accounts.debt)
        keys = {(account(each.number, tx.writer), POINTS) for account in mine for each in (old, new)}
        held = tx.books(keys)
        rules_of.check_settled(old.number, held, tx.writer)
        before = Points(held.of(accounts.points(new.number, tx.writer), POINTS))
        decision = rules_of.merge(old.number, new.number, held, tx.writer)
        written = tx.append(desk.now(), by, decision)
        _save(desk, tx, by, replace(old, state=HouseholdState.MERGED), "merged")
        erasure.forget_pin(tx.connection, old.number)
        after = Points(tx.books(()).of(accounts.points(new.number, tx.writer), POINTS))
        return paper.file(
            desk,
            tx,
            written,
            "merge",
            (
                Fact("household-merged", f"{old.short} {old.masked}"),
                Fact("household-into", f"{new.short} {new.masked}"),
                Fact("points-moved", Score(decision.body.points)),
                Fact("before", Label("not-shown") if new.quiet else Score(before)),
                Fact("after", Label("not-shown") if new.quiet else Score(after)),
            ),
            notes=("merge-card",),
            signatures=("household", "keeper", "clerk"),
        )


def erase(desk: Desk, by: Signatures, number: str) -> None:
    """Forget the people of a household that is closed or merged: names, PIN, and what kept papers say of them.

    Raises `LedgerDecides`, `HouseholdUnknown` or `HouseholdServed`.
    """
    with desk.store.write() as tx:
        check_signatures(tx.connection, by, two=True, roles=EDITS)
        if desk.store.identity.epoch:
            raise LedgerDecides()
        household = _known(tx, number)
        if household.state not in (HouseholdState.CLOSED, HouseholdState.MERGED):
            raise HouseholdServed(household=household.short)
        erasure.forget_household(tx.connection, household, registry.members(tx.connection, number))
        subject = f"{t.households.name}/{number}"
        tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, subject, reason="erased"), ()))


def _known(tx: Transaction, number: str) -> Household:
    found = registry.household(tx.connection, number)
    if found is None:
        raise HouseholdUnknown(household=number[-4:])
    return found


def _save(
    desk: Desk, tx: Transaction, by: Signatures, household: Household, reason: str, also: list[object] | None = None
) -> None:
    """Salted, since a name is soon guessed from its hash; the salt goes when the row does."""
    row = registry.household_row(household) | {"salt": keys.new_salt()}
    rows.save(tx.connection, t.households, [row])
    subject, edited = f"{t.households.name}/{household.number}", rows.digest([row, *(also or [])])
    tx.append(desk.now(), by, Decision(Act(ActCode.REFERENCE, subject, digest=edited, reason=reason), ()))
