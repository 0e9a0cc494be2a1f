"""Shelf, bins, drawer, fund and vouchers: each entry kind's transfers as a table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.goods import Lot
from catalog.prices import ByPiece, ByWeight
from catalog.units import Fen, Points
from pos.core import accounts, bins, fund, stock, vouchers
from pos.core.accounts import CASH, Account
from pos.core.bins import PaidInto, SaleLine
from pos.core.fund import CashReason, CostOf
from pos.core.redemption import ServiceLine
from pos.core.refusals import BelowFloor
from pos.core.stock import Change, LossReason, Origin, Receive, ReceivedLine, VarianceReason
from pos.core.transfers import Amount, Books, Transfer
from tests.core.village import SERVICES, D, H, books, shown

SHELF = accounts.stock("village", "0", D)
OTHER = "p4x9aa.2"


@pytest.mark.parametrize(
    ("origin", "slip", "supplier", "expected"),
    [
        (
            Origin.PURCHASE,
            "",
            "coop",
            [
                "in:purchase > stock:shop/village/0-38-1 g:salt 20",
                "in:purchase > stock:shop/k-02/0-38-2 g:soap 5",
                "cost:goods > due:coop due 3000",
            ],
        ),
        (
            Origin.DONATION,
            "",
            None,
            ["in:donation > stock:shop/village/0-38-1 g:salt 20", "in:donation > stock:shop/k-02/0-38-2 g:soap 5"],
        ),
        (
            Origin.SHIPPED,
            "s17",
            None,
            ["way:s17 > stock:shop/village/0-38-1 g:salt 20", "way:s17 > stock:shop/k-02/0-38-2 g:soap 5"],
        ),
        (
            Origin.RETURNED,
            "",
            None,
            ["in:returned > stock:shop/village/0-38-1 g:salt 20", "in:returned > stock:shop/k-02/0-38-2 g:soap 5"],
        ),
    ],
)
def test_goods_received(origin: Origin, slip: str, supplier: str | None, expected: list[str]) -> None:
    lines = (
        ReceivedLine("salt", 20, "village", date(2027, 6, 30), 150),
        ReceivedLine("soap", 5, "k-02", None, 900),
    )
    decision = stock.receive(Receive(origin, slip, supplier, "", lines), 38, D)
    assert shown(decision.transfers) == expected


def test_goods_sent_to_another_store_wait_for_it_on_their_way() -> None:
    decision = stock.ship("s17", OTHER, [Amount(SHELF, "g:salt", 7)])
    assert shown(decision.transfers) == [f"stock:shop/village/0 > way:s17@{OTHER} g:salt 7"]
    there = Books(OTHER)
    lines = (ReceivedLine("salt", 7, "village", None, 0),)
    there.post(OTHER, stock.receive(Receive(Origin.SHIPPED, "s17", None, "", lines), 3, OTHER).transfers)
    assert there.of(accounts.stock("village", "2-3-1", OTHER), "g:salt") == 7
    with pytest.raises(BelowFloor):
        books().post(D, stock.ship("s17", OTHER, [Amount(SHELF, "g:salt", 31)]).transfers)


def test_written_off() -> None:
    load = [Amount(SHELF, "g:salt", 2), Amount(accounts.bin_(D), "m:p01", 900)]
    assert shown(stock.write_off(LossReason.DAMAGED, load, D).transfers) == [
        "stock:shop/village/0 > out:written-off g:salt 2",
        "bin:shop > out:written-off m:p01 900",
    ]


def test_approved_differences() -> None:
    lost, found = VarianceReason.LOST, VarianceReason.FOUND
    changes = [
        Change(SHELF, "g:salt", -2, lost),
        Change(SHELF, "g:soap", 1, found),
        Change(SHELF, "g:oil", 0, lost),
        Change(accounts.bin_(D), "m:p01", -500, lost),
    ]
    decision = stock.adjust((41,), changes, D)
    assert shown(decision.transfers) == [
        "stock:shop/village/0 > out:short g:salt 2",
        "in:found > stock:shop/village/0 g:soap 1",
        "bin:shop > out:short m:p01 500",
    ]
    assert decision.body.reasons == (lost, found, lost)
    held = books()
    held.balances[accounts.bin_(D), "m:p01"] = 10_000
    held.post(D, [Transfer(SHELF, Account("out", "handed", D), "g:salt", 28)])
    held.post(D, decision.transfers)
    assert held.of(SHELF, "g:salt") == 0


LOTS = [
    Lot("shop", "donated", "0-9-1", "salt", date(2026, 2, 1), 0, 3),
    Lot("shop", "village", "0", "salt", None, 160, 4),
]


@pytest.mark.parametrize(
    ("difference", "lots", "expected"),
    [
        (-2, LOTS, [("shop/donated/0-9-1", -2)]),
        (-5, LOTS, [("shop/donated/0-9-1", -3), ("shop/village/0", -2)]),
        (-8, LOTS, [("shop/donated/0-9-1", -3), ("shop/village/0", -4), ("shop/village/0", -1)]),
        (6, LOTS, [("shop/village/0", 6)]),
        (6, [], [("shop/village/0", 6)]),
        (0, LOTS, []),
    ],
)
def test_a_difference_falls_to_lots_as_if_handed_out(
    difference: int, lots: list[Lot], expected: list[tuple[str, int]]
) -> None:
    found = [(account.subject, part) for account, part in stock.spread("salt", difference, lots, D)]
    assert found == expected


@given(st.integers(1, 10_000), st.integers(0, 10**9))
def test_what_a_pack_cost_is_owed_to_the_fen(pieces: int, total: int) -> None:
    lines = stock.priced("salt", pieces, Fen(total), "village", None)
    assert sum(line.quantity for line in lines) == pieces
    assert sum(line.quantity * line.cost_fen for line in lines) == total
    assert len(lines) <= 2


def bin_of(material: str, quantity: int) -> Books:
    """Books with so much in the bin."""
    return Books(D, {(accounts.bin_(D), f"m:{material}"): quantity})


def test_s1_a_sale_with_moisture_lost() -> None:
    line = SaleLine("p01", 612_000, 598_500, ByWeight(125))
    decision = bins.sell("ab12", (line,), PaidInto.FUND, bin_of("p01", 612_000), D)
    assert decision.body.amount == Fen(748_13)
    assert shown(decision.transfers) == [
        "bin:shop > out:sold m:p01 598500",
        "bin:shop > out:loss m:p01 13500",
        "world:dealer > fund:material cash 74813",
    ]


def test_a_sale_of_more_than_the_books_have() -> None:
    lines = (SaleLine("m01", 9_000, 9_200, ByWeight(160)), SaleLine("h01", 40, 40, ByPiece(5)))
    held = bin_of("m01", 9_000)
    held.balances[accounts.bin_(D), "m:h01"] = 50
    assert shown(bins.sell("", lines, PaidInto.DRAWER, held, D).transfers) == [
        "in:found > bin:shop m:m01 200",
        "bin:shop > out:sold m:m01 9200",
        "bin:shop > out:sold m:h01 40",
        "world:dealer > drawer:shop cash 1672",
    ]


def test_two_lines_of_one_material_share_its_bin() -> None:
    lines = (SaleLine("p01", 600, 500, ByWeight(100)), SaleLine("p01", 600, 650, ByWeight(100)))
    assert shown(bins.sell("", lines, PaidInto.DRAWER, bin_of("p01", 1_000), D).transfers) == [
        "bin:shop > out:sold m:p01 500",
        "bin:shop > out:loss m:p01 100",
        "in:found > bin:shop m:p01 250",
        "bin:shop > out:sold m:p01 650",
        "world:dealer > drawer:shop cash 115",
    ]


def test_hazards_are_handed_over() -> None:
    assert shown(bins.hand_over("ab12", [("h01", 60)], bin_of("h01", 50), D).transfers) == [
        "in:found > bin:shop m:h01 10",
        "bin:shop > out:hazard m:h01 60",
    ]


def test_cash_moves_between_world_drawer_and_fund() -> None:
    village, drawer = accounts.fund("village", D), accounts.drawer(D)
    gift = fund.move_cash(CashReason.GIFT, Account("world", "donor", D), village, Fen(50_000))
    change = fund.move_cash(CashReason.FLOAT, village, drawer, Fen(20_000))
    assert shown([*gift.transfers, *change.transfers]) == [
        "world:donor > fund:village cash 50000",
        "fund:village > drawer:shop cash 20000",
    ]
    with pytest.raises(BelowFloor):
        books().post(D, change.transfers)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (9_950, ["drawer:shop > world:short cash 50"]),
        (10_050, ["world:over > drawer:shop cash 50"]),
        (10_000, []),
    ],
)
def test_a_counted_drawer(counted: int, expected: list[str]) -> None:
    held = books()
    decision = fund.count_drawer(Fen(counted), held, D)
    assert shown(decision.transfers) == expected
    held.post(D, decision.transfers)
    assert held.of(accounts.drawer(D), CASH) == counted


def test_a_party_is_paid_what_it_is_owed() -> None:
    village = accounts.fund("village", D)
    assert shown(fund.settle("k-02", CostOf.GOODS, Fen(300), 41, village).transfers) == [
        "due:k-02 > cost:goods due 300",
        "fund:village > world:supplier cash 300",
    ]
    assert shown(fund.settle("barber", CostOf.SERVICE, Fen(1_200), 41, accounts.drawer(D)).transfers) == [
        "due:barber > cost:service due 1200",
        "drawer:shop > world:supplier cash 1200",
    ]


def test_a_voucher_burns_once() -> None:
    line = ServiceLine("haircut", "v100", Points(15_00), date(2026, 4, 15))
    held = books(debt=-5_00)
    held.balances[accounts.voucher("v100", D), "v:haircut"] = 1
    used = vouchers.use(H, line, SERVICES["haircut"], D)
    cancelled = vouchers.cancel(H, line, held, D)
    expired = vouchers.expire(H, line, D)
    lapsed = vouchers.lapse(H, line, held, D)
    assert shown(used.transfers) == ["vch:v100 > vout:used v:haircut 1", "cost:service > due:barber due 1200"]
    assert shown(cancelled.transfers) == [
        "vch:v100 > vout:cancelled v:haircut 1",
        f"spent:service > pts:{H} pt 1500",
        f"pts:{H} > debt:{H} pt 500",
    ]
    assert shown(expired.transfers) == ["vch:v100 > vout:expired v:haircut 1"]
    assert shown(lapsed.transfers) == ["vch:v100 > vout:expired v:haircut 1", *shown(cancelled.transfers)[1:]]
    held.post(D, cancelled.transfers)
    for again in (used, cancelled, expired, lapsed):
        with pytest.raises(BelowFloor):
            held.post(D, again.transfers)
