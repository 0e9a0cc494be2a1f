"""A ledger on either engine: a file of SQLite, and a real PostgreSQL that this worker starts once."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pos.ledger.service import Ledger
from tests.ledger.servers import Server, started
from tests.ledger.town import Town, found


@pytest.fixture(scope="session")
def server(_home: Path) -> Iterator[Server]:
    """A PostgreSQL server of this worker's own."""
    # pytest closes its own folders to other users each time one starts, and the server runs as one
    with TemporaryDirectory(prefix="ledger-") as folder:
        Path(folder).chmod(0o755)
        with started(Path(folder)) as found:
            yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on; a test runs on both."""
    name: str = request.param
    return name


@pytest.fixture
def address(engine: str, request: pytest.FixtureRequest) -> str:
    """An empty database of the test's own; empty text is a file beside the ledger's key."""
    return request.getfixturevalue("server").new_database() if engine == "postgresql" else ""


@pytest.fixture
def town(tmp_path: Path, address: str) -> Iterator[Town]:
    """A township with two stores, and a clock that stands still."""
    town = found(tmp_path / "ledger", address)
    yield town
    town.ledger.close()


@pytest.fixture
def ledger(town: Town) -> Ledger:
    """The township's ledger."""
    return town.ledger
