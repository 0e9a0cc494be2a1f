"""What the supervision group looks at: differences, and batches that were kept as evidence, page by page."""

from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from pos.ledger import tables as t

Key = tuple[str, int, str]
"""Of a difference: its writer, its entry's number, its code."""


def differences(connection: Connection, township: str, after: Key, limit: int, *, settled: bool) -> list[Row[Any]]:
    """Up to `limit` differences after one, in order; `settled` ones, or those nobody has put aside."""
    c = t.findings.c
    state = c.settled.is_not(None) if settled else c.settled.is_(None)
    query = (
        select(t.findings)
        .where(c.township == township, state, tuple_(c.writer, c.seq, c.code) > after)
        .order_by(c.writer, c.seq, c.code)
        .limit(limit)
    )
    return list(connection.execute(query))


def evidence(connection: Connection, township: str, after: bytes, limit: int) -> list[Row[Any]]:
    """Up to `limit` batches that were kept although they were refused, in the order of their digests."""
    c = t.evidence.c
    query = (
        select(c.digest, c.writer, c.reason, c.found)
        .where(c.township == township, c.digest > after)
        .order_by(c.digest)
        .limit(limit)
    )
    return list(connection.execute(query))
