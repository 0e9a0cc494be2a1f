"""What terminals pull: pages of their grants feed, and of the township's reference rows.

Of reference data only the newest row of each thing is kept, numbered in the order of commits: a person's name can be
erased, and a terminal that was away for a year pulls no more than one that is new. What is raised is a `LedgerRefused`.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select, tuple_, update

from pos.core import accounts
from pos.ledger import answers, bulk, records, rights
from pos.ledger import tables as t
from pos.ledger.answers import Signed
from pos.ledger.books import Act
from pos.ledger.refusals import Invalid
from pos.ledger.service import Ledger
from pos.wire import messages
from pos.wire.feeds import FeedRecord, GrantsPage, Place, ReferencePage, ReferenceRow
from pos.wire.records import REFERENCE, chained
from pos.wire.reference import KINDS, Facts

T = TypeVar("T")

MOST_RECORDS = 1000
_MOST_BYTES = messages.MOST_BYTES // 2
"""Of the values of one page: quoting can make them longer."""
_COLUMNS = ("township", "scope", "kind", "code", "priority", "number", "value")
_CHUNK = 500


def put(act: Act, scope: str, kind: str, rows: Iterable[tuple[str, Facts | None]]) -> int:
    """Tell the terminals of `scope` about things by their codes, `None` that one is gone. Returns the last number."""
    before = records.head(act.connection, act.township, REFERENCE)
    number, digest, new = before.number, before.digest, []
    for code, facts in rows:
        value = None if facts is None else messages.dumps(facts).decode()
        number += 1
        digest = chained(digest, f"{scope} {kind} {code} {value}".encode())
        new.append((act.township, scope, kind, code, KINDS.index(kind), number, value))
    c = t.reference.c
    here = (c.township == act.township, c.scope == scope, c.kind == kind)
    for start in range(0, len(new), _CHUNK):
        codes = [row[3] for row in new[start : start + _CHUNK]]
        act.connection.execute(delete(t.reference).where(*here, c.code.in_(codes)))
    bulk.add(act.connection, t.reference, _COLUMNS, new)
    _set_head(act, before.life, number, digest)
    return number


def grants(ledger: Ledger, township: str, device: str, epoch: int, life: int, after: int, limit: int) -> Signed:
    """A signed page of records of an installation's feed in `life` after number `after`."""
    writer, c = accounts.writer(device, epoch), t.feed_records.c
    with ledger.read() as connection:
        rights.epoch_of(connection, township, device, epoch)
        head = records.head(connection, township, writer)
        if life < 1:
            raise Invalid("life", newest=head.life)
        here = (c.township == township, c.feed == writer, c.life == life)
        newest = select(c.number).where(*here).order_by(c.number.desc()).limit(1)
        last = connection.execute(newest).scalar_one_or_none() or 0
        query = select(c.number, c.line, c.signature).where(*here, c.number > after).order_by(c.number)
        rows = connection.execute(query.limit(min(limit, MOST_RECORDS))).all()
        later = select(c.life).where(c.township == township, c.feed == writer, c.life > life).order_by(c.life).limit(1)
        following = connection.execute(later).scalar_one_or_none() or max(head.life, life)
    kept = _within(rows, lambda row: len(row.line))
    found = tuple(FeedRecord(row.number, row.line.decode(), row.signature.hex()) for row in kept)
    page = GrantsPage(messages.VERSION, township, device, epoch, life, after, last, following, head.life, found)
    return answers.answer(page, ledger.key)


def reference(
    ledger: Ledger, township: str, device: str, epoch: int, life: int, after: int, upto: int, begin: Place, limit: int
) -> Signed:
    """A signed page of the rows that a store is served; `upto` 0 begins a pull, a `life` that is over a snapshot."""
    with ledger.read() as connection:
        row = rights.epoch_of(connection, township, device, epoch)
        head = records.head(connection, township, REFERENCE)
        if life != head.life or not 0 <= after <= head.number:
            after, upto, begin = 0, 0, Place(0, 0)
        end = upto if after <= upto <= head.number and upto else head.number
        c = t.reference.c
        query = (
            select(c.kind, c.code, c.number, c.value, c.priority)
            .where(c.township == township, c.scope.in_(scopes(connection, township, row.store)))
            .where(c.number > after, c.number <= end)
            .where(tuple_(c.priority, c.number) > (begin.priority, begin.number))
            .order_by(c.priority, c.number)
            .limit(min(limit, MOST_RECORDS) + 1)
        )
        rows = connection.execute(query).all()
    kept = _within(rows[: min(limit, MOST_RECORDS)], lambda row: len(row.value or ""))
    last = Place(kept[-1].priority, kept[-1].number) if kept else begin
    found = tuple(ReferenceRow(each.kind, each.code, each.number, each.value) for each in kept)
    names = (messages.VERSION, township, device, epoch, head.life, after, end, begin, last)
    return answers.answer(ReferencePage(*names, int(len(kept) == len(rows)), found), ledger.key)


def again(act: Act, scope: str) -> None:
    """Tell everything of a scope once more: a store that did not serve it before is served it now."""
    c = t.reference.c
    query = select(t.reference).where(c.township == act.township, c.scope == scope).order_by(c.number)
    rows = act.connection.execute(query).all()
    before = records.head(act.connection, act.township, REFERENCE)
    for number, row in enumerate(rows, before.number + 1):
        here = (c.township == act.township, c.scope == scope, c.kind == row.kind, c.code == row.code)
        act.connection.execute(update(t.reference).where(*here).values(number=number))
    _set_head(act, before.life, before.number + len(rows), chained(before.digest, f"{scope} again".encode()))


def _within(found: Iterable[T], size: Callable[[T], int]) -> list[T]:
    """As many of them as one message holds, at least one."""
    kept: list[T] = []
    total = 0
    for each in found:
        total += size(each)
        if kept and total > _MOST_BYTES:
            break
        kept.append(each)
    return kept


def scopes(connection: Connection, township: str, store: str) -> list[str]:
    """What a store is served: what is for all, for itself, and for the villages that it serves."""
    stores, routes = t.stores.c, t.routes.c
    own = select(stores.village).where(stores.township == township, stores.store == store)
    more = select(routes.village).where(routes.township == township, routes.store == store)
    return ["", store, *connection.execute(own).scalars(), *connection.execute(more).scalars()]


def _set_head(act: Act, life: int, number: int, digest: bytes) -> None:
    here = (t.feeds.c.township == act.township, t.feeds.c.feed == REFERENCE)
    if not act.connection.execute(update(t.feeds).where(*here).values(number=number, digest=digest)).rowcount:
        row = {"township": act.township, "feed": REFERENCE, "life": life, "number": number, "digest": digest}
        act.connection.execute(insert(t.feeds).values(**row))
