"""日结: what a Z document states, what it is signed by, and that it stays as it was (domain reference 4.8)."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from catalog.units import Fen, Points
from pos import i18n
from pos.core import codec, journal
from pos.core.acts import Act, ActCode
from pos.core.closing import CloseSigned, CloseUnknown, Closing, Spot
from pos.core.day import DayClose, Review
from pos.core.entries import Signatures
from pos.core.fund import Source
from pos.core.redemption import Shortfall
from pos.core.refusals import ApproverSame, DayNotOpen, NotPermitted, ReasonMissing
from pos.core.reversal import ReversalReason
from pos.core.sheets import Cell, Count, Label, Money, Score, Sheet
from pos.counter import closing, day, fund, reverse
from pos.counter import journal as journals
from pos.counter.redeem import redeem
from pos.counter.weigh_in import weigh_in
from pos.printing.preview import preview
from pos.storage import books, closes
from pos.storage.rows import digest
from pos.storage.verify import verify
from tests.counter.stockroom import balance
from tests.shop import AUDITOR, CLERK, KEEPER, Shop, typed

WORDS = i18n.load("zh_CN")
NOTHING_LEFT = Closing(counted=Fen(0))


def fact(sheet: Sheet, label: str) -> Cell:
    return next(each.cell for each in sheet.facts if each.label == label)


def rows(sheet: Sheet, title: str) -> dict[Cell, tuple[Cell, ...]]:
    """A table's rows by their first cell; none where the table was left out."""
    found = next((table for table in sheet.tables if table.title == title), None)
    return {row[0]: row[1:] for row in found.rows} if found else {}


def newest(shop: Shop) -> tuple[int, object, bytes]:
    with shop.desk.store.read() as connection:
        head = books.head(connection, shop.desk.store.installation)
        return head.seq, books.read_entry(connection, head.seq).body, head.hash


def closed(shop: Shop) -> DayClose:
    _, body, _ = newest(shop)
    assert isinstance(body, DayClose)
    return body


def cash(shop: Shop) -> Fen:
    return Fen(balance(shop, "drawer:shop", "cash"))


@pytest.fixture
def second(shop: Shop) -> Shop:
    """The shop on its second day: what it opened with lies behind it."""
    day.close_day(shop.desk, shop.two)
    shop.clock.advance(86_400_000)
    day.open_day(shop.desk, shop.by)
    return shop


def busy(shop: Shop) -> None:
    """W1 brings 47.82 points to 12.00, R1 takes 34.00, and soap is paid with the rest and some cash."""
    weigh_in(shop.desk, shop.by, shop.bag())
    redeem(shop.desk, shop.by, shop.basket())
    redeem(shop.desk, shop.by, shop.basket({"g017": 10}, shortfall=Shortfall.CASH))


def test_what_a_z_states(second: Shop) -> None:
    busy(second)
    assert cash(second) == Fen(4_18)
    sheet = day.close_day(second.desk, second.two, Closing(counted=Fen(4_18)))
    _, body, head = newest(second)
    assert isinstance(body, DayClose)
    assert (body.z, body.review, body.business_date.isoformat()) == (2, Review.SIGNED, "2026-01-16")
    assert (fact(sheet, "z-number"), fact(sheet, "gaps")) == ("2", Label("none"))
    assert fact(sheet, "entry-numbers") == f"22-{21 + body.entries}"
    assert fact(sheet, "equations-differ") == Label("none")
    assert (fact(sheet, "journal-head"), fact(sheet, "check-code")) == (head.hex(), journal.check_code(head))
    assert (fact(sheet, "cash-expected"), fact(sheet, "difference")) == (Money(Fen(4_18)), Money(Fen(0)))
    assert fact(sheet, "outstanding") == Score(Points(183_99 + 47_82 - 59_82))
    assert rows(sheet, "z-documents")[Label("kind-redeem")] == (Count(2),)
    assert rows(sheet, "z-stock")["洗衣液 2kg"] == (Count(30), Count(0), Count(1), Count(29))
    assert rows(sheet, "z-equations")[Label("pool-drawer")] == tuple(Money(Fen(fen)) for fen in (0, 4_18, 0, 4_18))
    assert rows(sheet, "z-equations")[Label("pool-owed")][3] == Money(Fen(10 * 2_30))
    assert rows(sheet, "z-points-flows")[Label("side-issue-weigh")] == (Score(Points(47_82)), Score(Points(0)))
    assert rows(sheet, "z-households") == {"0042": (Score(Points(12_00)), Score(Points(-12_00)), Score(Points(0)))}
    assert sheet.signatures == ("keeper", "clerk")
    assert verify(second.folder).wrong is None


def test_it_is_pinned_by_the_entry_that_closed_the_day(second: Shop) -> None:
    busy(second)
    sheet = day.close_day(second.desk, second.two, Closing(counted=Fen(4_18)))
    figures = sheet.facts[:-2]
    assert closed(second).digest == digest([codec.plain(figures), codec.plain(sheet.tables)])


@pytest.mark.parametrize("columns", [32, 48])
def test_it_fits_its_paper(second: Shop, columns: int) -> None:
    busy(second)
    sheet = day.close_day(second.desk, second.two, Closing(counted=Fen(4_18)))
    paper = preview(sheet, WORDS, columns)
    assert max(len(line.encode("gbk")) for line in paper) <= columns
    text = "\n".join(paper)
    for msgid in ("sheet.z", "sheet.z-stock", "sheet.z-households", "sheet.journal-head", "sheet.sign-clerk"):
        assert WORDS(msgid) in text
    assert journal.check_code(newest(second)[2]) in text


def test_a_drawer_that_is_short(second: Shop) -> None:
    busy(second)
    with pytest.raises(ReasonMissing):
        day.close_day(second.desk, second.two, Closing(counted=Fen(4_00)))
    assert cash(second) == Fen(4_18)
    sheet = day.close_day(second.desk, second.two, Closing(counted=Fen(4_00), cash_reason="unknown"))
    assert (fact(sheet, "difference"), fact(sheet, "cash-reason")) == (Money(Fen(-18)), Label("why-unknown"))
    assert rows(sheet, "z-cash-flows")[Label("side-world-short")] == (Money(Fen(0)), Money(Fen(18)))
    assert cash(second) == Fen(4_00)
    assert verify(second.folder).wrong is None


def test_a_drawer_that_nobody_counted(second: Shop) -> None:
    busy(second)
    sheet = day.close_day(second.desk, second.two)
    assert fact(sheet, "cash-counted") == Label("not-counted")
    assert closed(second).review is Review.PENDING


def test_dear_goods_are_counted(second: Shop) -> None:
    found = closing.ahead(second.desk)
    assert [(each.good, each.book) for each in found.spots] == [("g006", 30), ("g005", 30), ("g016", 30)]
    counts = NOTHING_LEFT.with_spot(Spot("g006", 30, 29)).with_spot(Spot("g016", 30, 30))
    with pytest.raises(ReasonMissing):
        day.close_day(second.desk, second.two, counts)
    sheet = day.close_day(second.desk, second.two, counts.with_spot(Spot("g006", 30, 29, "unknown")))
    assert rows(sheet, "z-spots")["大豆油 5L"] == (Count(30), Count(29), Label("why-unknown"))
    assert balance(second, "stock:shop/village/0", "g:g006") == 30, "a stocktake puts it right, not the close"


def test_everything_to_be_looked_at_is_listed(second: Shop) -> None:
    desk, by = second.desk, second.by
    weigh_in(desk, second.two, second.bag(typed("p01", 5_000)))
    sold = redeem(desk, by, second.basket({"g001": 1}))
    seq = journals.number_of(sold)
    reverse.reprint(desk, by, seq)
    reverse.reverse(desk, by, seq, ReversalReason.WRONG_ITEM)
    sheet = day.close_day(desk, second.two)
    listed = next(table for table in sheet.tables if table.title == "z-noted").rows
    assert [row[0] for row in listed] == [Label(f"noted-{what}") for what in ("manual", "reprint", "reverse")]
    assert listed[0][3] == f"{KEEPER}/{CLERK}"


def test_without_a_clerk_it_waits_for_one(second: Shop) -> None:
    sheet = day.close_day(second.desk, second.by)
    seq = newest(second)[0]
    assert sheet.notes == ("z-pending",)
    assert [(each.z.number, each.pending) for each in closing.documents(second.desk)] == [(2, True), (1, False)]
    with pytest.raises(NotPermitted):
        closing.countersign(second.desk, second.by, seq)
    closing.countersign(second.desk, Signatures(CLERK), seq)
    assert newest(second)[1] == Act(ActCode.COUNTERSIGNED, "2", seq)
    assert [(each.pending, each.signed_by) for each in closing.documents(second.desk)] == [(False, CLERK), (False, "")]
    with pytest.raises(CloseSigned):
        closing.countersign(second.desk, Signatures(CLERK), seq)
    with pytest.raises(CloseSigned):
        closing.countersign(second.desk, Signatures(CLERK), 21)
    with pytest.raises(CloseUnknown):
        closing.countersign(second.desk, Signatures(CLERK), 20)
    assert verify(second.folder).wrong is None


def test_whoever_closed_alone_does_not_review_it(second: Shop) -> None:
    day.close_day(second.desk, Signatures(CLERK))
    assert closed(second).review is Review.PENDING
    with pytest.raises(ApproverSame):
        closing.countersign(second.desk, Signatures(CLERK), newest(second)[0])


def test_an_auditor_closes_nothing(second: Shop) -> None:
    with pytest.raises(NotPermitted):
        day.close_day(second.desk, Signatures(AUDITOR))


def test_a_late_ticket_belongs_to_the_next_day(second: Shop) -> None:
    sold = redeem(second.desk, second.by, second.basket({"g001": 1}))
    first = day.close_day(second.desk, second.two)
    with pytest.raises(DayNotOpen):
        redeem(second.desk, second.by, second.basket({"g001": 1}))
    reverse.reprint(second.desk, second.by, journals.number_of(sold))
    day.open_day(second.desk, second.by)
    redeem(second.desk, second.by, second.basket({"g001": 2}))
    later = day.close_day(second.desk, second.two)
    assert rows(later, "z-stock")["食盐 400g"] == (Count(29), Count(0), Count(2), Count(27))
    assert [row[0] for table in later.tables if table.title == "z-noted" for row in table.rows] == [
        Label("noted-reprint")
    ]
    ends, begins = str(fact(first, "entry-numbers")), str(fact(later, "entry-numbers"))
    assert int(ends.rpartition("-")[2]) + 1 == int(begins.partition("-")[0])


def test_two_shifts_in_one_day(second: Shop) -> None:
    busy(second)
    day.close_day(second.desk, second.two, Closing(counted=Fen(4_18)))
    day.open_day(second.desk, Signatures(CLERK))
    redeem(second.desk, Signatures(CLERK), second.basket({"g001": 1}, of="0002"))
    sheet = day.close_day(second.desk, second.two, Closing(counted=Fen(4_18)))
    assert (fact(sheet, "z-number"), closed(second).business_date.isoformat()) == ("3", "2026-01-16")
    assert rows(sheet, "z-equations")[Label("pool-drawer")] == tuple(Money(Fen(fen)) for fen in (4_18, 0, 0, 4_18))


def test_money_of_the_fund(second: Shop) -> None:
    fund.income(second.desk, second.by, Source.VILLAGE, Fen(100_00), "村委会")
    fund.into_drawer(second.desk, second.by, Source.VILLAGE, Fen(30_00))
    sheet = day.close_day(second.desk, second.two, Closing(counted=Fen(30_00)))
    assert rows(sheet, "z-equations")[Label("pool-fund")] == tuple(Money(Fen(f)) for f in (0, 100_00, 30_00, 70_00))
    assert rows(sheet, "z-cash-flows")[Label("side-fund")] == (Money(Fen(30_00)), Money(Fen(0)))


def test_it_is_printed_again_and_never_worked_out_again(second: Shop) -> None:
    busy(second)
    sheet = day.close_day(second.desk, second.two, Closing(counted=Fen(4_18)))
    seq = newest(second)[0]
    day.open_day(second.desk, second.by)
    redeem(second.desk, second.by, second.basket({"g001": 1}, of="0002"))
    reverse.reprint(second.desk, second.by, seq)
    assert journals.paper(second.desk, seq).paper == sheet
    with second.desk.store.read() as connection:
        assert closes.sheet(connection, closing.documents(second.desk)[0].z.number) == sheet


def test_a_z_cannot_be_changed(second: Shop) -> None:
    for statement in ("UPDATE z_documents SET sheet = x'00'", "DELETE FROM z_documents"):
        with pytest.raises(IntegrityError, match="append only"), second.desk.store.write() as tx:
            tx.connection.exec_driver_sql(statement)
    with pytest.raises(IntegrityError, match="without a gap"), second.desk.store.write() as tx:
        tx.connection.exec_driver_sql("INSERT INTO z_documents VALUES (3, 20, x'00', x'00')")


def test_books_that_something_else_touched_do_not_balance(second: Shop) -> None:
    with second.desk.store.write() as tx:
        sql = "UPDATE balances SET quantity = quantity - 3 WHERE account LIKE 'stock:%' AND commodity = 'g:g001'"
        tx.connection.exec_driver_sql(sql)
    sheet = day.close_day(second.desk, second.two)
    assert fact(sheet, "equations-differ") == Count(1)
    assert rows(sheet, "z-differences") == {"食盐 400g": (Count(-3),)}


def test_a_restart_in_between_changes_nothing(second: Shop) -> None:
    busy(second)
    second.reopen()
    sheet = day.close_day(second.desk, second.two, replace(NOTHING_LEFT, counted=Fen(4_18)))
    with second.desk.store.read() as connection:
        assert closes.sheet(connection, closes.newest(connection, 1)[0].number) == sheet
