"""GS1 element strings and the store's own labels: what they weigh or cost, and near misses of both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.units import Fen, Grams
from drivers.scanner.codes import Code, Flaw, Kind, Unrecognised, classify
from drivers.scanner.gs1 import GS, Item, Layout, element_string, with_check_digit

WEIGHT, PRICE = Layout("21IIIIIWWWWWC"), Layout("22IIIIIXPPPPC")


@pytest.mark.parametrize(
    ("text", "kind", "number", "measure"),
    [
        ("0106901234567892", Kind.EAN13, "6901234567892", None),
        ("0100000096385074", Kind.EAN8, "96385074", None),
        ("0116901234567899", Kind.GTIN14, "16901234567899", None),
        # the example of the General Specifications, 2.1.8.2: 1.750 kg
        ("0195012345678903" + "3103001750", Kind.GTIN14, "95012345678903", Grams(1_750)),
        ("0106901234567892" + "3100000012", Kind.EAN13, "6901234567892", Grams(12_000)),
        ("0106901234567892" + "3105012300", Kind.EAN13, "6901234567892", Grams(123)),
        ("0106901234567892" + "15270131" + "3102000150", Kind.EAN13, "6901234567892", Grams(1_500)),
        ("0106901234567892" + "10LOT7" + GS + "3103000532", Kind.EAN13, "6901234567892", Grams(532)),
        ("0106901234567892" + "3103000532" + "10LOT7", Kind.EAN13, "6901234567892", Grams(532)),
        ("0106901234567892" + "103103000532", Kind.EAN13, "6901234567892", None),  # a lot's name, no weight
    ],
)
@pytest.mark.parametrize("aim", ["", "]C1", "]e0", "]d2", "]Q3"])
def test_element_string(aim: str, text: str, kind: Kind, number: str, measure: Grams | None) -> None:
    assert classify(aim + text) == Code(kind, number, measure)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("0106901234567893", Flaw.CHECK_DIGIT),
        ("]C0" + "0106901234567892", Flaw.FORM),  # plain Code 128 is no GS1-128
        ("]C1" + "990101101201", Flaw.AIM_REFUSED),
        ("]C1" + "0206901234567892", Flaw.AIM_REFUSED),
        ("010690123456789", Flaw.FORM),
        ("0106901234567892" + "310300053", Flaw.FORM),  # cut short
        ("0106901234567892" + "3105000001", Flaw.FORM),  # a hundredth of a gram
        ("0106901234567892" + "10积分", Flaw.INPUT_METHOD),
        ("0106901234567892" + "10\x01", Flaw.CONTROL),
        ("0106901234567892" + "10" + "7" * 60, Flaw.TOO_LONG),
    ],
)
def test_no_element_string(text: str, flaw: Flaw) -> None:
    found = classify(text)
    assert isinstance(found, Unrecognised)
    assert found.flaw is flaw


def test_label_of_the_stores_own_scale() -> None:
    weight, price = with_check_digit("210001200532"), with_check_digit("220001271250")

    assert classify(weight, layouts=[PRICE, WEIGHT]) == Code(Kind.IN_STORE, "2100012000000", Grams(532))
    assert classify(price, layouts=[PRICE, WEIGHT]) == Code(Kind.IN_STORE, with_check_digit("220001200000"), Fen(1_250))


def test_label_without_a_layout_is_a_number_as_a_whole() -> None:
    weight = with_check_digit("210001200532")

    assert classify(weight) == classify(weight, layouts=[PRICE]) == Code(Kind.IN_STORE, weight)
    assert classify("2900000000018", layouts=[WEIGHT, PRICE]) == Code(Kind.IN_STORE, "2900000000018")
    assert classify("6901234567892", layouts=[WEIGHT]) == Code(Kind.EAN13, "6901234567892")


def test_label_that_was_misread_weighs_nothing() -> None:
    found = classify(with_check_digit("210001200532")[:-1] + "0", layouts=[WEIGHT])

    assert isinstance(found, Unrecognised)
    assert found.flaw is Flaw.CHECK_DIGIT


def test_the_goods_own_label_says_no_weight() -> None:
    assert classify("2100012000000", layouts=[WEIGHT]) == Code(Kind.IN_STORE, "2100012000000")


@pytest.mark.parametrize(
    "pattern", ["", "21IIIIIWWWWWW", "31IIIIIWWWWWC", "21IIIIIWWPPPC", "21IIIIIWWWWC", "21iiiiiwwwwwc", "21IIWWWWWWWWC"]
)
def test_a_layout_that_cannot_be(pattern: str) -> None:
    with pytest.raises(ValueError, match="label"):
        Layout(pattern)


@given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_every_label_is_read_back(item: int, grams: int) -> None:
    found = WEIGHT.read(with_check_digit(f"21{item:05d}{grams:05d}"))

    assert found == Item(with_check_digit(f"21{item:05d}00000"), Grams(grams))


@given(st.text("0123456789\x1dA]", max_size=40))
def test_any_rest_ends(rest: str) -> None:
    found = element_string("0106901234567892" + rest)
    assert found is None or found.number == "06901234567892"
