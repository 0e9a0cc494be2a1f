"""The ledger: its database, its signing key and its clock, and the one way to act in a township."""

from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from pos.clock import Clock
from pos.core.entries import Moment
from pos.ledger import database, keys
from pos.ledger.books import Act
from pos.ledger.database import Database
from pos.wire import signing

FILE = "ledger.db"

P = ParamSpec("P")
T = TypeVar("T")


class Ledger:
    """An open ledger. `act` changes one township, `read` asks."""

    def __init__(
        self, database: Database, key: Ed25519PrivateKey, clock: Clock, workers: Executor | None = None
    ) -> None:
        """All of them belong to the ledger from now on."""
        self.database, self.key, self.clock, self.workers = database, key, clock, workers
        self.device_keys: dict[tuple[str, str, int], str] = {}
        """Public keys of installations heard of late, by township, device and epoch: a key never changes."""

    @property
    def public_key(self) -> str:
        """What terminals pin, hex."""
        return signing.public_hex(self.key)

    def apart(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns, worked out in another process when there are any: nothing but its arguments counts."""
        if self.workers is None:
            return work(*args, **kwargs)
        return self.workers.submit(work, *args, **kwargs).result()

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
        """Close the database, and end the other processes."""
        if self.workers:
            self.workers.shutdown(cancel_futures=True)
        self.database.close()


def open_ledger(folder: Path, address: str = "", clock: Clock | None = None, workers: int = 0) -> Ledger:
    """The ledger whose key lies in `folder`, with its database there, or at a `postgresql://` address.

    `workers` other processes check what comes in, where there are processors for them.
    """
    where = address or folder / FILE
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers else None
    return Ledger(database.connect(where), keys.signing(folder), clock or Clock(), pool)
