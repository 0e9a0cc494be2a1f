"""What parties are owed, and up to where each was settled."""

from sqlalchemy import Connection
from sqlalchemy.sql import text

from pos.core import accounts
from pos.core.fund import Settle
from pos.database import Prepared
from pos.storage import books, deliveries, services

_BALANCES = Prepared(
    text(
        "SELECT account, quantity FROM balances WHERE commodity = 'due' AND account >= 'due:' AND account < 'due;'"
        " AND quantity <> 0 ORDER BY account"
    )
)
_SETTLED = Prepared(text("SELECT seq FROM journal WHERE kind = 'settle' ORDER BY seq DESC"))


def balances(connection: Connection, writer: str) -> list[tuple[str, int]]:
    """What `writer` owes each party, in fen; settled ones left out."""
    found = ((accounts.parse(account), quantity) for account, quantity in _BALANCES.rows(connection))
    return [(account.subject, quantity) for account, quantity in found if account.writer == writer]


def names(connection: Connection) -> dict[str, str]:
    """The names of suppliers and providers by code; owners of goods who are neither have their word on screen."""
    providers = {code: each.name for code, each in services.providers(connection).items()}
    return providers | {code: each.name for code, each in deliveries.suppliers(connection).items()}


def last_settled(connection: Connection, party: str) -> int:
    """Up to which entry a party was settled; 0 before the first time."""
    for (seq,) in _SETTLED.rows(connection):
        body = books.read_entry(connection, seq).body
        if isinstance(body, Settle) and body.party == party:
            return body.until
    return 0
