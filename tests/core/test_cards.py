"""Cards: check digits, signed texts, and which card may be used."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pos.core import cards
from pos.core.cards import Card, CardRead, CardState, ReadAs
from pos.core.refusals import (
    CardForeign,
    CardForged,
    CardLost,
    CardMisread,
    CardRefused,
    CardReplaced,
    CardUnknown,
)

KEY, OTHER = bytes(range(32)), bytes(32)
NUMBERS = st.builds(lambda n: f"{n:010d}{cards.check_digits(f'{n:010d}')}", st.integers(0, 10**10 - 1))


def test_check_digits_by_the_standard() -> None:
    # ISO 7064 MOD 97-10: 98 less the remainder of the number with two zeros, so that the whole leaves 1.
    assert cards.check_digits("0000000794") == "44"
    for ten in ("0000000000", "9999999999", "0123456789"):
        assert int(ten + cards.check_digits(ten)) % 97 == 1


@pytest.mark.parametrize("ten", ["", "123456789", "12345678901", "12345 6789", "１234567890", "+123456789"])
def test_only_ten_digits_get_check_digits(ten: str) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        cards.check_digits(ten)


@given(NUMBERS)
def test_every_single_wrong_digit_and_every_swap_of_neighbours_is_found(number: str) -> None:
    assert cards.is_number(number)
    for place in range(12):
        for digit in "0123456789":
            if digit != number[place]:
                assert not cards.is_number(number[:place] + digit + number[place + 1 :])
        swapped = number[:place] + number[place : place + 2][::-1] + number[place + 2 :]
        assert swapped == number or not cards.is_number(swapped)


@given(NUMBERS, st.sampled_from(["{}0", "0{}", "{}\n", " {}", "{} "]))
def test_nothing_but_twelve_digits_is_a_number(number: str, form: str) -> None:
    assert not cards.is_number(form.format(number))
    assert not cards.is_number(number[:-1])
    assert not cards.is_number(number.translate({ord("0") + n: ord("０") + n for n in range(10)}))


def test_the_other_remainders_of_a_check_are_refused() -> None:
    # 98 and 01 leave the same remainder; only what `check_digits` gives is a card.
    ten = next(f"{n:010d}" for n in range(200) if cards.check_digits(f"{n:010d}") == "98")
    assert int(f"{ten}01") % 97 == 1
    assert not cards.is_number(f"{ten}01")


@given(NUMBERS, st.binary(min_size=32, max_size=32))
def test_a_tag_is_an_hmac_of_96_bits_in_crockford(number: str, key: bytes) -> None:
    digest = hmac.new(key, b"redemption-pos card\x00" + number.encode(), hashlib.sha256).digest()[:12]
    rfc = base64.b32encode(digest).decode().rstrip("=")
    alphabet = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert cards.tag(number, key) == rfc.translate(alphabet)
    text = cards.signed(number, key)
    assert text == f"H1{number}{cards.tag(number, key)}"
    assert len(text) == 34
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@given(NUMBERS)
def test_read(number: str) -> None:
    signed = cards.signed(number, KEY, "H2")
    assert cards.read(signed) == CardRead(number, ReadAs.SIGNED, "H2", signed[14:])
    assert cards.read(number) == CardRead(number, ReadAs.NUMBER)
    assert cards.read(number, typed=True) == CardRead(number, ReadAs.TYPED)


@pytest.mark.parametrize(
    "text",
    ["", "6901234567892", "123456789012", "H1" + "1" * 12, "H1123456789012" + "0" * 20, "V1/LT01", "张秀英", "0" * 500],
)
def test_what_is_no_card(text: str) -> None:
    with pytest.raises(CardMisread) as refused:
        cards.read(text)
    assert refused.value.fields["text"] == text[:40]


@given(NUMBERS, st.integers(0, 33), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_text_changed_anywhere_is_never_admitted(number: str, place: int, character: str) -> None:
    text = cards.signed(number, KEY)
    assume(text[place] != character)
    forged = text[:place] + character + text[place + 1 :]
    with pytest.raises(CardRefused):
        cards.admit(cards.read(forged), Card(number, "h", 1, CardState.ACTIVE), {"H1": KEY})


def test_who_is_admitted() -> None:
    number = f"0123456789{cards.check_digits('0123456789')}"
    card = Card(number, "h", 1, CardState.ACTIVE)
    signed, bare = cards.read(cards.signed(number, KEY)), cards.read(number)
    foreign = cards.read(cards.signed(number, OTHER))
    newer_key = cards.read(cards.signed(number, KEY, "H2"))
    keys = {"H1": KEY}
    assert cards.admit(signed, card, keys) is card
    assert cards.admit(bare, card, keys) is card
    assert cards.admit(newer_key, card, {"H1": OTHER, "H2": KEY}) is card
    for seen, held, refused in (
        (foreign, card, CardForged),
        (foreign, None, CardForeign),
        (newer_key, None, CardForeign),
        (newer_key, card, CardForged),
        (signed, None, CardUnknown),
        (bare, None, CardUnknown),
        (signed, Card(number, "h", 1, CardState.LOST), CardLost),
        (bare, Card(number, "h", 1, CardState.REPLACED), CardReplaced),
    ):
        with pytest.raises(refused):
            cards.admit(seen, held, keys)
