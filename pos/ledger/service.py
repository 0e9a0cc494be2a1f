"""The ledger: its database, its signing key and its clock, and the one way to act in a township."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from pos.clock import Clock
from pos.core.entries import Moment
from pos.ledger import database, keys
from pos.ledger.books import Act
from pos.ledger.database import Database
from pos.wire import signing

FILE = "ledger.db"

T = TypeVar("T")


class Ledger:
    """An open ledger. `act` changes one township, `read` asks."""

    def __init__(self, database: Database, key: Ed25519PrivateKey, clock: Clock) -> None:
        """All three belong to the ledger from now on."""
        self.database, self.key, self.clock = database, key, clock
        self.device_keys: dict[tuple[str, str, int], str] = {}
        """Public keys of installations heard of late, by township, device and epoch: a key never changes."""

    @property
    def public_key(self) -> str:
        """What terminals pin, hex."""
        return signing.public_hex(self.key)

    def now(self) -> Moment:
        """The ledger's clock."""
        return Moment(self.clock.wall(), self.clock.mono(), self.clock.boot())

    def act(self, township: str, work: Callable[[Act], T]) -> T:
        """What `work` returns, once everything it did is durable; nothing of it is when it raises.

        `work` may run more than once. Raises `NotFound` for an unknown township, `Unavailable`, and what `work` raises.
        """
        at = self.now()

        def transaction(connection: Connection) -> T:
            act = Act(connection, township, at, self.key)
            result = work(act)
            act.flush()
            return result

        return self.database.write(township, transaction)

    def read(self) -> AbstractContextManager[Connection]:
        """A snapshot for queries."""
        return self.database.read()

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_ledger(folder: Path, address: str = "", clock: Clock | None = None) -> Ledger:
    """The ledger whose key lies in `folder`, with its database there, or at a `postgresql://` address."""
    where = address or folder / FILE
    return Ledger(database.connect(where), keys.signing(folder), clock or Clock())
