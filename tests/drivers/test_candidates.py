"""What the set-up search makes of what it hears."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from drivers.port import LineSettings
from drivers.scale.candidates import Candidate, candidates, confirmed, distinct, framed, questions, shortlist

LINE = LineSettings()
YAOHUA = b"\x02+00125031E\x03"
OS2 = b"\x01\x02S 01.250kgg\x03\x04\x10"
TOLEDO = bytes.fromhex("02 3D 30 20 20 20 31 32 35 30 20 20 20 20 20 30 0D")
TOLEDO_CHECKED = TOLEDO + b"\x0c"
DUMMY_ZEROS = bytes.fromhex("02 31 20 20 20 20 20 32 30 30 20 20 20 20 20 20 0D")
COMMA = b"ST,GS,+001.250kg\r\n"
LAMPS = bytes.fromhex("53 54 2C 47 53 2C 31 C4 2C 30 30 30 31 33 2E 35 30 20 6B 67 0D 0A")
FF_BCD = bytes.fromhex("FF 44 50 12 00")
FORWARD, REVERSED = b"=0001.250", b"=052.1000"
VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "scale_vectors.json").read_text(encoding="utf-8"))


def parity(data: bytes, odd: int) -> bytes:
    """What an 8N1 line reads of a 7-bit sender with even (0) or odd (1) parity."""
    return bytes(byte | ((byte.bit_count() + odd) % 2) << 7 for byte in data)


def best(data: bytes) -> tuple[Candidate, ...]:
    """What is left to choose from when a scale said this by itself."""
    return shortlist(candidates(data, LINE))


def only(data: bytes) -> Candidate:
    """The one candidate there is."""
    (candidate,) = best(data)
    return candidate


@pytest.mark.parametrize(
    ("sent", "framing"),
    [
        (parity(b"\x0201.250\r" * 3, 0), (7, "E", 1)),
        (parity(b"\x0201.250\r" * 3, 1), (7, "O", 1)),
        (bytes(byte | 0x80 for byte in COMMA), (7, "N", 2)),
        (COMMA, (8, "N", 1)),
        (LAMPS, (8, "N", 1)),
        (b"", (8, "N", 1)),
    ],
)
def test_bit_seven_tells_how_the_senders_line_is_set(sent: bytes, framing: tuple[int, str, int]) -> None:
    plain, settings = framed(sent, LineSettings(2400))
    assert (settings.bytesize, settings.parity, settings.stopbits) == framing
    assert settings.baudrate == 2400
    assert plain == (sent if framing[0] == 8 else bytes(byte & 0x7F for byte in sent))


def test_the_published_example_of_the_parity_trick() -> None:
    assert framed(bytes.fromhex("82 30 B1 2E B2 35 30 8D"), LINE)[0] == b"\x0201.250\r"


@pytest.mark.parametrize(
    ("frame", "protocol", "checksum"),
    [
        (YAOHUA, "yaohua_stx", None),
        (OS2, "os2_active", None),
        (TOLEDO, "toledo_continuous", False),
        (TOLEDO_CHECKED, "toledo_continuous", True),
        (COMMA, "st_gs", None),
        (LAMPS, "cas22", None),
        (FF_BCD, "ff_bcd", None),
    ],
)
def test_what_is_heard_is_named(frame: bytes, protocol: str, checksum: bool | None) -> None:
    for data in (frame * 4, frame[5:] + frame * 4 + frame[:4]):
        found = only(data)
        assert (found.protocol, found.checksum, found.settings) == (protocol, checksum, LINE)


@pytest.mark.parametrize("odd", [0, 1])
def test_what_a_seven_bit_sender_says_is_named_too(odd: int) -> None:
    found = only(parity(COMMA * 4, odd))
    assert (found.protocol, found.settings.parity, found.settings.bytesize) == ("st_gs", "EO"[odd], 7)


@pytest.mark.parametrize(
    "vector",
    [each for each in VECTORS if Decimal(each["expect"].get("value", 0))],
    ids=lambda each: f"{each['protocol']}-{each['hex'][:20]}",
)
def test_every_published_frame_that_is_repeated_is_recognised(vector: dict[str, Any]) -> None:
    frame = bytes.fromhex(vector["hex"])
    tried = candidates(frame * 4, LINE)
    assert vector["protocol"] in [each.protocol for each in tried if each.accepted] or vector["protocol"] == "custom"
    same = [each for each in best(frame * 4) if each.readings[-1].value == Decimal(vector["expect"]["value"])]
    assert same or "yaohua_eq" in vector["protocol"] or vector["protocol"] == "custom"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        YAOHUA * 2,
        bytes.fromhex("00 80 F8 FE FF") * 60,
        bytes(range(256)) * 2,
        (YAOHUA + b"\x55" * 9) * 5,
        b"Press any key\r\n" * 6,
        b"690123456789" * 5,
        b"ES\r\n" * 5,
    ],
    ids=["silence", "two frames", "wrong baud rate", "noise", "half noise", "text", "a scanner", "errors only"],
)
def test_too_little_or_noise_decides_nothing(data: bytes) -> None:
    assert not best(data)


def test_a_checksum_counts_more_than_a_shape_and_a_shape_more_than_a_number() -> None:
    scores = [candidates(frame * 4, LINE)[0].score for frame in (YAOHUA, COMMA, b"      1.250 kg\r\n")]
    assert scores == sorted(scores, reverse=True)
    assert scores[:2] == [1000, 800]
    scored = {each.protocol: each.score for each in candidates(b"01250\r" * 4, LINE)}
    assert scored["samsung_esp"] == 300


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        (FORWARD * 5, {"direction", "unit"}),
        (b"=000.0000" * 5, {"direction", "unit"}),
        (YAOHUA * 4, {"unit"}),
        (COMMA * 4, set()),
        (DUMMY_ZEROS * 4, {"decimals"}),
        (b"01250\r" * 4, {"unit", "status"}),
    ],
    ids=["=", "= at zero", "no unit", "everything told", "dummy zeros", "bare numbers"],
)
def test_what_the_frames_leave_open_is_asked(data: bytes, asked: set[str]) -> None:
    assert set(questions(best(data))) >= asked
    assert ("direction" in questions(best(data))) == ("direction" in asked)


@pytest.mark.parametrize(("sent", "protocol"), [(FORWARD, "yaohua_eq_forward"), (REVERSED, "yaohua_eq_reversed")])
def test_a_known_load_settles_direction_and_unit(sent: bytes, protocol: str) -> None:
    (found,) = distinct(confirmed(best(sent * 5), sent * 5, Decimal("1.25"), "jin"))
    assert (found.protocol, found.unit) == (protocol, "jin")


def test_a_load_that_reads_the_same_from_both_ends_settles_nothing() -> None:
    palindrome = b"=022.2200"
    assert len(distinct(confirmed(best(palindrome * 5), palindrome * 5, Decimal("22.22"), "kg"))) == 2


def test_a_display_that_shows_something_else_confirms_nothing() -> None:
    found = best(COMMA * 4)
    assert not confirmed(found, COMMA * 4, Decimal("1.255"), "kg")
    assert not confirmed(found, COMMA * 4, Decimal("1.250"), "jin")
    assert [each.unit for each in confirmed(found, COMMA * 4, Decimal("2.500"), "jin")] == ["kg"]
