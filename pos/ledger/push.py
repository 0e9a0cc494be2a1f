"""Journals coming in. The device's row says how far its journal is here; the batch says what comes next.

    first = head + 1 and prev = head's hash     posted: ok
    nothing new, hashes equal those stored      ok, the same acknowledgement (a lost answer)
    overlap, hashes equal                       what is new is posted: ok
    first > head + 1                            gap: the device begins again after the acknowledged number
    a hash differs                              fork: kept as evidence, its spends a shortage, the device stopped
    bad signature, chain, writer, points floor  rejected: nothing posted, kept as evidence when the device signed it

Whatever is valid in its chain is posted, what is strange about it a finding. After its epoch's release a tail is kept
and acknowledged without being posted: its spends are a shortage, the rest a person reviews. A batch without entries
asks where its journal stands.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from sqlalchemy import Connection, bindparam, insert, select, update

from catalog.units import Points
from pos.core import accounts, epochs, journal
from pos.core.refusals import BelowFloor
from pos.core.transfers import BALANCE_LIMIT, MOST
from pos.ledger import answers, audit, batch, findings, records
from pos.ledger import tables as t
from pos.ledger.answers import Signed
from pos.ledger.batch import Batch, Rejected
from pos.ledger.books import Act
from pos.ledger.findings import Finding, Minted
from pos.ledger.follow import follow
from pos.ledger.lines import Line
from pos.ledger.posting import NotTheWriter, Plan, WrongEntry
from pos.ledger.refusals import Invalid, LedgerRefused, NotFound, TooLarge
from pos.ledger.service import Ledger
from pos.wire import messages
from pos.wire.messages import Difference, Limits, PushAnswer, Status
from pos.wire.records import REFERENCE

_KEYS = 20_000
"""Public keys kept at hand."""

Taken = Sequence[tuple[Line, bytes]]
"""Entries with their hashes in the chain."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an installation stands: the columns of its row that a batch is judged by."""

    device: str
    epoch: int
    store: str
    state: str
    key: str
    genesis: bytes
    enrolment: bytes
    stopped: str
    head_seq: int
    head_hash: bytes
    head_wall: int
    minted_day: int
    minted_points: int


_WHOSE = (
    t.epochs.c.township == bindparam("of"),
    t.epochs.c.device == bindparam("device_"),
    t.epochs.c.epoch == bindparam("epoch_"),
)
_EPOCH = select(*(t.epochs.c[field.name] for field in fields(Standing))).where(*_WHOSE)
_MOVED = (
    update(t.epochs)
    .where(*_WHOSE)
    .values(
        head_seq=bindparam("seq"),
        head_hash=bindparam("hash"),
        head_wall=bindparam("wall"),
        stopped=bindparam("why"),
        minted_day=bindparam("day"),
        minted_points=bindparam("points"),
        device_head=bindparam("d"),
        feed_cursor=bindparam("f"),
        reference_cursor=bindparam("r"),
        seen=bindparam("now"),
    )
)
_HASHES = (
    select(t.journal.c.hash)
    .where(t.journal.c.township == bindparam("of"), t.journal.c.writer == bindparam("by"))
    .where(t.journal.c.seq >= bindparam("first"), t.journal.c.seq <= bindparam("last"))
    .order_by(t.journal.c.seq)
)
_FOUND = (
    select(t.findings.c.seq, t.findings.c.code)
    .where(t.findings.c.township == bindparam("of"), t.findings.c.writer == bindparam("by"))
    .where(t.findings.c.seq >= bindparam("first"), t.findings.c.seq < bindparam("end"))
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a batch, and the answer to send."""

    status: Status
    answer: Signed


def push(
    ledger: Ledger, township: str, device: str, epoch: int, body: bytes, signature: str, encoding: str = ""
) -> Answered:
    """Take a batch in, compressed as `encoding` says.

    Raises a `LedgerRefused`, noted in the audit, when it cannot be told whose it is, or cannot be read at all.
    """
    writer = accounts.writer(device, epoch)
    try:
        found = batch.read(batch.unpack(body, encoding), signature)
        head = found.head
        if (head.township, head.device, head.epoch) != (township, device, epoch):
            raise Invalid("addressed")
        if not batch.signed(found, _key(ledger, township, device, epoch)):
            raise Invalid("signature")
    except (Invalid, NotFound, TooLarge) as refused:
        note_refused(ledger, township, writer, refused)
        raise
    try:
        entries = batch.entries(found)
        plan = _planned(writer, entries)
        return ledger.act(township, lambda act: _take(act, found, entries, plan))
    except Rejected as rejected:
        reason = rejected
    except WrongEntry as wrong:
        reason = _rejected(wrong)
    return ledger.act(township, lambda act: _quarantine(act, found, reason))


def note_refused(ledger: Ledger, township: str, writer: str, refused: LedgerRefused) -> None:
    """Note in a township's audit that what came in the name of `writer` was refused before it was looked into."""
    with suppress(NotFound):
        ledger.act(township, lambda act: audit.note(act.connection, township, act.now, writer, "refused", refused.code))


def _key(ledger: Ledger, township: str, device: str, epoch: int) -> str:
    whose, known = (township, device, epoch), ledger.device_keys
    if whose not in known:
        with ledger.read() as connection:
            key = _standing(connection, township, device, epoch).key
        if len(known) >= _KEYS:
            known.clear()
        known[whose] = key
    return known[whose]


def _planned(writer: str, entries: Taken) -> Plan | WrongEntry:
    """What posting all of it will do; what is wrong matters only when it comes to posting."""
    try:
        return Plan(writer, [line for line, _ in entries])
    except WrongEntry as wrong:
        return wrong


def _rejected(wrong: WrongEntry) -> Rejected:
    match wrong.cause:
        case BelowFloor() as below:
            return Rejected("floor", wrong.seq, below.fields["account"])
        case NotTheWriter():
            return Rejected("writer", wrong.seq, wrong.cause)
        case _:
            return Rejected("transfer", wrong.seq, wrong.cause)


def _take(act: Act, found: Batch, entries: Taken, plan: Plan | WrongEntry) -> Answered:
    head = found.head
    row = _standing(act.connection, act.township, head.device, head.epoch)
    if head.first > row.head_seq + 1:
        if _continues_fork(act, found):
            return _fork(act, row, found, entries)
        return _answered(act, row, found, Status.GAP)
    known = _hashes(act, row, head.first - 1, head.first + head.n - 1)
    if known[0] != found.prev:
        return _fork(act, row, found, entries)
    for place, digest in enumerate(known[1:]):
        if entries[place][1] != digest:
            return _fork(act, row, found, entries[place:])
    new = entries[len(known) - 1 :]
    if len(new) != len(entries):
        plan = _planned(_writer(found), new)
    return _append(act, row, found, new, plan)


def _append(act: Act, row: Standing, found: Batch, new: Taken, plan: Plan | WrongEntry) -> Answered:
    writer, lines = _writer(found), [line for line, _ in new]
    minted, stopped = Minted(row.minted_day, row.minted_points), row.stopped
    if row.state == "released":
        differences = _late(act, row, writer, new)
    else:
        if isinstance(plan, WrongEntry):
            raise plan
        differences = findings.look(act, writer, lines, _limits(row.enrolment), minted)
        stopped = stopped or next((each.code for each in differences if each.code in findings.STOPPING), "")
        act.accept(writer, new, plan)
        differences += follow(act, writer, row.store, lines, closed=row.state == "closed")
    findings.keep(act, writer, differences)
    row = replace(row, stopped=stopped, minted_day=minted.day, minted_points=min(minted.points, BALANCE_LIMIT))
    if new:
        last, digest = new[-1]
        row = replace(row, head_seq=last.seq, head_hash=digest, head_wall=last.wall)
    _heard(act, row, found)
    # Of entries that were not here before, nothing else was found before.
    all_new = len(new) == found.head.n
    return _answered(act, row, found, Status.OK, differences=differences if all_new else None)


@lru_cache(maxsize=_KEYS)
def _limits(enrolment: bytes) -> Limits:
    return messages.loads(messages.Enrolment, enrolment).limits


def _late(act: Act, row: Standing, writer: str, new: Taken) -> list[Finding]:
    """A tail after the release: kept and logged; the device bears what was spent."""
    act.accept(writer, new, None)
    for line, _ in new:
        _shortage(act, row, line)
    return [Finding(line.seq, "late") for line, _ in new if line.moves]


def _fork(act: Act, row: Standing, found: Batch, other: Taken) -> Answered:
    """A second life of the same numbers: none of it is posted, all of it is kept."""
    writer, c = _writer(found), t.forks.c
    where = (c.township == act.township, c.writer == writer, c.seq >= found.head.first)
    there = {tuple(each) for each in act.connection.execute(select(c.seq, c.hash).where(*where))}
    unseen = [(line, digest) for line, digest in other if (line.seq, digest) not in there]
    for line, _ in unseen:
        _shortage(act, row, line)
    rows = [
        {"township": act.township, "writer": writer, "seq": line.seq, "hash": digest, "found": act.now}
        for line, digest in unseen
    ]
    if rows:
        act.connection.execute(insert(t.forks), rows)
        audit.note(act.connection, act.township, act.now, writer, "fork", f"{unseen[0][0].seq}", f"{len(unseen)}")
    _keep_evidence(act, found, Status.FORK)
    row = replace(row, stopped=row.stopped or "fork")
    _heard(act, row, found)
    return _answered(act, row, found, Status.FORK)


def _shortage(act: Act, row: Standing, line: Line) -> None:
    if points := min(findings.spent(line.moves), MOST):
        paper = journal.number(row.store, row.device, row.epoch, line.seq)
        act.write(epochs.shortage(row.device, paper, Points(points)))


def _continues_fork(act: Act, found: Batch) -> bool:
    c = t.forks.c
    where = (c.writer == _writer(found), c.seq == found.head.first - 1, c.hash == found.prev)
    return act.connection.execute(select(c.seq).where(c.township == act.township, *where)).first() is not None


def _quarantine(act: Act, found: Batch, reason: Rejected) -> Answered:
    row = _standing(act.connection, act.township, found.head.device, found.head.epoch)
    if _keep_evidence(act, found, reason.code):
        detail = f"{reason.seq} {reason.detail}"
        audit.note(act.connection, act.township, act.now, _writer(found), "rejected", reason.code, detail)
    return _answered(act, row, found, Status.REJECTED, reason.code)


def _keep_evidence(act: Act, found: Batch, reason: str) -> bool:
    """Keep a batch as it came, once; whether it was not there yet."""
    key = {"township": act.township, "digest": hashlib.sha256(found.raw).digest()}
    if act.connection.execute(select(t.evidence.c.found).filter_by(**key)).first():
        return False
    facts = {"writer": _writer(found), "reason": reason, "found": act.now, "batch": found.raw}
    signature = bytes.fromhex(found.signature)
    act.connection.execute(insert(t.evidence).values(**key, **facts, signature=signature))
    return True


def _answered(
    act: Act,
    row: Standing,
    found: Batch,
    status: Status,
    code: str = "",
    differences: Sequence[Finding] | None = None,
) -> Answered:
    """The answer; `differences` are those on the batch's entries when they are known."""
    head = found.head
    if differences is None:
        differences = _differences(act, _writer(found), head.first, head.first + head.n) if head.n else ()
    checkpoint, signature = answers.checkpoint(act)
    feed, reference = records.heads(act.connection, act.township, _writer(found), REFERENCE)
    answer = PushAnswer(
        v=messages.VERSION,
        re=answers.digest(found.line),
        status=status,
        code=code,
        township=act.township,
        device=head.device,
        epoch=head.epoch,
        seq=row.head_seq,
        hash=row.head_hash.hex(),
        ms=act.now,
        stopped=row.stopped,
        life=feed.life,
        feed=feed.number,
        reference=reference.number,
        differences=tuple(Difference(*each) for each in sorted((each.seq, each.code) for each in differences)),
        checkpoint=checkpoint,
        checkpoint_signature=signature,
    )
    return Answered(status, answers.answer(answer, act.key))


def _differences(act: Act, writer: str, first: int, end: int) -> list[Finding]:
    rows = act.connection.execute(_FOUND, {"of": act.township, "by": writer, "first": first, "end": end})
    return [Finding(row.seq, row.code) for row in rows]


def _heard(act: Act, row: Standing, found: Batch) -> None:
    """Write how the installation stands now, and what it said of itself."""
    head = found.head
    said = {"d": head.head, "f": head.feed_cursor, "r": head.reference_cursor, "now": act.now}
    stands = {"seq": row.head_seq, "hash": row.head_hash, "wall": row.head_wall, "why": row.stopped}
    minted = {"day": row.minted_day, "points": row.minted_points}
    key = {"of": act.township, "device_": head.device, "epoch_": head.epoch}
    act.connection.execute(_MOVED, {**key, **stands, **minted, **said})


def _hashes(act: Act, row: Standing, first: int, last: int) -> list[bytes]:
    """The hashes here of entries `first` to `last`, as far as there are any; number 0 is the genesis."""
    if first == row.head_seq:
        return [row.head_hash]
    writer = accounts.writer(row.device, row.epoch)
    query = {"of": act.township, "by": writer, "first": first, "last": last}
    start = [] if first else [row.genesis]
    return [*start, *act.connection.execute(_HASHES, query).scalars()]


def _standing(connection: Connection, township: str, device: str, epoch: int) -> Standing:
    key = {"of": township, "device_": device, "epoch_": epoch}
    row = connection.execute(_EPOCH, key).one_or_none()
    if row is None:
        raise NotFound("device-unknown", device=device, epoch=epoch)
    return Standing(*row)


def _writer(found: Batch) -> str:
    return accounts.writer(found.head.device, found.head.epoch)
