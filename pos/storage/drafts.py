"""Open tickets and counts, one to a screen's job, in a file of their own. They move nothing, and may be lost.

The journal file is kept (`PERSIST`) because only then does `synchronous=NORMAL` sync it at the end of each save: an
open ticket outlives a power cut. A damaged file is put aside and a new one begun; the store never waits for it.
"""

import sqlite3
import threading
from pathlib import Path

_FILE = "drafts.db"
MOST_BYTES = 65_536
"""Longest draft."""


class Drafts:
    """The drafts file in a store's folder; any thread may use it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._lock = threading.Lock()
        self._connection = self._open()

    def save(self, slot: str, draft: bytes) -> bool:
        """Keep `draft` as the one of this slot. False when it is too long or the disk takes no more."""
        if len(draft) > MOST_BYTES:
            return False
        with self._lock:
            return self._write("INSERT OR REPLACE INTO drafts VALUES (?, ?)", (slot, draft))

    def load(self, slot: str) -> bytes | None:
        """The draft kept in this slot, if there is one that can still be read."""
        with self._lock:
            try:
                row = self._connection.execute("SELECT bytes FROM drafts WHERE slot = ?", (slot,)).fetchone()
            except sqlite3.Error as error:
                self._recover(error)
                return None
        return bytes(row[0]) if row else None

    def clear(self, slot: str) -> None:
        """Forget the draft of this slot, its ticket being done or given up."""
        with self._lock:
            self._write("DELETE FROM drafts WHERE slot = ?", (slot,))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _write(self, sql: str, values: tuple[str | bytes, ...]) -> bool:
        try:
            self._connection.execute(sql, values)
        except sqlite3.Error as error:
            self._recover(error)
            return False
        return True

    def _recover(self, error: sqlite3.Error) -> None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        if code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            self._connection.close()
            self._put_aside()
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return _connected(str(self._path))
        except sqlite3.Error:
            self._put_aside()
        try:
            return _connected(str(self._path))
        except sqlite3.Error:
            return _connected(":memory:")

    def _put_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".damaged"))
            self._path.with_name(f"{_FILE}-journal").unlink(missing_ok=True)
        except OSError:
            # The next open falls back to memory: drafts are then lost at the end, and nothing else is.
            return


def _connected(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("busy_timeout=1000", "journal_mode=PERSIST", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE IF NOT EXISTS drafts (slot TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
        connection.execute("SELECT slot, bytes FROM drafts LIMIT 1").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
