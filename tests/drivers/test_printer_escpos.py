"""Jobs as bytes, judged by the strict reader for every paper, character ROM and mode after power-up."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer import raster
from drivers.printer.document import Align, Barcode, Block, Cell, Cut, Document, Feed, Qr, Row, Rule, Size, Text
from drivers.printer.escpos import FontMissing
from drivers.printer.job import drawer_job, receipt_job, tag_of
from drivers.printer.layout import Line as LaidLine
from drivers.printer.profile import Charset, Columns, PrinterProfile
from tests.drivers.strict_reader import Code, Line, Reading, read
from tests.drivers.strict_reader import Cut as CutHere

QR = "V1/HD01/01/250718/000123/-20000/123450/K7QM2D4X"
PAPERS: tuple[Columns, ...] = (32, 48)
ROMS: tuple[Charset, ...] = ("gbk", "gb2312", "gb18030")
FONT = raster.find_font()
needs_font = pytest.mark.skipif(FONT is None, reason=raster.FONT_HELP)


def amount(name: str, value: str, *, bold: bool = False, size: Size = Size.NORMAL) -> Row:
    return Row((Cell(name), Cell(value, align=Align.RIGHT)), bold, size)


def receipt(name: str = "王*明", goods: str = "东北大米5kg") -> Document:
    return Document(
        (
            Text("河东村兑换超市", Align.CENTRE, size=Size.BIG),
            Text("兑换小票", Align.CENTRE),
            amount("柜员 003 张*兰", "终端 01"),
            Text(f"会员 0001234  {name}"),
            Rule(),
            Text(goods),
            amount("  2 x 100.00", "200.00"),
            Rule(),
            amount("合计3件", "1,234,567.89 分", bold=True),
            amount("本次使用", "-235.50 分"),
            amount("找零", "0.50 分"),
            amount("余额", "0 分", size=Size.TALL),
            Feed(1),
            Qr(QR),
            Barcode("123456789012"),
            Text("校验码 K7QM-2D4X", Align.RIGHT),
            Cut(),
        )
    )


def printed(document: Document, profile: PrinterProfile, double_byte: bool = True) -> Reading:
    job = receipt_job("R", document, profile)
    return read(job.data, dots=profile.dots, charset=profile.charset, double_byte=double_byte)


@pytest.mark.parametrize(("columns", "charset", "double_byte"), itertools.product(PAPERS, ROMS, [True, False]))
def test_a_receipt_on_every_printer(columns: Columns, charset: Charset, double_byte: bool) -> None:
    profile = PrinterProfile("folder:x", columns, charset)
    reading = printed(receipt(), profile, double_byte)
    assert reading.lines[0] == Line("河东村兑换超市", align=1, wide=2, high=2)
    assert reading.lines[1] == Line("兑换小票", align=1)
    assert "会员 0001234  王*明" in reading.text
    total = next(line for line in reading.lines if line.text.startswith("合计"))
    assert total.bold
    assert total.text.endswith("1,234,567.89 分")
    assert len(total.text.encode("gbk")) == columns
    balance = next(line for line in reading.lines if line.text.startswith("余额"))
    assert (balance.wide, balance.high, balance.align) == (1, 2, 0)
    assert [code.data for code in reading.codes] == [QR, "123456789012"]
    assert reading.lines[-1] == Line("校验码 K7QM-2D4X", align=2)
    assert reading.cuts == 1
    assert isinstance(reading.items[-1], CutHere)
    assert reading.pulses == 0
    assert reading.questions == [b"\x1dr\x01"]


@pytest.mark.parametrize(("columns", "charset", "double_byte"), itertools.product(PAPERS, ROMS, [True, False]))
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("𠮷田", "〓田"),
        ("王䶮", "王〓"),
        ("王㛃", "王〓"),
        ("\x1b@\x1dV\x01王", "@V王"),
        ("\x10\x14\x01\x00\x01王", "王"),
        ("王🎉\u200b", "王〓"),
        ("€王", "〓王"),
        ("赟", "赟"),
    ],
)
def test_difficult_names(name: str, expected: str, columns: Columns, charset: Charset, double_byte: bool) -> None:
    reading = printed(receipt(name), PrinterProfile("folder:x", columns, charset), double_byte)
    assert reading.cuts == 1
    assert reading.pulses == 0
    assert "?" not in reading.text
    shown = next(line.text for line in reading.lines if line.text.startswith("会员")).removeprefix("会员 0001234  ")
    own = {("赟", "gb2312"): "〓", ("王䶮", "gb18030"): "王䶮", ("€王", "gb18030"): "€王", ("王㛃", "gb18030"): "王㛃"}
    assert shown == own.get((name, charset), expected)


@pytest.mark.parametrize(("columns", "charset"), itertools.product(PAPERS, ROMS))
def test_a_name_of_forty_hanzi(columns: Columns, charset: Charset) -> None:
    name = "东北五常稻花香有机胚芽大米礼盒装家庭经济实惠量贩真空包装产地直供绿色食品认证壹号"
    reading = printed(receipt(goods=name), PrinterProfile("folder:x", columns, charset))
    assert name in "".join(line.text for line in reading.lines)


texts = st.text(st.one_of(st.sampled_from("积分兑换—×，￥¥镕䶮\x1b\x1d\x10"), st.characters()), max_size=70)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, texts, st.sampled_from(Align), st.booleans(), st.sampled_from(Size)),
    st.builds(Row, st.lists(st.builds(Cell, texts), min_size=1, max_size=4).map(tuple)),
    st.just(Rule()),
    st.builds(Feed, st.integers(1, 40)),
    st.builds(Barcode, st.from_regex(r"[0-9]{2,12}", fullmatch=True)),
)


@given(
    st.lists(blocks, max_size=6).map(tuple),
    st.builds(
        PrinterProfile,
        st.just("folder:x"),
        st.sampled_from(PAPERS),
        st.sampled_from(ROMS),
        cutter=st.booleans(),
        status=st.sampled_from([True, False, None]),
    ),
    st.booleans(),
)
def test_any_document(given: tuple[Block, ...], profile: PrinterProfile, double_byte: bool) -> None:
    job = receipt_job("R", Document((*given, Cut())), profile)
    assert job.data.startswith(b"\x1b@\x1c&")
    reading = read(job.data, dots=profile.dots, charset=profile.charset, double_byte=double_byte)
    assert [line.text for line in reading.lines] == [line.text for line in job.laid if isinstance(line, LaidLine)]
    assert reading.cuts == profile.cutter
    assert reading.questions == ([] if profile.status is False else [b"\x1dr\x01"])


@pytest.mark.parametrize("columns", PAPERS)
@pytest.mark.parametrize("data", ["A", QR, "https://village.example/" + "x" * 60, "积" * 90, "9" * 300])
def test_qr_codes_printed_by_the_printer(columns: Columns, data: str) -> None:
    reading = printed(Document((Qr(data),)), PrinterProfile("folder:x", columns))
    assert [code.data for code in reading.codes] == [data]
    assert reading.codes[0].dots <= columns * 12


@pytest.mark.parametrize("columns", PAPERS)
@pytest.mark.parametrize("data", ["A", QR, "积" * 90])
def test_qr_codes_sent_as_pictures(columns: Columns, data: str) -> None:
    reading = printed(Document((Qr(data), Cut())), PrinterProfile("folder:x", columns, qr=False))
    assert reading.pictures
    assert all(picture.height <= 101 for picture in reading.pictures)
    assert not reading.codes


def test_a_barcode_whose_pairs_would_be_a_command() -> None:
    reading = printed(Document((Barcode("001604019900"),)), PrinterProfile("folder:x", 32))
    assert reading.codes[0].data == "001604019900"


@pytest.mark.parametrize(("digits", "dots"), [("123456789012", 3 * (11 * 8 + 13)), ("12345", 3 * (11 * 7 + 13))])
def test_barcode_width(digits: str, dots: int) -> None:
    assert printed(Document((Barcode(digits),)), PrinterProfile("folder:x", 32)).codes == [
        Code("barcode", digits, dots)
    ]


@pytest.mark.parametrize(
    ("profile", "questions"),
    [
        (PrinterProfile("folder:x"), [b"\x1dr\x01"]),
        (PrinterProfile("folder:x", status=False), []),
        (PrinterProfile("folder:x", status=False, confirm="gs_r"), [b"\x1dr\x01"]),
        (PrinterProfile("folder:x", confirm="none"), []),
        (PrinterProfile("folder:x", confirm="gs_h"), [b"\x1d(H" + tag_of("R")]),
    ],
)
def test_what_a_job_ends_with(profile: PrinterProfile, questions: list[bytes]) -> None:
    assert printed(receipt(), profile).questions == questions
    assert read(drawer_job("R", profile).data).questions == questions


def test_jobs_have_tags_of_their_own() -> None:
    names = [f"LT01-K7Q2MD.0-{number}{copy}" for number in range(300) for copy in ("", "-1")]
    assert len({tag_of(name) for name in names}) == len(names)


def test_the_drawer_is_a_job_of_its_own() -> None:
    reading = read(drawer_job("D", PrinterProfile("folder:x")).data)
    assert reading.pulses == 1
    assert not reading.items


def test_without_a_chinese_mode_to_switch_on() -> None:
    job = receipt_job("R", receipt(), PrinterProfile("folder:x", 32, double_byte=False))
    assert b"\x1c&" not in job.data
    assert read(job.data, double_byte=True).cuts == 1


def test_a_printer_without_chinese_needs_a_font() -> None:
    with pytest.raises(FontMissing):
        receipt_job("R", receipt(), PrinterProfile("folder:x", raster=True))


@needs_font
@pytest.mark.parametrize("columns", PAPERS)
def test_a_printer_without_chinese_gets_pictures(columns: Columns) -> None:
    profile = PrinterProfile("folder:x", columns, double_byte=False, qr=False, raster=True)
    job = receipt_job("R", receipt("王䶮"), profile, FONT)
    reading = read(job.data, dots=profile.dots, double_byte=False)
    assert not reading.text.strip()
    assert sum(any(picture.data) for picture in reading.pictures) >= 14


@needs_font
def test_a_line_with_a_rare_character_is_a_picture() -> None:
    assert FONT is not None
    name = next(c for c in "䶮㛃𬭎" if FONT.has(c))
    profile = PrinterProfile("folder:x", 32)
    reading = read(receipt_job("R", receipt(f"王{name}"), profile, FONT).data)
    assert len(reading.pictures) == 1
    assert "会员" not in reading.text
    assert "合计3件" in reading.text
