"""The audit: one line for each act of a person, and for each request that was refused."""

import re

from sqlalchemy import Connection, Row, insert, select, tuple_

from pos.ledger import keys
from pos.ledger import tables as t

REFUSED = "refused"
_MOST = 200
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""What no database takes as text, or no screen shows."""


def fit(text: str) -> str:
    """A text with what is no character of a line replaced."""
    return _UNFIT.sub("\ufffd", text)


def note(connection: Connection, township: str, now: int, actor: str, act: str, subject: str, detail: str = "") -> None:
    """Write a line within whatever it tells of; long texts are cut, unfit characters replaced."""
    row = {"township": township, "actor": actor, "act": act, "subject": subject, "detail": detail}
    clean = {name: fit(text[:_MOST]) for name, text in row.items()}
    connection.execute(insert(t.audit).values(ms=now, nonce=keys.nonce(), **clean))


def lines(connection: Connection, township: str, before: tuple[int, str], limit: int) -> list[Row[tuple[object, ...]]]:
    """Up to `limit` lines before a time (ms) and nonce, newest first."""
    c = t.audit.c
    query = (
        select(t.audit)
        .where(c.township == township, tuple_(c.ms, c.nonce) < before)
        .order_by(c.ms.desc(), c.nonce.desc())
        .limit(limit)
    )
    return list(connection.execute(query))
