"""公示, 台账, 捐赠榜: who is named, what is left out, what ties out."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from catalog.units import Fen, Points
from pos.core.closing import Pool
from pos.core.entries import Signatures
from pos.core.households import HouseholdState, StateReason
from pos.core.refusals import HouseholdUnknown, NotPermitted
from pos.core.reversal import ReversalReason
from pos.core.sheets import Cell, Count, Day, Label, Money, Score, Sheet
from pos.counter import consents, households, reverse
from pos.printing.preview import preview
from pos.reports import donors, notices, registers, summary
from pos.reports.notices import Profile, Total
from pos.reports.period import parse
from pos.reports.registers import Register
from pos.storage.verify import verify
from tests.printing.day import ZH
from tests.reports.year import GIVER, OPEN_DAYS, TODAY, lived
from tests.shop import AUDITOR, Shop

BY = Signatures("02")
FEBRUARY = date(2026, 2, 1), date(2026, 2, 28)
ALL = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A store of one's own, to write in."""
    with lived(tmp_path / "shop") as found:
        yield found


def notice(shop: Shop, total: Total, profile: Profile = Profile.MASKED, of: tuple[date, date] = FEBRUARY) -> Sheet:
    return notices.notice(shop.desk, BY, *of, total, profile)


def listed(sheet: Sheet) -> list[tuple[Cell, ...]]:
    return list(sheet.tables[0].rows)


def text(sheet: Sheet) -> str:
    return "\n".join(preview(sheet, ZH, 48))


def test_number_masked_name_and_total(store: Shop) -> None:
    """Three days of February: W1 for 0042, 5.00 for 0002, 4.80 for 0006, each of them; sorted by number."""
    sheet = notice(store, Total.EARNED)
    assert listed(sheet) == [
        ("0002", "李*贵", Score(Points(15_00))),
        ("0006", "胡*", Score(Points(14_40))),
        ("0042", "张*英", Score(Points(3 * 47_82))),
    ]
    assert sheet.tables[0].total[-1] == Score(Points(15_00 + 14_40 + 3 * 47_82))
    assert "秀" not in text(sheet)
    assert sheet.signatures == ("clerk", "supervisor")


def test_what_was_taken_back_is_not_spent(store: Shop) -> None:
    spent = {row[0]: row[-1] for row in listed(notice(store, Total.SPENT))}
    assert spent["0042"] == Score(Points(3 * 14_00))
    assert "0002" not in spent, "its sales were reversed, and nothing is no line"


def test_the_totals_tie_out(store: Shop) -> None:
    found = parse("2026")
    assert found is not None
    report = summary.read(store.desk, found)
    held = notice(store, Total.HELD, of=ALL)
    assert held.tables[0].total[-1] == Score(report.figures.outstanding)


def test_numbers_alone(store: Shop) -> None:
    sheet = notice(store, Total.EARNED, Profile.NUMBER)
    assert sheet.tables[0].columns == ("household", "points")
    assert not re.search("[张李胡]", text(sheet))


def test_whole_names_only_of_those_who_agreed(shop: Shop) -> None:
    assert [row[1] for row in listed(notice(shop, Total.EARNED, Profile.NAMED))] == ["李*贵", "胡*", "张*英"]
    consents.household(shop.desk, shop.by, "0042", agreed=True)
    assert [row[1] for row in listed(notice(shop, Total.EARNED, Profile.NAMED))] == ["李*贵", "胡*", "张秀英"]
    assert [row[1] for row in listed(notice(shop, Total.EARNED))] == ["李*贵", "胡*", "张*英"], "not by default"
    consents.household(shop.desk, shop.by, shop.household("0042"), agreed=False)
    assert "张秀英" not in text(notice(shop, Total.EARNED, Profile.NAMED))
    assert verify(shop.folder).wrong is None


def test_who_may(shop: Shop) -> None:
    auditor = Signatures(AUDITOR)
    with pytest.raises(NotPermitted):
        notices.notice(shop.desk, auditor, *FEBRUARY, Total.EARNED, Profile.NAMED)
    assert notices.notice(shop.desk, auditor, *FEBRUARY, Total.EARNED, Profile.MASKED).tables[0].rows
    with pytest.raises(NotPermitted):
        consents.household(shop.desk, auditor, "0042", agreed=True)
    with pytest.raises(HouseholdUnknown):
        consents.household(shop.desk, shop.by, "9999", agreed=True)


def test_a_quiet_household_shows_nobody_its_balance(shop: Shop) -> None:
    households.set_quiet(shop.desk, shop.by, shop.household("0042"), quiet=True)
    assert "0042" not in [row[0] for row in listed(notice(shop, Total.HELD))]
    assert "0042" in [row[0] for row in listed(notice(shop, Total.EARNED))]


def test_nobody_is_listed_below_nothing(shop: Shop) -> None:
    """A weigh-in of an earlier month taken back in this one leaves less than nothing: that is not published."""
    with shop.desk.store.read() as connection:
        seq = connection.exec_driver_sql("SELECT seq FROM journal WHERE kind = 'weigh' ORDER BY seq LIMIT 1 OFFSET 1")
        weighed = seq.scalar_one()
    reverse.reverse(shop.desk, shop.two, weighed, ReversalReason.WRONG_ITEM)
    of_today = notice(shop, Total.EARNED, of=(TODAY, TODAY))
    assert "-" not in [str(row[-1]) for row in listed(of_today)]
    assert "0002" not in [row[0] for row in listed(of_today)]


def test_donors_as_they_agreed(shop: Shop) -> None:
    gifts = donors.read(shop.desk, *FEBRUARY)
    assert len(gifts) == 6, "goods and money on each of three days; the village's own money is no gift"
    assert {(gift.giver, gift.value) for gift in gifts} == {(GIVER, Fen(24_00)), ("钱先生", Fen(50_00))}
    board = donors.board(shop.desk, BY, *FEBRUARY)
    assert {row[0] for row in board.tables[0].rows} == {Label("anonymous")}
    assert board.tables[0].total[-1] == Money(Fen(3 * 74_00))
    consents.gift(shop.desk, shop.by, gifts[0].seq, agreed=True)
    named = donors.board(shop.desk, BY, *FEBRUARY)
    assert [row[0] for row in named.tables[0].rows].count(GIVER) == 1, "one gift is not another"
    consents.gift(shop.desk, shop.by, gifts[0].seq, agreed=False)
    assert GIVER not in text(donors.board(shop.desk, BY, *FEBRUARY))


def test_the_stock_book_is_a_card_for_each_good(store: Shop) -> None:
    sheet = registers.register(store.desk, BY, Register.STOCK, *ALL)
    salt = [row[1:] for row in sheet.tables[0].rows if row[0] == "食盐 400g"]
    assert [row[0] for row in salt] == [Day(day) for day in (*OPEN_DAYS, TODAY)]
    assert salt[0][1:] == (Count(32), Count(4), Count(28))
    left = 28
    for _, came, went, rest in salt[1:]:
        left += came.pieces - went.pieces  # type: ignore[union-attr]
        assert rest == Count(left)
    february = registers.register(store.desk, BY, Register.STOCK, *FEBRUARY)
    assert [row[1:] for row in february.tables[0].rows if row[0] == "食盐 400g"] == salt[2:5]


def test_goods_received(store: Shop) -> None:
    sheet = registers.register(store.desk, BY, Register.RECEIVING, *FEBRUARY)
    assert [(row[0], row[3], row[4]) for row in sheet.tables[0].rows] == [
        ("食盐 400g", "供销社", Count(2)),
        ("抽纸 3包", Label("origin-donation"), Count(3)),
    ] * 3
    assert GIVER not in text(sheet)


def test_counts_and_write_offs(store: Shop) -> None:
    sheet = registers.register(store.desk, BY, Register.STOCKTAKE, *FEBRUARY)
    assert [(row[0], row[3], row[4], row[5]) for row in sheet.tables[0].rows] == [
        ("食盐 400g", Count(-1), Label("loss-damaged"), "02/01")
    ] * 3


def test_the_daily_register(store: Shop) -> None:
    sheet = registers.register(store.desk, BY, Register.DAILY, OPEN_DAYS[1], OPEN_DAYS[1])
    rows = sheet.tables[0].rows
    assert [row[3] for row in rows] == [
        Label(f"kind-{kind}") for kind in ["weigh", "weigh", "redeem", "redeem", "redeem", "reverse", "weigh"]
    ]
    assert rows[0][0] == "0042 张*英"
    assert rows[0][4] == Score(Points(47_82))
    assert {row[-1] for row in rows} == {""}, "room to sign"
    found = parse(OPEN_DAYS[1].isoformat())
    assert found is not None
    figures = summary.read(store.desk, found).figures
    came, went = figures.total(Pool.POINTS, "pt")
    assert sum(row[4].points.amount for row in rows if isinstance(row[4], Score)) == came - went


def test_a_closed_household_stands_by_what_it_did(shop: Shop) -> None:
    households.set_state(shop.desk, shop.two, shop.household("0006"), HouseholdState.AWAY, next(iter(StateReason)))
    assert "0006" in [row[0] for row in listed(notice(shop, Total.EARNED))]
