"""New goods: priced by the village's rule, pending until a second person agrees, in force from the next opening."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.prices import GoodPrice, Terms, priced_by_rule
from catalog.units import Fen, Points
from pos.core.entries import Signatures
from pos.core.refusals import ApprovalNeeded, NotPermitted, PriceMissing
from pos.core.stock_refusals import BarcodeTaken, NothingPending
from pos.counter import day, new_goods, receiving, redeem
from pos.counter.new_goods import NewGood
from pos.storage import catalogue
from pos.storage.verify import verify
from tests.counter.stockroom import bought, salt, with_supplier
from tests.shop import AUDITOR, BOOK, CLERK, Shop

TOWEL = NewGood("纯棉毛巾", "条", Fen(6_54), "6900000000015", 2)


@pytest.mark.parametrize(
    ("cost", "markup", "fen_per_point", "step", "price"),
    [
        (6_54, 0, 100, 1, GoodPrice(Points(6_60), Fen(6_60))),
        (6_54, 20, 100, 1, GoodPrice(Points(7_90), Fen(7_90))),
        (6_54, 20, 100, 100, GoodPrice(Points(8_00), Fen(7_90))),
        (6_54, 0, 500, 100, GoodPrice(Points(2_00), Fen(6_60))),
        (0, 50, 100, 100, GoodPrice(Points(0), Fen(0))),
    ],
)
def test_priced_by_rule(cost: int, markup: int, fen_per_point: int, step: int, price: GoodPrice) -> None:
    terms = Terms(date(2026, 1, 1), fen_per_point, Points(step))
    assert priced_by_rule(Fen(cost), markup, terms) == price


@given(st.integers(0, 10**7), st.integers(0, 500), st.sampled_from([(100, 1), (500, 100), (10, 10), (1, 100)]))
def test_the_rule_never_gives_away(cost: int, markup: int, of: tuple[int, int]) -> None:
    terms = Terms(date(2026, 1, 1), of[0], Points(of[1]))
    price = priced_by_rule(Fen(cost), markup, terms)
    assert price.shelf.amount * 100 >= cost * (100 + markup)
    assert terms.worth(price.points) >= price.shelf
    assert price.points.amount % of[1] == 0


def test_from_proposal_to_redemption(shop: Shop) -> None:
    with_supplier(shop)
    code = new_goods.propose(shop.desk, shop.by, TOWEL)
    assert code == "g002"
    (waiting,) = new_goods.pending(shop.desk)
    assert (waiting.name, waiting.price, waiting.by) == (TOWEL.name, GoodPrice(Points(6_60), Fen(6_60)), "02")
    sheet = receiving.receive(shop.desk, shop.by, bought(salt(good=code)))
    assert "note-unpriced" in sheet.notes
    basket = shop.basket({code: 1})
    with pytest.raises(PriceMissing):
        redeem.redeem(shop.desk, shop.by, basket)
    with pytest.raises(ApprovalNeeded):
        new_goods.approve(shop.desk, shop.by, code)
    new_goods.approve(shop.desk, Signatures(CLERK), code)
    assert new_goods.pending(shop.desk) == []
    with pytest.raises(NothingPending):
        new_goods.approve(shop.desk, shop.two, code)
    with pytest.raises(PriceMissing):
        redeem.redeem(shop.desk, shop.by, basket)
    day.close_day(shop.desk, shop.by)
    day.open_day(shop.desk, shop.by)
    redeem.redeem(shop.desk, shop.by, basket)
    assert shop.points() == Points(12_00 - 6_60)
    assert verify(shop.folder).wrong is None


def test_every_book_to_come_gets_the_price(shop: Shop) -> None:
    with shop.desk.store.write() as tx:
        for version, effective in ((8, date(2026, 3, 1)), (9, date(2026, 3, 1)), (10, date(2026, 5, 1))):
            dearer = {**BOOK.goods, "g001": GoodPrice(Points(version * 100), Fen(version * 100))}
            catalogue.publish(tx.connection, replace(BOOK, version=version, effective=effective, goods=dearer))
    code = new_goods.propose(shop.desk, shop.by, TOWEL)
    new_goods.approve(shop.desk, shop.two, code)
    with shop.desk.store.read() as connection:
        for on, salt_points in ((date(2026, 1, 15), 200), (date(2026, 3, 1), 900), (date(2026, 6, 1), 1000)):
            prices = catalogue.good_prices(connection, catalogue.book_in_force(connection, on))
            assert (prices[code].points, prices["g001"].points) == (Points(6_60), Points(salt_points))


def test_a_price_of_the_keepers_own_choice(shop: Shop) -> None:
    code = new_goods.propose(shop.desk, shop.by, replace(TOWEL, barcode="", price=GoodPrice(Points(5_00), Fen(6_00))))
    new_goods.approve(shop.desk, shop.two, code)
    with shop.desk.store.read() as connection:
        prices = catalogue.good_prices(connection, catalogue.book_in_force(connection, date(2026, 1, 15)))
        (good,) = [good for good in catalogue.all_goods(connection) if good.code == code]
    assert prices[code] == GoodPrice(Points(5_00), Fen(6_00))
    assert (good.initials, good.barcodes, good.monthly_limit) == ("cmmj", (), 2)


def test_a_barcode_belongs_to_one_good(shop: Shop) -> None:
    with pytest.raises(BarcodeTaken):
        new_goods.propose(shop.desk, shop.by, replace(TOWEL, barcode="2900000000018"))


def test_an_auditor_names_no_prices(shop: Shop) -> None:
    with pytest.raises(NotPermitted):
        new_goods.propose(shop.desk, Signatures(AUDITOR), TOWEL)
    code = new_goods.propose(shop.desk, shop.by, TOWEL)
    with pytest.raises(NotPermitted):
        new_goods.approve(shop.desk, Signatures(AUDITOR), code)
