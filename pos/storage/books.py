"""The journal on disk: entries appended with their transfers and balances, and read back.

Rows are written by `Transaction.append` only; the caller's transaction makes them durable together or not at all.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.sql import text

from pos.core import accounts, entries, journal
from pos.core.accounts import Account
from pos.core.acts import Act, ActCode
from pos.core.codec import CodecError
from pos.core.day import Day, DayOpen
from pos.core.entries import Entry, Moment, Signatures
from pos.core.journal import Head
from pos.core.refusals import ClockBack, DayNotOpen, EntryUnknown, StoreCorrupt
from pos.core.transfers import Books, BooksError, Decision, Key, Transfer, touched
from pos.database import Prepared
from pos.storage import tables as t
from pos.storage.installation import Installation

if TYPE_CHECKING:
    from pos.core.kinds import Body

_HEAD = Prepared(text("SELECT seq, hash, wall FROM journal ORDER BY seq DESC LIMIT 1"))
_INSERT_ENTRY = Prepared(insert(t.journal))
_INSERT_TRANSFER = Prepared(insert(t.transfers))
_INSERT_BALANCE = Prepared(insert(t.balances))
_MOVE_BALANCE = Prepared(
    update(t.balances)
    .where(
        t.balances.c.account == bindparam("of"),
        t.balances.c.commodity == bindparam("what"),
        t.balances.c.quantity == bindparam("old"),
    )
    .values(quantity=bindparam("new"))
)
_BALANCES = Prepared(
    text(
        "SELECT b.account, b.commodity, b.quantity FROM json_each(:keys) k JOIN balances b"
        " ON b.account = k.value ->> 0 AND b.commodity = k.value ->> 1"
    )
)
_ENTRY = Prepared(select(t.journal.c.bytes, t.journal.c.hash).where(t.journal.c.seq == bindparam("at")))
_LAST_DAY = Prepared(
    text("SELECT kind, bytes FROM journal WHERE kind IN ('day-open', 'day-close') ORDER BY seq DESC LIMIT 1")
)


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in the journal, and the balances right after it of what it touched."""

    entry: Entry
    hash: bytes
    balances: dict[Key, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the journal's list."""

    seq: int
    kind: str
    wall: int
    household: str | None
    reversed_by: int | None


@dataclass(frozen=True, slots=True)
class Movement:
    """What one entry did to a household's points (1/100 point, signed)."""

    seq: int
    kind: str
    wall: int
    points: int


class Transaction:
    """One writing transaction: entries appended here become durable together when it commits."""

    def __init__(self, connection: Connection, installation: Installation) -> None:
        self.connection = connection
        self.installation = installation
        self.head = head(connection, installation)
        self._balances: dict[Key, int] = {}
        self._stored: set[Key] = set()

    @property
    def writer(self) -> str:
        """The writer of every entry here."""
        return self.installation.identity.writer

    def look_again(self) -> None:
        """Take head and balances from the rows: a savepoint was rolled back, and what it had appended is gone."""
        self.head = head(self.connection, self.installation)
        self._balances.clear()
        self._stored.clear()

    def books(self, keys: Iterable[Key]) -> Books:
        """Books filled with the balances of `keys`, for the rules to decide by."""
        wanted = [key for key in keys if key not in self._balances]
        if wanted:
            found = _stored_balances(self.connection, wanted)
            self._stored.update(found)
            self._balances.update({key: found.get(key, 0) for key in wanted})
        return Books(self.writer, self._balances)

    def append(self, at: Moment, by: Signatures, decision: "Decision[Body]") -> Written:
        """Write the next entry. Raises `ClockBack` before the last one's time, `BelowFloor` past an account's bound."""
        if at.wall < self.head.wall and not _sets_clock(decision.body):
            raise ClockBack(seconds=(self.head.wall - at.wall) // 1000)
        entry = Entry(self.head.seq + 1, at, by, decision.body, decision.transfers)
        changed = self.books(touched(entry.transfers)).post(self.writer, entry.transfers)
        line = entries.encode(entry)
        digest = journal.chained(self.head.hash, line)
        _INSERT_ENTRY.run(
            self.connection,
            seq=entry.seq,
            kind=entry.kind,
            wall=at.wall,
            household=entry.household,
            ref=getattr(entry.body, "ref", None),
            bytes=line,
            hash=digest,
        )
        self._write_transfers(entry)
        self._write_balances(changed)
        self.head = Head(entry.seq, digest, at.wall)
        return Written(entry, digest, changed)

    def deliver(self, closed: str, transfers: Iterable[Transfer]) -> None:
        """Post what the ledger moved here from the epoch `closed`, beside the journal: a `refdata` entry pins it."""
        moves = tuple(transfers)
        self._write_balances(self.books(touched(moves)).post(closed, moves))

    def _write_transfers(self, entry: Entry) -> None:
        if entry.transfers:
            rows = [
                {
                    "seq": entry.seq,
                    "n": place,
                    "source": str(move.source),
                    "destination": str(move.destination),
                    "commodity": move.commodity,
                    "quantity": move.quantity,
                }
                for place, move in enumerate(entry.transfers, 1)
            ]
            _INSERT_TRANSFER.run_many(self.connection, rows)

    def _write_balances(self, changed: dict[Key, int]) -> None:
        moves, additions = [], []
        for (account, commodity), new in changed.items():
            if (account, commodity) in self._stored:
                old = self._balances[account, commodity]
                moves.append({"of": str(account), "what": commodity, "old": old, "new": new})
            else:
                low, high = accounts.bounds(account, self.writer)
                additions.append(
                    {"account": str(account), "commodity": commodity, "quantity": new, "low": low, "high": high}
                )
        if moves and _MOVE_BALANCE.run_many(self.connection, moves) != len(moves):
            raise BooksError("a balance changed under a single writer")
        if additions:
            _INSERT_BALANCE.run_many(self.connection, additions)
        self._stored.update(changed)
        self._balances.update(changed)


def peek(connection: Connection, writer: str, keys: Iterable[Key]) -> Books:
    """Books with the balances of `keys` as they are now, for a quotation; nothing can be posted from them."""
    return Books(writer, _stored_balances(connection, keys))


def _stored_balances(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    rows = _BALANCES.rows(connection, keys=json.dumps([[str(account), what] for account, what in keys]))
    return {(accounts.parse(account), commodity): quantity for account, commodity, quantity in rows}


def _sets_clock(body: "Body") -> bool:
    return isinstance(body, Act) and body.code is ActCode.CLOCK


def head(connection: Connection, installation: Installation) -> Head:
    """The journal's newest entry, or its genesis."""
    row = _HEAD.row(connection)
    return Head(*row) if row else Head(0, installation.genesis, 0)


def read_entry(connection: Connection, seq: int) -> Entry:
    """Entry number `seq`. Raises `EntryUnknown`, or `StoreCorrupt` when its bytes are no entry."""
    line, _ = _entry(connection, seq)
    return _decoded(line)


def entry_hash(connection: Connection, seq: int) -> bytes:
    """The hash of entry number `seq`. Raises `EntryUnknown`."""
    _, found = _entry(connection, seq)
    return found


def _entry(connection: Connection, seq: int) -> tuple[bytes, bytes]:
    row: tuple[bytes, bytes] | None = _ENTRY.row(connection, at=seq)
    if row is None:
        raise EntryUnknown(number=seq)
    return row


def day(connection: Connection) -> Day:
    """The open business day. Raises `DayNotOpen`."""
    row = _LAST_DAY.row(connection)
    if row is None or row[0] != DayOpen.KIND:
        raise DayNotOpen()
    return _day(row[1])


@lru_cache(maxsize=8)
def _day(line: bytes) -> Day:
    entry = _decoded(line)
    body = entry.body
    if not isinstance(body, DayOpen):
        raise StoreCorrupt(detail=f"entry {entry.seq}")
    return Day(body.business_date, entry.seq, body.book, body.fen_per_point, body.step, body.terms)


def reversal_of(connection: Connection, seq: int) -> int | None:
    """Number of the entry that reversed entry `seq`, if one did."""
    found: int | None = connection.execute(
        select(t.journal.c.seq).where(t.journal.c.kind == "reverse", t.journal.c.ref == seq)
    ).scalar_one_or_none()
    return found


def take_backs(connection: Connection, household: str, seq: int) -> list[Entry]:
    """The entries that took goods of redemption `seq` of this household back, oldest first."""
    query = select(t.journal.c.seq).where(
        t.journal.c.household == household,
        t.journal.c.seq > seq,
        t.journal.c.kind == "take-back",
        t.journal.c.ref == seq,
    )
    return [read_entry(connection, found) for (found,) in connection.execute(query.order_by(t.journal.c.seq))]


def closed_day(connection: Connection, seq: int) -> bool:
    """Whether the day in which entry `seq` was written is closed."""
    query = text("SELECT 1 FROM journal WHERE kind IN ('day-open', 'day-close') AND seq > :seq AND kind = 'day-close'")
    return connection.execute(query.bindparams(seq=seq)).first() is not None


def newest(connection: Connection, limit: int, household: str | None = None, before: int | None = None) -> list[Listed]:
    """Up to `limit` entries, newest first; of one household, and older than `before`, when asked."""
    reversals = t.journal.alias()
    query = (
        select(t.journal.c.seq, t.journal.c.kind, t.journal.c.wall, t.journal.c.household, reversals.c.seq)
        .outerjoin(reversals, (reversals.c.kind == "reverse") & (reversals.c.ref == t.journal.c.seq))
        .order_by(t.journal.c.seq.desc())
        .limit(limit)
    )
    if household is not None:
        query = query.where(t.journal.c.household == household)
    if before is not None:
        query = query.where(t.journal.c.seq < before)
    return [Listed(*row) for row in connection.execute(query)]


_MOVEMENTS = Prepared(
    text(
        # What opens a journal is of no household; an opening of one is an award from a file.
        "SELECT j.seq, CASE j.kind WHEN 'opening' THEN 'award' ELSE j.kind END, j.wall,"
        " coalesce((SELECT sum(CASE t.destination WHEN :account THEN t.quantity ELSE -t.quantity END)"
        " FROM transfers t WHERE t.seq = j.seq AND :account IN (t.source, t.destination)), 0) AS points"
        " FROM journal j WHERE j.household = :household ORDER BY j.seq DESC LIMIT :most"
    )
)


def movements(connection: Connection, household: str, points: Account, limit: int) -> list[Movement]:
    """A household's newest entries, and what each did to its `points` account."""
    rows = _MOVEMENTS.rows(connection, account=str(points), household=household, most=limit)
    return [Movement(*row) for row in rows]


def counts_since(connection: Connection, seq: int) -> dict[str, int]:
    """How many entries of each kind came after number `seq`."""
    query = select(t.journal.c.kind, func.count()).where(t.journal.c.seq > seq).group_by(t.journal.c.kind)
    return {row[0]: row[1] for row in connection.execute(query)}


def lines(connection: Connection) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, bytes and hash of every entry, oldest first."""
    query = select(t.journal.c.seq, t.journal.c.bytes, t.journal.c.hash).order_by(t.journal.c.seq)
    for row in connection.execution_options(yield_per=1000).execute(query):
        yield row.seq, row.bytes, row.hash


def _decoded(line: bytes) -> Entry:
    try:
        return entries.decode(line)
    except CodecError as error:
        raise StoreCorrupt(detail=str(error)) from None
