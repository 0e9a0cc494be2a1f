"""Spending rights: how much of each household's points lies at which installation, told by targets in its grants feed.

The home store's target is the whole balance up to the township's cap; elsewhere it is what was allotted there. A time
that has run out only lowers a target: points come back when the device gives them back, and then go where they lack.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from catalog.units import Points
from pos.core import accounts, awards, households, rights
from pos.core.accounts import LEDGER, POINTS
from pos.core.rights import Place
from pos.core.transfers import Books
from pos.ledger import records
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, NotFound
from pos.wire import messages
from pos.wire.messages import Enrolment

_CHUNK = 500
_GONE = frozenset({"merged", "closed"})


@dataclass(slots=True)
class Seat:
    """An open installation that points may be granted to; `room` (1/100 point) is what its certificate still allows."""

    writer: str
    store: str
    room: int | None


@dataclass(frozen=True, slots=True)
class Town:
    """What settling needs to know of a township, read once an act."""

    cap: int
    seats: Mapping[str, Seat]
    homes: Mapping[str, str]
    """Writer of the installation that stands for each store."""


def settle(act: Act, of: Iterable[str], at: Iterable[str] = ()) -> None:
    """Pay debts from what the ledger holds for these households, and tell their devices what they may spend.

    `at` are writers that may hold points of theirs beside the home store and those that were told a target.
    """
    rows = households_of(act, of)
    for heir in sorted({row.successor for row in rows.values() if row.successor} - set(rows)):
        rows.update(households_of(act, [heir]))
    town, also = _town(act), frozenset(at)
    told: dict[str, dict[str, Row[Any]]] = defaultdict(dict)
    for row in _targets(act, rows):
        told[row.household][row.writer] = row
    chosen = {of: _writers(town, row, told[of], also) for of, row in rows.items()}
    # One query for all of them; each household then reads what is in memory.
    act.books(key for of, writers in chosen.items() for writer in (LEDGER, *writers) for key in _at(of, writer))
    for of, row in sorted(rows.items(), key=lambda item: item[1].successor is None):
        if row.successor:
            _pass_on(act, of, row.successor)
        _settle_one(act, town, row, chosen[of], told[of])


def tell(act: Act, writer: str, household: str, points: Points, target: Points) -> None:
    """Grant points to an installation and tell it its target, in the books and in its feed."""
    number = records.head(act.connection, act.township, writer).number + 1
    written = act.write(rights.grant(household, writer, number, points, target))
    records.append(act, writer, written.line)
    note_told(act, household, writer, target.amount)


def note_told(act: Act, household: str, writer: str, target: int) -> None:
    """Note the newest target (1/100 point) that a record tells an installation."""
    _note_target(act, household, writer, {"told": target})


def sweep(act: Act, household: str) -> None:
    """Pay what a household owes at the ledger from what the ledger holds for it."""
    decision = awards.sweep(household, act.books(_at(household, LEDGER)))
    if decision.transfers:
        act.write(decision)


def allot(act: Act, household: str, writer: str, points: int, until: int, *, once: bool) -> None:
    """Note what a household should have at `writer` (`L`: what stays at the ledger) until when; `settle` sees to it."""
    _note_target(act, household, writer, {"allotted": points, "until": until, "once": int(once)})


def visited(act: Act, writer: str, bought: Iterable[str]) -> list[str]:
    """End what was allotted to `writer` for one visit of those who `bought`, and what is over in time; whose it was."""
    c, done = t.targets.c, set(bought)
    query = select(c.household, c.until, c.once).where(c.township == act.township, c.writer == writer, c.allotted > 0)
    over = [
        row.household
        for row in act.connection.execute(query).all()
        if (row.once and row.household in done) or (row.until and row.until <= act.now)
    ]
    for household in over:
        allot(act, household, writer, 0, 0, once=False)
    return over


def welcome(act: Act, store: str) -> None:
    """Grant the installation that stands for a store what the store's households have at the ledger."""
    c = t.households.c
    settle(
        act, act.connection.execute(select(c.household).where(c.township == act.township, c.home == store)).scalars()
    )


def households_of(act: Act, of: Iterable[str]) -> dict[str, Row[Any]]:
    """The rows of those households that there are."""
    c, numbers = t.households.c, sorted(set(of))
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(numbers), _CHUNK):
        query = select(t.households).where(c.township == act.township, c.household.in_(numbers[start : start + _CHUNK]))
        found.update((row.household, row) for row in act.connection.execute(query))
    return found


def require_household(act: Act, household: str) -> Row[Any]:
    """The household's row. Raises `NotFound`."""
    if row := households_of(act, [household]).get(household):
        return row
    raise NotFound("household-unknown", household=household)


def epoch_of(connection: Connection, township: str, device: str, epoch: int) -> Row[Any]:
    """The row of an installation's life. Raises `NotFound`."""
    c = t.epochs.c
    query = select(t.epochs).where(c.township == township, c.device == device, c.epoch == epoch)
    if row := connection.execute(query).one_or_none():
        return row
    raise NotFound("device-unknown", device=device, epoch=epoch)


def require_open(act: Act, device: str, epoch: int) -> Row[Any]:
    """The row of an epoch that is open. Raises `NotFound` or `Conflict`."""
    row = epoch_of(act.connection, act.township, device, epoch)
    if row.state != "open":
        raise Conflict("epoch-closed", device=device, epoch=epoch)
    return row


def holders(act: Act) -> tuple[str, ...]:
    """Every installation that points may be granted to."""
    return tuple(_town(act).seats)


def _settle_one(act: Act, town: Town, row: Row[Any], writers: Sequence[str], told: Mapping[str, Row[Any]]) -> None:
    household = row.household
    books = act.books(key for writer in (LEDGER, *writers) for key in _at(household, writer))
    owed = -books.of(accounts.debt(household, LEDGER), POINTS)
    free = books.of(accounts.points(household, LEDGER), POINTS)
    if owed and free:
        sweep(act, household)
        free, owed = max(0, free - owed), max(0, owed - free)
    kept = told[LEDGER].allotted if LEDGER in told and not row.successor else 0
    grantable = 0 if row.state == "frozen" or row.state in _GONE else max(0, free - kept)
    places = [
        _place(act, town, row, town.seats[writer], told.get(writer), _held(household, writer, books))
        for writer in writers
    ]
    for share in rights.apportion(places, grantable, owed + max(0, kept - free)):
        tell(act, share.writer, household, share.points, share.target)
        seat = town.seats[share.writer]
        if seat.room is not None:
            seat.room -= share.points.amount


def _place(act: Act, town: Town, row: Row[Any], seat: Seat, told: Row[Any] | None, held: int) -> Place:
    running = told is not None and told.allotted > 0 and (not told.until or told.until > act.now)
    wanted = told.allotted if told is not None and running else 0
    at_home = town.homes.get(row.home) == seat.writer
    if at_home:
        wanted = max(wanted, town.cap)
    if row.state in _GONE:
        wanted = 0
    return Place(seat.writer, held, wanted, told.told if told is not None else None, seat.room, running and not at_home)


def _pass_on(act: Act, household: str, heir: str) -> None:
    """What has come back of a household that was merged belongs to its heir."""
    books = act.books([*_at(household, LEDGER), *_at(heir, LEDGER)])
    decision = households.merge(household, heir, books, LEDGER)
    if decision.transfers:
        act.write(decision)


def _writers(town: Town, row: Row[Any], told: Mapping[str, Row[Any]], also: frozenset[str]) -> list[str]:
    """Who may hold points of a household, first come first served: those who asked, and the home store last."""
    home = town.homes.get(row.home, "")
    found = {writer for writer in (*told, *also, home) if writer in town.seats}

    def rank(writer: str) -> tuple[bool, int, str]:
        return writer == home, told[writer].until if writer in told else 0, writer

    return sorted(found, key=rank)


def _town(act: Act) -> Town:
    seats: dict[str, Seat] = {}
    homes: dict[str, tuple[int, str]] = {}
    c = t.epochs.c
    here = (c.township == act.township, c.state == "open", c.epoch > 0, c.stopped == "")
    for row in act.connection.execute(select(c.device, c.epoch, c.store, c.enrolment).where(*here)).all():
        enrolment = messages.loads(Enrolment, row.enrolment)
        writer, granted = accounts.writer(row.device, row.epoch), enrolment.limits.granted
        room = None if granted is None else max(0, granted - _outstanding(act, writer))
        seats[writer] = Seat(writer, row.store, room)
        homes[row.store] = max(homes.get(row.store, (0, "")), (enrolment.not_before, writer))
    return Town(act.household_cap, seats, {store: writer for store, (_, writer) in homes.items()})


def _outstanding(act: Act, writer: str) -> int:
    act.flush()
    c = t.balances.c
    of_points = or_(c.account.startswith("pts:"), c.account.startswith("move:"))
    query = select(func.coalesce(func.sum(c.quantity), 0)).where(c.township == act.township, c.writer == writer)
    return int(act.connection.execute(query.where(of_points)).scalar_one())


def _targets(act: Act, of: Iterable[str]) -> list[Row[Any]]:
    c, numbers = t.targets.c, sorted(of)
    found: list[Row[Any]] = []
    for start in range(0, len(numbers), _CHUNK):
        query = select(t.targets).where(c.township == act.township, c.household.in_(numbers[start : start + _CHUNK]))
        found += act.connection.execute(query).all()
    return found


def _note_target(act: Act, household: str, writer: str, values: Mapping[str, int]) -> None:
    c = t.targets.c
    here = (c.township == act.township, c.household == household, c.writer == writer)
    if not act.connection.execute(update(t.targets).where(*here).values(**values)).rowcount:
        names = {"township": act.township, "household": household, "writer": writer}
        new = {"told": None, "allotted": 0, "until": 0, "once": 0, **values}
        act.connection.execute(insert(t.targets).values(**names, **new))


def _held(household: str, writer: str, books: Books) -> int:
    return books.of(accounts.points(household, writer), POINTS) + books.of(accounts.moving(household, writer), POINTS)


def _at(household: str, writer: str) -> tuple[tuple[accounts.Account, str], ...]:
    """The balances that settling a household asks for at one writer."""
    kinds = (accounts.points, accounts.debt) if writer == LEDGER else (accounts.points, accounts.moving)
    return tuple((kind(household, writer), POINTS) for kind in kinds)
