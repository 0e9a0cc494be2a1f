"""A serial line bit by bit: what is heard at another rate, or with another framing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.port import LineSettings
from drivers.simulated.line import heard

FRAME = b"\x02+012345319\x03"
RATES = (600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
SEVEN_EVEN, SEVEN_ODD = LineSettings(bytesize=7, parity="E"), LineSettings(bytesize=7, parity="O")


@given(st.binary(max_size=60), st.sampled_from(RATES), st.sampled_from([1, 2]))
def test_the_same_settings_hear_the_same(data: bytes, rate: int, stopbits: int) -> None:
    sender = LineSettings(rate, stopbits=1 if stopbits == 1 else 2)
    assert heard(data, sender, LineSettings(rate)) == data


def test_seven_bits_with_even_parity_are_read_as_eight_with_bit_7() -> None:
    assert heard(b"\x0201.250\r", SEVEN_EVEN, LineSettings()) == bytes.fromhex("82 30 b1 2e b2 35 30 8d")


@given(st.binary(max_size=60).map(lambda data: bytes(byte & 0x7F for byte in data)))
def test_parity_makes_the_ones_even_or_odd(data: bytes) -> None:
    assert all(byte.bit_count() % 2 == 0 for byte in heard(data, SEVEN_EVEN, LineSettings()))
    assert all(byte.bit_count() % 2 == 1 for byte in heard(data, SEVEN_ODD, LineSettings()))
    assert heard(data, SEVEN_EVEN, SEVEN_EVEN) == heard(data, SEVEN_EVEN, SEVEN_ODD) == data


@pytest.mark.parametrize("rate", RATES)
def test_a_wrong_rate_hears_noise(rate: int) -> None:
    for sent in set(RATES) - {rate}:
        noise = heard(FRAME * 20, LineSettings(sent), LineSettings(rate))
        assert noise
        assert FRAME not in noise
        if sent * 4 <= rate:
            assert len(noise) > len(FRAME * 20)
            assert len([byte for byte in noise if byte in b"\x00\x78\x80\xe0\xf0\xf8\xfc\xfe\xff"]) > len(noise) * 0.9
        if sent >= rate * 4:
            assert len(noise) < len(FRAME * 20) / 2


@given(st.binary(max_size=40), st.sampled_from(RATES), st.sampled_from(RATES))
def test_nothing_comes_out_of_nothing(data: bytes, sent: int, read: int) -> None:
    noise = heard(data, LineSettings(sent), LineSettings(read))
    assert bool(noise) == bool(data) or sent > read
    assert len(noise) <= len(data) * max(1, -(-10 * read // sent))
