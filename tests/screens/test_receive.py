"""入库 and 出库 walked through: notes filled in by keys and scans, kept over a restart, and what the books hold."""

from datetime import date
from pathlib import Path

from catalog.units import Fen
from pos.core.receiving import Draft, Line
from pos.core.stock import Origin
from pos.counter import receiving, stock
from pos.tui.note_screen import NoteScreen
from tests.counter.stockroom import with_supplier
from tests.screens.conftest import Till, opened_till
from tests.screens.goods import choose, fill, paper, rows
from tests.screens.redeeming import SALT
from tests.shop import AUDITOR, STOCK


def note(till: Till) -> NoteScreen[Draft, Line]:
    """The note in front."""
    assert isinstance(till.app.screen, NoteScreen)
    return till.app.screen


async def headed(till: Till, *keys: str, **values: str) -> None:
    """F5 on home, and the head filled in; `keys` choose before anything is typed."""
    await till.press("f5")
    await till.comes("form")
    await till.press(*keys)
    await fill(till, **values)
    await till.comes("note")


def pieces(till: Till, good: str) -> int:
    """Pieces of a good on hand."""
    return sum(each.pieces for each in stock.on_shelf(till.desk) if each.good == good)


async def test_a_purchase(tmp_path: Path) -> None:
    async with opened_till(tmp_path / "store", prepare=with_supplier) as till:
        await till.sign_in()
        await headed(till, supplier="2", slip="YD-1001")
        assert "供销社" in till.text("#summary")
        assert "yd-1001" in till.text("#summary")
        await till.scan(SALT)
        await till.comes("form")
        assert till.text("#note-good") == "G001 食盐 400g"
        await fill(till, packs="2", pack_of="20", pack_cost="32", expiry="20270101", noted="48")
        await till.comes("note")
        (line,) = note(till).draft.lines
        assert (line.pieces, line.noted, line.expiry) == (40, 48, date(2027, 1, 1))
        assert "64.00" in till.text("#summary")
        await till.press("plus")
        sheet = await paper(till)
        assert sheet.title == "receiving"
        assert "note-differs" in sheet.notes
        assert pieces(till, "g001") == STOCK + 40
        assert till.app.station.drafts.load("receive") is None
        await till.press("escape")
        await till.comes("home")


async def test_a_note_is_kept_and_a_line_taken_off(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    async with opened_till(folder, prepare=with_supplier) as till:
        await till.sign_in()
        await headed(till, supplier="2")
        for packs in ("1", "2"):
            await till.scan(SALT)
            await till.comes("form")
            await fill(till, packs=packs, pack_cost="1.60")
            await till.comes("note")
        await till.press("up", "minus")
        assert [line.packs for line in note(till).draft.lines] == [2]
        await till.press("escape")
        await till.comes("home")
        await till.idle()
    async with opened_till(folder) as till:
        await till.sign_in()
        await till.press("f5")
        await till.comes("note")
        await till.until(lambda: note(till).items)
        assert [line.packs for line in note(till).draft.lines] == [2]
        await till.press("plus")
        await paper(till)
        assert pieces(till, "g001") == STOCK + 2


async def test_what_may_not_stand_on_a_note(serving: Till) -> None:
    till = serving
    await till.press("f5")
    await till.comes("form")
    await till.press("plus")
    await till.says("refused.supplier-missing")
    await till.press("right", "down", "right", "plus")  # a donation, donated
    await till.comes("note")
    await till.press("plus")
    await till.says("refused.ticket-empty")
    await till.scan("6900000000038")
    await till.says("scanned.not-a-good")
    await till.scan(SALT)
    await till.comes("form")
    await fill(till, packs="1", expiry="20260101")
    await till.says("refused.goods-expired", item="食盐 400g", expiry="2026-01-01")
    assert "过保质期" in till.text("#comes-to")


async def test_a_gift_with_its_giver(serving: Till) -> None:
    till = serving
    await headed(till, "right", "down", "right", giver="Zhao")
    assert note(till).draft.origin is Origin.DONATION
    await till.press("enter")
    await till.comes("form")
    await fill(till, good="sy", packs="5", expiry="20260201")
    await till.comes("note")
    assert "临期" in rows(till)
    await till.press("plus")
    sheet = await paper(till)
    assert sheet.tables[0].total[3] == sheet.tables[0].rows[0][3]
    assert any(fact.cell == "Zhao" for fact in sheet.facts)


async def test_an_auditor_takes_nothing_in(till: Till) -> None:
    await till.sign_in(AUDITOR)
    await till.press("f5")
    await till.says("refused.not-permitted")
    assert till.name == "home"


async def test_out_and_back(serving: Till) -> None:
    till = serving
    await choose(till, "ship")
    await till.comes("form")
    await till.press("plus")
    await till.comes("note")
    await till.scan(SALT)
    await till.comes("form")
    await fill(till, pieces="8")
    await till.comes("note")
    await till.press("plus")
    slip = next(fact.cell for fact in (await paper(till)).facts if fact.label == "slip")
    assert isinstance(slip, str)
    assert pieces(till, "g001") == STOCK - 8
    await till.press("escape")
    await till.comes("home")
    await headed(till, *["right"] * 3, slip=slip)
    await till.until(lambda: note(till).items)
    (line,) = note(till).draft.lines
    assert (line.good, line.pieces, line.pack_cost) == ("g001", 8, Fen(1_60))
    await till.press("plus")
    await paper(till)
    assert pieces(till, "g001") == STOCK


async def test_suppliers(serving: Till) -> None:
    till = serving
    await choose(till, "suppliers")
    await till.comes("edit-list")
    await till.press("f5")
    await till.comes("form")
    await fill(till, code="Gxs", name="Coop", telephone="123")
    await till.comes("edit-list")
    await till.until(lambda: "Coop" in rows(till))
    await till.press("enter")
    await till.comes("form")
    await fill(till, name=" Ltd")
    await till.comes("edit-list")
    await till.until(
        lambda: [(each.code, each.name) for each in receiving.suppliers(till.desk)] == [("gxs", "Coop Ltd")]
    )
