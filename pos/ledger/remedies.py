"""The ledger's corrections of single households: made good, taken back, forgiven, laid aside. A person decides each.

Everything is credited at the ledger, debt first, and goes on to where the household's points belong. What is raised is
a `LedgerRefused`. Points are 1/100 point.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from catalog.units import Points
from pos.core import accounts, awards, entries, holds, journal, take_back
from pos.core.accounts import LEDGER, POINTS, Account
from pos.core.awards import Remedy, Undo
from pos.core.entries import Entry
from pos.core.redemption import Redeem
from pos.core.refusals import BelowFloor, Refused
from pos.core.reversal import Reverse
from pos.core.take_back import TakeBack
from pos.core.transfers import Books, Decision
from pos.ledger import audit, feed, rights
from pos.ledger import lines as lines_of
from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.ledger.refusals import Conflict, Invalid, NotFound
from pos.ledger.service import Ledger
from pos.wire import reference
from pos.wire.reference import Undone


def remedy(ledger: Ledger, township: str, household: str, paper: str, points: Points, by: str, reason: str) -> None:
    """Make points good, once, that a household's paper shows and the books do not: of a fork, or of a late tail."""

    def work(act: Act) -> None:
        rights.require_household(act, household)
        if points <= Points(0):
            raise Invalid("points-out-of-range")
        if any(isinstance(body, Remedy) and body.paper == paper for body in _corrections(act, household)):
            raise Conflict("remedy-made", paper=paper)
        decision = awards.remedy(household, paper, points, _books(act, household))
        _correct(act, household, decision, by, f"{paper} {reason}")

    ledger.act(township, work)


def undo(
    ledger: Ledger, township: str, device: str, epoch: int, seq: int, lines: Sequence[int], by: str, reason: str
) -> Points:
    """Take lines (places from 1) of a redemption of another store or of a closed epoch back. Returns what it gives.

    What is left of each line comes back whole; the store that takes the goods books them as returned.
    """

    def work(act: Act) -> Points:
        row, original, body = _redemption(act, device, epoch, seq)
        writer, paper = accounts.writer(device, epoch), journal.number(row.store, device, epoch, seq)
        points = _worth(act, writer, paper, original, body, lines)
        # A released epoch takes no posting; of an open one only the device itself takes.
        author = writer if row.state == "closed" else LEDGER
        undone = Undo(body.household, paper, tuple(lines), points)
        decision = awards.undo(undone, _books(act, body.household), author)
        feed.put(act, row.store, reference.UNDONE, [(f"{paper}/{line}", Undone(paper, line)) for line in lines])
        _correct(act, body.household, decision, by, f"{paper} {reason}", author)
        return points

    return ledger.act(township, work)


def forgive(ledger: Ledger, township: str, household: str, points: Points, by: str, reason: str) -> None:
    """Forgive what a household owes at the ledger, or part of it."""

    def work(act: Act) -> None:
        rights.require_household(act, household)
        owed = -_books(act, household).of(accounts.debt(household, LEDGER), POINTS)
        if not 0 < points.amount <= owed:
            raise Invalid("points-out-of-range", most=owed)
        _correct(act, household, awards.forgive(household, points, LEDGER), by, reason)

    ledger.act(township, work)


def hold(ledger: Ledger, township: str, household: str, points: Points, by: str, reason: str) -> None:
    """Lay points aside that the ledger has; `allotments.keep` has them come back first."""
    _lay(ledger, township, household, points, holds.hold(household, points), by, reason)


def cash_out(ledger: Ledger, township: str, household: str, points: Points, by: str, reason: str) -> None:
    """Take held points out of the books, since the bank has paid for them."""
    _lay(ledger, township, household, points, holds.cash_out(household, points), by, reason)


def unhold(ledger: Ledger, township: str, household: str, points: Points, by: str, reason: str) -> None:
    """Give held points back to the household."""

    def work(act: Act) -> None:
        rights.require_household(act, household)
        if points <= Points(0):
            raise Invalid("points-out-of-range")
        _correct(act, household, holds.unhold(household, points, _books(act, household)), by, reason)

    ledger.act(township, work)


def settle_finding(ledger: Ledger, township: str, writer: str, seq: int, code: str, by: str, reason: str) -> None:
    """Put a difference aside: somebody has looked at it, and done what there was to do."""

    def work(act: Act) -> None:
        c = t.findings.c
        here = (c.township == township, c.writer == writer, c.seq == seq, c.code == code, c.settled.is_(None))
        if not act.connection.execute(update(t.findings).where(*here).values(settled=act.now, settled_by=by)).rowcount:
            raise NotFound("finding-unknown", seq=seq)
        audit.note(act.connection, township, act.now, by, "settle", f"{writer} {seq} {code}", reason)

    ledger.act(township, work)


def _lay(
    ledger: Ledger, township: str, household: str, points: Points, decision: Decision[Any], by: str, reason: str
) -> None:
    def work(act: Act) -> None:
        rights.require_household(act, household)
        if points <= Points(0):
            raise Invalid("points-out-of-range")
        _correct(act, household, decision, by, reason)
        # What stays at the ledger for it need not stay any longer.
        rights.allot(act, household, LEDGER, 0, 0, once=False)
        rights.settle(act, [household])

    ledger.act(township, work)


def _correct(act: Act, household: str, decision: Decision[Any], by: str, reason: str, author: str = LEDGER) -> None:
    try:
        written = act.write(decision, by, author)
    except BelowFloor as below:
        raise Conflict("points-not-here", account=str(below.fields["account"])) from None
    audit.note(act.connection, act.township, act.now, by, written.entry.kind, household, reason)
    rights.settle(act, [household])


def _books(act: Act, household: str) -> Books:
    kinds = ("pts", "debt", "hold")
    return act.books((Account(kind, household, LEDGER), POINTS) for kind in kinds)


def _corrections(act: Act, household: str) -> list[object]:
    c = t.journal.c
    query = select(c.bytes).where(c.township == act.township, c.household == household)
    rows = act.connection.execute(query.where(c.kind.in_((Undo.KIND, Remedy.KIND)))).scalars()
    return [entries.decode(line).body for line in rows]


def _redemption(act: Act, device: str, epoch: int, seq: int) -> tuple[Row[Any], Entry, Redeem]:
    row = rights.epoch_of(act.connection, act.township, device, epoch)
    c = t.journal.c
    here = (c.township == act.township, c.writer == accounts.writer(device, epoch))
    line = act.connection.execute(select(c.bytes).where(*here, c.seq == seq)).scalar_one_or_none()
    # A body that does not fit its kind was posted by its transfers, and is nothing that lines can be taken from.
    entry = lines_of.read(line).entry() if line else None
    if entry is None or not isinstance(entry.body, Redeem):
        raise NotFound("entry-unknown", seq=seq)
    if act.connection.execute(select(c.seq).where(*here, c.kind == Reverse.KIND, c.ref == seq)).first():
        raise Conflict("entry-reversed", seq=seq)
    return row, entry, entry.body


def _worth(act: Act, writer: str, paper: str, original: Entry, body: Redeem, lines: Sequence[int]) -> Points:
    """What the lines give back, after what was given back for the same redemption before."""
    if not lines or len(set(lines)) != len(lines) or not all(1 <= line <= len(body.lines) for line in lines):
        raise Invalid("lines", most=len(body.lines))
    before = [each for each in _corrections(act, body.household) if isinstance(each, Undo) and each.paper == paper]
    earlier = _taken_back(act, writer, original.seq)
    gives = Points(0)
    try:
        for places in (*(each.lines for each in before), tuple(lines)):
            found = take_back.back_whole(original.seq, body, original.transfers, places, earlier, writer)
            earlier.append(found)
            gives = found.points
    except Refused:
        raise Conflict("lines-back", paper=paper) from None
    return gives


def _taken_back(act: Act, writer: str, seq: int) -> list[TakeBack]:
    c = t.journal.c
    here = (c.township == act.township, c.writer == writer, c.kind == TakeBack.KIND, c.ref == seq)
    rows = act.connection.execute(select(c.bytes).where(*here).order_by(c.seq)).scalars()
    found = [lines_of.read(line).entry() for line in rows]
    return [entry.body for entry in found if entry and isinstance(entry.body, TakeBack)]
