"""A shop with a day's work in its books, and a folder for its backups."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.backup import sealed
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from tests.shop import Shop, opened


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase takes a millisecond to try: tests try many."""
    monkeypatch.setattr(sealed, "_COST", 2**8)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path / "shop") as shop:
        weigh_in(shop.desk, shop.by, shop.bag())
        redeem(shop.desk, shop.by, shop.basket())
        yield shop


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder
