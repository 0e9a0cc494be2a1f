"""What every simulated life begins with, made once: a founded ledger and the schema of a store."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine

from pos import database
from pos.storage import store
from tests.ledger.town import found
from tests.simulation import invariants
from tests.simulation.faults import Fuse, wired
from tests.simulation.world import STEPS, World

MEMORY = Path("/dev/shm")

Life = Callable[[int], None]

_EACH = 8
"""One life in so many ends with a look at every byte."""


@cache
def _engine(path: Path, begin: str, *pragmas: str) -> Engine:
    """An engine of a file that nothing need outlive: what fails here is the machine's power, not its disk."""
    return _made(path, begin, *(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in pragmas))


_made = database._engine


@pytest.fixture(scope="package")
def ground() -> Iterator[Path]:
    """A folder in memory where there is one: a life is thousands of commits."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="package")
def founded(ground: Path) -> Path:
    """A founded ledger's folder."""
    found(ground / "founded").ledger.close()
    return ground / "founded"


@pytest.fixture(scope="package")
def schema(ground: Path) -> Path:
    """A store file without anything in it but its schema."""
    store._migrate(ground / "schema.db")
    return ground / "schema.db"


@pytest.fixture
def live(ground: Path, founded: Path, schema: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Life]:
    """Live through the life of a seed. Raises what the world or an invariant says is wrong."""
    monkeypatch.setattr(store, "_migrate", lambda path: shutil.copy(schema, path))
    # An engine that was disposed of can be used again, and has its statements compiled: lives are lived in one place.
    monkeypatch.setattr(database, "_engine", _engine)
    fuses: dict[Path, Fuse] = {}

    def life(seed: int) -> None:
        shutil.rmtree(ground / "world", ignore_errors=True)
        shutil.copytree(founded, ground / "world" / "ledger")
        world = World(ground / "world", seed, fuses)
        try:
            for _ in range(STEPS):
                world.step()
                invariants.at_every_step(world)
            world.come_to_rest()
            invariants.at_every_step(world)
            invariants.at_rest(world)
            if seed % _EACH == 0:
                invariants.of_every_byte(world)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise
        finally:
            world.close()

    with wired(fuses):
        yield life


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """As many lives as were asked for."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("--seeds")))
