"""The store with some weeks behind it; whoever writes takes a copy of their own."""

from collections.abc import Iterator

import pytest

from tests.reports.year import lived
from tests.shop import Shop


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Read from it alone."""
    with lived(tmp_path_factory.mktemp("reports") / "shop") as shop:
        yield shop
