"""Balances of one act by the names of their accounts, posted to in memory and written at the end.

The same rules as `pos.core.transfers.Books` keeps for the ledger, but for a whole batch at once and split in two: what
needs no balance (names, writers, how each balance will change and how far it dips) is a `Plan`, worked out before the
township is locked; under the lock only each balance is held against it. A test holds the two against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from pos.core import accounts
from pos.core.accounts import LEDGER, POINTS
from pos.core.refusals import BelowFloor
from pos.core.transfers import BALANCE_LIMIT, BooksError
from pos.ledger import bulk
from pos.ledger.bulk import Change, Name
from pos.ledger.lines import Line


class NotTheWriter(BooksError):
    """A source that is another writer's, or points given to an account that is none of the author's business."""


class WrongEntry(Exception):
    """Entry `seq` cannot be posted: `cause` is a `BooksError`, or `BelowFloor`."""

    def __init__(self, seq: int, cause: BooksError | BelowFloor) -> None:
        super().__init__(seq, cause)
        self.seq, self.cause = seq, cause


class Standing(NamedTuple):
    """Who takes from an account, and how low and high it may go."""

    writer: str
    low: int | None
    high: int | None


class Route(NamedTuple):
    """The two balances that a transfer changes, and whether the one it takes from has a floor, the other a ceiling."""

    taken: Name
    given: Name
    floor: bool
    ceiling: bool


class Plan:
    """How consecutive entries of one writer change balances, whatever these are now."""

    def __init__(self, writer: str, lines: Sequence[Line]) -> None:
        """Raises `WrongEntry`."""
        self.lines = lines
        self.net: dict[Name, int] = {}
        """By how much each balance changes in all."""
        self.dip: dict[Name, int] = {}
        """How far a balance that has a floor falls below where it began, at the worst."""
        self.peak: dict[Name, int] = {}
        """How far a balance that has a ceiling rises above where it began."""
        for line in lines:
            try:
                self._take(writer, line)
            except BooksError as error:
                raise WrongEntry(line.seq, error) from None
        self.changes: list[Change] = [
            (*name, net, -self.dip.get(name, BALANCE_LIMIT + net), -self.peak.get(name, net - BALANCE_LIMIT))
            for name, net in self.net.items()
            if net
        ]
        """What changes in all, and between what it must lie before for no bound to be passed at any prefix."""

    def _take(self, writer: str, line: Line) -> None:
        net, dip, peak = self.net, self.dip, self.peak
        for source, destination, commodity, quantity in line.moves:
            taken, given, floor, ceiling = route(writer, source, destination, commodity)
            net[taken] = left = net.get(taken, 0) - quantity
            if floor and left < dip.get(taken, 0):
                dip[taken] = left
            net[given] = arrived = net.get(given, 0) + quantity
            if ceiling and arrived > peak.get(given, 0):
                peak[given] = arrived

    def bounded(self, name: Name) -> bool:
        """Whether a balance came near a bound on the way."""
        return name in self.dip or name in self.peak

    def rows(self, township: str, writer: str) -> list[tuple[Any, ...]]:
        """The transfers as rows."""
        return [(township, writer, line.seq, n, *move) for line in self.lines for n, move in enumerate(line.moves, 1)]

    def reaches(self, name: Name, change: int) -> int:
        """Number of the first entry after which a balance has changed by `change` in all, or further that way."""
        so_far, sign = 0, -1 if change < 0 else 1
        for line in self.lines:
            for source, destination, commodity, quantity in line.moves:
                so_far += quantity * (((destination, commodity) == name) - ((source, commodity) == name))
                if so_far * sign >= change * sign:
                    return line.seq
        raise AssertionError(name)


class Balances:
    """The balances of a township as far as an act has asked for them."""

    def __init__(self, connection: Connection, township: str) -> None:
        self._connection, self._township = connection, township
        self._now: dict[Name, int] = {}
        self._stored: dict[Name, int | None] = {}

    def load(self, names: Iterable[Name]) -> None:
        """Fetch the balances of `names`, those that were fetched before left as they are.

        Raises `BooksError` for a name that is no account's, or cannot hold the commodity.
        """
        unknown = [name for name in names if name not in self._stored]
        if unknown:
            for name in unknown:
                standing(*name)
            found = bulk.balances(self._connection, self._township, unknown)
            self._stored.update((name, found.get(name)) for name in unknown)
            self._now.update((name, found.get(name, 0)) for name in unknown)

    def of(self, name: Name) -> int:
        """The balance of a name that was loaded."""
        return self._now[name]

    def set(self, name: Name, balance: int) -> None:
        """Set the balance of a name that was loaded."""
        self._now[name] = balance

    def post(self, plan: Plan) -> None:
        """Post entries. Raises `WrongEntry` when a bound is passed at any prefix; the act must not be committed then.

        What is not loaded changes where it is stored, in one statement that holds the bounds; what that left alone is
        not there yet, or out of bounds.
        """
        known = self._stored
        there = [change for change in plan.changes if change[:2] not in known] if known else plan.changes
        changed = bulk.change_balances(self._connection, self._township, there)
        left = {name: net for name, net in plan.net.items() if name not in changed and (net or plan.bounded(name))}
        known.update(changed)
        self._now.update(changed)
        self.load(left)
        self._check(plan, left)
        for name, net in left.items():
            self._now[name] += net

    def _check(self, plan: Plan, changes: Mapping[Name, int]) -> None:
        now, wrong = self._now, []
        for name, change in changes.items():
            if name in plan.dip and (lowest := now[name] + plan.dip[name]) < 0:
                wrong.append(WrongEntry(plan.reaches(name, -now[name] - 1), _below(name, lowest)))
            if name in plan.peak and now[name] + plan.peak[name] > 0:
                error = BooksError(f"{name[0]} above its ceiling")
                wrong.append(WrongEntry(plan.reaches(name, 1 - now[name]), error))
            if abs(now[name] + change) > BALANCE_LIMIT:
                wrong.append(WrongEntry(plan.lines[-1].seq, BooksError(f"balance of {name[0]} out of range")))
        if wrong:
            raise min(wrong, key=lambda each: each.seq)

    def write(self) -> None:
        """Write what changed."""
        moves: list[tuple[str, str, int, int]] = []
        new: list[tuple[str, str, str, int, int | None, int | None]] = []
        for name, old in self._stored.items():
            balance = self._now[name]
            if old is None and balance != 0:
                of = standing(*name)
                new.append((*name, of.writer, balance, of.low, of.high))
            elif old is not None and balance != old:
                moves.append((*name, old, balance))
        bulk.move_balances(self._connection, self._township, moves)
        bulk.add_balances(self._connection, self._township, new)
        # A balance that is back at nothing has a row all the same once there was one.
        self._stored = {name: self._now[name] or (None if old is None else 0) for name, old in self._stored.items()}


@lru_cache(maxsize=1 << 16)
def standing(account: str, commodity: str) -> Standing:
    """What the ledger knows of an account by its name. Raises `BooksError` when it cannot hold the commodity."""
    try:
        found = accounts.parse(account)
    except ValueError as error:
        raise BooksError(str(error)) from None
    if not accounts.holds(found.kind, commodity):
        raise BooksError(f"{account} does not hold {commodity}")
    return Standing(found.writer, *accounts.bounds(found, LEDGER))


@lru_cache(maxsize=1 << 16)
def route(writer: str, source: str, destination: str, commodity: str) -> Route:
    """The way of a transfer that `writer` wrote. Raises `BooksError` for one that no correct program writes."""
    here, there = standing(source, commodity), standing(destination, commodity)
    if here.writer != writer or (there.writer != writer and not _may_give(source, destination, commodity)):
        raise NotTheWriter(source)
    if source == destination:
        raise BooksError(f"{source} to itself")
    return Route((source, commodity), (destination, commodity), here.low is not None, there.high is not None)


def _below(name: Name, balance: int) -> BelowFloor:
    account, commodity = name
    return BelowFloor(account=account, commodity=commodity, balance=balance)


def _may_give(source: str, destination: str, commodity: str) -> bool:
    """Whether a device may give to an account of another writer: of points, only a household's own at the ledger."""
    return commodity != POINTS or (destination == f"{source.rpartition('@')[0]}@{LEDGER}" and source.startswith("pts:"))
