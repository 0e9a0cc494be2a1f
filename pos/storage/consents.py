"""Who agreed to be named in public. Without a row there is no consent; withdrawing it erases the row.

A subject is `household/<number>`, or `gift/<entry>` for who stands behind a gift.
"""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from pos.storage import tables as t


def given(connection: Connection, kind: str) -> frozenset[str]:
    """The households (`household`) or the entries of gifts (`gift`) with consent, without their prefix."""
    query = select(t.consents.c.subject).where(t.consents.c.subject.startswith(f"{kind}/", autoescape=True))
    return frozenset(subject.partition("/")[2] for subject in connection.execute(query).scalars())


def give(connection: Connection, subject: str, seq: int) -> None:
    """Remember a consent, and the entry that says so."""
    row = {"subject": subject, "seq": seq}
    statement = insert(t.consents).on_conflict_do_update(index_elements=["subject"], set_={"seq": seq})
    connection.execute(statement, row)


def withdraw(connection: Connection, subject: str) -> None:
    """Nobody may be named by this any more."""
    connection.execute(delete(t.consents).where(t.consents.c.subject == subject))
