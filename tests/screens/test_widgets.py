"""The pieces of the weigh-in and redemption screens, each by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import Key
from textual.widget import Widget

from catalog.goods import Good
from catalog.materials import Material, ScaleClass
from catalog.prices import ByPiece, ByWeight, EveryPieces
from catalog.units import Fen, Grams, Points
from drivers.scale.weighing import Moving, NoSignal, OutOfRange, Settled, Weighing
from pos import i18n
from pos.core.scales import Evidence, Policy, judge
from pos.core.weigh_in import MANUAL, CountedLine, Line, PooledLine, TareFrom, WeighedLine
from pos.tui.lines import key_price, offer_row, unit_price, weigh_row
from pos.tui.load import Load, parse_kilograms, scale_for
from pos.tui.number import whole
from pos.tui.typed import Typed
from pos.tui.weight_words import code_of, decimals, jin, kilograms, why_not
from pos.tui.widgets.cells import folded, half_width, left, right, spread
from pos.tui.widgets.digits import BigDigits
from pos.tui.widgets.grid import Cell, KeyGrid
from pos.tui.widgets.search import find
from pos.tui.widgets.ticket import Row, Ticket
from tests.shop import COUNTER, FLOOR

ZH = i18n.load("zh_CN")
EVIDENCE = Evidence("", MANUAL, "", 0, "too-large")


def settled(grams: int, *, own_tare: str | None = None, value: str | None = None) -> Settled:
    figure = Decimal(value) if value else Decimal(grams) / 1000
    tare = Decimal(own_tare) if own_tare else None
    return Settled(Grams(grams), figure, "kg", "net" if tare else "gross", tare, "flag", grams == 0, b"ST", 1.0)


class Stage(App[None]):
    """A screen with one widget on it."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.shown = widget

    def compose(self) -> ComposeResult:
        yield self.shown


def drawn(widget: Widget) -> list[str]:
    return str(widget.render()).split("\n")


def test_cells() -> None:
    assert half_width("１８．６５＋ＡＢ。×") == "18.65+AB.*"
    assert left("黄板纸", 8) == "黄板纸  "
    assert left("黄板纸", 5) == "黄板 "
    assert right("18.30", 7) == "  18.30"
    assert right("1234.56", 5) == "1234.56"
    line = spread("张*英 第3村民小组", "59.82 分", 30)
    assert cell_len(line) == 30
    assert line.endswith("59.82 分")
    assert cell_len(spread("洗衣液" * 20, "20.00", 30)) == 30


GOODS = [
    Good("g001", "食盐 400g", "包", ("2900000000018",), "sy", None),
    Good("g006", "大豆油 5L", "桶", ("2900000000063",), "ddy", 1),
    Good("g016", "洗衣液 2kg", "瓶", ("2900000000162",), "xyy", 2),
    Good("g015", "洗衣粉 1kg", "袋", ("2900000000155",), "xyf", None),
    Good("g160", "小雨衣", "件", (), "xyy", None),
]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("", []),
        ("xyy", ["g016", "g160"]),
        ("xy", ["g015", "g016", "g160"]),
        ("XYF", ["g015"]),
        ("yy", ["g016", "g160"]),
        ("16", ["g016", "g160"]),
        ("016", ["g016"]),
        ("g016", ["g016"]),
        ("1", ["g001", "g015", "g016", "g160"]),
        ("00162", ["g016"]),
        ("zz", []),
    ],
)
def test_find(typed: str, codes: list[str]) -> None:
    found = [good.code for good in find(GOODS, typed)]
    assert found[: len(codes)] == codes
    assert len(found) == len(codes)


def test_typed() -> None:
    typed = Typed("0123456789.", 5)
    for sign in "1８。６5x9":
        typed.take(Key(sign, sign))
    assert typed.text == "18.65"
    assert typed.take(Key("backspace", None))
    assert not typed.take(Key("plus", "+"))
    assert typed.clear() == "18.6"
    assert typed.text == ""


@pytest.mark.parametrize(
    ("text", "grams"),
    [("18.65", 18_650), ("0.35", 350), ("7", 7_000), ("1.005", 1_005), ("0", 0)],
)
def test_kilograms_typed(text: str, grams: int) -> None:
    assert parse_kilograms(text) == Grams(grams)


@pytest.mark.parametrize("text", ["", ".", "1.", ".5", "1.2345", "1e3", "-1", "1.2.3", "123456", "１"])
def test_kilograms_refused(text: str) -> None:
    assert parse_kilograms(text) is None


def test_whole_numbers() -> None:
    parse = whole(1, 999)
    assert [parse(text) for text in ("1", "999", "007")] == [1, 999, 7]
    assert [parse(text) for text in ("", "0", "1000", "1.5", "x")] == [None] * 5


def test_masses_as_text() -> None:
    assert kilograms(Grams(18_650)) == "18.65"
    assert kilograms(Grams(18_650), 3) == "18.650"
    assert kilograms(Grams(4_205), 2) == "4.205"
    assert jin(Grams(18_300)) == "36.6"
    assert jin(Grams(0)) == "0.0"
    assert decimals(settled(18_650, value="18.650")) == 3
    assert decimals(settled(18_650, value="18.65")) == 2


def test_scale_by_class_of_material() -> None:
    floor, counter = (judge(each, date(2026, 1, 15), Policy(), None) for each in (FLOOR, COUNTER))
    both = {"FS-1": floor, "CT-1": counter}
    paper, copper = (
        Material("p", "纸", ScaleClass.FLOOR, Grams(1), False, ""),
        Material("m", "铜", ScaleClass.COUNTER, Grams(1), False, ""),
    )
    assert scale_for(None, both) == "FS-1"
    assert scale_for(paper, both) == "FS-1"
    assert scale_for(paper, {"CT-1": counter, "FS-1": floor}) == "FS-1"
    assert scale_for(copper, both) == "CT-1"
    assert scale_for(paper, {"CT-1": counter}) == "CT-1"  # the finer one may do the coarser work
    assert scale_for(copper, {"FS-1": floor}) is None
    assert scale_for(paper, {}) is None


def test_line_of_a_load() -> None:
    load = Load("p01", Grams(350), TareFrom.SCALE, 5, "wet")
    line = load.weighed("FS-1", settled(18_650), 7)
    assert (line.material, line.gross, line.tare, line.tare_from) == ("p01", Grams(18_650), Grams(350), TareFrom.SCALE)
    assert (line.deduction, line.deduction_reason, line.evidence.scale, line.evidence.at) == (5, "wet", "FS-1", 7)
    assert line.evidence.criterion == "flag"

    typed = load.typed(Grams(18_650), "scale-broken", 7)
    assert (typed.evidence.criterion, typed.evidence.reason) == (MANUAL, "scale-broken")


def test_what_the_scale_took_off_is_tare() -> None:
    line = Load("p01").weighed("FS-1", settled(18_300, own_tare="0.350"), 7)
    assert (line.gross, line.tare, line.tare_from) == (Grams(18_650), Grams(350), TareFrom.SCALE)


WEIGHINGS: list[tuple[Weighing, str]] = [
    (settled(1_000), "稳定"),
    (Moving(Decimal("18.6"), "kg"), "晃动"),
    (Moving(Decimal("18.6"), "kg", "return-to-zero"), "请把袋子拿下来，等显示为零再称"),
    (Moving(Decimal("18.6"), "kg", "zero-first"), "请清空秤台"),
    (replace(settled(150), is_light=True), "太轻"),
    (OutOfRange("overload"), "超载"),
    (OutOfRange("under-zero"), "低于零"),
    (NoSignal("device-silent", None), "没有信号"),
    (NoSignal("device-lost", 1.0), "断开"),
]


@pytest.mark.parametrize(("weighing", "words"), WEIGHINGS)
def test_reason_in_words(weighing: Weighing, words: str) -> None:
    assert words in why_not(ZH, code_of(weighing))


OUT_OF_RANGE = (
    "overload", "under-zero", "out-of-range", "not-zeroed", "no-weight", "not-a-mass", "resolution", "unreadable",
    "unit-unconfirmed", "fraction",
)  # fmt: skip
NOT_TAKEN = (
    "moving",
    "return-to-zero",
    "zero-first",
    "below-minimum",
    "changed",
    "device-silent",
    "device-lost",
    "port-missing",
)


NOT_PRESSED = ("tared", "zero-range", "nothing-to-tare", "press-zero", "press-tare", "press-clear")


@pytest.mark.parametrize("code", OUT_OF_RANGE + NOT_TAKEN + NOT_PRESSED)
def test_every_code_of_a_scale_has_words(code: str) -> None:
    assert all(why_not(i18n.load(language), code) for language in i18n.LANGUAGES)


def pixels(widget: BigDigits) -> Iterator[str]:
    yield from (row.rstrip() for row in drawn(widget))


async def test_big_digits() -> None:
    digits = BigDigits()
    async with Stage(digits).run_test(size=(60, 6)) as pilot:
        digits.value = "18.6"
        await pilot.pause()
        rows = drawn(digits)
        assert len(rows) == 5
        assert all(cell_len(row) == 2 * (3 + 3 + 1 + 3) + 3 for row in rows)
        assert rows[0].split() == ["11", "888888", "666666"]
        assert set("".join(rows)) == set(" 18.6")
        with pytest.raises(AssertionError):
            digits.value = "18,6"


async def test_big_digits_shrink_to_fit() -> None:
    digits = BigDigits()
    async with Stage(digits).run_test(size=(30, 6)) as pilot:
        digits.value = "150.000"
        await pilot.pause()
        assert all(cell_len(row) == 3 * 6 + 1 + 6 for row in drawn(digits))


def cells(count: int) -> tuple[Cell, ...]:
    return tuple(Cell(f"m{place:02}", f"品类{place}", "1.00") for place in range(1, count + 1))


async def test_grid_pages() -> None:
    grid = KeyGrid()
    async with Stage(grid).run_test(size=(80, 5)) as pilot:
        grid.show(cells(21), "更多")
        await pilot.pause()
        rows = drawn(grid)
        assert len(rows) == 3
        assert all(cell_len(row) <= 80 for row in rows)
        assert "1 品类1" in rows[0]
        assert "5 品类5" in rows[1]
        assert "更多 1/3" in rows[2]
        chosen = grid.at(9)
        assert chosen is not None
        assert chosen.code == "m09"
        grid.turn()
        grid.turn()
        last = grid.at(3)
        assert last is not None
        assert last.code == "m21"
        assert grid.at(4) is None
        grid.turn()
        first = grid.at(1)
        assert first is not None
        assert first.code == "m01"


async def test_grid_of_one_page_turns_to_itself() -> None:
    grid = KeyGrid()
    async with Stage(grid).run_test(size=(80, 5)):
        grid.show(cells(9), "更多")
        assert "更多" not in "".join(drawn(grid))
        grid.turn()
        assert grid.page == 0


async def test_ticket_keeps_the_chosen_line_in_sight() -> None:
    ticket = Ticket()
    ticket.styles.height = 3
    async with Stage(ticket).run_test(size=(40, 5)) as pilot:
        rows = tuple(Row(f"第{place}行", f"{place}.00") for place in range(1, 8))
        ticket.show(rows, 6)
        await pilot.pause()
        assert [line[:2] for line in drawn(ticket)] == ["  ", "  ", "> "]
        assert "第7行" in drawn(ticket)[2]
        ticket.show(rows, 0)
        await pilot.pause()
        assert drawn(ticket)[0].startswith("> 第1行")
        assert len(drawn(ticket)) == 3
        assert all(cell_len(line) == 40 for line in drawn(ticket))


def test_offers_say_at_once_what_is_wrong() -> None:
    good = GOODS[2]
    fine = offer_row(ZH, good, Points(2000), 14, 0)
    assert ("20.00" in fine.text, "存 14" in fine.text, "限 2 (已兑 0)" in fine.text, fine.tone) == (
        True,
        True,
        True,
        "",
    )
    assert cell_len(fine.text) <= 76
    unpriced = offer_row(ZH, good, None, 14, 0)
    assert ("无价" in unpriced.text, unpriced.tone) == (True, "refused")
    gone = offer_row(ZH, good, Points(2000), 0, 0)
    assert ("缺货" in gone.text, gone.tone) == (True, "refused")
    assert offer_row(ZH, good, Points(2000), 14, 2).tone == "refused"


LINES: list[tuple[Line, str, str]] = [
    (
        WeighedLine("p", Grams(118_650), Grams(1_650), TareFrom.PRESET, 5, "wet", 4_500, Fen(500_175), EVIDENCE),
        "118.65 -  1.65 =  117.00 公斤 × 45.00 扣5% 手工",
        "5001.75",
    ),
    (CountedLine("h", 12, 10, Fen(120)), "12 件 × 0.10", "1.20"),
    (PooledLine("s", 37, 35, Points(100), 2), "37 件，每 35 件 1 分，余 2 件", "1.00 分"),
]


@pytest.mark.parametrize(("line", "text", "figure"), LINES)
def test_lines_of_a_weigh_in(line: Line, text: str, figure: str) -> None:
    for language in i18n.LANGUAGES:
        row = weigh_row(i18n.load(language), "杂塑料（桶、盆、日化瓶）", line)
        assert cell_len(row.text) + cell_len(row.figure) <= 74
    row = weigh_row(ZH, "黄板纸", line)
    assert text in row.text
    assert row.figure == figure


def test_prices_on_keys() -> None:
    assert key_price(ZH, ByWeight(240)) == "2.40"
    assert key_price(ZH, ByPiece(10)) == "0.10/件"
    assert key_price(ZH, EveryPieces(35)) == "35个1分"
    assert key_price(ZH, None) == "无价"
    assert unit_price(ZH, ByWeight(240)) == "2.40 元/公斤"


@pytest.mark.parametrize("cells", [8, 20, 60])
def test_text_is_folded_between_hanzi_and_never_inside_a_word(cells: int) -> None:
    text = "一行一件事，按 Enter 做：处理没办完的单，点现金。\n都做完按 + 日结"
    lines = folded(text, cells).split("\n")
    assert all(cell_len(line) <= cells for line in lines)
    assert not [line for line in lines[1:] if line[:1] in "，。："]
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert any("Enter" in line for line in lines)
