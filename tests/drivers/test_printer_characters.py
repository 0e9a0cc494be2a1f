"""Characters on paper: width is the length in GBK, what the ROM lacks is seen, and nothing can be a command."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.characters import columns, encode, in_rom, normalise, printable
from drivers.printer.profile import Charset

GBK = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000 and in_rom(chr(point), "gbk")]


def never(_: str) -> bool:
    return False


def test_width_is_the_length_in_gbk() -> None:
    assert len(GBK) > 21_000
    assert all(columns(character) == len(character.encode("gbk")) for character in GBK)


@pytest.mark.parametrize(("text", "width"), [("大米×2袋", 9), ("————", 8), ("“a”…·±℃①─│°", 21), ("", 0), ("ab", 2)])
def test_width_where_terminals_differ(text: str, width: int) -> None:
    assert columns(text) == width


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("¥12", "￥12"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("✓ 合格", "√ 合格"),
        ("a\u00a0b", "a b"),
        ("m²", "m2"),
        ("\ufeff王\u200b明", "王明"),
        ("王\x1b@明", "王@明"),
        ("王\x10\x04\x01明\x7f", "王明"),
        ("a\tb\nc", "a b c"),
        ("全　角", "全　角"),
        ("3–5−2", "3-5-2"),
        ("cafe\u0301", "caf\u00e9"),
        ("葛\U000e0100城", "葛城"),
        ("\ud83d王", "王"),
    ],
)
def test_normalised(given: str, expected: str) -> None:
    assert normalise(given) == expected


@pytest.mark.parametrize("character", "镕喆犇垚祎赟翀昇堃█")
def test_in_gbk_but_not_in_gb2312(character: str) -> None:
    assert in_rom(character, "gbk")
    assert not in_rom(character, "gb2312")


@pytest.mark.parametrize("character", "䶮㛃𬭎𠮷🎉€▶")
def test_in_neither(character: str) -> None:
    assert not in_rom(character, "gbk")
    assert printable(f"王{character}?", "gbk", never) == "王〓?"
    assert printable(f"王{character}", "gbk", lambda c: c == character) == f"王{character}"


def test_gb2312_has_its_dot_and_dash() -> None:
    assert all(in_rom(character, "gb2312") for character in "·—…“”￥℃①×±√★■□─│→〓")


@pytest.mark.parametrize("character", "镕€㛃䶮㐀")
def test_in_a_gb18030_rom(character: str) -> None:
    assert in_rom(character, "gb18030")
    assert encode(character, "gb18030").decode("gb18030") == character
    assert columns(character) == 2


@pytest.mark.parametrize("character", ["𬭎", "𠮷", "🎉", "\ue5e5", "ƀ"])
def test_in_no_printer_at_all(character: str) -> None:
    assert not in_rom(character, "gb18030")
    assert printable(character, "gb18030", never) == "〓"


@given(st.text())
def test_what_is_printable_is_text_and_nothing_else(text: str) -> None:
    charsets: tuple[Charset, ...] = ("gbk", "gb2312")
    for charset in charsets:
        clean = printable(text, charset, never)
        raw = encode(clean, charset)
        assert len(raw) == columns(clean)
        assert raw.decode("gbk") == clean
        assert all(byte >= 0x20 for byte in raw)
        assert clean.count("?") == text.count("?")


@given(st.text(st.sampled_from([character for character in GBK if "\u4e00" <= character <= "\u9fa5"]), max_size=40))
def test_hanzi_are_left_alone(text: str) -> None:
    assert printable(text, "gbk", never) == text
