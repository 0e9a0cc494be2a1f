"""服务: redeemed with goods, a voucher each; used once, given back, expired; the provider's list; attendance."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from catalog.goods import Service
from catalog.units import Fen, Points
from pos.core import accounts, cards
from pos.core.receipts import RedeemFacts
from pos.core.redeem_refusals import (
    ProviderUnknown,
    ServiceUnknown,
    SlotFull,
    SlotMissing,
    VoucherCancelled,
    VoucherEarly,
    VoucherExpired,
    VoucherUnknown,
    VoucherUsed,
)
from pos.core.redemption import Redeem
from pos.core.refusals import ApprovalNeeded, BelowFloor, PointsShort, PriceMissing
from pos.core.reversal import ReversalReason
from pos.core.sheets import Count, Day, Money
from pos.core.store_policy import Lapse
from pos.counter import day, services, vouchers
from pos.counter.redeem import redeem
from pos.counter.reverse import reverse
from pos.storage import books
from pos.storage.services import VoucherState
from pos.storage.verify import verify
from tests.counter.village_policy import FROM, HAIRCUT, village, wanting
from tests.shop import Shop
from tests.storage.busy import seq_of
from tests.storage.contents import contents

DAY_MS = 86_400_000


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Shop]:
    with village(tmp_path / "shop", voucher_days=30) as shop:
        yield shop


def issued(shop: Shop, *codes: str, slot: date | None = None) -> list[str]:
    """Numbers of the vouchers that a ticket gives."""
    facts = redeem(shop.desk, shop.by, wanting(shop, *codes, slot=slot)).facts
    assert isinstance(facts, RedeemFacts)
    return [each.number for each in facts.vouchers]


def balance(shop: Shop, name: str, commodity: str) -> int:
    writer = shop.desk.store.identity.writer
    with shop.desk.store.read() as connection:
        account = accounts.parse(f"{name}@{writer}")
        return books.peek(connection, writer, [(account, commodity)]).of(account, commodity)


def next_day(shop: Shop, days: int = 1) -> None:
    shop.clock.advance(days * DAY_MS)
    day.close_day(shop.desk, shop.by)
    day.open_day(shop.desk, shop.by)


def test_a_service_is_paid_now_and_its_voucher_is_on_the_receipt(served: Shop) -> None:
    receipt = redeem(served.desk, served.by, wanting(served, "v01", "v01", "v07"))
    facts = receipt.facts
    assert isinstance(facts, RedeemFacts)
    assert (facts.price, facts.points, facts.cash) == (Points(20_00), Points(20_00), Fen(0))
    assert served.points("0002") == Points(69_60)
    assert [(each.name, each.provider, each.until) for each in facts.vouchers] == [
        ("理发券", "柳塘理发店", date(2026, 2, 14)),
        ("理发券", "柳塘理发店", date(2026, 2, 14)),
        ("农技培训课", "柳塘村委会", date(2026, 2, 14)),
    ]
    numbers = [each.number for each in facts.vouchers]
    assert len(set(numbers)) == 3
    assert all(len(number) == 12 and cards.is_number(number) for number in numbers)
    assert balance(served, "spent:service", "pt") == 20_00
    for each in facts.vouchers[:2]:
        assert balance(served, f"vch:{each.number}", "v:v01") == 1
    assert vouchers.look(served.desk, numbers[0]).voucher.state is VoucherState.ISSUED
    assert verify(served.folder).wrong is None


def test_used_once(served: Shop) -> None:
    number, other = issued(served, "v01", "v01")
    view = vouchers.use(served.desk, served.by, number)
    assert view.voucher.state is VoucherState.USED
    assert balance(served, "due:barber", "due") == 9_00
    before = contents(served.desk.store)
    with pytest.raises(VoucherUsed) as used:
        vouchers.use(served.desk, served.by, number)
    assert used.value.fields == {"seq": view.voucher.ended}
    with pytest.raises(VoucherUsed):
        vouchers.cancel(served.desk, served.by, number)
    assert contents(served.desk.store) == before
    assert vouchers.look(served.desk, other).voucher.state is VoucherState.ISSUED
    with pytest.raises(VoucherUnknown):
        vouchers.use(served.desk, served.by, "123456789012")


def test_the_books_burn_a_voucher_whatever_its_row_says(served: Shop) -> None:
    [number] = issued(served, "v01")
    vouchers.use(served.desk, served.by, number)
    with served.desk.store.write() as tx:
        sql = "UPDATE vouchers SET state = 'issued', ended = NULL WHERE number = ?"
        tx.connection.exec_driver_sql(sql, (number,))
    with pytest.raises(BelowFloor):
        vouchers.use(served.desk, served.by, number)


def test_the_day_close_takes_what_is_overdue_off_the_books(served: Shop) -> None:
    [number] = issued(served, "v01")
    next_day(served, 30)  # its last day
    assert vouchers.look(served.desk, number).voucher.state is VoucherState.ISSUED
    next_day(served)
    next_day(served)
    assert vouchers.look(served.desk, number).voucher.state is VoucherState.EXPIRED
    assert balance(served, f"vch:{number}", "v:v01") == 0
    assert vouchers.overdue(served.desk) == []


def test_given_back_before_use(served: Shop) -> None:
    [number] = issued(served, "v01")
    vouchers.cancel(served.desk, served.by, number)
    assert served.points("0002") == Points(89_60)
    assert balance(served, f"vch:{number}", "v:v01") == 0
    assert balance(served, "due:barber", "due") == 0
    with pytest.raises(VoucherCancelled):
        vouchers.use(served.desk, served.by, number)
    assert verify(served.folder).wrong is None


@pytest.mark.parametrize(("lapse", "points"), [(Lapse.RETURNED, 89_60), (Lapse.LOST, 79_60)])
def test_expired_as_the_village_decided(tmp_path: Path, lapse: Lapse, points: int) -> None:
    with village(tmp_path / "shop", voucher_days=2, lapse=lapse) as shop:
        number, used = issued(shop, "v01"), issued(shop, "v07")
        next_day(shop, 2)
        vouchers.use(shop.desk, shop.by, used[0])  # its last day is a day
        assert vouchers.overdue(shop.desk) == []
        next_day(shop)
        for act in (vouchers.use, vouchers.cancel):
            with pytest.raises(VoucherExpired) as late:
                act(shop.desk, shop.by, number[0])
            assert late.value.fields == {"until": date(2026, 1, 17)}
        assert [view.voucher.number for view in vouchers.overdue(shop.desk)] == number
        assert [view.voucher.state for view in vouchers.expire_overdue(shop.desk, shop.by)] == [VoucherState.EXPIRED]
        assert shop.points("0002") == Points(points)
        assert balance(shop, f"vch:{number[0]}", "v:v01") == 0
        assert vouchers.expire_overdue(shop.desk, shop.by) == []
        with pytest.raises(VoucherExpired):
            vouchers.use(shop.desk, shop.by, number[0])
        assert verify(shop.folder).wrong is None


def test_booked_for_a_day(served: Shop) -> None:
    tomorrow = FROM + timedelta(days=1)
    with pytest.raises(SlotMissing):
        redeem(served.desk, served.by, wanting(served, "v11"))
    [number] = issued(served, "v11", slot=tomorrow)
    with pytest.raises(SlotFull):
        redeem(served.desk, served.by, wanting(served, "v11", of="0015", slot=tomorrow))
    redeem(served.desk, served.by, wanting(served, "v11", of="0015", slot=tomorrow + timedelta(days=1)))
    with pytest.raises(VoucherEarly):
        vouchers.use(served.desk, served.by, number)
    next_day(served)
    assert vouchers.use(served.desk, served.by, number).voucher.slot == tomorrow


def test_a_place_given_back_is_free_again(served: Shop) -> None:
    tomorrow = FROM + timedelta(days=1)
    [number] = issued(served, "v11", slot=tomorrow)
    vouchers.cancel(served.desk, served.by, number)
    assert issued(served, "v11", slot=tomorrow)


def test_a_redemption_taken_back_takes_its_vouchers_with_it(served: Shop) -> None:
    receipt = redeem(served.desk, served.by, wanting(served, "v01"))
    seq = seq_of(receipt.slip.number)
    [number] = [each.number for each in receipt.facts.vouchers]  # type: ignore[union-attr]
    reverse(served.desk, served.by, seq, ReversalReason.CHANGED_MIND)
    assert vouchers.look(served.desk, number).voucher.state is VoucherState.CANCELLED
    assert served.points("0002") == Points(89_60)
    assert verify(served.folder).wrong is None


def test_one_with_a_used_voucher_is_not_taken_back(served: Shop) -> None:
    receipt = redeem(served.desk, served.by, wanting(served, "v01"))
    [number] = [each.number for each in receipt.facts.vouchers]  # type: ignore[union-attr]
    vouchers.use(served.desk, served.by, number)
    before = contents(served.desk.store)
    with pytest.raises(VoucherUsed):
        reverse(served.desk, served.two, seq_of(receipt.slip.number), ReversalReason.CHANGED_MIND)
    assert contents(served.desk.store) == before


def test_services_are_paid_in_points(served: Shop) -> None:
    with pytest.raises(PointsShort):
        redeem(served.desk, served.by, wanting(served, "v01", "v01", of="0042"))
    with pytest.raises(ServiceUnknown):
        redeem(served.desk, served.by, wanting(served, "v99"))


def test_free_training_is_attended(served: Shop) -> None:
    [number] = issued(served, "v07")
    assert served.points("0002") == Points(89_60)
    vouchers.use(served.desk, served.by, number)
    sheet = services.attendance(served.desk, served.by, "v07")
    assert sheet.tables[0].rows == ((number, "0002", Day(FROM)),)
    assert balance(served, "due:hall", "due") == 0


def test_the_provider_s_list(served: Shop) -> None:
    first, second, third = issued(served, "v01", "v01", "v01")
    for number in (first, second):
        vouchers.use(served.desk, served.by, number)
    sheet = services.settlement_list(served.desk, served.by, "barber")
    by_service, by_voucher = sheet.tables
    assert by_service.rows == (("理发券", Count(2), Money(Fen(9_00)), Money(Fen(18_00))),)
    assert by_service.total[1:] == (Count(2), "", Money(Fen(18_00)))
    assert {row[0] for row in by_voucher.rows} == {first, second}
    assert {provider.code: due for provider, due in services.providers(served.desk)} == {
        "barber": Fen(18_00),
        "hall": Fen(0),
    }
    with pytest.raises(ProviderUnknown):
        services.settlement_list(served.desk, served.by, "nobody")
    assert third not in {row[0] for row in by_voucher.rows}


def test_a_new_service_has_its_price_from_the_next_opening(served: Shop) -> None:
    repair = Service("v03", "家电检修", "barber", 20_00, "次")
    with pytest.raises(ApprovalNeeded):
        services.offer(served.desk, served.by, repair, Points(20_00))
    services.offer(served.desk, served.two, repair, Points(20_00))
    with pytest.raises(PriceMissing):
        redeem(served.desk, served.by, wanting(served, "v03"))
    next_day(served)
    redeem(served.desk, served.by, wanting(served, "v03"))
    found = {offer.service.code: offer for offer in services.offers(served.desk)}
    assert (found["v03"].service.initials, found["v03"].points) == ("jdjx", Points(20_00))
    assert found["v01"].service.name == HAIRCUT.name
    with pytest.raises(ProviderUnknown):
        services.offer(served.desk, served.two, Service("v04", "x", "nobody", 0, "次"), Points(0))


def test_the_journal_says_all_of_a_voucher(served: Shop) -> None:
    [number] = issued(served, "v01")
    with served.desk.store.read() as connection:
        seq = books.head(connection, served.desk.store.installation).seq
        body = books.read_entry(connection, seq).body
    assert isinstance(body, Redeem)
    [line] = body.services
    assert (line.service, line.voucher, line.points, line.until) == ("v01", number, Points(10_00), date(2026, 2, 14))
