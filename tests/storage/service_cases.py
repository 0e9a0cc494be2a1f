"""What writes about services, policies, awards and households' PINs, to be broken off at each statement."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from pos.core.redeem_refusals import HouseholdPinWrong
from pos.core.store_policy import StorePolicy
from pos.counter import award_files, day, household_pins, policy, redeem, services, vouchers
from pos.storage.services import Provider
from tests.counter.village_policy import FROM, HAIRCUT, PRICES, offer, wanting
from tests.shop import Shop

UseCase = Callable[[Shop], Callable[[], object]]

BATCH = "batch,b1\nperiod,2026-01\ntitle,考评\ntotal,-3\nhousehold,points\n0042,12\n0002,-15\n"


def _served(shop: Shop) -> None:
    """Offer services, and let their prices come into force."""
    offer(shop)
    day.close_day(shop.desk, shop.by)
    day.open_day(shop.desk, shop.by)


def _redeem(shop: Shop) -> Callable[[], object]:
    _served(shop)
    ticket = wanting(shop, "v01", "v01")
    return lambda: redeem.redeem(shop.desk, shop.by, ticket)


def _number(shop: Shop) -> str:
    _served(shop)
    receipt = redeem.redeem(shop.desk, shop.by, wanting(shop, "v01"))
    return str(receipt.facts.vouchers[0].number)  # type: ignore[union-attr]


def _use(shop: Shop) -> Callable[[], object]:
    number = _number(shop)
    return lambda: vouchers.use(shop.desk, shop.by, number)


def _cancel(shop: Shop) -> Callable[[], object]:
    number = _number(shop)
    return lambda: vouchers.cancel(shop.desk, shop.by, number)


def _expire(shop: Shop) -> Callable[[], object]:
    _number(shop)
    shop.clock.advance(91 * 86_400_000)
    day.close_day(shop.desk, shop.by)
    day.open_day(shop.desk, shop.by)
    return lambda: vouchers.expire_overdue(shop.desk, shop.by)


def _post(shop: Shop) -> Callable[[], object]:
    path = shop.folder / "batch.csv"
    path.write_text(BATCH, encoding="utf-8")
    file = award_files.dry_run(shop.desk, path).file
    return lambda: award_files.post(shop.desk, shop.two, file)


def _slips(shop: Shop) -> Callable[[], object]:
    _post(shop)()
    [batch] = award_files.posted(shop.desk)
    return lambda: award_files.print_slips(shop.desk, shop.by, batch)


def _offer(shop: Shop) -> Callable[[], object]:
    _served(shop)
    return lambda: services.offer(shop.desk, shop.two, HAIRCUT, PRICES["v11"])


def _provider(shop: Shop) -> Callable[[], object]:
    return lambda: services.save_provider(shop.desk, shop.two, Provider("p1", "修理铺", ""))


def _publish(shop: Shop) -> Callable[[], object]:
    return lambda: policy.publish(shop.desk, shop.two, FROM + timedelta(days=1), StorePolicy(points_percent=50))


def _wrong_pin(shop: Shop) -> Callable[[], object]:
    household_pins.set_pin(shop.desk, shop.two, shop.household("0002"), "7319")

    def attempt() -> None:
        with pytest.raises(HouseholdPinWrong):
            household_pins.check(shop.desk, shop.household("0002"), "0000")

    return attempt


def _give_up(shop: Shop) -> Callable[[], object]:
    ticket = shop.basket()
    return lambda: redeem.cancel(shop.desk, shop.by, ticket)


SERVICE_CASES: dict[str, UseCase] = {
    "redeem.redeem: services": _redeem,
    "redeem.cancel": _give_up,
    "vouchers.cancel": _cancel,
    "vouchers.use": _use,
    "vouchers.expire_overdue": _expire,
    "award_files.post": _post,
    "award_files.print_slips": _slips,
    "services.offer": _offer,
    "services.save_provider": _provider,
    "policy.publish": _publish,
    "household_pins.set_pin": lambda shop: (
        lambda: household_pins.set_pin(shop.desk, shop.two, shop.household("0002"), "7319")
    ),
    "household_pins.check": _wrong_pin,
}
