import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import UnknownProtocol
from drivers.scale.protocol import Decoder, load, names
from drivers.scale.reading import GRAMS, Reading, plain_decimal, unit_named
from drivers.simulated import scale_frames
from drivers.simulated.scale_frames import Indication

Vector = dict[str, Any]
VECTORS: list[Vector] = json.loads(Path(__file__).with_name("scale_vectors.json").read_text("utf-8"))
NAMES = ["os2_active", "st_gs", "toledo8217", "toledo_continuous", "yaohua_stx"]
CHECKSUMMED = ["os2_active", "toledo_continuous", "yaohua_stx"]
NEAR_MISSES = [b"1e3", b"1_0", "１２".encode(), b"inf", b"nan", b"0x1", b"+1", b"-1", b"", b".", b".5", b"1.2.3", b" 1"]


def frame_of(vector: Vector) -> bytes:
    return bytes.fromhex(vector["hex"])


def decoder_of(vector: Vector) -> Decoder:
    return load(vector["protocol"]).decoder(**vector.get("options", {}))


def of(protocol: str) -> list[Vector]:
    return [vector for vector in VECTORS if vector["protocol"] == protocol and "options" not in vector]


def check(reading: Reading, expect: Vector) -> None:
    if "fault" in expect:
        assert reading.fault == expect["fault"]
        assert (reading.value, reading.grams, reading.unit, reading.decimals) == (None, None, None, None)
        assert reading.overload == (reading.fault in ("overload", "out-of-range"))
        assert reading.underload == (reading.fault in ("under-zero", "out-of-range"))
        return
    assert reading.fault is None
    assert not reading.overload
    assert not reading.underload
    assert str(reading.value) == expect["value"]
    assert reading.decimals == len(expect["value"].partition(".")[2])
    assert reading.grams == Decimal(expect["grams"])
    if tare := expect.get("tare"):
        assert str(reading.tare) == tare
    for field in ("unit", "stable", "mode", "zero"):
        if field in expect:
            assert getattr(reading, field) == expect[field], field


def label(vector: Vector) -> str:
    return f"{vector['protocol']}:{vector['hex'].replace(' ', '')}"


def test_each_protocol_is_found_by_its_name() -> None:
    assert set(NAMES) <= set(names())
    assert {vector["protocol"] for vector in VECTORS} == set(NAMES)
    for name in NAMES:
        assert load(name).name == name


@pytest.mark.parametrize("name", ["", "os3", "__init__", "../port", "yaohua_stx.scan"])
def test_an_unknown_protocol_is_refused(name: str) -> None:
    with pytest.raises(UnknownProtocol) as refused:
        load(name)
    assert (refused.value.code, refused.value.name) == ("protocol-unknown", name)


def test_only_the_command_scale_is_asked() -> None:
    asked = {name: poll.request for name in NAMES if (poll := load(name).poll)}
    assert asked == {"toledo8217": b"W"}
    assert (load("toledo8217").settings.bytesize, load("toledo8217").settings.parity) == (7, "E")


@pytest.mark.parametrize("vector", VECTORS, ids=label)
def test_a_whole_frame_gives_its_reading(vector: Vector) -> None:
    (reading,) = decoder_of(vector).feed(frame_of(vector))
    check(reading, vector["expect"])
    assert frame_of(vector).endswith(reading.raw)


@pytest.mark.parametrize("vector", VECTORS, ids=label)
def test_a_frame_may_be_split_anywhere(vector: Vector) -> None:
    frame = frame_of(vector)
    for cut in range(len(frame) + 1):
        decoder = decoder_of(vector)
        (reading,) = decoder.feed(frame[:cut]) + decoder.feed(frame[cut:])
        check(reading, vector["expect"])
    decoder = decoder_of(vector)
    (reading,) = [reading for byte in frame for reading in decoder.feed(bytes([byte]))]
    check(reading, vector["expect"])


@pytest.mark.parametrize("name", NAMES)
def test_frames_in_one_read_come_out_in_order(name: str) -> None:
    vectors = of(name) * 2
    readings = load(name).decoder().feed(b"".join(map(frame_of, vectors)))
    assert len(readings) == len(vectors)
    for reading, vector in zip(readings, vectors, strict=True):
        check(reading, vector["expect"])


@pytest.mark.parametrize("name", NAMES)
def test_a_start_in_the_middle_of_any_frame_costs_that_frame_only(name: str) -> None:
    tails = {frame_of(vector)[cut:] for vector in VECTORS for cut in range(1, len(frame_of(vector)))}
    own = of(name)[0]
    for tail in tails:
        readings = load(name).decoder().feed(tail + frame_of(own) * 2)
        check(readings[-1], own["expect"])


@pytest.mark.parametrize("name", NAMES)
def test_garbage_before_a_frame_is_passed_over(name: str) -> None:
    noise = random.Random(name)
    own = of(name)[0]
    decoder = load(name).decoder()
    decoder.feed(noise.randbytes(10_000))
    readings = decoder.feed(b"\r\n" + frame_of(own) * 3)
    check(readings[-1], own["expect"])


def is_checksummed(vector: Vector) -> bool:
    """Toledo's checksum is the 18th byte; some of its frames come without."""
    return vector["protocol"] in CHECKSUMMED and len(frame_of(vector)) != 17


def is_negative(vector: Vector) -> bool:
    return str(vector["expect"].get("value", "")).startswith("-")


def flips(frame: bytes) -> list[bytes]:
    number = int.from_bytes(frame, "big")
    return [(number ^ 1 << bit).to_bytes(len(frame), "big") for bit in range(8 * len(frame))]


@pytest.mark.parametrize("vector", [v for v in VECTORS if is_checksummed(v)], ids=label)
def test_a_turned_bit_never_gives_another_weight(vector: Vector) -> None:
    frame = frame_of(vector)
    expected = vector["expect"]
    for turned in flips(frame):
        for reading in decoder_of(vector).feed(turned):
            if reading.fault is None:
                assert "fault" not in expected
                assert reading.grams == Decimal(expected["grams"])


@pytest.mark.parametrize("vector", of("yaohua_stx"), ids=label)
def test_yaohua_refuses_every_turned_bit(vector: Vector) -> None:
    for turned in flips(frame_of(vector)):
        assert decoder_of(vector).feed(turned) == []


@pytest.mark.parametrize("vector", [v for v in of("st_gs") if is_negative(v)], ids=label)
def test_a_turned_bit_never_loses_a_minus(vector: Vector) -> None:
    for turned in flips(frame_of(vector)):
        for reading in decoder_of(vector).feed(turned):
            assert reading.grams is None or reading.grams <= 0


class TestToledoChecksum:
    SUMMED = bytes.fromhex("023d30202020313235302020202020300d0c")
    BARE = SUMMED[:17]

    def test_demanded_it_must_be_there_and_right(self) -> None:
        decoder = load("toledo_continuous").decoder(checksum=True)
        assert decoder.feed(self.BARE) == []
        assert [reading.raw for reading in decoder.feed(b"\x0c")] == [self.SUMMED]
        assert decoder.feed(self.BARE + b"\x0d" + self.SUMMED)[0].raw == self.SUMMED

    def test_bare_frames_are_not_taken_where_it_is_demanded(self) -> None:
        assert load("toledo_continuous").decoder(checksum=True).feed(self.BARE * 5) == []

    def test_without_it_frames_end_at_the_return(self) -> None:
        decoder = load("toledo_continuous").decoder(checksum=False)
        assert [reading.raw for reading in decoder.feed(self.BARE * 3)] == [self.BARE] * 3

    @pytest.mark.parametrize("frame", [SUMMED, BARE])
    def test_undecided_takes_both(self, frame: bytes) -> None:
        readings = load("toledo_continuous").decoder().feed(frame * 3)
        assert [reading.raw for reading in readings] == [frame] * 3

    def test_a_checksum_that_looks_like_a_start_is_a_checksum(self) -> None:
        body = next(
            bytes([0x02, 0x3D, 0x30, 0x20]) + f"{grams:>6}     0\r".encode()
            for grams in range(9999)
            if -sum(bytes([0x02, 0x3D, 0x30, 0x20]) + f"{grams:>6}     0\r".encode()) & 0x7F == 0x02
        )
        frame = body + b"\x02"
        readings = load("toledo_continuous").decoder().feed(frame * 4)
        assert [reading.raw for reading in readings] == [frame] * 4
        for turned in flips(frame)[8:-8]:
            grams = {reading.grams for reading in load("toledo_continuous").decoder().feed(turned)}
            assert grams <= {readings[0].grams}

    def test_a_parity_bit_read_as_data_is_masked(self) -> None:
        even = bytes(byte | (byte.bit_count() % 2) << 7 for byte in self.SUMMED)
        (reading,) = load("toledo_continuous").decoder().feed(even)
        assert str(reading.value) == "1.250"


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_is_not_a_plain_decimal_is_no_number(text: bytes) -> None:
    assert plain_decimal(text) is None


@pytest.mark.parametrize("text", [miss for miss in NEAR_MISSES if miss not in (b" 1", b"-1", b"+1")])
def test_a_near_miss_in_a_frame_carries_no_weight(text: bytes) -> None:
    line = b"ST,GS," + text + b"kg\r\n"
    assert all(reading.grams is None for reading in load("st_gs").decoder().feed(line))
    body = b"S " + text.rjust(6)[:6] + b"kg"
    check = 0
    for byte in body:
        check ^= byte
    frame = b"\x01\x02" + body + bytes([check, 3, 4, 0])
    assert all(reading.grams is None for reading in load("os2_active").decoder().feed(frame))


@pytest.mark.parametrize(
    ("written", "unit", "grams"),
    [
        ("kg", "kg", "1000"),
        ("KG", "kg", "1000"),
        (" g", "g", "1"),
        ("t", "t", "1000000"),
        ("lb", "lb", "453.59237"),
        ("oz", "oz", "28.349523125"),
        ("斤", "jin", "500"),
        ("SJ", "jin", "500"),
        ("两", "liang", "50"),
    ],
)
def test_units_are_exact(written: str, unit: str, grams: str) -> None:
    assert unit_named(written) == unit
    assert GRAMS[unit] == Decimal(grams)


@pytest.mark.parametrize("written", ["PC", "%", "", "k", "kgs", "TL", "ｋｇ"])
def test_what_is_not_a_mass_is_refused(written: str) -> None:
    assert unit_named(written) is None
    with pytest.raises(ValueError, match="not a unit of mass"):
        load("yaohua_stx").decoder(unit=written)


@pytest.mark.parametrize("name", NAMES)
@given(chunks=st.lists(st.binary(max_size=40) | st.sampled_from([frame_of(vector) for vector in VECTORS]), max_size=12))
def test_no_bytes_break_a_decoder(name: str, chunks: list[bytes]) -> None:
    for checksum in (None, True, False):
        decoder = load(name).decoder(checksum=checksum)
        for reading in [reading for chunk in chunks for reading in decoder.feed(chunk)]:
            assert (reading.fault is None) == (reading.grams is not None)
            assert 0 < len(reading.raw) <= 256


@pytest.mark.parametrize("name", NAMES)
@given(units=st.integers(min_value=-99_999, max_value=99_999), stable=st.booleans(), tare=st.sampled_from([0, 500]))
def test_what_a_simulated_scale_shows_is_what_is_read(name: str, units: int, stable: bool, tare: int) -> None:
    value = Decimal(units).scaleb(-3)
    shown = Indication(value, Decimal(tare).scaleb(-3), "kg", stable, over=False, zeroed=True)
    frame = getattr(scale_frames, name)(shown)
    if name == "os2_active" and len(frame) != 16:
        return
    (reading,) = load(name).decoder().feed(frame)
    if name == "toledo8217" and (units < 0 or not stable):
        assert reading.fault == ("under-zero" if units < 0 else "motion")
        return
    assert str(reading.value) == str(value if value else abs(value))
    assert reading.grams == units
    assert reading.stable == (None if name == "yaohua_stx" else stable)
    assert (reading.mode == "net") == (bool(tare) and name != "yaohua_stx")
