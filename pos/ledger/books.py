"""One act in one township: balances, the ledger's own journal, and the entries of devices.

What is posted is kept in memory and written by `flush`, many rows at once, before the transaction commits; `flush`
earlier when a query must see it. Floors are those of `pos.core` as the ledger keeps them: on points and vouchers only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Row, bindparam, select, update

from pos.core import entries, journal
from pos.core.accounts import LEDGER
from pos.core.entries import Entry, Moment, Signatures
from pos.core.transfers import Books, Decision, Key, touched
from pos.ledger import bulk
from pos.ledger import tables as t
from pos.ledger.bulk import Name
from pos.ledger.lines import Line, Move
from pos.ledger.log import Growth
from pos.ledger.posting import Balances, Plan
from pos.ledger.refusals import NotFound

OPERATOR = "ledger"
"""Who signs what the ledger does by rule."""

_JOURNAL = (
    "township", "writer", "seq", "kind", "wall", "booked", "household", "ref", "posted", "place", "bytes", "hash",
)  # fmt: skip
_TRANSFERS = ("township", "writer", "seq", "n", "source", "destination", "commodity", "quantity")
_ROW = t.townships.c.township == bindparam("of")
_LOCKED = select(t.townships).where(_ROW).with_for_update()
_MOVED = (
    update(t.townships)
    .where(_ROW)
    .values(
        head_seq=bindparam("seq"),
        head_hash=bindparam("hash"),
        head_wall=bindparam("wall"),
        log_size=bindparam("size"),
        log_edge=bindparam("edge"),
    )
)


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of the ledger's own journal, as it was written."""

    entry: Entry
    line: bytes
    hash: bytes


class Act:
    """One transaction in one township, whose row is locked from here to its end. Raises `NotFound`."""

    def __init__(self, connection: Connection, township: str, at: Moment, key: Ed25519PrivateKey) -> None:
        self.connection, self.township, self.at, self.key = connection, township, at, key
        row = _locked(connection, township)
        self.utc_offset_minutes: int = row.utc_offset_minutes
        self.household_cap: int = row.household_cap
        self.log = Growth(row.log_size, row.log_edge)
        self._head = journal.Head(row.head_seq, row.head_hash, row.head_wall)
        self._balances = Balances(connection, township)
        self._households: dict[str, tuple[str, str] | None] = {}
        self._journal: list[tuple[Any, ...]] = []
        self._transfers: list[tuple[Any, ...]] = []

    @property
    def now(self) -> int:
        """The ledger's clock when the act began, ms."""
        return self.at.wall

    def books(self, keys: Iterable[Key]) -> Books:
        """The balances of `keys` as they are now, for the rules to decide by; ask again after a write."""
        asked = list(keys)
        found = self.balances((str(account), commodity) for account, commodity in asked)
        return Books(LEDGER, dict(zip(asked, found, strict=True)))

    def balances(self, names: Iterable[Name]) -> list[int]:
        """The balances of `names` as they are now."""
        asked = list(names)
        self._balances.load(asked)
        return [self._balances.of(name) for name in asked]

    def households(self, numbers: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        """State and home store (empty: none) of those households that there are; asked for once an act."""
        unknown = sorted(set(numbers) - self._households.keys())
        if unknown:
            found = bulk.households(self.connection, self.township, unknown)
            self._households.update((number, found.get(number)) for number in unknown)
        return {number: known for number in numbers if (known := self._households[number])}

    def write(self, decision: Decision[Any], by: str = OPERATOR, author: str = LEDGER) -> Written:
        """Write an entry of the ledger's own; `author` is a closed epoch when the ledger writes for it.

        Raises `BelowFloor` with nothing written when an account does not hold as much.
        """
        changed = self.books(touched(decision.transfers)).post(author, decision.transfers)
        for (account, commodity), balance in changed.items():
            self._balances.set((str(account), commodity), balance)
        entry = Entry(self._head.seq + 1, self.at, Signatures(by), decision.body, decision.transfers)
        line = entries.encode(entry)
        digest = journal.chained(self._head.hash, line)
        facts = (entry.seq, entry.kind, self.now, self.now, entry.household, None, 1, self.log.append(digest))
        self._journal.append((self.township, LEDGER, *facts, line, digest))
        moves = [(str(move.source), str(move.destination), move.commodity, move.quantity) for move in entry.transfers]
        self._keep_transfers(LEDGER, entry.seq, moves)
        self._head = journal.Head(entry.seq, digest, self.now)
        return Written(entry, line, digest)

    def accept(self, writer: str, entries: Iterable[tuple[Line, bytes]], plan: Plan | None) -> None:
        """Take the next entries of a device's journal in, with their hashes; without a plan they are not posted.

        Raises `WrongEntry`; the act must not be committed then.
        """
        if plan:
            self._balances.post(plan)
            self._transfers += plan.rows(self.township, writer)
        township, now, posted, leaf = self.township, self.now, int(plan is not None), self.log.append
        self._journal += [
            (township, writer, seq, kind, wall, now, household, ref, posted, leaf(digest), line, digest)
            for (line, seq, kind, wall, household, ref, _), digest in entries
        ]

    def flush(self) -> None:
        """Write what was posted so far."""
        bulk.add(self.connection, t.journal, _JOURNAL, self._journal)
        bulk.add(self.connection, t.transfers, _TRANSFERS, self._transfers)
        self._journal, self._transfers = [], []
        self._balances.write()
        self.log.write(self.connection, self.township)
        heads = {"seq": self._head.seq, "hash": self._head.hash, "wall": self._head.wall}
        grown = {"size": self.log.size, "edge": self.log.edge}
        self.connection.execute(_MOVED, {"of": self.township, **heads, **grown})

    def _keep_transfers(self, writer: str, seq: int, moves: Iterable[Move]) -> None:
        self._transfers += [(self.township, writer, seq, n, *move) for n, move in enumerate(moves, 1)]


def _locked(connection: Connection, township: str) -> Row[Any]:
    row = connection.execute(_LOCKED, {"of": township}).one_or_none()
    if row is None:
        raise NotFound("township-unknown", township=township)
    return row
