"""Feeds: what the ledger tells, in numbered records, chained and signed as `pos.wire.records` says, none left out.

The chain starts from the feed's name, so that records can wait for an installation that has yet to enrol. A new life
begins at number 1 when a ledger was restored from its own backup.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from pos.ledger import tables as t
from pos.ledger.books import Act
from pos.wire import signing
from pos.wire.records import FIRST_LIFE, chained, signed_part, start

_HEADS = select(t.feeds).where(
    t.feeds.c.township == bindparam("of"), t.feeds.c.feed.in_((bindparam("one"), bindparam("other")))
)


@dataclass(frozen=True, slots=True)
class Head:
    """A feed's newest record: number 0 is its start."""

    life: int
    number: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a feed."""

    feed: str
    life: int
    number: int
    line: bytes
    digest: bytes
    signature: bytes


def head(connection: Connection, township: str, feed: str) -> Head:
    """Where a feed stands."""
    return heads(connection, township, feed, feed)[0]


def heads(connection: Connection, township: str, one: str, other: str) -> tuple[Head, Head]:
    """Where two feeds stand."""
    rows = connection.execute(_HEADS, {"of": township, "one": one, "other": other})
    found = {row.feed: Head(row.life, row.number, row.digest) for row in rows}
    missing = {feed: Head(FIRST_LIFE, 0, start(township, feed, FIRST_LIFE)) for feed in (one, other)}
    return found.get(one, missing[one]), found.get(other, missing[other])


def append(act: Act, feed: str, line: bytes) -> Record:
    """Add a record: the township's row is locked, so numbers have no gap and appear in the order they commit."""
    before = head(act.connection, act.township, feed)
    number, digest = before.number + 1, chained(before.digest, line)
    covered = signed_part(act.township, feed, before.life, number, digest)
    record = Record(feed, before.life, number, line, digest, signing.sign(signing.RECORD, covered, act.key))
    newest = {"number": number, "digest": digest}
    here = (t.feeds.c.township == act.township, t.feeds.c.feed == feed)
    if not act.connection.execute(update(t.feeds).where(*here).values(**newest)).rowcount:
        names = {"township": act.township, "feed": feed, "life": before.life}
        act.connection.execute(insert(t.feeds).values(**names, **newest))
    act.connection.execute(insert(t.feed_records).values(township=act.township, **asdict(record)))
    return record


def page(connection: Connection, township: str, feed: str, after: int, limit: int) -> list[Record]:
    """Up to `limit` records after number `after` of the feed's present life, oldest first."""
    c = t.feed_records.c
    query = (
        select(c.feed, c.life, c.number, c.line, c.digest, c.signature)
        .where(c.township == township, c.feed == feed, c.life == head(connection, township, feed).life)
        .where(c.number > after)
        .order_by(c.number)
        .limit(limit)
    )
    return [Record(*row) for row in connection.execute(query)]
