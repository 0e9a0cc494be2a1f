"""The audit: one line for each act of a person, and for each request that was refused for what it claimed to be."""

from sqlalchemy import Connection, insert

from pos.ledger import keys
from pos.ledger import tables as t

_MOST = 200


def note(connection: Connection, township: str, now: int, actor: str, act: str, subject: str, detail: str = "") -> None:
    """Write a line within whatever it tells of; long texts are cut."""
    row = {"actor": actor, "act": act, "subject": subject, "detail": detail}
    cut = {name: text[:_MOST] for name, text in row.items()}
    connection.execute(insert(t.audit).values(township=township[:_MOST], ms=now, nonce=keys.nonce(), **cut))
