"""冲正 and 重打: take an entry back, or print it again. Neither edits what is written."""

from sqlalchemy import Connection

from catalog.units import Points
from pos.core import accounts, reversal
from pos.core.accounts import CASH, POINTS
from pos.core.acts import Act, ActCode
from pos.core.entries import Signatures
from pos.core.households import NOBODY
from pos.core.receipts import Receipt, RedeemFacts, ReverseFacts, WeighFacts
from pos.core.redemption import Redeem
from pos.core.refusals import AlreadyReversed, CardUnknown, EntryUnknown
from pos.core.reversal import AlreadyReturned, OfClosedDay, ReversalReason
from pos.core.sync_refusals import UndoneElsewhere
from pos.core.transfers import Decision
from pos.counter import paper, slips, vouchers
from pos.counter.desk import Desk, check_signatures
from pos.counter.redeem import month, pieces
from pos.counter.take_back import undone
from pos.storage import books, jobs, registry
from pos.storage.jobs import Job


def reverse(desk: Desk, by: Signatures, seq: int, reason: ReversalReason) -> Receipt:
    """Take entry `seq` back, once. Above the desk's limit a second person must approve.

    Of a closed day weigh-ins alone: goods handed out then are taken back (`pos.counter.take_back`). Raises
    `OfClosedDay`, and `AlreadyReturned` or `UndoneElsewhere` once any of its goods came back.
    """
    with desk.store.write() as tx:
        original = books.read_entry(tx.connection, seq)
        body = reversal.reversible(original.body)
        check_signatures(tx.connection, by, two=reversal.worth(body) > desk.void_limit)
        books.day(tx.connection)
        if earlier := books.reversal_of(tx.connection, seq):
            raise AlreadyReversed(number=earlier)
        if isinstance(body, Redeem):
            _check_whole(desk, tx.connection, seq, body)
        household = registry.household(tx.connection, body.household) if body.household else NOBODY
        if household is None:
            raise CardUnknown()
        held = tx.books(reversal.needs(body.household, original.transfers, tx.writer))
        before = Points(held.of(accounts.points(body.household, tx.writer), POINTS))
        decision = reversal.decide(seq, body, original.transfers, reason, held, tx.writer)
        written = tx.append(desk.now(), by, decision)
        if isinstance(body, Redeem):
            registry.give_back(tx.connection, body.household, month(desk, original.at.wall), pieces(body))
            vouchers.withdraw(tx.connection, seq, written.entry.seq)
        receipt = Receipt(
            slips.slip(desk, written, household, before, tx.books(())), _facts(_first_paper(tx.connection, seq), reason)
        )
        jobs.queue(tx.connection, written.entry.seq, 0, receipt, desk.language, by.operator, written.entry.at.wall)
        if any(move.commodity == CASH for move in decision.transfers):
            paper.open_drawer(desk, tx, written)
    return receipt


def _check_whole(desk: Desk, connection: Connection, seq: int, body: Redeem) -> None:
    if undone(desk, connection, seq):
        raise UndoneElsewhere()
    if returned := books.take_backs(connection, body.household, seq):
        raise AlreadyReturned(number=returned[-1].seq)
    if books.closed_day(connection, seq):
        raise OfClosedDay()
    vouchers.check_unused(connection, seq)


def reprint(desk: Desk, by: Signatures, seq: int) -> int:
    """Queue one more copy of entry `seq`'s paper and return the copy's number; never pulses the drawer."""
    with desk.store.write() as tx:
        check_signatures(tx.connection, by)
        original = _first_paper(tx.connection, seq)
        copy = jobs.last_copy(tx.connection, seq) + 1
        now = desk.now()
        tx.append(now, by, Decision(Act(ActCode.REPRINT, ref=seq, subject=str(copy)), ()))
        jobs.settle_doubts(tx.connection, seq)
        jobs.queue(tx.connection, seq, copy, original.paper, original.language, by.operator, now.wall)
    return copy


def _first_paper(connection: Connection, seq: int) -> Job:
    papers = jobs.of_entry(connection, seq)
    if not papers:
        raise EntryUnknown(number=seq)
    return papers[0]


def _facts(original: Job, reason: ReversalReason) -> ReverseFacts:
    receipt = original.paper
    assert isinstance(receipt, Receipt)
    assert isinstance(receipt.facts, WeighFacts | RedeemFacts)
    return ReverseFacts(receipt.slip.number, reason, receipt.facts)
