"""A store for each test, and one day's receipts for all tests of paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.core.redemption import Shortfall
from pos.core.reversal import ReversalReason
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.counter.weigh_in import weigh_in
from tests import shop as shops
from tests.printing.day import MIXED, Written, number, written
from tests.shop import Shop, weighed


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with shops.opened(tmp_path / "store") as opened:
        yield opened


@pytest.fixture(scope="package")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Written]]:
    """A day's receipts by name."""
    with shops.opened(tmp_path_factory.mktemp("day") / "store") as shop:
        desk, by, two = shop.desk, shop.by, shop.two
        made = {"W1": weigh_in(desk, by, shop.bag()), "R1": redeem(desk, by, shop.basket())}
        made["mixed"] = weigh_in(desk, two, shop.bag(*MIXED, of="0006"))
        made["cash"] = redeem(desk, by, shop.basket({"g006": 1, "g017": 9}, of="0006", shortfall=Shortfall.CASH))
        made["R1 back"] = reverse(desk, by, number(made["R1"]), ReversalReason.WRONG_ITEM)
        made["cash back"] = reverse(desk, two, number(made["cash"]), ReversalReason.CHANGED_MIND)
        redeem(desk, by, shop.basket({"g013": 10}, of="0006", shortfall=Shortfall.CASH))
        made["mixed back"] = reverse(desk, two, number(made["mixed"]), ReversalReason.WRONG_WEIGHT)
        made["debt paid"] = weigh_in(desk, by, shop.bag(weighed("m01", 100_000), of="0006"))
        yield {name: written(shop, receipt) for name, receipt in made.items()}
