"""The store file: created once, opened by one process, written by one connection.

A folder holds `store.db`, `drafts.db`, `device.key`, `cards.key` and `store.lock`. The file is created and migrated
under `synchronous=EXTRA` beside its final name, so that a store is there whole or not at all.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from pos import database
from pos.core import journal
from pos.core import training as practice
from pos.core.codec import CodecError
from pos.core.journal import Certificate
from pos.core.refusals import StoreCorrupt, StoreExists, StoreMissing, StoreNewer
from pos.storage import keys, lock
from pos.storage import tables as t
from pos.storage.books import Transaction
from pos.storage.installation import Identity, Installation
from pos.wire import signing

SCHEMA = 1
"""Version of the newest migration; `PRAGMA user_version` of every store file."""

FILE, LOCK = "store.db", "store.lock"
NEXT = "next"
"""The folder of a next epoch that waits to take this one's place (`pos.storage.renewal`)."""


class Store:
    """An open store. `write` gives the one writing transaction at a time, `read` a snapshot beside it."""

    def __init__(self, folder: Path, handle: int, reader: Engine) -> None:
        """`handle` is the lock's, `reader` an engine on the file in `folder`; both belong to the store from now on."""
        self.folder = folder
        self.installation = _installation(folder, reader)
        self.card_keys = keys.cards(folder)
        self._handle = handle
        self._reader = reader
        self._writer = database.writer(folder / FILE)
        self._connection = self._writer.connect()
        self._turn = Lock()

    @property
    def identity(self) -> Identity:
        """Whose store this is."""
        return self.installation.identity

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One writing transaction: durable when the block ends, undone when it raises. Raises a `StoreRefused`."""
        with refusing(), self._turn:
            try:
                with self._connection.begin():
                    yield Transaction(self._connection, self.installation)
            finally:
                # A commit that failed, on a full disk say, leaves SQLite's transaction open.
                self._connection.connection.rollback()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot for queries; it never waits for the writer."""
        with refusing(), self._reader.begin() as connection:
            yield connection

    def sign_head(self, transaction: Transaction, purpose: str) -> bytes:
        """Pin the journal's head as it stands in `transaction` with the installation's key; return the signature."""
        head = transaction.head
        signature = signing.sign_head(self.installation.genesis, head.seq, head.hash, keys.signing(self.folder))
        if head.seq:
            row = {"seq": head.seq, "purpose": purpose, "signature": signature}
            transaction.connection.execute(insert(t.heads).on_conflict_do_nothing(), row)
        return signature

    def close(self) -> None:
        """Close the connections and give the lock back."""
        self._connection.close()
        self._reader.dispose()
        self._writer.dispose()
        lock.release(self._handle)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what the database says of disk and file into a `StoreRefused`."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        refused = database.refusal(error)
        if refused is None:
            raise
        raise refused from error
    except UnicodeDecodeError as error:
        # SQLite's own message, quoting a schema that is no longer text.
        raise StoreCorrupt(detail=str(error)) from error


def create(folder: Path, identity: Identity) -> None:
    """Make a store in `folder` with keys of its own. Raises `StoreExists`, or another `StoreRefused`."""
    database.check_version()
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{FILE}.new"
    if (folder / FILE).exists() or (keys.there(folder) and not unfinished.exists()):
        raise StoreExists(folder=str(folder))
    _start(folder, unfinished)
    key = keys.make(folder)
    certificate = Certificate(1, identity.store, identity.device, identity.epoch, signing.public_hex(key))
    line, signature = signing.self_signed(certificate, key)
    with refusing():
        _migrate(unfinished)
        _found(unfinished, identity, line, signature)
    sync(unfinished)
    unfinished.replace(folder / FILE)
    sync(folder)


def _start(folder: Path, unfinished: Path) -> None:
    """Clear away what an interrupted creation left; its keys are told from a lost store's by the unfinished file."""
    keys.remove(folder)
    for suffix in ("-journal", "-wal", "-shm"):
        unfinished.with_name(f"{unfinished.name}{suffix}").unlink(missing_ok=True)
    unfinished.write_bytes(b"")
    sync(folder)


def open_store(folder: Path, *, training: bool = False) -> Store:
    """Open the store in `folder` for this process alone. Raises a `StoreRefused`.

    A store to practise in is opened only when `training` asks for one, and then no other.
    """
    database.check_version()
    path = folder / FILE
    if (folder / NEXT).exists():
        # Once in a store's life.
        from pos.storage import renewal

        renewal.finish(folder)
    if not path.exists():
        raise StoreMissing(folder=str(folder))
    handle = lock.take(folder / LOCK)
    reader = database.reader(path)
    try:
        with refusing():
            _bring_up(path, reader)
            practice.check(_installation(folder, reader).identity.device, str(folder), training=training)
            return Store(folder, handle, reader)
    except BaseException:
        reader.dispose()
        lock.release(handle)
        raise


def _bring_up(path: Path, reader: Engine) -> None:
    with reader.begin() as connection:
        found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > SCHEMA:
        raise StoreNewer(found=found, known=SCHEMA)
    if found < SCHEMA:
        with sqlite3.connect(path) as old, sqlite3.connect(path.with_suffix(f".v{found}.bak")) as copy:
            old.backup(copy)
        _migrate(path)


def _migrate(path: Path) -> None:
    # Half a second of imports, needed only when a file is made or an old one brought up.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "pos:storage/migrations")
    config.set_main_option("path_separator", "os")
    with _careful(path) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@cache
def schema() -> frozenset[str]:
    """The statements of a file's schema as the migrations make it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        _migrate(path)
        engine = database.reader(path)
        try:
            with engine.begin() as connection:
                return schema_of(connection)
        finally:
            engine.dispose()


def schema_of(connection: Connection) -> frozenset[str]:
    """The statements of the schema that is there."""
    sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL UNION ALL SELECT version_num FROM alembic_version"
    return frozenset(connection.exec_driver_sql(sql).scalars())


def tables(statements: frozenset[str]) -> frozenset[str]:
    """Those statements of a schema that make its tables."""
    return frozenset(statement for statement in statements if statement.startswith("CREATE TABLE"))


def _found(path: Path, identity: Identity, certificate: bytes, signature: bytes) -> None:
    row = {
        "one": 1,
        "store": identity.store,
        "name": identity.name,
        "village": identity.village,
        "telephone": identity.telephone,
        "device": identity.device,
        "epoch": identity.epoch,
        "utc_offset_minutes": identity.utc_offset_minutes,
        "certificate": certificate,
        "signature": signature,
    }
    with _careful(path) as connection:
        connection.execute(insert(t.installation), row)


@contextmanager
def _careful(path: Path) -> Iterator[Connection]:
    """A transaction under `synchronous=EXTRA`; the file is in WAL mode afterwards."""
    engine: Engine = database.writer(path, synchronous="EXTRA")
    try:
        with engine.begin() as connection:
            yield connection
        with sqlite3.connect(path, isolation_level=None) as connection_to_wal:
            connection_to_wal.execute("PRAGMA synchronous=EXTRA")
            connection_to_wal.execute("PRAGMA journal_mode=WAL")
        connection_to_wal.close()
    finally:
        engine.dispose()


def _installation(folder: Path, reader: Engine) -> Installation:
    with reader.begin() as connection:
        row = connection.execute(select(t.installation)).one_or_none()
    try:
        certificate = signing.read_certificate(row.certificate, row.signature) if row else None
    except CodecError:
        certificate = None
    if row is None or certificate is None:
        raise StoreCorrupt(detail="certificate")
    if certificate.key != signing.public_hex(keys.signing(folder)):
        raise StoreCorrupt(detail="device.key")
    identity = Identity(row.store, row.name, row.village, row.telephone, row.device, row.epoch, row.utc_offset_minutes)
    return Installation(identity, row.certificate, row.signature, journal.genesis(row.certificate))


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, outlive a power cut."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
