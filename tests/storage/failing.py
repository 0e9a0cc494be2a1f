"""Connections that stop at the n-th thing they are asked to do: for good measure at each in turn."""

import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any, NoReturn, Self

from pos.storage.store import Store
from tests.shop import connect_as


class Cut(Exception):
    """The statement that was not to be."""


class Fuse:
    """Blows at the n-th statement after it was set; the commit counts as one."""

    def __init__(self, blow: Callable[[], NoReturn]) -> None:
        self.left = 0
        self._blow = blow

    def burn(self) -> None:
        """One statement more."""
        if self.left:
            self.left -= 1
            if not self.left:
                self._blow()


def throw() -> NoReturn:
    """Blow as an error in the middle of the work."""
    raise Cut


def die() -> NoReturn:
    """Blow as the end of the process, without a word to anybody."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def wire_in(store: Store, fuse: Fuse) -> None:
    """Have the store's writing connection burn the fuse at each statement, before it runs."""

    class Cursor(sqlite3.Cursor):
        def execute(self, *args: Any) -> Self:
            fuse.burn()
            return super().execute(*args)

        def executemany(self, *args: Any) -> Self:
            fuse.burn()
            return super().executemany(*args)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, *args: Any) -> Any:
            return self.cursor().execute(*args)

        def executemany(self, *args: Any) -> Any:
            return self.cursor().executemany(*args)

        def commit(self) -> None:
            fuse.burn()
            super().commit()

    connect_as(store, Connection)
