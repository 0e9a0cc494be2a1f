"""Stock on hand, near its last day, written off, sent away, and what the books do not have."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.units import Fen, Points
from pos.core.acts import Act, ActCode
from pos.core.redemption import OverrideReason, PickedGood
from pos.core.refusals import ApprovalNeeded, GoodUnknown, OutOfStock, QuantityOutOfRange, TicketEmpty, TooManyLines
from pos.core.reversal import ReversalReason
from pos.core.sheets import Count, Label, Money
from pos.core.stock import LossReason
from pos.core.stock_refusals import GoodsExpired, ReceiverUnknown
from pos.counter import redeem, stock
from pos.counter.reverse import reverse
from pos.counter.stock import Load, OnShelf
from pos.storage import books
from pos.storage.verify import verify
from tests.counter.stockroom import balance
from tests.shop import STOCK, Shop
from tests.storage.busy import seq_of


def lot(shop: Shop, good: str) -> OnShelf:
    """The one lot of a good."""
    (found,) = [each for each in stock.on_shelf(shop.desk) if each.good == good]
    return found


def test_near_and_past_the_last_day(shop: Shop) -> None:
    near = stock.on_shelf(shop.desk, 30)
    assert [(each.good, each.expired) for each in near] == [("g005", True)]
    shop.clock.advance((date(2027, 3, 1) - date(2026, 1, 15)).days * 86_400_000)
    assert [each.good for each in stock.on_shelf(shop.desk, 30)] == ["g005"]
    shop.clock.advance(2 * 86_400_000)
    near = stock.on_shelf(shop.desk, 30)
    assert [(each.good, each.days_left) for each in near[1:]] == [("g006", 28)]
    sheet = stock.near_report(shop.desk, shop.by)
    assert [row[-1] for row in sheet.tables[0].rows] == [Label("expired"), Count(28)]


def test_stock_by_good(shop: Shop) -> None:
    oil = next(each for each in stock.stocked(shop.desk) if each.good.code == "g005")
    assert (oil.pieces, oil.expired, oil.expiry, oil.cost) == (STOCK, STOCK, None, Fen(24_50 * STOCK))
    sheet = stock.stock_report(shop.desk, shop.by)
    assert sheet.tables[0].total[1] == Count(6 * STOCK)


def test_expired_goods_are_written_off(shop: Shop) -> None:
    sheet = stock.write_off(shop.desk, shop.by, lot(shop, "g005"), 1, LossReason.EXPIRED)
    assert balance(shop, "out:written-off", "g:g005") == 1
    assert sheet.tables[0].rows[0][1:3] == (Count(1), Money(Fen(24_50)))
    assert verify(shop.folder).wrong is None


def test_a_dear_write_off_takes_two(shop: Shop) -> None:
    with pytest.raises(ApprovalNeeded):
        stock.write_off(shop.desk, shop.by, lot(shop, "g005"), 2, LossReason.EXPIRED)
    stock.write_off(shop.desk, shop.two, lot(shop, "g005"), 2, LossReason.EXPIRED)


def test_no_more_is_written_off_than_is_there(shop: Shop) -> None:
    with pytest.raises(OutOfStock):
        stock.write_off(shop.desk, shop.two, lot(shop, "g001"), STOCK + 1, LossReason.DAMAGED)
    with pytest.raises(QuantityOutOfRange):
        stock.write_off(shop.desk, shop.by, lot(shop, "g001"), 0, LossReason.DAMAGED)


def test_sent_to_another_store(shop: Shop) -> None:
    sheet = stock.ship(shop.desk, shop.by, Load("p4x9aa.2").adding("g001", 4).adding("g017", 1).adding("g001", 3))
    assert balance(shop, "stock:shop/village/0", "g:g001") == STOCK - 7
    assert [row[3] for row in sheet.tables[0].rows] == [Label("owner-village"), "k-02"]
    assert len(sheet.signatures) == 3
    assert verify(shop.folder).wrong is None


@pytest.mark.parametrize(
    ("load", "refusal"),
    [
        (Load(), TicketEmpty),
        (Load("", tuple(PickedGood(f"g{n:03d}", 1) for n in range(26))), TooManyLines),
        (Load("somebody", (PickedGood("g001", 1),)), ReceiverUnknown),
        (Load("", (PickedGood("g999", 1),)), GoodUnknown),
        (Load("", (PickedGood("g001", STOCK + 1),)), OutOfStock),
        (Load("", (PickedGood("g001", 0),)), OutOfStock),
        (Load("", (PickedGood("g005", 1),)), OutOfStock),
    ],
)
def test_not_sent(shop: Shop, load: Load, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        stock.ship(shop.desk, shop.by, load)


def test_an_override_is_an_act_and_can_be_taken_back(shop: Shop) -> None:
    with shop.desk.store.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM lots WHERE good = 'g013'")
    ticket = replace(
        shop.basket({"g013": 2}, of="0002"), overridden=("g013",), override_reason=OverrideReason.NOT_BOOKED
    )
    sold = seq_of(redeem.redeem(shop.desk, shop.two, ticket).slip.number)
    with shop.desk.store.read() as connection:
        assert books.read_entry(connection, sold + 1).body == Act(ActCode.OVERRIDE, "g013", sold, reason="not-booked")
    reverse(shop.desk, shop.two, sold, ReversalReason.CHANGED_MIND)
    assert [(each.owner, each.lot) for each in stock.on_shelf(shop.desk) if each.good == "g013"] == [("village", "0")]
    assert verify(shop.folder).wrong is None


def test_an_override_that_was_not_needed_leaves_no_act(shop: Shop) -> None:
    ticket = replace(
        shop.basket({"g001": 1}, of="0002"), overridden=("g001",), override_reason=OverrideReason.MISCOUNTED
    )
    sold = seq_of(redeem.redeem(shop.desk, shop.two, ticket).slip.number)
    with shop.desk.store.read() as connection:
        assert books.head(connection, shop.desk.store.installation).seq == sold


def test_an_override_hands_out_nothing_expired(shop: Shop) -> None:
    ticket = replace(
        shop.basket({"g005": 1}, of="0002"), overridden=("g005",), override_reason=OverrideReason.MISCOUNTED
    )
    with pytest.raises(GoodsExpired):
        redeem.redeem(shop.desk, shop.two, ticket)
    stock.write_off(shop.desk, shop.two, lot(shop, "g005"), STOCK, LossReason.EXPIRED)
    redeem.redeem(shop.desk, shop.two, ticket)
    assert shop.points("0002") == Points(89_60 - 28_00)
