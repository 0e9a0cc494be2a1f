"""A receipt's check: what its number and its check code say against the journal that the ledger keeps.

    genuine     the code is that of the entry; the township's log includes it, which is proven here and now
    waiting     the store's installation is known, and has not sent this entry yet
    altered     the entry is here and the code is not its own: number or code was changed or misread
    unproven    the entry is here, and the township's log does not include it as it stands: the ledger was tampered with
    copied      the code is that of an entry of a second life of the same numbers, which is not in the books
    unknown     no such store or installation

Nothing here says who: no name, no household.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from pos.core import accounts, journal
from pos.core.accounts import CASH, POINTS
from pos.core.reversal import Reverse
from pos.ledger import answers, lines
from pos.ledger import tables as t
from pos.ledger.lines import Move
from pos.ledger.log import Proofs
from pos.ledger.service import Ledger
from pos.wire import merkle
from pos.wire.messages import Checkpoint, Inclusion

_NUMBER = re.compile(r"([A-Z0-9]{1,8})-([A-Z0-9-]{1,15})\.([0-9]{1,9})-([0-9]{1,15})")
_PEOPLE = ("pts", "pend", "debt")


class Verdict(StrEnum):
    """What is to be said of a receipt."""

    GENUINE = "genuine"
    WAITING = "waiting"
    ALTERED = "altered"
    UNPROVEN = "unproven"
    COPIED = "copied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Proven:
    """That the township's log includes the entry: the proof, and the signed checkpoint that it leads to."""

    inclusion: Inclusion
    checkpoint: Checkpoint
    signature: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a genuine receipt is of. Points are 1/100, cash is fen; what the household got is above zero."""

    store: str
    store_name: str
    kind: str
    wall: int
    """The store's clock, ms."""
    utc_offset_minutes: int
    received: int
    """When the ledger took it in, by its own clock, ms."""
    points: int
    cash: int
    posted: bool
    reversed: bool
    proof: Proven


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict; `stated` only of a genuine receipt."""

    number: str
    verdict: Verdict
    stated: Stated | None = None


def check(ledger: Ledger, number: str, code: str) -> Checked:
    """Check a receipt by what stands on it, however it was typed."""
    plain = number.strip().upper()
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return Checked(plain[:60], Verdict.UNKNOWN)
    store, device, epoch, seq = found[1], found[2].lower(), int(found[3]), int(found[4])
    with ledger.read() as connection:
        checked = [
            _checked(ledger, connection, row, plain, seq, _typed(code))
            for row in _installations(connection, store, device, epoch)
        ]
    order = list(Verdict)
    # Two townships may have an installation of the same name: the code tells which is meant.
    return min(checked, key=lambda each: order.index(each.verdict), default=Checked(plain, Verdict.UNKNOWN))


def _checked(ledger: Ledger, connection: Connection, epoch: Row[Any], number: str, seq: int, code: str) -> Checked:
    writer = accounts.writer(epoch.device, epoch.epoch)
    here = {"township": epoch.township, "writer": writer, "seq": seq}
    forks = connection.execute(select(t.forks.c.hash).filter_by(**here)).scalars()
    if any(_code(digest) == code for digest in forks):
        return Checked(number, Verdict.COPIED)
    row = connection.execute(select(t.journal).filter_by(**here)).one_or_none()
    if row is None:
        return Checked(number, Verdict.WAITING if seq else Verdict.UNKNOWN)
    if _code(row.hash) != code:
        return Checked(number, Verdict.ALTERED)
    proof = _proven(ledger, connection, epoch, row)
    if proof is None:
        return Checked(number, Verdict.UNPROVEN)
    return Checked(number, Verdict.GENUINE, _stated(connection, epoch, row, proof))


def _stated(connection: Connection, epoch: Row[Any], row: Row[Any], proof: Proven) -> Stated:
    c, s = t.townships.c, t.stores.c
    offset = connection.execute(select(c.utc_offset_minutes).where(c.township == row.township)).scalar_one()
    name = connection.execute(select(s.name).where(s.township == row.township, s.store == epoch.store)).scalar_one()
    r = t.journal.c
    reversal = select(r.seq).where(r.township == row.township, r.writer == row.writer, r.ref == row.seq)
    moves = lines.read(row.bytes).moves
    return Stated(
        store=epoch.store,
        store_name=name,
        kind=row.kind,
        wall=row.wall,
        utc_offset_minutes=offset,
        received=row.booked,
        points=_came(moves, POINTS, lambda account: account.startswith(tuple(f"{kind}:" for kind in _PEOPLE))),
        cash=-_came(moves, CASH, lambda account: account.startswith("drawer:")),
        posted=bool(row.posted),
        reversed=connection.execute(reversal.where(r.kind == Reverse.KIND)).first() is not None,
        proof=proof,
    )


def _proven(ledger: Ledger, connection: Connection, epoch: Row[Any], row: Row[Any]) -> Proven | None:
    """The proof that the log includes the entry as its bytes stand here; nothing when it does not."""
    checkpoint, signature = answers.newest(ledger, connection, row.township)
    proof = Proofs(connection, row.township).inclusion(row.place, checkpoint.size)
    digest = journal.chained(_before(connection, epoch, row), row.bytes)
    if not merkle.included(merkle.leaf(digest), row.place, checkpoint.size, proof, bytes.fromhex(checkpoint.root)):
        return None
    hashes = tuple(each.hex() for each in proof)
    whose = (checkpoint.v, row.township, epoch.device, epoch.epoch, row.seq)
    inclusion = Inclusion(*whose, digest.hex(), row.place, checkpoint.size, hashes)
    return Proven(inclusion, checkpoint, signature)


def _before(connection: Connection, epoch: Row[Any], row: Row[Any]) -> bytes:
    """The hash that the entry's own was chained onto."""
    c = t.journal.c
    query = select(c.hash).where(c.township == row.township, c.writer == row.writer, c.seq == row.seq - 1)
    found: bytes = epoch.genesis if row.seq == 1 else connection.execute(query).scalar_one()
    return found


def _came(moves: Iterable[Move], commodity: str, own: Any) -> int:
    """What came into a kind of accounts, less what left them."""
    return sum(n * (own(to) - own(source)) for source, to, what, n in moves if what == commodity)


def _installations(connection: Connection, store: str, device: str, epoch: int) -> list[Row[Any]]:
    c = t.epochs.c
    query = select(c.township, c.store, c.device, c.epoch, c.genesis)
    return list(connection.execute(query.where(c.store == store, c.device == device, c.epoch == epoch)))


def _code(digest: bytes) -> str:
    return _typed(journal.check_code(digest))


def _typed(code: str) -> str:
    """A check code as it counts, whether its look-alike letters and hyphens were typed or not."""
    return code.upper().translate(str.maketrans("OIL", "011", "- "))
