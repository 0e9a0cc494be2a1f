"""服务 walked through: a voucher redeemed, scanned and used; services, providers, policy and award files."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.units import Fen, Points
from pos.core.redemption import Note
from pos.core.store_policy import GoodRule, Hours, Outside, StorePolicy, Tier
from pos.counter import award_files, cards, day, household_pins, policy, services, vouchers
from pos.counter.redeem import redeem
from pos.storage.services import VoucherState
from pos.tui.widgets.ticket import Ticket
from tests.counter.stockroom import with_supplier
from tests.counter.test_award_files import csv_file
from tests.counter.village_policy import FROM, offer, wanting
from tests.screens.conftest import Till, opened_till
from tests.screens.redeeming import DETERGENT, OIL, journal, points, redeeming_at
from tests.shop import VILLAGE, Shop


def serving(**decided: Any) -> Callable[[Shop], None]:
    """Services, a policy, and a day on which both hold."""

    def prepare(shop: Shop) -> None:
        day.close_day(shop.desk, shop.by)
        offer(shop)
        if decided:
            policy.publish(shop.desk, shop.two, FROM, StorePolicy(**decided))
        day.open_day(shop.desk, shop.by)

    return prepare


@asynccontextmanager
async def at_menu(
    folder: Path, group: str, line: str, prepare: Callable[[Shop], object] | None = None
) -> AsyncIterator[Till]:
    """A till at which the keeper has chosen a line of the menu."""
    async with opened_till(folder, prepare=prepare) as till:
        await till.sign_in()
        await choose(till, "f11", f"menu.{group}", f"menu.{line}")
        yield till


async def choose(till: Till, key: str, *msgids: str) -> None:
    """Press a key, and choose by the words on the dialogs that follow."""
    await till.press(key)
    for msgid in msgids:
        await till.comes("choose")
        text = till.app.words(msgid)
        lines = [str(each.render()) for each in till.app.screen.query(".choice")]
        [digit] = [each[0] for each in lines if each[1:].strip() == text]
        await till.press(digit)
        await till.pilot.pause()


def shown(till: Till, place: str = "#lines") -> str:
    return str(till.app.screen.query_one(place, Ticket).render())


async def fill(till: Till, **values: str) -> None:
    """Type values into the lines of a form."""
    for name, value in values.items():
        field: Any = till.app.screen.query_one(f"#part-{name.replace('_', '-')}")
        field.value = value
    await till.pilot.pause()


async def test_a_service_found_by_initials_gives_a_voucher_that_is_used_by_scan(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store", prepare=serving()) as walk:
        till = walk.till
        await till.press(*"lfq")
        assert "理发券" in walk.list("#offers")
        await till.press("enter")
        await till.says("redeem.added", item="理发券", pieces=1)
        assert walk.balance == "79.60"
        assert "理发券" in walk.list("#lines")
        body = await walk.finish()
        [line] = body.services
        await till.press("escape")
        await till.comes("home")
        await till.scan(line.voucher)
        await till.comes("voucher")
        assert "理发券" in till.text("#service")
        assert "0002 李*贵" in till.text("#facts")
        await till.press("plus")
        await till.says("voucher.used")
        assert vouchers.look(till.desk, line.voucher).voucher.state is VoucherState.USED
        await till.press("plus")
        await till.says("refused.voucher-used", seq=vouchers.look(till.desk, line.voucher).voucher.ended)


async def test_a_service_that_is_booked_asks_for_the_day(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store", prepare=serving()) as walk:
        till = walk.till
        for typed, says in (("20260114", "refused.slot-past"), ("20260116", "redeem.added")):
            await till.press(*([] if walk.list("#offers").strip() else "v11"), "enter")
            await till.comes("number")
            await till.press(*typed, "enter")
            await till.comes("redeem")
            fields = {"item": "公共场地"} | ({"day": "2026-01-14"} if "past" in says else {"pieces": 1})
            await till.says(says, **fields)
        assert walk.screen.draft.services[0].slot == date(2026, 1, 16)
        await till.press("minus")
        assert walk.screen.draft.empty


async def test_a_scan_of_a_good_s_code_at_a_voucher_and_of_nothing_known(tmp_path: Path) -> None:
    async with at_menu(tmp_path / "store", "services", "vouchers", serving()) as till:
        await till.comes("voucher-list")
        await till.scan("2900000000018")
        await till.says("voucher.scan-one")
        await till.scan("123456789012")
        await till.says("refused.voucher-unknown")
        await till.press("f6")
        await till.says("voucher.none-overdue")


async def test_given_back_by_hand(tmp_path: Path) -> None:
    issued: list[str] = []

    def prepare(shop: Shop) -> None:
        serving()(shop)
        receipt = redeem(shop.desk, shop.by, wanting(shop, "v01"))
        issued.extend(each.number for each in receipt.facts.vouchers)  # type: ignore[union-attr]

    async with at_menu(tmp_path / "store", "services", "vouchers", prepare) as till:
        await till.comes("voucher-list")
        await till.until(lambda: issued[0] in shown(till))
        await till.press("f5")
        await till.comes("number")
        await till.press(*issued[0], "enter")
        await till.comes("voucher")
        await till.press("delete")
        await till.comes("confirm")
        await till.press("plus")
        await till.comes("voucher")
        await till.says("voucher.given-back")
        assert points(till, "0002") == Points(89_60)


async def test_overdue_vouchers_go_off_the_books(tmp_path: Path) -> None:
    def prepare(shop: Shop) -> None:
        serving(voucher_days=0)(shop)
        redeem(shop.desk, shop.by, wanting(shop, "v01"))
        shop.clock.advance(86_400_000)
        day.close_day(shop.desk, shop.by)
        day.open_day(shop.desk, shop.by)

    async with at_menu(tmp_path / "store", "services", "vouchers", prepare) as till:
        await till.comes("voucher-list")
        await till.press("f6")
        await till.comes("confirm")
        await till.press("plus")
        await till.comes("voucher-list")
        await till.says("voucher.expired", count=1)
        assert points(till, "0002") == Points(89_60)


async def test_services_and_providers_are_entered_by_two_people(tmp_path: Path) -> None:
    async with at_menu(tmp_path / "store", "services", "providers") as till:
        await till.comes("edit-list")
        await till.press("f5")
        await till.comes("form")
        await fill(till, code="barber", name="柳塘理发店")
        await till.press("plus")
        await till.approve()
        await till.comes("edit-list")
        await till.until(lambda: "柳塘理发店" in shown(till))
        await till.press("escape")
        await till.comes("home")
        await choose(till, "f11", "menu.services", "menu.service-list")
        await till.comes("service-list")
        await till.press("f5")
        await till.comes("form")
        await fill(till, code="v01", name="理发券", unit="次", provider="nobody", points="10", service_cost="9")
        await till.press("plus")
        await till.until(lambda: till.message)
        assert [offered.service.code for offered in services.offers(till.desk)] == []
        await fill(till, provider="barber")
        await till.press("plus")
        await till.approve()
        await till.comes("service-list")
        await till.until(lambda: "理发券" in shown(till))
        [offered] = services.offers(till.desk)
        assert (offered.service.cost_fen, offered.service.initials, offered.points) == (9_00, "lfq", Points(10_00))
        await till.press("f6")
        await till.comes("sheet")


async def test_a_provider_s_list_is_a_sheet(tmp_path: Path) -> None:
    async with at_menu(tmp_path / "store", "services", "provider-settlement", serving()) as till:
        await till.comes("list")
        await till.until(lambda: "柳塘理发店" in shown(till))
        await till.press("enter")
        await till.comes("sheet")
        assert "服务商对账单" in till.text("#text")


async def test_cash_given_and_change(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store", "0042") as walk:
        till = walk.till
        await till.press("f9")
        await till.says("refused.ticket-empty")
        await walk.scan(DETERGENT)
        await till.press("f5", "f9")
        await till.comes("number")
        await till.press(*"10", "enter")
        await till.comes("redeem")
        assert "收 10.00 元，找 2.00 元" in till.text("#sums")
        await walk.scan("2900000000018")  # what was counted in counts for the ticket as it was
        assert walk.screen.draft.given == Fen(0)
        await till.press("f9")
        await till.press(*"5", "enter")
        await till.press("plus")
        await till.says("refused.cash-short", cash=Fen(10_00), given=Fen(5_00))
        await till.press("f9")
        await till.press(*"20", "enter")
        await till.press("f4")
        assert "儿童" in till.text("#sums")
        body = await walk.finish()
        assert (body.cash, body.note) == (Fen(10_00), Note.CHILD_ALONE)
        assert "找零" in till.text("#text")


@pytest.mark.parametrize("how", ["pin", "second"])
async def test_a_dear_ticket_is_confirmed(tmp_path: Path, how: str) -> None:
    def prepare(shop: Shop) -> None:
        serving(confirm_above=Points(20_00))(shop)
        household_pins.set_pin(shop.desk, shop.two, shop.household("0002"), "7319")

    async with redeeming_at(tmp_path / "store", prepare=prepare) as walk:
        till = walk.till
        await walk.scan(OIL)
        await till.press("plus")
        await till.comes("choose")
        await till.press("1" if how == "pin" else "2")
        if how == "pin":
            await till.comes("number")
            await till.press(*"0000", "enter")
            await till.says("refused.household-pin-wrong", wait=0)
            await till.press("plus")
            await till.comes("choose")
            await till.press("1")
            await till.comes("number")
            await till.press(*"7319")
            assert "7319" not in till.text("#typed")
            await till.press("enter")
        else:
            await till.approve()
        await till.comes("receipt")
        assert journal(till)[-1].pin == (1 if how == "pin" else 0)


async def test_outside_hours_and_near_expiry_are_said(tmp_path: Path) -> None:
    hours = (Hours(1, 480, 690),)
    decided = serving(hours=hours, outside=Outside.WARN, near_days=3650)
    async with redeeming_at(tmp_path / "store", prepare=decided) as walk:
        await walk.till.says("redeem.outside-hours")
        await walk.scan(OIL)
        await walk.till.says("redeem.near-expiry", item="大豆油 5L", day="2027-03-31")
        await walk.finish()


async def test_a_ticket_given_up_is_in_the_journal(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store") as walk:
        till = walk.till
        await walk.scan(OIL)
        await till.press("escape")
        await till.comes("choose")
        await till.press("2")
        await till.comes("home")
        await till.press("f8")
        await till.comes("journal")
        await till.until(lambda: "取消" in shown(till))


async def test_the_household_chooses_its_pin(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store") as till:
        await till.sign_in()
        await till.open_household("0002")
        await choose(till, "f11", "household-job.pin", "household-pin.set")
        for typed in ("7319", "7318"):
            await till.comes("number")
            await till.press(*typed, "enter")
        await till.says("household-pin.differ")
        await choose(till, "f11", "household-job.pin", "household-pin.set")
        for typed in ("7319", "7319"):
            await till.comes("number")
            await till.press(*typed, "enter")
            await till.pilot.pause()
        await till.approve()
        await till.says("household-pin.written")
        household_pins.check(till.desk, f"{VILLAGE}0002", "7319")


FILLED: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "pay": (
        {"points_percent": "50", "cash_step": "10", "confirm_above": "40"},
        {"points_percent": 50, "cash_step": Fen(10), "confirm_above": Points(40_00)},
    ),
    "tiers": ({"tier_1": "500 5", "bearer": "coop"}, {"tiers": (Tier(Points(500_00), 5),), "bearer": "coop"}),
    "limits": ({"day_points": "50", "large_from": "60"}, {"day_points": Points(50_00), "large_from": Points(60_00)}),
    "good": ({"good": "g001", "daily": "2"}, {"goods": (GoodRule("g001", 0, 2),)}),
    "hours": ({"day_2": "08:00-11:30 14:00-17:00"}, {"hours": (Hours(2, 480, 690), Hours(2, 840, 1020))}),
    "vouchers": ({"voucher_days": "30"}, {"voucher_days": 30}),
}


@pytest.mark.parametrize("subject", FILLED)
async def test_a_policy_is_published_by_two_people(tmp_path: Path, subject: str) -> None:
    typed, expected = FILLED[subject]
    async with at_menu(tmp_path / "store", "store", "policy", with_supplier) as till:
        await till.comes("list")
        name = till.app.words(f"policy.{subject}")
        while f"> {name}" not in shown(till):
            await till.press("down")
        await till.press("enter")
        await till.comes("form")
        await fill(till, **typed)
        await till.press("plus")
        await till.approve()
        await till.comes("list")
        await till.says("policy.published")
        decided = policy.decided(till.desk)
        assert decided.newest == StorePolicy(**expected)
        assert decided.newest_from == FROM + timedelta(days=1)


async def test_a_policy_in_mid_day_is_refused(tmp_path: Path) -> None:
    async with at_menu(tmp_path / "store", "store", "policy") as till:
        await till.comes("list")
        await till.until(lambda: "积分和现金" in shown(till))
        await till.press("enter")
        await till.comes("form")
        await fill(till, effective="2026-01-15")
        await till.press("plus")
        await till.approve()
        await till.says("refused.policy-too-early", earliest="2026-01-16")


async def test_an_award_file_from_dry_run_to_paper(tmp_path: Path) -> None:
    def prepare(shop: Shop) -> None:
        folder = shop.folder / award_files.FOLDER
        folder.mkdir()
        csv_file(folder)

    async with at_menu(tmp_path / "store", "households", "awards", prepare) as till:
        await till.comes("edit-list")
        await till.press("f5")
        await till.comes("form")
        await till.press("plus")
        await till.comes("award-plan")
        await till.until(lambda: f"{VILLAGE}0042" in shown(till))
        assert "加分 22.50" in till.text("#summary")
        assert points(till, "0042") == Points(12_00)
        await till.press("plus")
        await till.approve()
        await till.comes("home")
        assert points(till, "0042") == Points(24_00)
        await choose(till, "f11", "menu.households", "menu.awards")
        await till.comes("edit-list")
        await till.until(lambda: "本月考评" in shown(till))
        await choose(till, "enter", "award.list")
        await till.comes("sheet")
        assert "张*英" in till.text("#text")
        await till.press("escape")
        await till.comes("edit-list")
        await choose(till, "enter", "award.slips")
        await till.says("award.slips-queued", count=3)


async def test_a_faulty_award_file_is_not_posted(tmp_path: Path) -> None:
    path = csv_file(tmp_path, (("batch", "b1"), ("household", "points"), ("0099", "1")))
    async with at_menu(tmp_path / "store", "households", "awards") as till:
        await till.comes("edit-list")
        await till.press("f5")
        await till.comes("form")
        await fill(till, file=str(path))
        await till.press("plus")
        await till.comes("award-plan")
        await till.until(lambda: "没有这一户" in shown(till))
        await till.press("plus")
        await till.says("refused.award-faulty", problems=4)
        await till.press("f5")
        await till.comes("sheet")
        assert "没有这一户" in till.text("#text")
        assert cards.open_household(till.desk, till.cards["0042"]).points == Points(12_00)
