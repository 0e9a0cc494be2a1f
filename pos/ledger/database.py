"""Where the ledger keeps its rows: one SQLite file at once, or PostgreSQL at SERIALIZABLE for real use.

A transaction is a function of its connection without side effects: when PostgreSQL says that it ran into another
(40001) or into a deadlock (40P01), all of it runs again after a random wait.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeVar

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from pos import database as sqlite_recipe
from pos.ledger.refusals import Unavailable

T = TypeVar("T")

ATTEMPTS = 12
_AGAIN = frozenset({"40001", "40P01"})
_TURNS = 64
_JITTER = wait_random_exponential(multiplier=0.01, max=1)


class Database:
    """An open database with its schema brought up to date."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        """Use `connect`; both engines belong to the database from now on."""
        self._writer, self._reader = writer, reader
        # Acts in one township wait here for each other rather than in PostgreSQL, where all but one would run again.
        self._turns = tuple(Lock() for _ in range(_TURNS))

    def write(self, key: str, work: Callable[[Connection], T]) -> T:
        """What `work` returns, once its transaction is durable; `key` is the township. Raises `Unavailable`."""
        turn = self._turns[zlib.crc32(key.encode()) % _TURNS]

        def once() -> T:
            with turn, self._writer.begin() as connection:
                return work(connection)

        retrying = Retrying(
            retry=retry_if_exception(_conflicted),
            wait=_pause,
            stop=stop_after_attempt(ATTEMPTS),
            reraise=True,
        )
        with _answering():
            return retrying(once)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot for queries. Raises `Unavailable`."""
        with _answering(), self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._writer.dispose()
        self._reader.dispose()


def connect(where: Path | str, pool: int = 8) -> Database:
    """The database at a file's path or a `postgresql://` address, its schema brought up to date."""
    if isinstance(where, Path):
        sqlite_recipe.check_version()
        _bring_up_file(where)
        return Database(sqlite_recipe.writer(where), sqlite_recipe.reader(where))
    address = where.replace("postgresql://", "postgresql+psycopg://", 1)
    writer = create_engine(address, isolation_level="SERIALIZABLE", pool_size=pool)
    with writer.begin() as connection:
        _migrate(connection)
    reader = create_engine(
        address,
        isolation_level="REPEATABLE READ",
        pool_size=pool,
        execution_options={"postgresql_readonly": True},
    )
    return Database(writer, reader)


def _bring_up_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_recipe.writer(path, synchronous="EXTRA")
    try:
        with engine.begin() as connection:
            _migrate(connection)
    finally:
        engine.dispose()
    with sqlite3.connect(path, isolation_level=None) as bare:
        bare.execute("PRAGMA synchronous=EXTRA")
        bare.execute("PRAGMA journal_mode=WAL")
    bare.close()


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "pos:ledger/migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _pause(state: RetryCallState) -> float:
    """Seconds before the next attempt: none at first, since what the township's row was waited for is over by then."""
    return 0.0 if state.attempt_number == 1 else _JITTER(state)


def _conflicted(error: BaseException) -> bool:
    """Whether the transaction only ran into another one."""
    return getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None) in _AGAIN


@contextmanager
def _answering() -> Iterator[None]:
    """A database that is full, busy or gone is for the operator to see to, and for the client to try again."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError) as error:
        raise Unavailable("unavailable", detail=type(error).__name__) from error
