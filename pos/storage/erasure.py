"""Erasing people (PIPL): out of the rows beside the journal, and out of the papers that are kept for another copy.

The journal needs no erasing: it holds numbers, codes and salted hashes, and the salts go with the rows.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, union_all, update

from pos.core import codec
from pos.core.households import Household, Member, mask
from pos.storage import consents, registry, rows
from pos.storage import tables as t

SHORTEST = 2
"""Characters of the shortest name that is looked for; a masked one has as many."""


def known(connection: Connection, name: str) -> int:
    """Rows in which somebody of this name stands as who gave, brought, got or took something."""
    counts = (
        select(func.count()).where(t.deliveries.c.giver == name),
        select(func.count()).where(t.parties.c.name == name),
    )
    return sum(int(connection.execute(count).scalar_one()) for count in counts)


def forget_party(connection: Connection, words: Iterable[str]) -> None:
    """Blank somebody's name, plate or telephone wherever exactly that stands: behind an entry, on a kept paper."""
    for word in words:
        if len(word) >= SHORTEST:
            _withdraw(connection, word)
            connection.execute(update(t.deliveries).where(t.deliveries.c.giver == word).values(giver="", salt=""))
            blank = {"name": "", "note": "", "salt": ""}
            connection.execute(update(t.parties).where(t.parties.c.name == word).values(blank))
            _rewrite(connection, [word], "", _without(word))


def forget_household(connection: Connection, household: Household, members: Iterable[Member]) -> None:
    """Blank a household's people in its row, its members, its PIN, and on every kept paper."""
    names = [name for name in (household.head, *(member.name for member in members)) if len(name) >= SHORTEST]
    masked = {mask(name) for name in names}
    called = [f"{household.short} {each}" for each in masked]

    def anonymous(text: str) -> str:
        for each in called:
            text = text.replace(each, household.short)
        return "" if text in masked or text in names else text

    _rewrite(connection, [*names, *called], household.number, anonymous)
    forget_pin(connection, household.number)
    consents.withdraw(connection, f"household/{household.number}")
    registry.set_members(connection, household.number, ())
    blank = registry.household_row(household) | {"head": "", "group": "", "persons": 0, "salt": ""}
    rows.save(connection, t.households, [blank])


def forget_pin(connection: Connection, household: str) -> None:
    """The household has no PIN any more."""
    connection.execute(delete(t.household_pins).where(t.household_pins.c.household == household))


def _withdraw(connection: Connection, giver: str) -> None:
    """Nobody who is forgotten agrees to be named for what they gave."""
    gifts = (
        select(t.deliveries.c.seq).where(t.deliveries.c.giver == giver),
        select(t.parties.c.seq).where(t.parties.c.name == giver),
    )
    for seq in connection.execute(union_all(*gifts)).scalars().all():
        consents.withdraw(connection, f"gift/{seq}")


def _without(word: str) -> Callable[[str], str]:
    return lambda text: "" if text == word else text


def _rewrite(connection: Connection, words: Iterable[str], household: str, change: Callable[[str], str]) -> None:
    """Change the texts of kept papers on which one of these words stands, and of all papers of a household."""
    jobs, journal = t.print_jobs.c, t.journal.c
    where = [func.instr(jobs.facts, word.encode()) > 0 for word in words]
    if household:
        where.append(jobs.seq.in_(select(journal.seq).where(journal.household == household)))
    found = connection.execute(select(jobs.id, jobs.facts).where(or_(*where))).all()
    for job, facts in found:
        line = codec.dumps(_changed(codec.loads(facts), change))
        if line != facts:
            connection.execute(update(t.print_jobs).where(jobs.id == job).values(facts=line))


def _changed(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, list):
        return [_changed(each, change) for each in data]
    if isinstance(data, dict):
        return {key: _changed(value, change) for key, value in data.items()}
    return data
