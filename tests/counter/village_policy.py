"""A shop with services and a policy of its own, for the tests of both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from catalog.goods import Service
from catalog.units import Points
from pos.core.redemption import Draft, PickedService
from pos.core.store_policy import StorePolicy
from pos.counter import day, policy, services
from pos.storage.services import Provider
from tests.shop import Shop, opened

FROM = date(2026, 1, 15)
"""The business day of the tests."""

BARBER, HALL = Provider("barber", "柳塘理发店", "0000-10000001"), Provider("hall", "柳塘村委会", "")
HAIRCUT = Service("v01", "理发券", "barber", 9_00, "次")
COURSE = Service("v07", "农技培训课", "hall", 0, "课")
ROOM = Service("v11", "公共场地", "hall", 0, "次", places=1)
PRICES = {"v01": Points(10_00), "v07": Points(0), "v11": Points(5_00)}


def offer(shop: Shop) -> None:
    """Put the services on the list."""
    for provider in (BARBER, HALL):
        services.save_provider(shop.desk, shop.two, provider)
    for service in (HAIRCUT, COURSE, ROOM):
        services.offer(shop.desk, shop.two, service, PRICES[service.code])


@contextmanager
def village(folder: Path, **decided: Any) -> Iterator[Shop]:
    """An open shop with services and this policy."""
    with opened(folder, day_open=False) as shop:
        offer(shop)
        if decided:
            policy.publish(shop.desk, shop.two, FROM, StorePolicy(**decided))
        day.open_day(shop.desk, shop.by)
        yield shop


def wanting(shop: Shop, *codes: str, of: str = "0002", slot: date | None = None) -> Draft:
    """A ticket of services alone."""
    picked = tuple(PickedService(code, slot=slot if code == "v11" else None) for code in codes)
    return replace(shop.basket(of=of), lines=(), services=picked)
