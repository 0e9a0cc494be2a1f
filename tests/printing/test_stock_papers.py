"""Papers of goods on narrow and wide paper: no line too long, everything printable, in both languages."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from catalog.units import Fen
from pos import i18n
from pos.core.receiving import Draft, Line
from pos.core.sheets import Sheet
from pos.core.stock import LossReason, Origin, VarianceReason
from pos.counter import receiving, stock, stocktake
from pos.counter.stock import Load
from pos.printing.preview import preview
from tests.counter.stockroom import bought, salt, with_supplier
from tests.shop import STOCK, Shop, opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path / "shop") as found:
        yield with_supplier(found)


def papers(shop: Shop) -> Iterator[Sheet]:
    """Every paper of goods there is."""
    desk = shop.desk
    yield receiving.receive(desk, shop.by, bought(salt(noted=41), salt(good="g006", expiry=date(2026, 2, 1))))
    gift = Line("g013", 3, 1, Fen(8_00))
    yield receiving.receive(
        desk, shop.by, Draft(Origin.DONATION, "donated", giver="欧阳建国（县供销联社）", lines=(gift,))
    )
    yield stock.ship(desk, shop.by, Load("p4x9aa.2").adding("g001", 41).adding("g017", 1))
    (oil,) = [each for each in stock.on_shelf(desk) if each.good == "g005"]
    yield stock.write_off(desk, shop.two, oil, STOCK - 1, LossReason.EXPIRED)
    session = stocktake.begin(desk)
    for _ in range(2):
        session, _anew = stocktake.count(desk, session, "g016", STOCK - 2, more=False)
        session = stocktake.close_round(desk, shop.by, session)
    yield stocktake.approve(desk, shop.two, session.because("g016", VarianceReason.MISTAKEN))
    yield stock.near_report(desk, shop.by)
    yield stock.stock_report(desk, shop.by)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("columns", [32, 48])
def test_fits_the_paper(shop: Shop, language: str, columns: int) -> None:
    words = i18n.load(language)
    seen = set()
    for sheet in papers(shop):
        seen.add(sheet.title)
        for line in preview(sheet, words, columns):
            assert len(line.encode("gbk")) <= columns, (sheet.title, line)
    assert seen == {"receiving", "shipping", "write-off", "stocktake", "near-expiry", "stock"}


def test_what_a_receiving_note_says(shop: Shop) -> None:
    note = next(papers(shop))
    text = "\n".join(preview(note, i18n.load("zh_CN"), 48))
    for said in (
        "入库验收单",
        "供销社",
        "yd-1001",
        "食盐 400g",
        "41",
        "40",
        "临期",
        "L2512",
        "收货人签字",
        "验收人签字",
    ):
        assert said in text
