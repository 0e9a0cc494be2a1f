"""Pairs of a store and its ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.pair import Pair, close, open_pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """An enrolled store of epoch 1, its day open."""
    made = open_pair(tmp_path)
    yield made
    close(made)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Pair]:
    """A store that runs alone, beside a township that does not know it yet."""
    made = open_pair(tmp_path, 0, enrolled=False)
    yield made
    close(made)
