"""The chain of entries' bytes, and the codes that paper carries of it, against values worked out independently."""

import base64
import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.core import crockford, journal

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@given(st.binary(max_size=300), st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_the_chain_frames_each_part_in_its_own_domain(certificate: bytes, lines: list[bytes]) -> None:
    expected = hashlib.sha256(b"\x00" + struct.pack(">I", len(certificate)) + certificate).digest()
    assert journal.genesis(certificate) == expected
    found = expected
    for line in lines:
        expected = hashlib.sha256(b"\x01" + expected + struct.pack(">I", len(line)) + line).digest()
        found = journal.chained(found, line)
    assert found == expected


def test_a_value_fixed_for_ever() -> None:
    genesis = journal.genesis(b'{"v":1}')
    assert genesis.hex() == hashlib.sha256(bytes.fromhex("0000000007") + b'{"v":1}').hexdigest()
    head = journal.chained(genesis, b'{"s":1}')
    assert head.hex() == hashlib.sha256(b"\x01" + genesis + bytes.fromhex("00000007") + b'{"s":1}').hexdigest()
    assert journal.check_code(bytes.fromhex("ffffffffffffc0") + bytes(25)) == "ZZZZ-ZZZZ-ZZ"
    assert journal.check_code(bytes.fromhex("0000000000003f") + bytes(25)) == "0000-0000-00"


@given(st.binary(min_size=32, max_size=32))
def test_a_check_code_is_fifty_bits_in_crockford(digest: bytes) -> None:
    rfc = base64.b32encode(digest).decode()[:10].translate(str.maketrans(RFC4648, CROCKFORD))
    assert journal.check_code(digest) == f"{rfc[:4]}-{rfc[4:8]}-{rfc[8:]}"


@given(st.binary(min_size=1, max_size=40).filter(lambda data: len(data) % 5 == 0))
def test_crockford_is_base_32_with_other_letters(data: bytes) -> None:
    expected = base64.b32encode(data).decode().translate(str.maketrans(RFC4648, CROCKFORD))
    assert crockford.encode(data, len(data) * 8) == expected


@pytest.mark.parametrize(
    ("host", "mark"),
    [
        ("", "V1/LT01-K7Q2MD.0-38/K7QM-2D4X-9A"),
        ("pos.example.cn", "HTTPS://POS.EXAMPLE.CN/R/LT01-K7Q2MD.0-38/K7QM-2D4X-9A"),
    ],
)
def test_what_paper_carries(host: str, mark: str) -> None:
    number = journal.number("LT01", "k7q2md", 0, 38)
    assert number == "LT01-K7Q2MD.0-38"
    text = journal.mark(number, "K7QM-2D4X-9A", host)
    assert text == mark
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize("host", ["", "points.example.cn"])
def test_a_mark_is_read_back(host: str) -> None:
    text = journal.mark("LT01-K7Q2MD.0-38", "K7QM-2D4X-9A", host)
    assert journal.read_mark(text) == journal.Mark("LT01-K7Q2MD.0-38", 38, "K7QM-2D4X-9A")


@pytest.mark.parametrize(
    "text",
    ["", "V1/LT01-K7Q2MD.0-38", "V1/LT01-K7Q2MD.0-/K7QM", "V2/LT01-K7Q2MD.0-38/K7QM", "H1475746561424"],
)
def test_another_text_is_no_mark(text: str) -> None:
    with pytest.raises(journal.ReceiptForeign):
        journal.read_mark(text)
