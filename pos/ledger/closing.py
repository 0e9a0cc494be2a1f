"""The end of an installation's life: lost, restored or replaced; and of a store's life on its own.

Closing hands all goods and cash on to the next epoch at once, by records in its feed that wait until it enrols. Points
stay frozen where they are; a tail that turns up is still posted. Releasing them is somebody's decision, with a reason:
from then on a tail is kept without being posted. A store that ran alone gives back everything once it is approved.
What is raised is a `LedgerRefused`.
"""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, insert, select, update

from catalog.units import Points
from pos.core import accounts, epochs, households
from pos.core.accounts import LEDGER, POINTS
from pos.core.redemption import Redeem
from pos.core.transfers import Books, Transfer
from pos.ledger import audit, enrol, feed, lines, records, rights
from pos.ledger import tables as t
from pos.ledger.books import OPERATOR, Act
from pos.ledger.refusals import Conflict
from pos.ledger.service import Ledger
from pos.wire import reference
from pos.wire.reference import VoucherFacts

_FROZEN = frozenset({"pts", "pend", "move"})


def close(ledger: Ledger, township: str, device: str, epoch: int, by: str, reason: str) -> str:
    """End an epoch and hand on what it has. Returns the successor's writer; the same again changes nothing."""

    def work(act: Act) -> str:
        row = rights.epoch_of(act.connection, township, device, epoch)
        if row.state == "open":
            _set_state(act, device, epoch, "closed")
            audit.note(act.connection, township, act.now, by, "close", accounts.writer(device, epoch), reason)
            hand_over(act, device, epoch, by)
        return _successor(act, device)

    return ledger.act(township, work)


def hand_over(act: Act, device: str, epoch: int, by: str = OPERATOR) -> None:
    """Move what a closed epoch has, points and debt apart, to its successor, and tell it in its feed."""
    closed, successor = accounts.writer(device, epoch), _successor(act, device)
    for decision in epochs.close(closed, successor, _books_of(act, closed)):
        written = act.write(decision, by, author=closed)
        records.append(act, successor, written.line)
        _tell_vouchers(act, device, epoch, {move.source.subject for move in decision.transfers if _is_voucher(move)})


def _is_voucher(move: Transfer) -> bool:
    return move.source.kind == "vch"


def _tell_vouchers(act: Act, device: str, epoch: int, numbers: set[str]) -> None:
    """Tell the store what its successor must know of vouchers that were handed on, as their redemptions say it."""
    if not numbers:
        return
    c = t.journal.c
    of_device = (c.township == act.township, c.writer.startswith(f"{device}.", autoescape=True))
    found: dict[str, VoucherFacts] = {}
    for line in act.connection.execute(select(c.bytes).where(*of_device, c.kind == Redeem.KIND)).scalars():
        entry = lines.read(line).entry() if b'"voucher":"' in line else None
        if entry is not None and isinstance(body := entry.body, Redeem):
            for each in body.services:
                paid = (body.household, each.service, each.points, entry.at.wall, each.until, each.slot)
                found[each.voucher] = VoucherFacts(each.voucher, *paid)
    store = rights.epoch_of(act.connection, act.township, device, epoch).store
    feed.put(act, store, reference.VOUCHER, [(number, found[number]) for number in sorted(numbers & found.keys())])


def release(ledger: Ledger, township: str, device: str, epoch: int, by: str, reason: str) -> int:
    """Free a closed epoch's frozen points for their households. Returns for how many."""

    def work(act: Act) -> int:
        row, writer = rights.epoch_of(act.connection, township, device, epoch), accounts.writer(device, epoch)
        if row.state != "closed":
            raise Conflict("epoch-open" if row.state == "open" else "epoch-released", device=device, epoch=epoch)
        books = _books_of(act, writer)
        freed: Counter[str] = Counter()
        for household in _holders(books):
            decision = epochs.release(writer, household, books)
            act.write(decision, by, author=writer)
            freed[household] = sum(move.quantity for move in decision.transfers if move.destination.writer == LEDGER)
        _set_state(act, device, epoch, "released")
        audit.note(act.connection, township, act.now, by, "release", writer, reason)
        rights.settle(act, identify(act, writer, freed))
        return len(freed)

    return ledger.act(township, work)


def approve_alone(ledger: Ledger, township: str, device: str, stand_ins: Mapping[str, str], by: str) -> None:
    """Approve a store that ran alone: it is told to give back everything, for its next epoch to be granted.

    `stand_ins` maps numbers that the store used to the township's households that they stand for. Every other household
    that holds points there must be one of the township's.
    """
    writer = accounts.writer(device, 0)

    def work(act: Act) -> None:
        row = rights.require_open(act, device, 0)
        if row.head_seq < row.device_head:
            raise Conflict("not-uploaded", seq=row.head_seq, head=row.device_head)
        holders = _holders(_books_of(act, writer))
        known = rights.households_of(act, {*holders, *stand_ins.values()})
        unknown = [of for of in (*holders, *stand_ins) if stand_ins.get(of, of) not in known]
        if unknown:
            raise Conflict("households-unmapped", count=len(unknown), first=unknown[0])
        names = {"township": township, "writer": writer}
        rows = [{**names, "local": local, "household": of} for local, of in stand_ins.items()]
        if rows:
            act.connection.execute(insert(t.stand_ins), rows)
        enrol.approve(act, device, by)
        for household in holders:
            rights.tell(act, writer, household, Points(0), Points(0))

    ledger.act(township, work)


def identify(act: Act, writer: str, came_back: Mapping[str, int]) -> set[str]:
    """Pass points (1/100) that came back from `writer` on to whom its numbers stand for; returns whose they are."""
    c = t.stand_ins.c
    query = select(c.local, c.household).where(c.township == act.township, c.writer == writer)
    meant = {row.local: row.household for row in act.connection.execute(query)}
    for local in sorted(meant.keys() & came_back.keys()):
        if points := came_back[local]:
            keys = [(accounts.points(local, LEDGER), POINTS), (accounts.debt(meant[local], LEDGER), POINTS)]
            act.write(households.split(local, meant[local], Points(points), act.books(keys)))
    return {meant.get(household, household) for household in came_back}


def _holders(books: Books) -> list[str]:
    """Households with points that are frozen when their epoch ends."""
    held = {account.subject for (account, _), n in books.balances.items() if account.kind in _FROZEN and n}
    return sorted(held)


def _books_of(act: Act, writer: str) -> Books:
    """All that accounts of one writer hold."""
    act.flush()
    c = t.balances.c
    query = select(c.account, c.commodity, c.quantity).where(c.township == act.township, c.writer == writer)
    held = {(accounts.parse(account), what): n for account, what, n in act.connection.execute(query)}
    return Books(LEDGER, held)


def _successor(act: Act, device: str) -> str:
    """The newest epoch of a device that is not closed, or the one that is to come."""
    c = t.epochs.c
    here = (c.township == act.township, c.device == device)
    newest = act.connection.execute(select(func.max(c.epoch)).where(*here)).scalar_one()
    state = rights.epoch_of(act.connection, act.township, device, newest).state
    return accounts.writer(device, newest if state == "open" else newest + 1)


def _set_state(act: Act, device: str, epoch: int, state: str) -> None:
    c = t.epochs.c
    here = (c.township == act.township, c.device == device, c.epoch == epoch)
    act.connection.execute(update(t.epochs).where(*here).values(state=state))
