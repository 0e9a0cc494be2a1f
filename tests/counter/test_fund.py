"""运营资金: income and expense by source, vouchers, restricted use, the drawer counted, and the fund's book."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.units import Fen
from pos import i18n
from pos.core.entries import Signatures
from pos.core.fund import Cash, CashReason, MoneyShort, NothingMoved, Source, Use, UseRestricted
from pos.core.limits import Policy
from pos.core.redemption import Shortfall
from pos.core.refusals import ApprovalNeeded, DayNotOpen, NotPermitted, ReasonMissing, Refused
from pos.core.sheets import Sheet
from pos.core.weigh_in import Payout
from pos.counter import fund, fund_book
from pos.counter.day import close_day, open_day
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.printing.preview import preview
from pos.storage import books
from pos.storage.verify import verify
from tests.shop import AUDITOR, Shop, opened

DAY = date(2026, 1, 15)
WORDS = i18n.load("zh_CN")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path / "shop") as shop:
        yield shop
    assert verify(tmp_path / "shop").wrong is None


@pytest.fixture
def rich(shop: Shop) -> Shop:
    """With 1,000 yuan from the village, 500 from an enterprise."""
    fund.income(shop.desk, shop.by, Source.VILLAGE, Fen(1_000_00), "村委会", "一季度补助")
    fund.income(shop.desk, shop.by, Source.ENTERPRISE, Fen(500_00), "清河米业")
    return shop


def voucher(sheet: Sheet) -> object:
    return next(fact.cell for fact in sheet.facts if fact.label == "voucher")


def test_income_and_expense_by_source_have_voucher_numbers_of_their_own(rich: Shop) -> None:
    gift = fund.income(rich.desk, rich.by, Source.DONATION, Fen(88_80), "乡贤")
    rent = fund.spend(rich.desk, rich.two, Source.VILLAGE, Use.RENT, Fen(300_00), "房东", "一季度")
    soap = fund.spend(rich.desk, rich.two, Source.ENTERPRISE, Use.GOODS, Fen(120_50), "供销社")
    assert [voucher(each) for each in (gift, rent, soap)] == ["s-2026-0003", "f-2026-0001", "f-2026-0002"]
    now = fund.purse(rich.desk)
    assert now.fund == {
        Source.MATERIAL: Fen(0),
        Source.DONATION: Fen(88_80),
        Source.ENTERPRISE: Fen(379_50),
        Source.VILLAGE: Fen(700_00),
        Source.FISCAL: Fen(0),
    }
    assert now.total == Fen(1_168_30)
    for columns in (32, 48):
        paper = "\n".join(preview(rent, WORDS, columns))
        for said in ("f-2026-0001", "房东", "一季度", "300.00", "房租", "村补助"):
            assert said in paper, said


def test_the_journal_names_nobody(rich: Shop) -> None:
    slip = fund.income(rich.desk, rich.by, Source.DONATION, Fen(1_00), "Li Wei", "thanks")
    with rich.desk.store.read() as connection:
        seq = int(slip.number.rpartition("-")[2])
        body = books.read_entry(connection, seq).body
        line = connection.exec_driver_sql("SELECT bytes FROM journal WHERE seq = ?", (seq,)).scalar_one()
    assert isinstance(body, Cash)
    assert (body.reason, body.voucher, len(body.party)) == (CashReason.GIFT, "s-2026-0003", 64)
    assert b"Li Wei" not in line


def test_voucher_numbers_begin_anew_each_year(rich: Shop) -> None:
    close_day(rich.desk, rich.two)
    rich.clock.advance(360 * 86_400_000)
    open_day(rich.desk, rich.by)
    assert voucher(fund.income(rich.desk, rich.by, Source.FISCAL, Fen(1), "")) == "s-2027-0001"


def test_a_bound_source_is_spent_on_what_it_was_given_for(rich: Shop) -> None:
    with pytest.raises(ApprovalNeeded):
        fund.bind(rich.desk, rich.by, Source.ENTERPRISE, (Use.GOODS,))
    fund.bind(rich.desk, rich.two, Source.ENTERPRISE, (Use.GOODS, Use.SERVICE))
    with pytest.raises(UseRestricted):
        fund.spend(rich.desk, rich.two, Source.ENTERPRISE, Use.RENT, Fen(1_00), "房东")
    with pytest.raises(UseRestricted):
        fund.into_drawer(rich.desk, rich.by, Source.ENTERPRISE, Fen(1_00))
    fund.spend(rich.desk, rich.two, Source.ENTERPRISE, Use.GOODS, Fen(1_00), "供销社")
    fund.bind(rich.desk, rich.two, Source.ENTERPRISE, ())
    fund.spend(rich.desk, rich.two, Source.ENTERPRISE, Use.RENT, Fen(1_00), "房东")


@pytest.mark.parametrize(
    ("deed", "refused"),
    [
        (lambda s: fund.spend(s.desk, s.by, Source.VILLAGE, Use.RENT, Fen(1), ""), ApprovalNeeded),
        (lambda s: fund.spend(s.desk, s.two, Source.VILLAGE, Use.RENT, Fen(1_000_01), ""), MoneyShort),
        (lambda s: fund.spend(s.desk, s.two, Source.VILLAGE, Use.RENT, Fen(0), ""), NothingMoved),
        (lambda s: fund.spend(s.desk, s.two, Source.VILLAGE, Use.RENT, Fen(-5), ""), NothingMoved),
        (lambda s: fund.income(s.desk, s.by, Source.VILLAGE, Fen(0), ""), NothingMoved),
        (lambda s: fund.income(s.desk, Signatures(AUDITOR), Source.VILLAGE, Fen(1), ""), NotPermitted),
        (lambda s: fund.into_drawer(s.desk, s.by, Source.MATERIAL, Fen(1)), MoneyShort),
        (lambda s: fund.into_fund(s.desk, s.by, Source.VILLAGE, Fen(1)), MoneyShort),
        (lambda s: fund.into_fund(s.desk, s.by, Source.VILLAGE, Fen(0)), NothingMoved),
    ],
)
def test_refused(rich: Shop, deed: Callable[[Shop], object], refused: type[Refused]) -> None:
    before = fund.purse(rich.desk)
    with pytest.raises(refused):
        deed(rich)
    assert fund.purse(rich.desk) == before


def test_recyclables_are_income_with_their_sale_alone(shop: Shop) -> None:
    with pytest.raises(ValueError, match="sale"):
        fund.income(shop.desk, shop.by, Source.MATERIAL, Fen(1), "")


def test_no_money_moves_on_a_closed_day(rich: Shop) -> None:
    close_day(rich.desk, rich.two)
    with pytest.raises(DayNotOpen):
        fund.income(rich.desk, rich.by, Source.VILLAGE, Fen(1), "")


@pytest.mark.parametrize(("counted", "difference"), [(99_50, -50), (100_30, 30), (100_00, 0)])
def test_the_drawer_is_counted(rich: Shop, counted: int, difference: int) -> None:
    fund.into_drawer(rich.desk, rich.by, Source.VILLAGE, Fen(100_00))
    if difference:
        with pytest.raises(ReasonMissing):
            fund.count_drawer(rich.desk, rich.by, Fen(counted))
    assert fund.count_drawer(rich.desk, rich.by, Fen(counted), "unknown") == Fen(difference)
    assert fund.purse(rich.desk).drawer == Fen(counted)


def test_the_book_is_chronological_with_a_running_balance_by_source(rich: Shop) -> None:
    rich.desk = replace(rich.desk, weighing=Policy(cash=True))
    fund.into_drawer(rich.desk, rich.by, Source.VILLAGE, Fen(200_00))
    weigh_in(rich.desk, rich.by, replace(rich.bag(), payout=Payout.CASH))
    redeem(rich.desk, rich.by, rich.basket({"g006": 1}, shortfall=Shortfall.CASH))
    fund.into_fund(rich.desk, rich.by, Source.VILLAGE, Fen(50_00))
    fund.spend(rich.desk, rich.two, Source.ENTERPRISE, Use.WAGE, Fen(80_00), "帮工")
    found = fund_book.read(rich.desk, DAY, DAY)
    lines = [(line.place, line.what, line.fen.amount, line.balance.amount) for line in found.lines]
    assert lines == [
        ("village", "gift", 1_000_00, 1_000_00),
        ("enterprise", "gift", 500_00, 500_00),
        ("village", "float", -200_00, 800_00),
        ("drawer", "float", 200_00, 200_00),
        ("drawer", "weigh", -47_82, 152_18),
        ("drawer", "redeem", 53_00, 205_18),
        ("drawer", "banked", -50_00, 155_18),
        ("village", "banked", 50_00, 850_00),
        ("enterprise", "wage", -80_00, 420_00),
    ]
    assert found.lines[0].voucher == "s-2026-0001"
    assert found.lines[0].party == "村委会 一季度补助"
    now = fund.purse(rich.desk)
    assert {place: fen for place, fen in found.closing.items() if place != "drawer"} == {
        source.value: fen for source, fen in now.fund.items()
    }
    assert found.closing["drawer"] == now.drawer


def test_a_book_of_one_day_begins_where_the_day_before_ended(rich: Shop) -> None:
    close_day(rich.desk, rich.two)
    rich.clock.advance(86_400_000)
    open_day(rich.desk, rich.by)
    fund.spend(rich.desk, rich.two, Source.VILLAGE, Use.RENT, Fen(300_00), "房东")
    first, second = (fund_book.read(rich.desk, day, day) for day in (DAY, date(2026, 1, 16)))
    assert (first.opening["village"], first.closing["village"]) == (Fen(0), Fen(1_000_00))
    assert (second.opening["village"], second.closing["village"]) == (Fen(1_000_00), Fen(700_00))
    assert [line.what for line in second.lines] == ["rent"]
    assert fund_book.read(rich.desk, date(2026, 1, 17), date(2026, 1, 31)).opening["village"] == Fen(700_00)


def test_the_book_is_a_paper(rich: Shop) -> None:
    fund.spend(rich.desk, rich.two, Source.VILLAGE, Use.RENT, Fen(300_00), "房东")
    found = fund_book.sheet(rich.desk, rich.by, fund_book.read(rich.desk, DAY, DAY))
    for columns in (32, 48):
        paper = "\n".join(preview(found, WORDS, columns))
        for said in ("村补助", "1,000.00", "300.00", "700.00", "f-2026-0001"):
            assert said in paper, said


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 400_00)), max_size=20))
@settings(max_examples=20, deadline=None)
def test_every_line_s_balance_follows_from_the_one_before(deeds: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "shop") as shop:
        for which, fen in deeds:
            try:
                _do(shop, which, Fen(fen))
            except MoneyShort:
                continue
        found, now = fund_book.read(shop.desk, DAY, DAY), fund.purse(shop.desk)
        running = dict(found.opening)
        for line in found.lines:
            running[line.place] = running[line.place] + line.fen
            assert line.balance == running[line.place] >= Fen(0)
        assert running == found.closing
        assert (running["village"], running["drawer"]) == (now.fund[Source.VILLAGE], now.drawer)


def _do(shop: Shop, which: int, amount: Fen) -> None:
    match which:
        case 0:
            fund.income(shop.desk, shop.by, Source.VILLAGE, amount, "")
        case 1:
            fund.spend(shop.desk, shop.two, Source.VILLAGE, Use.OTHER, amount, "")
        case 2:
            fund.into_drawer(shop.desk, shop.by, Source.VILLAGE, amount)
        case 3:
            fund.into_fund(shop.desk, shop.by, Source.VILLAGE, amount)
        case _:
            fund.count_drawer(shop.desk, shop.by, amount, "unknown")
