"""What the manuals say of Mettler-Toledo, Yaohua, A&D, CAS, Pinnacle, Dibal and Samsung scales, frame by frame."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.port import Commands
from drivers.scale.protocol import FRAME_LIMIT, load
from drivers.scale.reading import GRAMS, Reading
from tests.drivers.scale_manuals import BARE_MINUS, FAULTS, FIRST, NOTHING, WEIGHTS, a12e, cas, dibal, even, yaohua

NAMES = [
    *("mtsics", "toledo8217", "toledo_continuous", "yaohua_stx", "yaohua_eq_reversed", "yaohua_eq_forward"),
    *("yaohua_a12e", "ww_wn", "yaohua_cmd", "and_std", "st_gs", "cas22", "cas_dc1", "os2_active"),
    *("dibal_98", "samsung_esp"),
]
CHECKED = ["toledo_continuous", "yaohua_stx", "yaohua_a12e", "yaohua_cmd", "cas_dc1", "dibal_98"]
COMMA = ["and_std", "st_gs", "cas22"]


def of(frame: bytes, name: str) -> Reading:
    (reading,) = load(name).decoder().feed(frame)
    return reading


def bare(readings: list[Reading]) -> list[Reading]:
    """The readings without their bytes: Toledo's checksum may come after its frame was read."""
    return [replace(reading, raw=b"") for reading in readings]


def flips(frame: bytes) -> list[bytes]:
    number = int.from_bytes(frame, "big")
    return [(number ^ 1 << bit).to_bytes(len(frame), "big") for bit in range(8 * len(frame))]


def label(value: object) -> str | None:
    return value.decode("latin-1").strip() if isinstance(value, bytes) else None


@pytest.mark.parametrize(("name", "frame", "value", "unit", "stable", "mode"), WEIGHTS, ids=label)
def test_a_weight(name: str, frame: bytes, value: str, unit: str, stable: bool | None, mode: str) -> None:
    reading = of(frame, name)
    assert (str(reading.value), reading.unit, reading.stable, reading.mode) == (value, unit, stable, mode)
    assert reading.grams == Decimal(value) * GRAMS[unit]
    assert reading.raw in frame


@pytest.mark.parametrize(("name", "frame", "code"), FAULTS, ids=label)
def test_a_fault_carries_no_weight(name: str, frame: bytes, code: str) -> None:
    reading = of(frame, name)
    assert (reading.fault, reading.value, reading.unit, reading.grams) == (code, None, None, None)


@pytest.mark.parametrize(("name", "data"), NOTHING, ids=label)
def test_what_is_no_answer_to_a_weight_request_gives_nothing(name: str, data: bytes) -> None:
    assert load(name).decoder().feed(data) == []


@pytest.mark.parametrize(
    ("name", "frame"), [row[:2] for row in WEIGHTS] + [row[:2] for row in FAULTS] + NOTHING, ids=label
)
def test_reads_may_end_anywhere(name: str, frame: bytes) -> None:
    priced = name == "yaohua_eq_forward" and len(frame) > 9
    whole = bare(load(name).decoder().feed(frame * 2))
    for cut in range(1, len(frame)):
        if priced and cut == 9:  # a figure is given when it is whole; only the next read would tell its unit
            continue
        decoder = load(name).decoder()
        assert bare(decoder.feed(frame[:cut]) + decoder.feed(frame[cut:] + frame)) == whole


@pytest.mark.parametrize(
    ("unit", "confirmed", "codes"),
    [
        ("kg", None, [None, None]),
        ("lb", None, [None, "unit-unconfirmed", None, "unit-unconfirmed"]),
        ("lb", "lb", [None, None]),
        ("pc", "kg", [None, "not-a-mass", None, "not-a-mass"]),
    ],
)
def test_a_unit_in_a_later_read_than_its_figure_is_not_passed_over(
    unit: str, confirmed: str | None, codes: list[str | None]
) -> None:
    decoder = load("yaohua_eq_forward").decoder(confirmed)
    priced = f"=0001.250{unit};0002.50;0003.13".encode()
    assert [reading.fault for byte in priced * 2 for reading in decoder.feed(bytes([byte]))] == codes


SEEN = [row[:2] for row in WEIGHTS if row[1] != BARE_MINUS]


@pytest.mark.parametrize(("name", "frame"), SEEN, ids=label)
def test_a_turned_bit_changes_neither_sign_nor_scale(name: str, frame: bytes) -> None:
    expected = of(frame, name)
    assert expected.grams is not None
    for turned in flips(frame):
        for reading in load(name).decoder().feed(turned):
            if reading.grams is None:
                continue
            assert reading.grams * expected.grams >= 0
            assert reading.unit == expected.unit
            assert reading.grams == expected.grams or reading.decimals == expected.decimals
            assert name not in CHECKED or reading.grams == expected.grams


@pytest.mark.parametrize(("name", "frame"), [row[:2] for row in WEIGHTS if row[0] in CHECKED], ids=label)
def test_a_checked_frame_with_a_turned_bit_is_refused(name: str, frame: bytes) -> None:
    frame = frame.removeprefix(b"\x06")
    for turned in flips(frame):
        assert [reading for reading in load(name).decoder().feed(turned) if reading.grams is not None] == []


def test_a_parity_that_one_byte_breaks_is_refused() -> None:
    frame = even(b"\x0201.250\r")
    for turned in flips(frame):
        assert [reading for reading in load("toledo8217").decoder().feed(turned) if reading.grams is not None] == []


@pytest.mark.parametrize("name", NAMES)
def test_garbage_costs_no_frame_behind_it(name: str) -> None:
    frame = FIRST[name]
    noise = bytes(range(256)) * 8
    readings = load(name).decoder().feed(noise + b"\r\n" + frame * 2)
    assert readings[-1] == of(frame, name)


def test_the_tare_is_told_without_a_weight() -> None:
    for name, frame in [
        ("yaohua_cmd", b"\x02AC+00050031F\x03"),
        ("mtsics", b"T S      0.500 kg\r\n"),
        ("mtsics", b"TA A      0.500 kg\r\n"),
    ]:
        reading = of(frame, name)
        assert (str(reading.tare), reading.grams) == ("0.500", None)


def test_marks_of_zero() -> None:
    assert of(cas(b"S 00.000kg", b"\x10"), "os2_active").zero is True
    assert of(cas(b"S 00.500kg", b"\x00"), "os2_active").zero is False
    assert of(b"ST,GS,1\xc5,00000.00 kg\r\n", "cas22").zero is True
    assert of(b"ST,GS,1\xc4,00013.50 kg\r\n", "cas22").zero is False
    assert of(b"ST,GS,+00000.0kg\r\n", "st_gs").zero is None


@pytest.mark.parametrize("name", ["yaohua_eq_reversed", "yaohua_eq_forward", "yaohua_cmd", "samsung_esp"])
def test_a_unit_that_is_not_sent_is_the_one_set_up(name: str) -> None:
    (reading,) = load(name).decoder(unit="斤").feed(FIRST[name])
    assert reading.unit == "jin"
    assert reading.value is not None
    assert reading.grams == reading.value * 500


@pytest.mark.parametrize("name", COMMA)
def test_the_comma_family_is_one(name: str) -> None:
    for other, frame, value, *_ in WEIGHTS:
        if other in COMMA:
            assert str(of(frame, name).value) == value


def test_each_scale_is_asked_as_its_manual_says() -> None:
    asked = {name: poll.request for name in NAMES if (poll := load(name).poll)}
    assert asked == {
        "mtsics": b"SI\r\n",
        "toledo8217": b"W",
        "yaohua_cmd": b"\x02AB03\x03",
        "and_std": b"Q\r\n",
        "cas_dc1": b"\x05",
        "dibal_98": b"98000001\r\n",
        "samsung_esp": b"$",
    }
    poll = load("cas_dc1").poll
    assert poll is not None
    assert poll.answers == ((b"\x06", b"\x11"),)


def test_each_scale_is_zeroed_and_tared_as_its_manual_says() -> None:
    known = {name: load(name).commands for name in NAMES}
    assert {name: commands for name, commands in known.items() if commands != Commands()} == {
        "mtsics": Commands(zero=b"Z\r\n", tare=b"T\r\n", clear=b"TAC\r\n"),
        "toledo8217": Commands(zero=b"Z", tare=b"T", clear=b"C"),
        "and_std": Commands(zero=b"Z\r\n", tare=b"T\r\n"),
        "os2_active": Commands(zero=b"<ZK>\t", tare=b"<TK>\t"),
    }


def shown(units: int, decimals: int) -> Decimal:
    return Decimal(units).scaleb(-decimals)


def padded(value: Decimal, width: int, sign: str = "") -> bytes:
    """The magnitude filled with zeros to `width`, `sign` and all."""
    return (sign + f"{abs(value):f}".rjust(width - len(sign), "0")).encode("ascii")


def minus(value: Decimal, plus: str = "") -> str:
    return "-" if value < 0 else plus


ENCODERS: dict[str, Callable[[Decimal, int, bool], bytes]] = {
    "mtsics": lambda v, d, s: f"S {'S' if s else 'D'} {v:>10f} kg\r\n".encode("ascii"),
    "yaohua_stx": lambda v, d, s: yaohua(f"{minus(v, '+')}{int(abs(v).scaleb(d)):06}{d}".encode("ascii")),
    "yaohua_cmd": lambda v, d, s: yaohua(f"AD{minus(v, '+')}{int(abs(v).scaleb(d)):06}{d}".encode("ascii")),
    "yaohua_eq_forward": lambda v, d, s: b"=" + padded(v, 8, minus(v, "0")),
    "yaohua_eq_reversed": lambda v, d, s: b"=" + padded(v, 8, minus(v, "0"))[::-1],
    "yaohua_a12e": lambda v, d, s: a12e(b"WN" + padded(v, 7 if d else 6, minus(v)) + (b"kg" if d else b" kg")),
    "ww_wn": lambda v, d, s: b"wn" + padded(v, 9, minus(v)) + b"kg\r\n",
    "and_std": lambda v, d, s: (b"ST," if s else b"US,") + padded(v, 9, minus(v, "+")) + b" kg\r\n",
    "st_gs": lambda v, d, s: (b"ST,NT," if s else b"US,NT,") + padded(v, 8, minus(v, "+")) + b"kg\r\n",
    "cas22": lambda v, d, s: (b"ST,GS,1\xc4," if s else b"US,GS,1\x84,") + padded(v, 8, minus(v)) + b" kg\r\n",
    "cas_dc1": lambda v, d, s: cas((b"S" if s else b"U") + padded(v, 7, minus(v, " ")) + b"kg"),
    "os2_active": lambda v, d, s: cas((b"S" if s else b"U") + padded(v, 7, minus(v, " ")) + b"kg", b"\x00"),
}
"""Frames as the manuals lay them out: value, its decimals, stable."""

UNFLAGGED = ["yaohua_stx", "yaohua_cmd", "yaohua_eq_forward", "yaohua_eq_reversed", "yaohua_a12e", "ww_wn"]


@pytest.mark.parametrize("name", list(ENCODERS))
@given(units=st.integers(min_value=-9999, max_value=9999), decimals=st.integers(0, 3), stable=st.booleans())
def test_what_is_encoded_is_what_is_read(name: str, units: int, decimals: int, stable: bool) -> None:
    value = shown(units, decimals)
    reading = of(ENCODERS[name](value, decimals, stable), name)
    assert str(reading.value) == f"{value if value else abs(value):f}"
    assert reading.stable == (None if name in UNFLAGGED else stable)


@given(grams=st.integers(min_value=0, max_value=99_999))
def test_what_dibal_encodes_is_what_is_read(grams: int) -> None:
    assert of(dibal(f"990{grams:05}0000000".encode("ascii")), "dibal_98").grams == grams


@given(grams=st.integers(min_value=0, max_value=99_999), net=st.booleans())
def test_what_8217_encodes_is_what_is_read(grams: int, net: bool) -> None:
    frame = f"\x02{Decimal(grams).scaleb(-3):06.3f}{'N' if net else ''}\r".encode("ascii")
    reading = of(frame, "toledo8217")
    assert reading.grams == grams
    assert reading.mode == ("net" if net else "gross")


FRAMES = [row[1] for row in WEIGHTS] + [row[1] for row in FAULTS]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A frame with bytes changed, lost and put in."""
    frame = bytearray(draw(st.sampled_from(FRAMES)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(frame)))
        frame[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(frame)


@pytest.mark.parametrize("name", NAMES)
@given(chunks=st.lists(st.binary(max_size=300) | mutated(), max_size=10), checksum=st.none() | st.booleans())
def test_nothing_breaks_a_decoder(name: str, chunks: list[bytes], checksum: bool | None) -> None:
    protocol = load(name)
    decoder = protocol.decoder(checksum=checksum)
    sent = b"".join(chunks)
    for reading in [reading for chunk in chunks for reading in decoder.feed(chunk)]:
        assert (reading.fault is None) == (reading.grams is not None)
        assert 0 < len(reading.raw) <= FRAME_LIMIT
        assert reading.raw in sent
        if reading.value is not None:
            assert reading.value.is_finite()
    # nothing longer than a frame is kept: behind noise of that length the next frames are read
    decoder.feed(b"\x00" * FRAME_LIMIT + b"\r\n" + FIRST[name])
    assert decoder.feed(FIRST[name])[-1].value == of(FIRST[name], name).value
