"""Lists out to a spreadsheet and in again: nothing changes by itself, every bad row is named, all or nothing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]

from catalog.materials import ScaleClass
from catalog.prices import ByPiece, ByWeight
from catalog.units import Fen, Grams, Points
from pos.core.entries import Signatures
from pos.core.households import HouseholdState
from pos.core.list_refusals import LedgerLists, ListFaulty, ListUnwritten
from pos.core.lists import Column, Flaw, label
from pos.core.redeem_refusals import FileUnread
from pos.core.refusals import ApprovalNeeded, NotPermitted
from pos.counter import day, lists, lists_files
from pos.counter.lists import Kind
from pos.counter.redeem import quote
from pos.storage import catalogue, registry
from pos.storage.verify import verify
from tests.shop import AUDITOR, VILLAGE, Shop, opened
from tests.storage.contents import contents

GOODS = ("编号", "名称", "单位", "条码", "每月限量", "积分", "货架价(元)")
HOUSEHOLDS = ("户号", "户主", "村民小组", "人口", "状态")
OPENING = ("类别", "编号/户号", "归属", "数量", "进价(元)", "保质期到")


def file_of(folder: Path, *rows: Sequence[object], encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def sheet_of(folder: Path, *rows: Sequence[object], merged: str = "") -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    if merged:
        book.active.merge_cells(merged)
    path = folder / "list.xlsx"
    book.save(path)
    return path


def flaws(looked: lists.Looked) -> list[tuple[int, str, Flaw]]:
    return [(each.row, each.column, each.flaw) for each in looked.plan.problems]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(("name", "language"), [("list.xlsx", "zh_CN"), ("list.csv", "en")])
def test_there_and_back_changes_nothing(shop: Shop, kind: Kind, name: str, language: str) -> None:
    shop.desk = replace(shop.desk, language=language)
    path = shop.folder / "lists" / name
    rows = lists.export(shop.desk, shop.by, kind, path)
    before = contents(shop.desk.store)
    looked = lists.dry_run(shop.desk, kind, path)
    assert (looked.plan.changes, looked.plan.problems, looked.plan.unchanged) == ((), (), rows)
    assert rows >= 6
    lists.take(shop.desk, shop.two, looked)
    assert contents(shop.desk.store) == before


def test_goods_added_and_changed(shop: Shop) -> None:
    path = file_of(
        shop.folder,
        GOODS,
        ("g001", "食盐 500g", "包", "2900000000018;2900000000919", "", "2.5", "２．５０"),
        ("g090", "茶叶", "盒", "", "1", "30", "28.8"),
        (),
        ("", "", ""),
    )
    before = contents(shop.desk.store)
    looked = lists.dry_run(shop.desk, Kind.GOODS, path)
    assert (looked.plan.added, len(looked.plan.changes), looked.plan.problems) == (1, 2, ())
    assert contents(shop.desk.store) == before
    lists.take(shop.desk, shop.two, looked)
    with shop.desk.store.read() as connection:
        goods = {good.code: good for good in catalogue.all_goods(connection)}
        version = catalogue.book_in_force(connection, shop.desk.today())
        prices = catalogue.good_prices(connection, version)
    assert (goods["g001"].name, set(goods["g001"].barcodes)) == ("食盐 500g", {"2900000000018", "2900000000919"})
    assert (goods["g090"].initials, goods["g090"].monthly_limit) == ("cy", 1)
    assert (prices["g001"].points, prices["g090"].shelf) == (Points(2_50), Fen(28_80))
    # Today's prices stay until the next opening.
    assert quote(shop.desk, shop.basket({"g001": 1})).price == Points(2_00)
    day.close_day(shop.desk, shop.two)
    day.open_day(shop.desk, shop.by)
    assert quote(shop.desk, shop.basket({"g001": 1})).price == Points(2_50)
    assert lists.dry_run(shop.desk, Kind.GOODS, path).plan.changes == ()
    assert verify(shop.folder).wrong is None


def test_a_column_that_is_left_out_stays(shop: Shop) -> None:
    path = file_of(shop.folder, ("code", "name"), ("g016", "洗衣液"))
    lists.take(shop.desk, shop.two, lists.dry_run(shop.desk, Kind.GOODS, path))
    with shop.desk.store.read() as connection:
        good = next(good for good in catalogue.all_goods(connection) if good.code == "g016")
    assert (good.name, good.barcodes, good.monthly_limit) == ("洗衣液", ("2900000000162",), 2)


def test_a_barcode_may_change_hands_but_not_be_shared(shop: Shop) -> None:
    rows = (("编号", "条码"), ("g001", "2900000000056"), ("g005", "2900000000018"))
    lists.take(shop.desk, shop.two, lists.dry_run(shop.desk, Kind.GOODS, file_of(shop.folder, *rows)))
    with shop.desk.store.read() as connection:
        assert catalogue.good_by_barcode(connection, "2900000000056") == "g001"
    shared = file_of(shop.folder, ("编号", "条码"), ("g006", "2900000000018"))
    assert flaws(lists.dry_run(shop.desk, Kind.GOODS, shared)) == [(2, "barcodes", Flaw.BARCODE_TAKEN)]


def test_every_bad_row_and_nothing_is_taken(shop: Shop) -> None:
    path = file_of(
        shop.folder,
        GOODS,
        ("g001", "食盐", "包", "", "", "2", ""),
        ("g 2", "白糖", "袋", "123", "0", "-1", "五元"),
        ("g080", "", "袋", "", "", "1", "1"),
        ("g081", "好的", "袋", "", "", "1", "1"),
        ("g081", "重复", "袋", "", "", "1", "1"),
    )
    before = contents(shop.desk.store)
    looked = lists.dry_run(shop.desk, Kind.GOODS, path)
    assert flaws(looked) == [
        (2, "points", Flaw.PRICE),
        (3, "code", Flaw.CODE),
        (3, "barcodes", Flaw.BARCODE),
        (3, "monthly-limit", Flaw.WHOLE),
        (3, "points", Flaw.FIGURE),
        (3, "shelf-yuan", Flaw.FIGURE),
        (4, "name", Flaw.MISSING),
        (6, "code", Flaw.TWICE),
    ]
    with pytest.raises(ListFaulty):
        lists.take(shop.desk, shop.two, looked)
    assert contents(shop.desk.store) == before


def test_headings(shop: Shop) -> None:
    path = file_of(shop.folder, ("名称", "颜色"), ("食盐", "白"))
    assert flaws(lists.dry_run(shop.desk, Kind.GOODS, path))[:2] == [
        (1, "颜色", Flaw.COLUMN_UNKNOWN),
        (1, "code", Flaw.COLUMN_MISSING),
    ]
    twice = file_of(shop.folder, ("编号", "code", "name"), ("g001", "g001", "食盐"))
    assert (1, "code", Flaw.TWICE) in flaws(lists.dry_run(shop.desk, Kind.GOODS, twice))
    assert flaws(lists.dry_run(shop.desk, Kind.GOODS, file_of(shop.folder))) == [(0, "", Flaw.EMPTY)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_households(shop: Shop, encoding: str) -> None:
    path = file_of(
        shop.folder,
        HOUSEHOLDS,
        (f"{VILLAGE}0099", "赵一鸣", "第5村民小组", "３", "正常"),
        (f"{VILLAGE}0042", "张秀英", "第4村民小组", 4, "正常"),
        encoding=encoding,
    )
    lists.take(shop.desk, shop.two, lists.dry_run(shop.desk, Kind.HOUSEHOLDS, path))
    with shop.desk.store.read() as connection:
        new, old = (registry.household(connection, f"{VILLAGE}{short}") for short in ("0099", "0042"))
    assert new is not None
    assert old is not None
    assert (new.head, new.persons, new.state, new.home) == ("赵一鸣", 3, HouseholdState.NORMAL, "LT01")
    assert old.group == "第4村民小组"
    assert verify(shop.folder).wrong is None
    with shop.desk.store.read() as connection:
        lines = b"".join(line for (line,) in connection.exec_driver_sql("SELECT bytes FROM journal"))
    assert "赵一鸣".encode() not in lines


def test_households_that_do_not_fit(shop: Shop) -> None:
    path = file_of(
        shop.folder,
        HOUSEHOLDS,
        ("9901011012010042", "外村", "1组", 3, "正常"),
        (f"{VILLAGE}0042", "张秀英", "第3村民小组", 4, "冻结"),
        (f"{VILLAGE}0002", "李兴贵", "第1村民小组", 2, "正常"),
        (f"{VILLAGE}0098", "新户", "1组", 0, "已销户"),
        (f"{VILLAGE}0097", "新户", "1组", 1, "closed"),
    )
    assert flaws(lists.dry_run(shop.desk, Kind.HOUSEHOLDS, path)) == [
        (2, "number", Flaw.OTHER_VILLAGE),
        (3, "state", Flaw.STATE),
        (4, "persons", Flaw.PERSONS),
        (5, "persons", Flaw.WHOLE),
        (6, "state", Flaw.STATE),
    ]


def test_a_number_that_a_spreadsheet_rounded_and_cells_that_it_merged(shop: Shop) -> None:
    numbers = sheet_of(shop.folder, HOUSEHOLDS, (int(f"{VILLAGE}0042"), "张秀英", "第3村民小组", 4, "正常"))
    assert flaws(lists.dry_run(shop.desk, Kind.HOUSEHOLDS, numbers)) == [(2, "number", Flaw.HOUSEHOLD)]
    rows = [(f"{VILLAGE}00{n}", "赵", "第5村民小组", 1, "正常") for n in (91, 92, 93)]
    merged = sheet_of(shop.folder, HOUSEHOLDS, *rows, (), (), merged="C2:C3")
    assert flaws(lists.dry_run(shop.desk, Kind.HOUSEHOLDS, merged)) == [(2, "", Flaw.MERGED), (3, "", Flaw.MERGED)]


def test_materials(shop: Shop) -> None:
    head = ("编号", "名称", "用秤", "最少(公斤)", "有害", "金属", "提示", "每户每天限量", "计价", "单价(元/件数)")
    path = file_of(
        shop.folder,
        head,
        ("p01", "黄板纸", "地秤", "1", "否", "否", "干品", "50", "每公斤", "1.1"),
        ("t01", "旧手机", "计件", "0", "否", "否", "", "3", "每件", "5"),
    )
    lists.take(shop.desk, shop.two, lists.dry_run(shop.desk, Kind.MATERIALS, path))
    with shop.desk.store.read() as connection:
        found = catalogue.materials(connection)
        prices = catalogue.material_prices(connection, catalogue.book_in_force(connection, shop.desk.today()))
    assert (found["p01"].daily_limit, found["p01"].note, prices["p01"]) == (50_000, "干品", ByWeight(110))
    assert (found["t01"].scale, found["t01"].daily_limit, prices["t01"]) == (ScaleClass.COUNT, 3, ByPiece(500))
    assert list(found) == ["p01", "l01", "m01", "m04", "h01", "s03", "t01"]
    assert found["p01"].minimum == Grams(1_000)
    wrong = file_of(
        shop.folder,
        head,
        ("p01", "黄板纸", "计件", "1", "否", "否", "", "", "每件", "1"),
        ("t02", "旧手机", "计件", "0", "maybe", "否", "", "1.5", "每公斤", "5"),
        ("s03", "小塑料瓶", "计件", "0", "否", "否", "", "", "每几件1分", "2.5"),
    )
    assert flaws(lists.dry_run(shop.desk, Kind.MATERIALS, wrong)) == [
        (2, "scale", Flaw.UNIT),
        (3, "hazardous", Flaw.CHOICE),
        (4, "price", Flaw.PRICE),
    ]


def test_opening_balances_once_and_only_before_anything_moved(tmp_path: Path) -> None:
    with opened(tmp_path / "shop", day_open=False) as shop:
        path = file_of(
            shop.folder,
            OPENING,
            ("积分", f"{VILLAGE}0006", "", "11.99", "", ""),
            ("积分", f"{VILLAGE}0033", "", "5.5", "", ""),
            ("库存", "g001", "donated", "12", "0", "46090"),
            ("回收物", "p01", "", "3.25", "", ""),
            ("回收物", "h01", "", "7", "", ""),
            ("钱箱", "", "", "100", "", ""),
            ("资金", "subsidy", "", "2000.50", "", ""),
        )
        looked = lists.dry_run(shop.desk, Kind.OPENING, path)
        assert (looked.plan.added, looked.plan.unchanged, looked.plan.problems) == (6, 1, ())
        lists.take(shop.desk, shop.two, looked)
        assert lists.dry_run(shop.desk, Kind.OPENING, path).plan.unchanged == 7
        with shop.desk.store.read() as connection:
            lots = catalogue.lots(connection, ["g001"], shop.desk.today())["g001"]
        assert [(lot.owner, lot.on_hand, str(lot.expiry)) for lot in lots] == [
            ("donated", 12, "2026-03-09"),
            ("village", 30, "2027-06-30"),
        ]
        again = file_of(
            shop.folder,
            OPENING,
            ("积分", f"{VILLAGE}0006", "", "12", "", ""),
            ("积分", f"{VILLAGE}0020", "", "12", "", ""),
            ("积分", f"{VILLAGE}0777", "", "12", "", ""),
            ("库存", "g005", "somebody", "1", "", ""),
            ("库存", "g013", "donated", "1.5", "", ""),
            ("回收物", "s03", "", "0", "", ""),
            ("库存", "g016", "k-02", "1", "", "soon"),
        )
        assert flaws(lists.dry_run(shop.desk, Kind.OPENING, again)) == [
            (2, "quantity", Flaw.OPENED),
            (3, "item", Flaw.UNKNOWN),
            (4, "item", Flaw.UNKNOWN),
            (5, "owner", Flaw.OWNER),
            (6, "quantity", Flaw.FIGURE),
            (7, "quantity", Flaw.FIGURE),
            (8, "expiry", Flaw.DATE),
        ]
        assert verify(shop.folder).wrong is None


def test_who_may(shop: Shop) -> None:
    looked = lists.dry_run(shop.desk, Kind.GOODS, file_of(shop.folder, ("code", "name"), ("g016", "洗衣液")))
    for by, no in ((shop.by, ApprovalNeeded), (Signatures(AUDITOR, "01"), NotPermitted)):
        with pytest.raises(no):
            lists.take(shop.desk, by, looked)
    with pytest.raises(NotPermitted):
        lists.export(shop.desk, Signatures(AUDITOR), Kind.HOUSEHOLDS, shop.folder / "x.csv")


def test_what_was_in_order_when_it_was_looked_at(shop: Shop) -> None:
    first = lists.dry_run(shop.desk, Kind.GOODS, file_of(shop.folder, ("编号", "条码"), ("g006", "2900000000919")))
    other = lists.dry_run(shop.desk, Kind.GOODS, file_of(shop.folder, ("编号", "条码"), ("g013", "2900000000919")))
    lists.take(shop.desk, shop.two, first)
    with pytest.raises(ListFaulty):
        lists.take(shop.desk, shop.two, other)


def test_with_a_ledger_only_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shop.folder / "goods.csv"
    identity = replace(shop.desk.store.identity, epoch=1)
    monkeypatch.setattr(type(shop.desk.store), "identity", identity)
    monkeypatch.setattr(lists_files, "load", lambda *_: pytest.fail("was read"))
    lists.export(shop.desk, shop.by, Kind.GOODS, path)
    with pytest.raises(LedgerLists):
        lists.dry_run(shop.desk, Kind.GOODS, path)


def test_files_that_are_none(shop: Shop, tmp_path: Path) -> None:
    for name, data in (("a.xls", b"x"), ("a.xlsx", b"not a workbook"), ("a.csv", b"\xff\xfe\x00")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FileUnread):
            lists.dry_run(shop.desk, Kind.GOODS, tmp_path / name)
    for path in (tmp_path / "a.ods", tmp_path / "a.csv" / "b.csv"):
        with pytest.raises(ListUnwritten):
            lists.export(shop.desk, shop.by, Kind.GOODS, path)


TEXT = Column("name", label())
PLAIN = st.text(
    st.one_of(st.sampled_from("=+-@'\"，,;盐𠮷"), st.characters(exclude_categories=["C", "Z"])), min_size=1, max_size=20
)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(PLAIN, min_size=1, max_size=5))
def test_no_cell_is_worked_out_and_each_comes_back(tmp_path: Path, suffix: str, texts: list[str]) -> None:
    path = tmp_path / f"list{suffix}"
    lists_files.write(path, (TEXT,), [{"name": text} for text in texts], "zh_CN")
    rows, problems = lists_files.load(path, (TEXT,), ())
    assert ([row.cells["name"] for row in rows], problems) == (texts, [])
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert not [row for row in csv.reader(file) if row[0][0] in "=+-@"]
    else:
        cells = [row[0] for row in load_workbook(path).worksheets[0].iter_rows(min_row=2)]
        assert {cell.data_type for cell in cells} == {"s"}
