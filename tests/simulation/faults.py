"""What goes wrong when a seed says so: power that fails at any statement, and a network that keeps nothing in order."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Self

from sqlalchemy import Engine, event

from pos.sync.errors import Unreachable
from pos.wire.calls import Call, Reply


class PowerCut(BaseException):
    """The machine is off: nothing catches this but who switches it on again."""


@dataclass
class Fuse:
    """The power of one machine: `left` more statements, `None` for as many as it likes."""

    left: int | None = None
    blown: bool = False

    def burn(self) -> None:
        """One statement more. Raises `PowerCut`."""
        if self.blown or self.left == 0:
            self.blown = True
            raise PowerCut
        if self.left is not None:
            self.left -= 1

    def mend(self) -> None:
        """Power is back, and stays."""
        self.left, self.blown = None, False


class Machine(sqlite3.Connection):
    """A connection that fails with its machine's power: before a statement, before or right after a commit."""

    fuse: Fuse | None = None

    def burn(self) -> None:
        """One statement more."""
        if self.fuse:
            self.fuse.burn()

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """As it is, or a power cut."""
        self.burn()
        return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """As it is, or a power cut."""
        self.burn()
        return super().executemany(*arguments)

    def commit(self) -> None:
        """As it is, or a power cut that leaves it undone, or done with nobody told."""
        self.burn()
        super().commit()
        self.burn()

    def cursor(self, factory: Any = None) -> Any:
        """A cursor of the same machine."""
        return super().cursor(factory or Statement)


class Statement(sqlite3.Cursor):
    """A cursor of a machine."""

    connection: Machine

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """As it is, or a power cut."""
        self.connection.burn()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> Self:
        """As it is, or a power cut."""
        self.connection.burn()
        return super().executemany(sql, parameters)


@contextmanager
def wired(fuses: Mapping[Path, Fuse]) -> Iterator[None]:
    """Databases in these folders have their machine's power."""

    def connect(dialect: Any, _record: object, arguments: Any, named: Any) -> sqlite3.Connection | None:
        fuse = fuses.get(Path(arguments[0]).parent) if dialect.name == "sqlite" else None
        if fuse is None:
            return None
        connection = sqlite3.connect(*arguments, factory=Machine, **named)
        connection.fuse = fuse
        return connection

    event.listen(Engine, "do_connect", connect)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", connect)


@dataclass
class Network:
    """Carries questions to the ledger: loses, doubles, delays and damages them and the answers while it is unfair."""

    random: Random
    ledger: Callable[[Call], Reply | None]
    """The ledger's answer; none when its power failed."""
    fair: bool = False
    late: list[Call] = field(default_factory=list)

    def __call__(self, call: Call) -> Reply:
        """Ask the ledger."""
        if self.fair:
            return self._reply(call)
        chance = self.random.random()
        if chance < 0.06:
            raise Unreachable("lost")
        if chance < 0.12:
            self.late.append(call)
            raise Unreachable("late")
        if chance < 0.18:
            self._reply(call)
            self.late.append(call)
        if chance < 0.21:
            call = replace(call, body=self.damaged(call.body))
        reply = self._reply(call)
        if self.random.random() < 0.08:
            raise Unreachable("answer-lost")
        return replace(reply, body=self.damaged(reply.body)) if self.random.random() < 0.03 else reply

    def damaged(self, body: bytes) -> bytes:
        """One bit of it the other way round."""
        place, changed = self.random.randrange(len(body) or 1), bytearray(body)
        changed[place : place + 1] = bytes(byte ^ 1 << self.random.randrange(8) for byte in changed[place : place + 1])
        return bytes(changed)

    def deliver_late(self) -> None:
        """Something of long ago arrives; whoever asked is gone."""
        if self.late:
            self.ledger(self.late.pop(self.random.randrange(len(self.late))))

    def _reply(self, call: Call) -> Reply:
        reply = self.ledger(call)
        if reply is None:
            raise Unreachable("down")
        return reply
