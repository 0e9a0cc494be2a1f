"""Lists of goods walked through: stock, near expiry, write-off, new goods; and an override at the counter."""

from pathlib import Path

from pos.core.acts import Act, ActCode
from pos.counter import new_goods, stock
from pos.storage import books
from tests.counter.stockroom import balance
from tests.screens.conftest import Till
from tests.screens.goods import choose, fill, paper, pick, rows
from tests.screens.redeeming import OLD_OIL, SALT, redeeming_at
from tests.shop import AUDITOR, STOCK, Shop


def balance_of(till: Till, account: str) -> int:
    """Pieces of salt in one account."""
    return balance(Shop(till.app.folder, till.desk, till.clock, {}), account, "g:g001")


async def test_stock_and_its_report(till: Till) -> None:
    await till.sign_in(AUDITOR)
    await choose(till, "stock-list")
    await till.comes("report-list")
    await till.until(lambda: "菜籽油" in rows(till))
    assert f"过期 {STOCK}" in rows(till)
    await till.press("plus")
    sheet = await paper(till)
    assert (sheet.title, sheet.number, len(sheet.tables[0].rows)) == ("stock", "", 6)


async def test_expired_goods_are_written_off(serving: Till) -> None:
    till = serving
    await choose(till, "expiry")
    await till.comes("report-list")
    await till.until(lambda: "已过期" in rows(till))
    assert "食盐" not in rows(till)
    await till.press("enter")
    await till.comes("form")
    assert str(STOCK) in till.text("#comes-to")
    await till.press("plus")
    await till.approve()
    sheet = await paper(till)
    assert sheet.title == "write-off"
    await till.press("escape")
    await till.until(lambda: not rows(till).strip())
    assert stock.on_shelf(till.desk, 30) == []


async def test_a_damaged_piece(serving: Till) -> None:
    till = serving
    await choose(till, "write-off")
    await till.comes("list")
    await till.until(lambda: "肥皂" in rows(till))
    await till.press("down", "down", "enter")
    await till.comes("form")
    await fill(till, pieces="31")
    await till.until(lambda: "范围" in till.message)
    await till.press("backspace", "backspace", "1", "plus")
    await paper(till)
    assert sum(each.pieces for each in stock.on_shelf(till.desk)) == 6 * STOCK - 1
    assert balance_of(till, "out:written-off") == 1


async def test_a_new_good_is_proposed_and_agreed_to(serving: Till) -> None:
    till = serving
    await choose(till, "new-goods")
    await till.comes("edit-list")
    await till.press("f5")
    await till.comes("form")
    await fill(till, name="Towel", unit="t", barcode="6900000000015", cost="6.54", monthly_limit="2")
    await till.comes("edit-list")
    await till.until(lambda: "Towel" in rows(till))
    assert "6.60" in rows(till)
    await till.press("enter")
    await till.comes("confirm")
    await till.press("plus")
    await till.approve()
    await till.says("new-goods.agreed", item="Towel", good="g002")
    assert new_goods.pending(till.desk) == []


async def test_what_the_rule_makes_of_a_cost_is_shown(serving: Till) -> None:
    till = serving
    await choose(till, "new-goods")
    await till.comes("edit-list")
    await till.press("f5")
    await till.comes("form")
    await fill(till, name="Towel", unit="t", cost="6.54", barcode="12")
    assert "6.60" not in till.text("#comes-to")
    await till.press("backspace", "backspace")
    await till.until(lambda: "6.60" in till.text("#comes-to"))


async def test_stock_is_overridden_with_a_reason_and_a_second_person(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store") as walk:
        till = walk.till
        await till.press("f7")
        await till.says("redeem.nothing-short")
        await till.press(*str(STOCK + 1), "asterisk")
        await till.scan(SALT)
        await walk.refused(f"只剩 {STOCK} 件")
        await till.press("f7")
        await till.comes("choose")
        await pick(till, till.app.words("override.not-booked"))
        await till.says("redeem.overridden", item="食盐 400g")
        assert walk.ticket == {"g001": STOCK + 1}
        await till.press("plus")
        await till.approve()
        await till.comes("receipt")
        assert balance_of(till, "in:found") == -1
        with till.desk.store.read() as connection:
            head = books.head(connection, till.desk.store.installation).seq
            act = books.read_entry(connection, head).body
        assert act == Act(ActCode.OVERRIDE, "g001", head - 1, reason="not-booked")


async def test_what_has_expired_is_not_overridden(tmp_path: Path) -> None:
    async with redeeming_at(tmp_path / "store") as walk:
        till = walk.till
        await till.scan(OLD_OIL)
        await till.says("refused.goods-expired", item="菜籽油 1.8L", expiry="2025-12-31")
        await till.press("f7")
        await till.says("redeem.nothing-short")
        assert walk.ticket == {}
