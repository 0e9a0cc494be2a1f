"""A shop of its own for each test, its day open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shop import Shop, opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path / "shop") as shop:
        yield shop
