"""Codes by their form: published numbers, near misses, and what an input method or an AIM identifier does to them."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.codes import MAX_LENGTH, Aim, Code, Debounce, Flaw, Kind, Sight, Unrecognised, classify
from drivers.scanner.gs1 import check_digit_fits

SIGNED = "H1990101101201" + "0123456789ABCDEFGHJK"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("990101101201", Kind.CARD),
        ("036000291452", Kind.CARD),  # a UPC-A: only a table can tell
        (SIGNED, Kind.SIGNED_CARD),
        ("H9" + SIGNED[2:], Kind.SIGNED_CARD),
        ("V1/LT01-K7Q2MD.0-38/K7QM-2D4X-9A", Kind.RECEIPT),
        ("HTTPS://POINTS.EXAMPLE.CN/R/LT01-K7Q2MD.0-38/K7QM-2D4X-9A", Kind.RECEIPT),
        ("96385074", Kind.EAN8),
        ("73513537", Kind.EAN8),
        ("4006381333931", Kind.EAN13),
        ("6901234567892", Kind.EAN13),
        ("2012345678903", Kind.IN_STORE),
        ("2900000000001", Kind.IN_STORE),
    ],
)
def test_form(text: str, kind: Kind) -> None:
    assert classify(text) == Code(kind, text)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", Flaw.EMPTY),
        (" \r\n", Flaw.EMPTY),
        ("]C0", Flaw.EMPTY),
        ("1" * (MAX_LENGTH + 1), Flaw.TOO_LONG),
        ("99010110\x1d1201", Flaw.CONTROL),
        ("99010110\x001201", Flaw.CONTROL),
        ("990101积分1201", Flaw.INPUT_METHOD),
        ("99010110120²", Flaw.INPUT_METHOD),
        ("٩٩٠١٠١١٠١٢٠١", Flaw.INPUT_METHOD),
        ("4006381333932", Flaw.CHECK_DIGIT),
        ("4006381339331", Flaw.CHECK_DIGIT),  # two digits turned round
        ("96385075", Flaw.CHECK_DIGIT),
        ("2012345678901", Flaw.CHECK_DIGIT),
        ("9901 0110 1201", Flaw.FORM),
        ("99010110120", Flaw.FORM),
        ("9901011012010", Flaw.CHECK_DIGIT),
        ("9901011012345670042", Flaw.FORM),
        ("#Be960$f", Flaw.FORM),
        ("-99010110120", Flaw.FORM),
        ("1e10", Flaw.FORM),
        ("H0" + SIGNED[2:], Flaw.FORM),
        ("H1" + SIGNED[2:-1], Flaw.FORM),
        ("H1" + SIGNED[2:-1] + "U", Flaw.FORM),
        ("https://example.org/", Flaw.FORM),
        ("V1/LT01-K7Q2MD.0-38", Flaw.FORM),
        ("V2/LT01-K7Q2MD.0-38/K7QM-2D4X-9A", Flaw.FORM),
    ],
)
def test_no_code(text: str, flaw: Flaw) -> None:
    found = classify(text)
    assert isinstance(found, Unrecognised)
    assert found.flaw is flaw
    assert len(found.text) <= MAX_LENGTH


def test_full_width_digits_of_an_input_method() -> None:
    assert classify("９９０１０１１０１２０１") == Code(Kind.CARD, "990101101201")
    assert classify("40063813３３931") == Code(Kind.EAN13, "4006381333931")


def test_caps_lock_turns_a_signed_card_round() -> None:
    assert classify(SIGNED.lower()) == Code(Kind.SIGNED_CARD, SIGNED)


@pytest.mark.parametrize("framed", ["990101101201\r\n", "\x02990101101201\x03", "990101101201\t", " 990101101201 "])
def test_what_stands_around_is_taken_off(framed: str) -> None:
    assert classify(framed) == Code(Kind.CARD, "990101101201")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("]C0990101101201", Kind.CARD),
        ("]Q1" + SIGNED, Kind.SIGNED_CARD),
        ("]Q3990101101201", Kind.CARD),
        ("]E04006381333931", Kind.EAN13),
        ("]E496385074", Kind.EAN8),
    ],
)
def test_aim_identifier(text: str, kind: Kind) -> None:
    assert classify(text) == classify(text, aim="require") == Code(kind, text[3:])


@pytest.mark.parametrize(
    "text",
    [
        "]C1990101101201",  # GS1-128
        "]I0990101101201",  # interleaved 2 of 5, which cuts a longer code short
        "]A0990101101201",
        "]d2990101101201",
        "]E0990101101201",  # a good's barcode does not pass for a card
        "]E4" + SIGNED,
    ],
)
def test_aim_identifier_of_another_symbology(text: str) -> None:
    assert classify(text) == Unrecognised(text[3:], Flaw.AIM_REFUSED)


def test_aim_identifier_required() -> None:
    assert classify("990101101201", aim="require") == Unrecognised("990101101201", Flaw.AIM_MISSING)


def test_aim_identifier_of_a_scanner_that_sends_none_is_part_of_the_text() -> None:
    assert classify("990101101201", aim="off") == Code(Kind.CARD, "990101101201")
    assert classify("]C0990101101201", aim="off") == Unrecognised("]C0990101101201", Flaw.FORM)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_check_digit_finds_every_single_error(twelve: str, place: int, shift: int) -> None:
    good = next(twelve + str(digit) for digit in range(10) if check_digit_fits(twelve + str(digit)))
    bad = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    assert not check_digit_fits(bad)


@given(st.text(max_size=80), st.sampled_from(get_args(Aim)))
def test_any_text_is_answered(text: str, aim: Aim) -> None:
    found = classify(text, aim=aim)
    assert isinstance(found, Unrecognised) or found.text.isalnum()


def test_a_card_in_view_is_one_scan() -> None:
    debounce = Debounce()

    assert debounce.accept("gun", "A", 10.0) is Sight.FRESH
    assert {debounce.accept("gun", "A", 10.0 + tick / 10) for tick in range(1, 28)} == {Sight.REPEAT}
    assert debounce.accept("gun", "B", 12.8) is Sight.FRESH
    assert debounce.accept("gun", "A", 12.9) is Sight.REPEAT
    assert debounce.accept("gun", "A", 13.7) is Sight.FRESH
    assert debounce.accept("gun", "A", 14.3) is Sight.REPEAT


def test_a_card_left_lying_is_told_once() -> None:
    debounce = Debounce()
    sights = [debounce.accept("gun", "A", 10.0 + tick / 2) for tick in range(40)]

    assert sights == [Sight.FRESH, *[Sight.REPEAT] * 5, Sight.LYING, *[Sight.REPEAT] * 33]


def test_each_device_sees_for_itself() -> None:
    debounce = Debounce()

    assert debounce.accept("gun", "A", 10.0) is Sight.FRESH
    assert debounce.accept("camera", "A", 10.1) is Sight.FRESH
    assert debounce.accept("gun", "A", 10.2) is Sight.REPEAT
