"""Layout: no line is wider than the paper, nothing is lost, amounts stay whole and right-aligned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.characters import columns, in_rom, printable
from drivers.printer.document import Align, Barcode, Cell, Cut, Document, Feed, Qr, Row, Rule, Size, Text
from drivers.printer.layout import Line, fit, lay_out, nothing, pad, wrap
from drivers.printer.plain import plain_text

RIGHT = Align.RIGHT
GOODS_40 = "东北五常稻花香有机胚芽大米礼盒装家庭经济实惠量贩真空包装产地直供绿色食品认证壹号"

any_text = st.text(
    st.one_of(st.sampled_from("东北大米酱油，。·×—𠮷䶮🎉 \x1b\x00"), st.characters()),
    max_size=60,
)
amounts = st.from_regex(r"-?[1-9][0-9]{0,2}(,[0-9]{3}){0,2}\.[0-9]{2}", fullmatch=True)
widths = st.sampled_from([32, 48])
sizes = st.sampled_from(Size)
cells = st.builds(Cell, any_text, st.one_of(st.none(), st.integers(2, 30)), st.sampled_from(Align))
blocks = st.one_of(
    st.builds(Text, any_text, st.sampled_from(Align), st.booleans(), sizes),
    st.builds(Row, st.lists(cells, min_size=1, max_size=5).map(tuple), st.booleans(), sizes),
    st.just(Rule()),
)


def lines(document: Document, width: int) -> list[str]:
    return [line.text for line in lay_out(document, width) if isinstance(line, Line)]


def row(*given: Cell, width: int = 32) -> list[str]:
    return lines(Document((Row(given),)), width)


def unspaced(text: str) -> str:
    return "".join(character for character in text if not character.isspace())


@given(st.lists(blocks, max_size=5).map(lambda b: Document(tuple(b))), widths, st.sampled_from(["gbk", "gb2312"]))
def test_no_line_is_wider_than_the_paper_and_every_character_is_printable(
    document: Document, width: int, charset: str
) -> None:
    for line in lay_out(document, width, charset):  # type: ignore[arg-type]
        assert isinstance(line, Line)
        assert columns(line.text) * line.size.wide <= width
        assert not line.drawn
        assert all(in_rom(character, charset) and character >= " " for character in line.text)


@given(any_text, widths, sizes)
def test_a_paragraph_loses_nothing(text: str, width: int, size: Size) -> None:
    printed = "".join(lines(Document((Text(text, size=size),)), width))
    assert unspaced(printed) == unspaced(printable(text, "gbk", nothing))


@given(st.lists(cells, min_size=1, max_size=5).map(tuple), widths)
def test_a_row_loses_no_character(given: tuple[Cell, ...], width: int) -> None:
    printed = "".join(row(*given, width=width))
    wanted = "".join(printable(cell.text, "gbk", nothing) for cell in given)
    assert sorted(unspaced(printed)) == sorted(unspaced(wanted))


@given(any_text, st.lists(amounts, min_size=1, max_size=3), widths, st.booleans())
def test_amounts_stay_whole(name: str, given: list[str], width: int, fixed: bool) -> None:
    right = [Cell(amount, 8 if fixed else None, RIGHT) for amount in given]
    printed = row(Cell(name), *right, width=width)
    assert any(line.endswith(given[-1]) and columns(line) == width for line in printed)
    for amount in given:
        assert any(f" {amount} " in f" {line} " for line in printed)


@given(any_text, st.integers(2, 48))
def test_wrapped_text_fits(text: str, width: int) -> None:
    clean = printable(text, "gbk", nothing)
    wrapped = wrap(clean, width)
    assert wrapped
    assert all(columns(line) <= width for line in wrapped)
    assert unspaced("".join(wrapped)) == unspaced(clean)


@given(any_text, st.integers(0, 60), st.sampled_from(Align))
def test_padding(text: str, width: int, align: Align) -> None:
    clean = printable(text, "gbk", nothing)
    padded = pad(clean, width, align)
    assert columns(padded) == max(width, columns(clean))
    assert clean in padded


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 32, [""]),
        ("东北大米", 5, ["东北", "大米"]),
        ("合计 1,234,567.89 分", 16, ["合计", "1,234,567.89 分"]),
        ("  2 x 100.00", 32, ["  2 x 100.00"]),
        ("谢谢，再见。", 10, ["谢谢，再", "见。"]),
        ("ABCDEFGH", 5, ["ABCDE", "FGH"]),
        ("abc def", 3, ["abc", "def"]),
    ],
)
def test_where_lines_break(text: str, width: int, expected: list[str]) -> None:
    assert wrap(text, width) == expected


def test_a_name_and_an_amount() -> None:
    assert row(Cell("  2 x 100.00"), Cell("200.00", align=RIGHT)) == ["  2 x 100.00" + " " * 14 + "200.00"]
    assert row(Cell("合计3件"), Cell("235.50 分", align=RIGHT)) == ["合计3件" + " " * 16 + "235.50 分"]


def test_a_table_of_goods_on_wide_paper() -> None:
    table = (Cell(GOODS_40), Cell("2", 6, RIGHT), Cell("100.00", 9, RIGHT), Cell("200.00", 9, RIGHT))
    printed = row(*table, width=48)
    assert len(GOODS_40) == 40
    assert printed[0] == GOODS_40[:12] + "     2   100.00   200.00"
    assert printed[1:] == [GOODS_40[12:24], GOODS_40[24:36], GOODS_40[36:]]


def test_the_same_table_on_narrow_paper_is_stacked() -> None:
    table = (Cell(GOODS_40), Cell("2", 6, RIGHT), Cell("100.00", 9, RIGHT), Cell("200.00", 9, RIGHT))
    printed = row(*table)
    assert printed == [GOODS_40[:16], GOODS_40[16:32], GOODS_40[32:], " " * 17 + "2 100.00 200.00"]


def test_large_amounts_beside_a_long_quantity() -> None:
    printed = row(Cell("  1,234,567 x 1,234,567.89"), Cell("-1,524,155,677,489.63", align=RIGHT))
    assert printed == ["  1,234,567 x 1,234,567.89", " " * 11 + "-1,524,155,677,489.63"]


def test_left_cells_keep_off_each_other() -> None:
    assert (
        fit((Cell("柜员", 4), Cell("终端"), Cell("01", align=RIGHT)), ["柜员", "终端", "01"], 32)[0][:4] != "柜员终端"
    )


def test_doubled_characters_have_half_the_columns() -> None:
    laid = lay_out(Document((Text("河东村积分兑换超市一店", Align.CENTRE, size=Size.BIG),)), 32)
    assert laid == (
        Line("河东村积分兑换超", Align.CENTRE, size=Size.BIG),
        Line("市一店", Align.CENTRE, size=Size.BIG),
    )


def test_a_rare_character_marks_its_own_line_only() -> None:
    document = Document((Text("会员 王䶮"), Text("会员 𠮷田")))
    laid = lay_out(document, 32, "gbk", lambda character: character == "䶮")
    assert laid == (Line("会员 王䶮", drawn=True), Line("会员 〓田"))


def test_other_blocks_pass_through() -> None:
    others = (Qr("V1/HD01"), Barcode("123456789012"), Feed(2), Cut())
    assert lay_out(Document((*others, Rule())), 48) == (*others, Line("-" * 48))


def test_preview() -> None:
    document = Document(
        (
            Text("超市", Align.CENTRE, size=Size.BIG),
            Row((Cell("大米×2"), Cell("1.00", align=RIGHT))),
            Qr("V1/HD01/01/250718/000123/-20000"),
            Barcode("123456"),
            Feed(1),
            Cut(),
        )
    )
    assert plain_text(lay_out(document, 32), 32) == [
        " " * 14 + "超市",
        "大米× 2" + " " * 21 + "1.00",
        " " * 14 + "[QR]",
        "V1/HD01/01/250718/000123/-20000",
        " " * 10 + "[|||] 123456",
        "",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Qr(""),
        lambda: Qr("x" * 301),
        lambda: Qr("a\x10\x04\x01"),
        lambda: Barcode("1"),
        lambda: Barcode("1234567890123"),
        lambda: Barcode("12a4"),
        lambda: Barcode("１２"),
        lambda: Feed(0),
        lambda: Feed(41),
        lambda: Cell("x", 1),
    ],
)
def test_what_no_paper_takes_is_refused_early(wrong: type) -> None:
    with pytest.raises(ValueError, match=r"holds|is"):
        wrong()
