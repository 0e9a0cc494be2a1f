"""Cards, labels and boards as they come to paper: read back by the camera's own engine, and measured with a ruler."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.goods import Good
from catalog.prices import GoodPrice
from catalog.units import Fen, Points
from drivers.printer.document import Cut, Row, Text
from drivers.printer.layout import lay_out
from drivers.printer.plain import plain_text
from drivers.printer.profile import PrinterProfile
from drivers.printer.raster import Font, find_font
from pos import i18n
from pos.core import cards as numbers
from pos.core.acts import Act, ActCode
from pos.core.refusals import (
    ApprovalNeeded,
    CardMissing,
    GoodUnknown,
    HouseholdClosed,
    HouseholdUnknown,
    PriceMissing,
)
from pos.counter import card_prints, cards, price_list
from pos.counter.card_prints import CardFace
from pos.counter.price_list import PriceList
from pos.printing.sheets import boards, labels, page, roll
from pos.printing.sheets import cards as card_sheets
from pos.storage import books, catalogue
from tests.drivers import strict_reader
from tests.printing.pages import columns_of, framed, pdf_pages, pdf_size, raster, runs
from tests.shop import BOOK, Shop, opened

FOUND = find_font()
if FOUND is None:
    pytest.skip("no Chinese font on this machine", allow_module_level=True)
FONT: Font = FOUND
ZH = i18n.load("zh_CN")
KEY = b"k" * 32
NARROW, WIDE = PrinterProfile("folder:x", columns=32), PrinterProfile("folder:x", columns=48)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path / "shop") as found:
        yield found


def face(number: str = "990101101201", **given: object) -> CardFace:
    known = CardFace(number, numbers.signed(number, KEY), 2, "0042", "张*英", "第3村民小组", "柳塘村", "0000-00000000")
    return dataclasses.replace(known, **given)  # type: ignore[arg-type]


def read(image: Image.Image) -> list[tuple[str, str]]:
    """Every code on the picture."""
    return sorted((str(code.format), code.text) for code in zxingcpp.read_barcodes(image))


def both_codes(card: CardFace) -> list[tuple[str, str]]:
    return [("Code 128", card.number), ("QR Code", card.qr)]


def sheet(*cards: CardFace) -> bytes:
    pieces = [card_sheets.card(card, ZH) for card in cards]
    return page.pdf(list(page.sheets(pieces, ZH("printout.card"), ZH("printout.cards-hint"), ZH, FONT)))


# Cards


def test_a_sheet_of_cards_is_read_back() -> None:
    held = [face(f"{ten}{numbers.check_digits(ten)}") for ten in (f"{n * 832_040_139:010d}" for n in range(1, 12))]
    document = sheet(*held)
    pages = pdf_pages(document)

    assert pdf_size(document) == {(210, 297)}
    assert [image.size for image in pages] == [(2480, 3508)] * 2
    assert sorted(read(pages[0]) + read(pages[1])) == sorted(code for card in held for code in both_codes(card))


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_any_number_is_read_back(ten: str) -> None:
    card = face(f"{ten}{numbers.check_digits(ten)}")
    assert read(framed(card_sheets.card(card, ZH).on(page.DPI, FONT).image, 20)) == both_codes(card)


@pytest.mark.parametrize("ten", ["9900000000", "9999999999", "0000000000", "9901019999"])
def test_numbers_that_hold_the_codes_of_other_sets(ten: str) -> None:
    card = face(f"{ten}{numbers.check_digits(ten)}")
    assert read(framed(card_sheets.card(card, ZH).on(page.DPI, FONT).image, 20)) == both_codes(card)


@pytest.mark.parametrize(
    ("piece", "dpi"), [(card_sheets.card(face(), ZH), page.DPI), (card_sheets.strip(face(), ZH), 203)]
)
def test_a_card_measured(piece: page.Piece, dpi: int) -> None:
    image = page.one_bit(piece.on(dpi, FONT)).convert("L")
    mm = 25.4 / dpi
    codes = {str(code.format): code.position for code in zxingcpp.read_barcodes(framed(image, 20))}

    qr = codes["QR Code"]
    top = qr.top_left.y - 20 + 3
    left, finder = runs(image, top)[0][1], runs(image, top)[1][1]
    module = finder // 7
    assert module * mm >= 0.6
    top = next(y for y in range(top, 0, -1) if image.getpixel((left, y)) == 255) + 1
    side, quiet = 25 * module, 4 * module  # version 2
    assert abs(qr.top_right.x - qr.top_left.x - side) <= 1
    around = image.crop((left - quiet, top - quiet, left + side + quiet, top + side + quiet))
    around.paste(255, (quiet, quiet, quiet + side, quiet + side))
    assert around.getextrema() == (255, 255)

    bars = codes["Code 128"]
    row = runs(image, (bars.top_left.y + bars.bottom_left.y) // 2 - 20)
    narrowest = min(dots for dark, dots in row if dark)
    assert narrowest * mm >= 0.33
    assert sum(dots for _, dots in row[1:-1]) == 101 * narrowest  # twelve digits in code set C
    assert min(row[0][1], row[-1][1]) >= 10 * narrowest
    tallest = max(dots for dark, dots in columns_of(image, row[0][1]) if dark)
    assert tallest * mm >= 11.95


def test_cutting_marks_stand_outside_the_cards() -> None:
    image = pdf_pages(sheet(face()))[0]
    left, top = (2480 - 2 * 1011) // 2, (3508 - 5 * 638) // 2

    marks = [x for x in range(2480) if all(image.getpixel((x, top - 20 - dots)) == 0 for dots in range(20))]
    assert {round((x - left) / 1011) for x in marks} == {0, 1, 2}
    assert image.crop((left + 1012, top, 2480 - 300, top + 600)).getextrema() == (255, 255)  # no second card


def test_only_the_masked_name_goes_to_paper(shop: Shop) -> None:
    chosen = card_prints.choose(shop.desk, ["0042", f"{shop.household('0002')}"])

    assert [(each.household, each.name) for each in chosen.faces] == [("0042", "张*英"), ("0002", "李*贵")]
    card = shop.cards["0042"]
    assert (chosen.faces[0].number, chosen.faces[0].qr) == (card.number, cards.qr_text(shop.desk, card))


def test_all_a_group_and_who_is_left_out(shop: Shop) -> None:
    everyone = card_prints.choose(shop.desk)
    assert [each.household for each in everyone.faces] == ["0002", "0006", "0015", "0033", "0042"]  # 0020 has merged

    cards.report_lost(shop.desk, shop.by, shop.cards["0006"].number)
    first = card_prints.choose(shop.desk, group="第1村民小组")
    assert ([each.household for each in first.faces], first.without) == (["0002"], 1)


def test_a_new_card_takes_the_place_of_the_old(shop: Shop) -> None:
    new = cards.issue(shop.desk, shop.two, [shop.household("0042")])[shop.household("0042")]
    (only,) = card_prints.choose(shop.desk, ["0042"]).faces

    assert (only.number, only.version) == (new.number, 2)


def test_cards_that_cannot_be_printed(shop: Shop) -> None:
    cards.report_lost(shop.desk, shop.by, shop.cards["0006"].number)

    for number, refusal in (("0006", CardMissing), ("0020", HouseholdClosed), ("9999", HouseholdUnknown)):
        with pytest.raises(refusal):
            card_prints.choose(shop.desk, [number])
    with pytest.raises(HouseholdUnknown):
        card_prints.choose(shop.desk, group="第9村民小组")


def test_every_print_is_an_act_of_two_people(shop: Shop) -> None:
    chosen = card_prints.choose(shop.desk, ["0042"])
    with pytest.raises(ApprovalNeeded):
        card_prints.record(shop.desk, shop.by, chosen.faces)
    card_prints.record(shop.desk, shop.two, chosen.faces)
    card_prints.record(shop.desk, shop.two, chosen.faces)

    with shop.desk.store.read() as connection:
        last, before = (books.read_entry(connection, listed.seq) for listed in books.newest(connection, 2))
    assert last.body == before.body == Act(ActCode.CARD_PRINTED, shop.cards["0042"].number)
    assert (last.by, last.transfers) == (shop.two, ())


@pytest.mark.parametrize("profile", [NARROW, WIDE])
def test_a_card_on_the_roll_is_read_back(profile: PrinterProfile) -> None:
    job = roll.job("card", card_sheets.strip(face(), ZH), profile, FONT)
    image = raster(job.data)

    assert image.width <= profile.dots
    assert read(framed(image, 20)) == both_codes(face())
    paper = strict_reader.read(job.data, dots=profile.dots)
    assert (paper.cuts, len(paper.questions), paper.lines) == (1, 1, [])


# Labels


def priced(good: Good, points: int) -> PriceList:
    price = GoodPrice(Points(points), Fen(points))
    return PriceList("柳塘村", "", 7, date(2026, 1, 1), 100, ((good, price),), ())


@pytest.mark.parametrize(
    ("barcode", "kind", "text"),
    [
        ("6901234567892", "EAN-13", "6901234567892"),
        ("2900000000018", "EAN-13", "2900000000018"),
        ("96385074", "EAN-8", "96385074"),
        ("036000291452", "EAN-13", "0036000291452"),
    ],
)
@pytest.mark.parametrize(("width", "dpi"), [(labels.WIDTH, page.DPI), (labels.ROLL_WIDTH, 203)])
def test_a_label_is_read_back(width: float, dpi: int, barcode: str, kind: str, text: str) -> None:
    good = Good("g001", "食盐 400g", "包", (barcode,), "sy", None)
    (piece,) = labels.labels(priced(good, 2_00), ZH, width)
    image = piece.on(dpi, FONT).image
    (code,) = zxingcpp.read_barcodes(framed(image, 20))

    assert code.text == text or code.text == text.lstrip("0").zfill(12)
    assert str(code.format).startswith(("EAN", "UPC"))
    narrowest = min(dots for dark, dots in runs(image, code.position.top_left.y + 30 - 20) if dark)
    assert narrowest * 25.4 / dpi >= 0.33


def test_labels_of_a_good_without_a_barcode_and_with_a_long_name() -> None:
    good = Good("g041", "一二三四五六七八九十" * 4, "提", (), "", None)
    (piece,) = labels.labels(priced(good, 123_456_00), ZH)
    image = piece.on(page.DPI, FONT).image

    assert read(image) == []
    assert all(image.getpixel((x, y)) == 255 for x in (0, image.width - 1) for y in range(image.height))


def test_labels_of_all_goods_on_their_sheet(shop: Shop) -> None:
    prices = price_list.price_list(shop.desk)
    pages = list(page.sheets(labels.labels(prices, ZH), "", "", ZH, FONT))

    assert {text for _, text in read(pages[0].convert("L"))} == {good.barcodes[0] for good, _ in prices.goods}


# Prices


def test_the_book_in_force_on_a_date(shop: Shop) -> None:
    dearer = {code: GoodPrice(price.points * 2, price.shelf) for code, price in BOOK.goods.items()}
    later = dataclasses.replace(BOOK, version=8, effective=date(2026, 3, 1), goods=dearer)
    with shop.desk.store.write() as tx:
        catalogue.publish(tx.connection, later)

    today, march = price_list.price_list(shop.desk), price_list.price_list(shop.desk, date(2026, 3, 1))
    assert (today.version, today.effective, today.goods[0][1].points) == (7, date(2026, 1, 1), Points(2_00))
    assert (march.version, march.effective, march.goods[0][1].points) == (8, date(2026, 3, 1), Points(4_00))
    with pytest.raises(PriceMissing):
        price_list.price_list(shop.desk, date(2025, 12, 31))


def test_some_goods_alone(shop: Shop) -> None:
    prices = price_list.price_list(shop.desk)

    assert [good.code for good, _ in prices.only(["g016", "2900000000018"]).goods] == ["g016", "g001"]
    with pytest.raises(GoodUnknown):
        prices.only(["g999"])


def test_boards_say_prices_date_and_version(shop: Shop) -> None:
    prices = price_list.price_list(shop.desk)
    goods, materials = boards.goods_board(prices, ZH), boards.materials_board(prices, ZH)

    assert goods.terms == materials.terms == ("2026-01-01 起执行", "价目第7版", "1 积分 = 1.00 元")
    assert ("食盐 400g", "包", "2.00", "2.00") in goods.rows
    assert materials.rows[0] == ("黄板纸", "1.00 元/kg", "1.00 kg 起收，扣水扣杂，干品")
    assert materials.rows[3] == ("废铜", "45.00 元/kg", "0.20 kg 起收")
    assert materials.rows[4][1:] == ("0.10 元/个", "有害垃圾，有害")
    assert materials.rows[5][1] == "35 个 1 分"


@pytest.mark.parametrize("columns", [32, 48])
def test_boards_on_the_roll(shop: Shop, columns: int) -> None:
    prices = price_list.price_list(shop.desk)
    document = boards.document(boards.materials_board(prices, ZH))
    lines = plain_text(lay_out(document, columns), columns)

    assert isinstance(document.blocks[-1], Cut)
    assert {type(block) for block in document.blocks} >= {Row, Text}
    assert any(line.split() == ["废铜", "45.00", "元/kg"] for line in lines)
    assert any("2026-01-01" in line for line in lines)


def test_a_long_board_goes_on_over_pages(shop: Shop) -> None:
    prices = price_list.price_list(shop.desk)
    many = dataclasses.replace(prices, goods=prices.goods * 9)
    pages = list(boards.pages(boards.goods_board(many, ZH), ZH, FONT))

    assert len(pages) == 3
    assert {image.size for image in pages} == {(2480, 3508)}


def test_characters_that_no_font_has_are_shown_as_such() -> None:
    image = card_sheets.card(face(name="\U0010fffd*英"), ZH).on(page.DPI, FONT).image
    plain = card_sheets.card(face(name="〓*英"), ZH).on(page.DPI, FONT).image

    assert image.tobytes() == plain.tobytes()
