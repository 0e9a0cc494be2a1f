"""外卖 and 交接 from load to slip: S1, contracts, losses, hazards; and that what came in went somewhere."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.units import Fen, Grams
from pos import i18n
from pos.core import accounts
from pos.core import weigh_in as incoming
from pos.core.accounts import CASH, Account
from pos.core.bins import (
    Basis,
    Extent,
    HazardNotSold,
    LossOverTolerance,
    NotHazardous,
    PaidInto,
    SellMaterial,
    UnderContract,
)
from pos.core.cards import ReadAs
from pos.core.fund import Source
from pos.core.refusals import (
    ApprovalNeeded,
    MaterialUnknown,
    OverMaximum,
    QuantityOutOfRange,
    ReasonMissing,
    TicketEmpty,
    TooManyLines,
)
from pos.core.reversal import ReversalReason
from pos.core.selling import BuyerUnknown, ContractDates, Draft, Offer, Unlicensed
from pos.core.sheets import Sheet
from pos.core.weigh_in import Payout
from pos.counter import buyers, fund, margins, materials, recyclables
from pos.counter.journal import number_of
from pos.counter.reverse import reverse
from pos.counter.weigh_in import weigh_in
from pos.printing.preview import preview
from pos.storage import books
from pos.storage import buyers as rows
from pos.storage.buyers import FOREVER, Buyer, Contract
from pos.storage.verify import verify
from tests.shop import Shop, counted, opened, typed, weighed

DEALER = Buyer("b1", "柳河再生资源", "黑A12345", "0000", "", "dealer")
COLLECTOR = Buyer("c1", "县固废中心", "黑B00001", "0000", "HZ-2026-17", "collector")
DAY = date(2026, 1, 15)
WORDS = i18n.load("zh_CN")


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[Shop]:
    """A shop with 612 kg of cardboard, bought at 1.00, and a dealer whose contract pays 1.25 for it."""
    with opened(tmp_path / "shop") as shop:
        founded(shop)
        for _ in range(6):
            weigh_in(shop.desk, shop.by, shop.bag(weighed("p01", 102_000)))
        yield shop
    assert verify(tmp_path / "shop").wrong is None


def founded(shop: Shop) -> None:
    for each in (DEALER, COLLECTOR):
        buyers.save(shop.desk, shop.by, each)
    buyers.agree(shop.desk, shop.two, Contract("b1", "p01", date(2026, 1, 1), FOREVER, 125))


def in_bin(shop: Shop, material: str) -> int:
    return recyclables.open_yard(shop.desk).book(material)


def sale(*offers: Offer, loads: tuple[incoming.WeighedDraft, ...] = (), into: PaidInto = PaidInto.FUND) -> Draft:
    return Draft("b1", "", offers, loads, into)


def entry(shop: Shop, slip: Sheet) -> SellMaterial:
    with shop.desk.store.read() as connection:
        body = books.read_entry(connection, int(slip.number.rpartition("-")[2])).body
    assert isinstance(body, SellMaterial)
    return body


# S1: 612.00 bought at 1.00, the dealer weighs 598.50 and pays 1.25: loss 13.50 = 2.21 %, income 748.13, margin 136.13.
def test_s1(yard: Shop) -> None:
    own = tuple(weighed("p01", 120_000) for _ in range(5))
    slip = recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 598_500, extent=Extent.ALL), loads=own))
    body = entry(yard, slip)
    assert body.amount == Fen(748_13)
    assert body.voucher == "s-2026-0001"
    assert in_bin(yard, "p01") == 0
    assert fund.purse(yard.desk).fund[Source.MATERIAL] == Fen(748_13)
    (found,) = margins.read(yard.desk, DAY, DAY)
    assert (found.brought, found.sold, found.lost, found.left) == (612_000, 598_500, 13_500, 0)
    assert found.loss_share == 221
    assert (found.paid, found.earned, found.margin) == (Fen(612_00), Fen(748_13), Fen(136_13))
    assert not found.beyond
    for columns in (32, 48):
        paper = "\n".join(preview(slip, WORDS, columns))
        for said in ("柳河再生资源", "黑A12345", "s-2026-0001", "748.13", "2.21%", "598.50"):
            assert said in paper, said


def test_the_report_of_s1_is_a_paper(yard: Shop) -> None:
    recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 598_500, extent=Extent.ALL)))
    report = margins.sheet(yard.desk, yard.by, DAY, DAY, margins.read(yard.desk, DAY, DAY))
    for columns in (32, 48):
        paper = "\n".join(preview(report, WORDS, columns))
        for said in ("612.00", "598.50", "13.50", "136.13", "2.21%"):
            assert said in paper, said


def test_part_of_a_bin_loses_only_what_lies_between_the_scales(yard: Shop) -> None:
    recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 99_000), loads=(weighed("p01", 100_000),)))
    assert in_bin(yard, "p01") == 612_000 - 100_000


def test_a_dealer_s_slip_is_taken_and_flagged(yard: Shop) -> None:
    slip = recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 100_000)))
    assert entry(yard, slip).lines[0].basis is Basis.SLIP
    assert "note-dealer-slip" in slip.notes


def test_under_the_contract_s_price_needs_a_reason(yard: Shop) -> None:
    cheap = Offer("p01", 120, 100_000)
    with pytest.raises(UnderContract) as found:
        recyclables.sell(yard.desk, yard.by, sale(cheap))
    assert found.value.fields["contract"] == Fen(125)
    slip = recyclables.sell(yard.desk, yard.by, sale(replace(cheap, price_reason="poor-quality")))
    assert "note-under-contract" in slip.notes
    recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 130, 100_000)))


@pytest.mark.parametrize(
    ("contracts", "price"),
    [
        ([("2026-01-01", "9999-12-31", 125)], 125),
        ([("2026-01-01", "9999-12-31", 125), ("2026-01-15", "9999-12-31", 130)], 130),
        ([("2026-01-01", "9999-12-31", 125), ("2026-01-16", "9999-12-31", 130)], 125),
        ([("2026-01-01", "2026-01-14", 125)], None),
        ([("2026-01-01", "2026-01-15", 125)], 125),
        ([("2026-01-01", "9999-12-31", 125), ("2026-01-10", "2026-01-12", 140)], 125),
    ],
)
def test_a_contract_s_price_has_its_days(shop: Shop, contracts: list[tuple[str, str, int]], price: int | None) -> None:
    buyers.save(shop.desk, shop.by, DEALER)
    for first, last, fen in contracts:
        agreed = Contract("b1", "p01", date.fromisoformat(first), date.fromisoformat(last), fen)
        buyers.agree(shop.desk, shop.two, agreed)
    assert buyers.prices(shop.desk, "b1").get("p01") == price


def test_contracts_take_two_people_and_an_order_of_days(shop: Shop) -> None:
    buyers.save(shop.desk, shop.by, DEALER)
    agreed = Contract("b1", "p01", date(2026, 1, 2), date(2026, 1, 1), 125)
    with pytest.raises(ContractDates):
        buyers.agree(shop.desk, shop.two, agreed)
    with pytest.raises(ApprovalNeeded):
        buyers.agree(shop.desk, shop.by, replace(agreed, until=FOREVER))
    with pytest.raises(MaterialUnknown):
        buyers.agree(shop.desk, shop.two, replace(agreed, until=FOREVER, material="x9"))
    with pytest.raises(BuyerUnknown):
        buyers.agree(shop.desk, shop.two, replace(agreed, until=FOREVER, buyer="b9"))


def test_a_loss_beyond_the_tolerance_needs_a_reason_and_two_people(yard: Shop) -> None:
    wet = Offer("p01", 125, 590_000, extent=Extent.ALL)
    with pytest.raises(LossOverTolerance) as found:
        recyclables.sell(yard.desk, yard.two, sale(wet))
    assert found.value.fields["share"] == "3.59"
    dried = replace(wet, loss_reason="moisture")
    with pytest.raises(ApprovalNeeded):
        recyclables.sell(yard.desk, yard.by, sale(dried))
    slip = recyclables.sell(yard.desk, yard.two, sale(dried))
    assert "note-loss" in slip.notes
    assert margins.read(yard.desk, DAY, DAY)[0].beyond


def test_a_material_has_a_tolerance_of_its_own(yard: Shop) -> None:
    materials.decide(yard.desk, yard.two, "p01", None, 400, "", metal=False)
    recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 590_000, extent=Extent.ALL)))


def test_more_than_the_book_was_found(yard: Shop) -> None:
    recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 620_000, extent=Extent.ALL)))
    assert in_bin(yard, "p01") == 0
    assert margins.read(yard.desk, DAY, DAY)[0].found == 8_000


def test_the_drawer_takes_the_money_too(yard: Shop) -> None:
    recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 100_000), into=PaidInto.DRAWER))
    assert fund.purse(yard.desk).drawer == Fen(125_00)
    with yard.desk.store.read() as connection:
        assert [each.kind for each in books.newest(connection, 2)] == ["act", "sell-material"]


def test_pieces_are_sold_by_the_piece(yard: Shop) -> None:
    weigh_in(yard.desk, yard.by, yard.bag(counted("s03", 70)))
    slip = recyclables.sell(yard.desk, yard.by, sale(Offer("s03", 2, pieces=70)))
    assert entry(yard, slip).amount == Fen(1_40)
    assert entry(yard, slip).lines[0].basis is Basis.COUNTED


def test_a_typed_load_needs_a_reason_and_two_people(yard: Shop) -> None:
    load = (typed("p01", 50_000),)
    with pytest.raises(ApprovalNeeded):
        recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125), loads=load))
    with pytest.raises(ReasonMissing):
        recyclables.sell(yard.desk, yard.two, sale(Offer("p01", 125), loads=(typed("p01", 50_000, ""),)))
    recyclables.sell(yard.desk, yard.two, sale(Offer("p01", 125), loads=load))


def test_dear_materials_may_leave_over_the_platform(yard: Shop) -> None:
    weigh_in(yard.desk, yard.by, yard.bag(weighed("l01", 20_000), weighed("l01", 20_000)))
    recyclables.sell(yard.desk, yard.by, sale(Offer("l01", 300), loads=(weighed("l01", 40_000, scale="FS-1"),)))
    assert in_bin(yard, "l01") == 0


@pytest.mark.parametrize(
    ("draft", "refused"),
    [
        (sale(), TicketEmpty),
        (replace(sale(Offer("p01", 125, 1_000)), buyer="b9"), BuyerUnknown),
        (replace(sale(Offer("p01", 125, 1_000)), buyer="c1"), BuyerUnknown),
        (sale(Offer("x9", 125, 1_000)), MaterialUnknown),
        (sale(Offer("p01", 125, 0)), QuantityOutOfRange),
        (sale(Offer("p01", 125)), QuantityOutOfRange),
        (sale(Offer("h01", 10, pieces=5)), HazardNotSold),
        (sale(Offer("p01", 125, 1_000), Offer("p01", 125, 1_000)), TooManyLines),
        (sale(Offer("p01", 125), loads=(weighed("p01", 151_000),)), OverMaximum),
    ],
)
def test_refused(yard: Shop, draft: Draft, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        recyclables.sell(yard.desk, yard.by, draft)
    assert in_bin(yard, "p01") == 612_000


def test_hazards_go_to_a_licensed_collector_without_income(yard: Shop) -> None:
    weigh_in(yard.desk, yard.by, yard.bag(counted("h01", 60)))
    slip = recyclables.hand_over(yard.desk, yard.by, "c1", {"h01": 50})
    assert in_bin(yard, "h01") == 10
    assert fund.purse(yard.desk).total == Fen(0)
    paper = "\n".join(preview(slip, WORDS, 32))
    for said in ("县固废中心", "HZ-2026-17", "废电池", "50"):
        assert said in paper, said
    assert [each.hazard for each in margins.read(yard.desk, DAY, DAY) if each.material.code == "h01"] == [50]


def test_hazards_are_refused_to_anyone_else(yard: Shop) -> None:
    buyers.save(yard.desk, yard.by, replace(COLLECTOR, code="c2", licence=""))
    for collector, load, refused in (
        ("b1", {"h01": 5}, BuyerUnknown),
        ("c2", {"h01": 5}, Unlicensed),
        ("c1", {"p01": 5}, NotHazardous),
        ("c1", {"h01": 0}, QuantityOutOfRange),
        ("c1", {}, TicketEmpty),
    ):
        with pytest.raises(refused):
            recyclables.hand_over(yard.desk, yard.by, collector, load)


def test_no_name_and_no_plate_stand_in_the_journal_and_both_can_be_erased(yard: Shop) -> None:
    slip = recyclables.sell(yard.desk, yard.by, sale(Offer("p01", 125, 1_000)))
    seq = int(slip.number.rpartition("-")[2])
    with yard.desk.store.read() as connection:
        line = connection.exec_driver_sql("SELECT bytes FROM journal WHERE seq = ?", (seq,)).scalar_one()
        assert rows.party(connection, seq) == rows.Party("柳河再生资源", "黑A12345")
    assert b"12345" not in line
    assert len(entry(yard, slip).taker) == 64
    buyers.erase(yard.desk, yard.two, "b1")
    with yard.desk.store.read() as connection:
        assert rows.party(connection, seq) == rows.Party("", "")
        assert rows.buyers(connection)["b1"].name == ""
    assert buyers.everyone(yard.desk, "dealer") == []


def test_a_reversal_leaves_the_report_as_if_nothing_had_been_brought(yard: Shop) -> None:
    more = weigh_in(yard.desk, yard.by, yard.bag(weighed("p01", 50_000)))
    reverse(yard.desk, yard.two, number_of(more), ReversalReason.WRONG_WEIGHT)
    (found,) = margins.read(yard.desk, DAY, DAY)
    assert (found.brought, found.paid) == (612_000, Fen(612_00))


_MATERIALS = ("p01", "m01", "s03", "h01")
_DEED = st.tuples(
    st.sampled_from(("in", "gift", "back", "part", "all", "hazard")),
    st.sampled_from(_MATERIALS),
    st.integers(1, 90),
)


@given(st.lists(_DEED, min_size=1, max_size=25))
@settings(max_examples=25, deadline=None)
def test_what_was_brought_is_in_the_bin_or_went_somewhere(deeds: list[tuple[str, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "shop") as shop:
        founded(shop)
        for deed in deeds:
            _do(shop, *deed)
        by = shop.desk.store.identity.writer
        keys = {
            name: [(Account(name.partition(":")[0], name.partition(":")[2], by), f"m:{code}") for code in _MATERIALS]
            for name in ("brought:weigh", "in:found", "bin:shop", "out:sold", "out:loss", "out:hazard")
        }
        with shop.desk.store.read() as connection:
            held = books.peek(connection, by, [key for each in keys.values() for key in each])
        for place, code in enumerate(_MATERIALS):
            at = {name: held.of(*each[place]) for name, each in keys.items()}
            brought, found = -at.pop("brought:weigh"), -at.pop("in:found")
            assert brought + found == sum(at.values()), code
            assert min(at.values()) >= 0
        for row in margins.read(shop.desk, DAY, DAY):
            assert row.before == 0
            assert row.brought + row.found == row.sold + row.lost + row.hazard + row.left
        money = [accounts.fund("material", by), Account("world", "dealer", by)]
        with shop.desk.store.read() as connection:
            cash = books.peek(connection, by, [(account, CASH) for account in money])
        assert cash.of(money[0], CASH) == -cash.of(money[1], CASH)


def _do(shop: Shop, deed: str, material: str, n: int) -> None:
    """One deed of a random day; pieces stand for kilograms where the material is weighed."""
    by_weight = material in ("p01", "m01")
    line = weighed(material, n * 1_000) if by_weight else counted(material, n)
    quantity = n * 1_000 if by_weight else n
    match deed:
        case "in":
            weigh_in(shop.desk, shop.by, shop.bag(line))
        case "gift":
            weigh_in(shop.desk, shop.by, incoming.Draft("", "", ReadAs.NUMBER, (line,), Payout.DONATED))
        case "back":
            receipt = weigh_in(shop.desk, shop.by, shop.bag(line))
            reverse(shop.desk, shop.two, number_of(receipt), ReversalReason.OTHER)
        case "hazard" if material == "h01":
            recyclables.hand_over(shop.desk, shop.by, "c1", {material: n})
        case "part" | "all" if material != "h01":
            extent = Extent.ALL if deed == "all" else Extent.PART
            offer = Offer(material, 100, quantity, n, extent, "other", "other")
            load = (weighed(material, n * 1_000 + 500),) if by_weight and deed == "part" else ()
            recyclables.sell(shop.desk, shop.two, sale(offer, loads=load))
        case _:
            pass


def test_grams(yard: Shop) -> None:
    assert materials.limit_of(materials.everything(yard.desk)[0].material) is None
    materials.decide(yard.desk, yard.two, "p01", 30_000, 250, "", metal=False)
    assert materials.limit_of(materials.everything(yard.desk)[0].material) == Grams(30_000)
