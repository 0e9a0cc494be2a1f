"""The recipe for SQLite that terminal and ledger share.

One writer connection, `BEGIN IMMEDIATE`, WAL with `synchronous=FULL`, foreign keys on; only the writer checkpoints
(the WAL-reset bug of SQLite 3.7.0-3.51.2 needs two connections that write or checkpoint at once). A file is created
and migrated under `synchronous=EXTRA`, so that no start-up rollback journal can reappear after a power cut.
"""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql import ClauseElement

from pos.core.refusals import DiskFailed, DiskFull, Refused, SqliteTooOld, StoreBusy, StoreCorrupt, StoreReadOnly

OLDEST_SQLITE = (3, 38, 0)
"""STRICT tables (3.37) and the `->>` operator (3.38)."""

_REFUSALS: dict[int, type[Refused]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite3.SQLITE_CORRUPT: StoreCorrupt,
    sqlite3.SQLITE_NOTADB: StoreCorrupt,
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_IOERR: DiskFailed,
}


def check_version() -> None:
    """Raises `SqliteTooOld` when this Python's SQLite lacks what the schema needs."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise SqliteTooOld(found=sqlite3.sqlite_version, needed=".".join(map(str, OLDEST_SQLITE)))


def writer(path: Path, synchronous: str = "FULL") -> Engine:
    """The engine of the one writing connection; every transaction begins immediate."""
    return _engine(path, "BEGIN IMMEDIATE", f"PRAGMA synchronous={synchronous}")


def reader(path: Path) -> Engine:
    """An engine for queries beside the writer; it can neither write nor checkpoint."""
    return _engine(path, "BEGIN", "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")


def inspector(path: Path) -> Engine:
    """An engine that opens the file itself read-only; text that is no UTF-8 is read with marks in its place."""

    def open_file() -> sqlite3.Connection:
        connection = _read_only(path)
        connection.text_factory = partial(str, encoding="utf-8", errors="replace")
        return connection

    return _listening(create_engine("sqlite://", creator=open_file, poolclass=QueuePool), "BEGIN")


def _read_only(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.OperationalError:
        # In a folder that cannot be written, SQLite cannot make the side files that a reader of a WAL file shares;
        # with no WAL there, nobody else has the file open and nothing is missed without them.
        wal = path.with_name(f"{path.name}-wal")
        if not wal.exists() or not wal.stat().st_size:
            connection.close()
            connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, check_same_thread=False)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        # Damage is for the caller's own first query to find.
        return connection
    return connection


def _engine(path: Path, begin: str, *pragmas: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=2 if begin == "BEGIN" else 0)
    return _listening(engine, begin, *pragmas)


def _listening(engine: Engine, begin: str, *pragmas: str) -> Engine:
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("PRAGMA busy_timeout=5000", "PRAGMA foreign_keys=ON", *pragmas):
            connection.execute(pragma)

    def start(connection: Connection) -> None:
        _driver(connection).execute(begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)
    return engine


def refusal(error: DBAPIError | sqlite3.Error) -> Refused | None:
    """What a database error means to the keeper: full disk, read-only, damaged or busy file; `None` for our own bug."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    found = _REFUSALS.get(code & 0xFF) if isinstance(code, int) else None
    return found(detail=str(cause)) if found else None


class Prepared:
    """A Core statement compiled once; running it costs the driver's own call and nothing else.

    The counter's hot path runs these: compiling and binding through Core on each sale costs more than the sale.
    They take named values (integers, text and bytes), give plain tuples, and raise the driver's own errors.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self.sql = str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """Every row that the statement finds."""
        return _driver(connection).execute(self.sql, values).fetchall()

    def row(self, connection: Connection, **values: Any) -> Any | None:
        """The one row that the statement finds, or `None`; it must not find more."""
        found = self.rows(connection, **values)
        assert len(found) < 2, self.sql
        return found[0] if found else None

    def run(self, connection: Connection, **values: Any) -> None:
        """Run a statement that changes rows."""
        _driver(connection).execute(self.sql, values)

    def run_many(self, connection: Connection, rows: list[dict[str, Any]]) -> int:
        """Run it once for each row, and return how many rows it changed."""
        return _driver(connection).executemany(self.sql, rows).rowcount


def _driver(connection: Connection) -> sqlite3.Connection:
    found: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return found
