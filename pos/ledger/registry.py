"""Who and where: villages, the stores that serve them, households and their people, merging and splitting.

Each change goes to the terminals that serve the household's village, in the act that makes it. A person's name lies in
one erasable row and in the newest reference row. What is raised is a `LedgerRefused`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from catalog.units import Points
from pos.core import accounts, households
from pos.core.accounts import LEDGER, POINTS, Account
from pos.core.households import HouseholdState
from pos.core.refusals import BelowFloor
from pos.ledger import audit, bulk, feed, rights, sheets, townships
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Invalid, NotFound
from pos.ledger.service import Ledger
from pos.ledger.sheets import Problem
from pos.wire import reference
from pos.wire.reference import HouseholdFacts

HEADINGS = {
    "户号": "number", "number": "number",
    "户主": "head", "head": "head",
    "村民小组": "group", "group": "group",
    "人口": "persons", "persons": "persons",
    "兑换点": "home", "home": "home",
}  # fmt: skip
VILLAGE_HEADINGS = {"行政村": "name", "name": "name", "编码": "village", "village": "village"}

_NUMBER, _VILLAGE = re.compile(r"[0-9]{16}"), re.compile(r"[0-9]{12}")
_NAME = re.compile(r"\S(?:.{0,38}\S)?")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Resident:
    """A household as the township knows it; `home` is the store that holds its points."""

    number: str
    head: str
    group: str
    persons: int
    home: str | None
    quiet: int = 0
    row: int = 0

    @property
    def village(self) -> str:
        """The village that the number belongs to."""
        return self.number[:12]


def add_villages(ledger: Ledger, township: str, names: Iterable[tuple[str, str]], by: str) -> int:
    """Add villages (code of 12 digits, name), or rename them. Returns how many there were."""

    def work(act: Act) -> int:
        count = 0
        for village, name in names:
            if not _VILLAGE.fullmatch(village) or not _NAME.fullmatch(name):
                raise Invalid("village", village=village[:24])
            c = t.villages.c
            here = update(t.villages).where(c.township == township, c.village == village)
            if not act.connection.execute(here.values(name=name)).rowcount:
                act.connection.execute(insert(t.villages).values(township=township, village=village, name=name))
            count += 1
        audit.note(act.connection, township, act.now, by, "villages", str(count))
        return count

    names = list(names)
    return ledger.act(township, work)


def read_villages(data: bytes) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Villages (code, name) of a spreadsheet, and what could not be read. Raises `Invalid` or `TooLarge`."""
    found, problems = [], []
    for row in sheets.read(data, VILLAGE_HEADINGS, ("village", "name")):
        village, name = row.cells["village"], row.cells["name"]
        if _VILLAGE.fullmatch(village) and _NAME.fullmatch(name):
            found.append((village, name))
        else:
            problems.append(Problem(row.row, "village", village))
    return found, problems


def add_route(ledger: Ledger, township: str, store: str, village: str, by: str) -> None:
    """Let a store, such as a van, serve a village beside its own; its terminals are told about the village."""

    def work(act: Act) -> None:
        townships.require_store(act, store)
        _require_village(act, village)
        key = {"township": township, "store": store, "village": village}
        if act.connection.execute(select(t.routes).filter_by(**key)).first():
            raise Conflict("route-exists", store=store)
        act.connection.execute(insert(t.routes).values(**key))
        audit.note(act.connection, township, act.now, by, "route", store, village)
        feed.again(act, village)

    ledger.act(township, work)


def read(data: bytes) -> tuple[tuple[Resident, ...], list[Problem]]:
    """Households of a spreadsheet, and what could not be read. Raises `Invalid` or `TooLarge` for no such list."""
    found, problems = [], []
    for row in sheets.read(data, HEADINGS, ("number", "head", "group", "persons")):
        cells = row.cells
        checks = (
            ("number", _NUMBER.fullmatch(cells["number"])),
            ("head", _NAME.fullmatch(cells["head"])),
            ("group", _NAME.fullmatch(cells["group"])),
            ("persons", re.fullmatch("[1-9][0-9]?", cells["persons"])),
        )
        wrong = [Problem(row.row, field, cells[field]) for field, fine in checks if not fine]
        problems += wrong
        if not wrong:
            home = cells.get("home") or None
            names = (cells["number"], cells["head"], cells["group"], int(cells["persons"]), home)
            found.append(Resident(*names, row=row.row))
    return tuple(found), problems


def put_households(
    ledger: Ledger, township: str, residents: Sequence[Resident], by: str, *, dry_run: bool = False
) -> list[Problem]:
    """Add households, or change what is known of them; all, or none with all that is wrong. A home stays as it is."""

    def work(act: Act) -> list[Problem]:
        problems = _problems(act, residents)
        if problems or dry_run:
            return problems
        known = rights.households_of(act, (each.number for each in residents))
        homes = _home_stores(act)
        new = [each for each in residents if each.number not in known]
        rows = [(township, each.number, each.village, each.home or homes.get(each.village), "normal") for each in new]
        bulk.add(act.connection, t.households, ("township", "household", "village", "home", "state"), rows)
        _put_people(act, residents)
        audit.note(act.connection, township, act.now, by, "households", str(len(residents)), f"{len(new)} new")
        tell(act, (each.number for each in residents))
        return []

    return ledger.act(township, work)


def set_state(ledger: Ledger, township: str, household: str, state: HouseholdState, by: str, reason: str) -> None:
    """Set a household's state by hand; a closed one must not have any points left, a merged one stays merged."""

    def work(act: Act) -> None:
        row = rights.require_household(act, household)
        if HouseholdState.MERGED.value in (row.state, state.value):
            raise Conflict("household-merged", household=household)
        if state is HouseholdState.CLOSED and _holds(act, household):
            raise Conflict("household-holds", household=household)
        _change(act, household, state=state.value)
        audit.note(act.connection, township, act.now, by, "state", household, f"{state.value} {reason}")
        rights.settle(act, [household], rights.holders(act))

    ledger.act(township, work)


def set_home(ledger: Ledger, township: str, household: str, store: str, by: str) -> None:
    """Have another store hold a household's points, which come as the old one gives them back."""

    def work(act: Act) -> None:
        row = rights.require_household(act, household)
        townships.require_store(act, store)
        if store not in _serving(act, row.village):
            raise Conflict("store-elsewhere", store=store)
        _change(act, household, home=store)
        audit.note(act.connection, township, act.now, by, "home", household, store)
        rights.settle(act, [household], rights.holders(act))

    ledger.act(township, work)


def merge(ledger: Ledger, township: str, household: str, heir: str, by: str, reason: str) -> None:
    """Merge a household into another one, which gets its points as the devices give them back."""

    def work(act: Act) -> None:
        rows = [rights.require_household(act, each) for each in (household, heir)]
        if household == heir:
            raise Invalid("household-same")
        if any(row.state in ("merged", "closed") for row in rows):
            raise Conflict("household-merged", household=household)
        owed = accounts.debt(household, LEDGER)
        if act.books([(owed, POINTS)]).of(owed, POINTS) or _of_kind(act, "pend", household):
            raise Conflict("household-unsettled", household=household)
        _change(act, household, state="merged", successor=heir)
        audit.note(act.connection, township, act.now, by, "merge", household, f"{heir} {reason}")
        rights.settle(act, [household], rights.holders(act))

    ledger.act(township, work)


def split(ledger: Ledger, township: str, household: str, part: Resident, points: Points, by: str) -> None:
    """Make part of a household one of its own, with points that the ledger has (`allotments.keep` fetches them)."""

    def work(act: Act) -> None:
        row = rights.require_household(act, household)
        if problems := _problems(act, [part]):
            raise Invalid("resident", detail=problems[0].code)
        if rights.households_of(act, [part.number]):
            raise Conflict("household-exists", household=part.number)
        new = (township, part.number, part.village, part.home or row.home, "normal")
        bulk.add(act.connection, t.households, ("township", "household", "village", "home", "state"), [new])
        _put_people(act, [part])
        keys = [(accounts.points(household, LEDGER), POINTS), (accounts.debt(part.number, LEDGER), POINTS)]
        try:
            if points:
                act.write(households.split(household, part.number, points, act.books(keys)), by)
        except BelowFloor:
            raise Conflict("points-not-here", account=str(keys[0][0])) from None
        audit.note(act.connection, township, act.now, by, "split", household, part.number)
        rights.allot(act, household, LEDGER, 0, 0, once=False)
        tell(act, [part.number])
        rights.settle(act, [household, part.number])

    ledger.act(township, work)


def erase(ledger: Ledger, township: str, household: str, by: str) -> None:
    """Erase who a merged or closed household was; its number stays in the books."""

    def work(act: Act) -> None:
        if rights.require_household(act, household).state not in ("merged", "closed"):
            raise Conflict("household-open", household=household)
        c = t.residents.c
        act.connection.execute(delete(t.residents).where(c.township == township, c.household == household))
        audit.note(act.connection, township, act.now, by, "erase", household)
        tell(act, [household])

    ledger.act(township, work)


def tell(act: Act, of: Iterable[str]) -> None:
    """Tell the terminals of these households' villages what is known of them now."""
    rows = rights.households_of(act, of)
    people: dict[str, Row[Any]] = {}
    numbers = sorted(rows)
    for start in range(0, len(numbers), _CHUNK):
        c = t.residents.c
        query = select(t.residents).where(c.township == act.township, c.household.in_(numbers[start : start + _CHUNK]))
        people.update((row.household, row) for row in act.connection.execute(query))
    villages: dict[str, list[tuple[str, HouseholdFacts | None]]] = {}
    for number in numbers:
        facts = _facts(rows[number], people[number]) if number in people else None
        villages.setdefault(rows[number].village, []).append((number, facts))
    for village, found in villages.items():
        feed.put(act, village, reference.HOUSEHOLD, found)


def people_of(connection: Connection, township: str, household: str) -> Row[Any] | None:
    """What is known of a household as people."""
    c = t.residents.c
    return connection.execute(select(t.residents).where(c.township == township, c.household == household)).one_or_none()


def _facts(row: Row[Any], who: Row[Any]) -> HouseholdFacts:
    state, home = HouseholdState(row.state), row.home or ""
    return HouseholdFacts(
        row.household, who.head, who.villagers_group, who.persons, state, home, who.quiet, row.successor
    )


def _problems(act: Act, residents: Sequence[Resident]) -> list[Problem]:
    villages = set(act.connection.execute(select(t.villages.c.village).filter_by(township=act.township)).scalars())
    serving = {village: _serving(act, village) for village in {each.village for each in residents} & villages}
    found, seen = [], set()
    for each in residents:
        if not _NUMBER.fullmatch(each.number) or each.village not in villages:
            found.append(Problem(each.row, "village-unknown", each.number[:24]))
        elif each.home is not None and each.home not in serving[each.village]:
            found.append(Problem(each.row, "store-elsewhere", each.home[:24]))
        if each.number in seen:
            found.append(Problem(each.row, "household-twice", each.number))
        seen.add(each.number)
    return found


def _put_people(act: Act, residents: Sequence[Resident]) -> None:
    c = t.residents.c
    numbers = [each.number for each in residents]
    for start in range(0, len(numbers), _CHUNK):
        here = c.household.in_(numbers[start : start + _CHUNK])
        act.connection.execute(delete(t.residents).where(c.township == act.township, here))
    columns = ("township", "household", "head", "villagers_group", "persons", "quiet")
    rows = [(act.township, each.number, each.head, each.group, each.persons, each.quiet) for each in residents]
    bulk.add(act.connection, t.residents, columns, rows)


def _change(act: Act, household: str, **values: str) -> None:
    c = t.households.c
    here = update(t.households).where(c.township == act.township, c.household == household)
    act.connection.execute(here.values(**values))
    tell(act, [household])


def _home_stores(act: Act) -> dict[str, str]:
    """The store of each village, where it has exactly one of its own."""
    found: dict[str, list[str]] = {}
    for row in act.connection.execute(select(t.stores).filter_by(township=act.township)):
        found.setdefault(row.village, []).append(row.store)
    return {village: stores[0] for village, stores in found.items() if len(stores) == 1}


def _serving(act: Act, village: str) -> set[str]:
    own = select(t.stores.c.store).filter_by(township=act.township, village=village)
    more = select(t.routes.c.store).filter_by(township=act.township, village=village)
    return {*act.connection.execute(own).scalars(), *act.connection.execute(more).scalars()}


def _require_village(act: Act, village: str) -> None:
    if not act.connection.execute(select(t.villages).filter_by(township=act.township, village=village)).first():
        raise NotFound("village-unknown", village=village)


def _holds(act: Act, household: str) -> bool:
    """Whether a household has points anywhere."""
    return any(_of_kind(act, kind, household) for kind in ("pts", "pend", "move", "hold"))


def _of_kind(act: Act, kind: str, household: str) -> bool:
    act.flush()
    c = t.balances.c
    # From `pts:H@` up to the character after the at sign: the beginning of the key, on either database.
    start = str(Account(kind, household, ""))
    here = (c.township == act.township, c.account >= start, c.account < start[:-1] + "A", c.quantity != 0)
    return act.connection.execute(select(c.account).where(*here)).first() is not None
