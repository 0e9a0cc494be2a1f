import json
import random
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import UnknownProtocol
from drivers.scale.protocol import Decoder, load, names
from drivers.scale.reading import GRAMS, Reading, plain_decimal, unit_named
from drivers.simulated import indicator
from drivers.simulated.indication import Indication

Vector = dict[str, Any]
VECTORS: list[Vector] = json.loads(Path(__file__).with_name("scale_vectors.json").read_text("utf-8"))
NAMES = [name for name in names() if not load(name).described]
CHECKSUMMED = {
    "cas_dc1", "dibal_98", "os2_active", "toledo_continuous", "yaohua_a12e", "yaohua_cmd", "yaohua_stx",
}  # fmt: skip
BARE = {"ff_bcd", "toledo_continuous"}
"""Sign and point are single bits under no check at all, for Toledo where its checksum is switched off."""

UNSIGNED = {"dahua_s", "dialog06", "dibal_98"}
STILL = {"dialog06", "dibal_98"}
"""Scales that answer a weight only when it is stable."""

BOTH = {"adam_cpw", "yaohua_cmd"}
"""Which weight they send is what they are asked for."""
NEAR_MISSES = [b"1e3", b"1_0", "１２".encode(), b"inf", b"nan", b"0x1", b"+1", b"-1", b"", b".", b".5", b"1.2.3", b" 1"]


protocol_named = cache(load)


def frame_of(vector: Vector) -> bytes:
    return bytes.fromhex(vector["hex"])


def decoder_of(vector: Vector) -> Decoder:
    return protocol_named(vector["protocol"]).decoder(**vector.get("options", {}))


def of(protocol: str) -> list[Vector]:
    return [vector for vector in VECTORS if vector["protocol"] == protocol and "options" not in vector]


def check(reading: Reading, expect: Vector) -> None:
    if tare := expect.get("tare"):
        assert str(reading.tare) == tare
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
    assert reading.grams == (Decimal(expect["grams"]) if expect["unit"] else None)
    for field in ("unit", "stable", "mode", "zero"):
        if field in expect:
            assert getattr(reading, field) == expect[field], field


def label(vector: Vector) -> str:
    return f"{vector['protocol']}:{vector['hex'].replace(' ', '')}"


def test_each_protocol_is_found_by_its_name() -> None:
    assert {vector["protocol"] for vector in VECTORS} == set(NAMES) == set(names()) - {"custom"}
    assert [load(name).name for name in names()] == names()


@pytest.mark.parametrize("name", ["", "os3", "__init__", "../port", "yaohua_stx.scan"])
def test_an_unknown_protocol_is_refused(name: str) -> None:
    with pytest.raises(UnknownProtocol) as refused:
        load(name)
    assert (refused.value.code, refused.value.name) == ("protocol-unknown", name)


MEDDLING = {
    *(b"P", b"X", b"ON", b"OFF", b"R", b"0", b"C", b"CAL", b"C1", b"S", b"PSI", b"POH", b"@"),
    *(b"<AL>", b"<PB>", b"<DB>", b"\x1bR", b"\x1bS", b"\x1bZ"),
}
"""What switches some scale off, adjusts or reconfigures it, as far as a lone command can."""


def test_command_scales_are_asked_and_broadcast_ones_are_not() -> None:
    assert all((load(name).poll is None) == indicator.load(name).streams for name in names())


@pytest.mark.parametrize("name", names())
def test_asking_never_makes_a_scale_act(name: str) -> None:
    protocol = load(name)
    sent = [protocol.poll.request, *(answer for _, answer in protocol.poll.answers)] if protocol.poll else []
    acting = {
        each.strip() for each in (protocol.commands.zero, protocol.commands.tare, protocol.commands.clear) if each
    }
    for request in sent:
        assert request.strip() not in MEDDLING | acting
        assert not request.strip().startswith((b"T", b"Z", b"<"))
    assert not acting & (MEDDLING - {b"C", b"R", b"0"})
    assert protocol.poll is None or 0.1 <= protocol.poll.interval <= 1.0


def test_lines_are_set_as_the_family_usually_is() -> None:
    seven = {name: settings.parity for name in names() if (settings := load(name).settings).bytesize == 7}
    assert seven.items() >= {"toledo8217": "E", "nci": "E", "sbi": "O", "dialog06": "O"}.items()
    quiet = [name for name in names() if not load(name).settings.dtr and not load(name).settings.rts]
    assert quiet == ["adam_cpw"]


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


TAILS = {frame_of(vector)[cut:] for vector in VECTORS for cut in range(1, len(frame_of(vector)))}


@pytest.mark.parametrize("name", NAMES)
def test_a_start_in_the_middle_of_any_frame_costs_that_frame_only(name: str) -> None:
    own = of(name)[0]
    for tail in TAILS:
        readings = protocol_named(name).decoder().feed(tail + frame_of(own) * 2)
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
    """Toledo's checksum is the 18th byte; some of its frames come without, and one frame of Dibal has a wrong one."""
    right = len(frame_of(vector)) != 17 and vector["expect"].get("fault") != "unreadable"
    return vector["protocol"] in CHECKSUMMED and right


def weighs(vector: Vector) -> bool:
    return "value" in vector["expect"]


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


@pytest.mark.parametrize(
    "vector", [v for v in VECTORS if weighs(v) and not is_checksummed(v) and v["protocol"] not in BARE], ids=label
)
def test_a_turned_bit_never_turns_the_sign_or_moves_the_point(vector: Vector) -> None:
    expected = Decimal(vector["expect"]["value"])
    for turned in flips(frame_of(vector)):
        for reading in decoder_of(vector).feed(turned):
            if reading.value is None or reading.value == expected:
                continue
            assert reading.decimals == max(0, -int(expected.as_tuple().exponent))
            assert reading.unit in (vector["expect"]["unit"], None)
            assert expected == 0 or reading.value * expected >= 0


@pytest.mark.parametrize("vector", [v for v in VECTORS if weighs(v)], ids=label)
def test_a_near_miss_in_the_place_of_the_figure_is_no_weight(vector: Vector) -> None:
    frame = frame_of(vector)
    figures = sorted(re.finditer(rb"[0-9.]{3,}", frame), key=lambda match: b"." not in match[0])
    for figure in figures[:1]:
        for miss in (b"1e3", b"1_0", "１２".encode(), b"inf", b"nan", b"0x1", b"1,5", b"1.2.3", b"1 2"):
            if len(miss) > len(figure[0]):
                continue
            missed = frame[: figure.start()] + miss.rjust(len(figure[0])) + frame[figure.end() :]
            assert all(reading.value is None for reading in decoder_of(vector).feed(missed))


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
        ("JIN", "jin", "500"),
        ("Liang", "liang", "50"),
        ("公斤", "kg", "1000"),
        ("克", "g", "1"),
        ("吨", "t", "1000000"),
        ("斤".encode(), "jin", "500"),
        ("斤".encode("gbk"), "jin", "500"),
        ("两".encode(), "liang", "50"),
        (" 两 ".encode("gbk"), "liang", "50"),
        ("公斤".encode("gbk"), "kg", "1000"),
        (b"Kg", "kg", "1000"),
    ],
)
def test_units_are_exact(written: str | bytes, unit: str, grams: str) -> None:
    assert unit_named(written) == unit
    assert GRAMS[unit] == Decimal(grams)


@pytest.mark.parametrize("written", ["PC", "%", "", "k", "kgs", "TJ", "TL", "ｋｇ", "\u212ag", "斤斤", "台斤"])
def test_what_is_not_a_mass_is_refused(written: str) -> None:
    assert unit_named(written) is None
    with pytest.raises(ValueError, match="not a unit of mass"):
        load("yaohua_stx").decoder(unit=written)


@pytest.mark.parametrize("vector", [v for v in VECTORS if weighs(v) and v["expect"]["unit"]], ids=label)
def test_a_unit_that_nobody_confirmed_is_a_fault(vector: Vector) -> None:
    (named,) = decoder_of(vector).feed(frame_of(vector))
    for confirmed in GRAMS:
        (reading,) = protocol_named(vector["protocol"]).decoder(unit=confirmed).feed(frame_of(vector))
        if reading.fault:
            assert (reading.fault, reading.raw, reading.grams) == ("unit-unconfirmed", named.raw, None)
            assert confirmed != named.unit
        else:
            assert (reading.value, reading.unit) == (named.value, confirmed)


@pytest.mark.parametrize("name", NAMES)
@given(chunks=st.lists(st.binary(max_size=40) | st.sampled_from([frame_of(vector) for vector in VECTORS]), max_size=12))
def test_no_bytes_break_a_decoder(name: str, chunks: list[bytes]) -> None:
    for checksum in (None, True, False):
        decoder = protocol_named(name).decoder(checksum=checksum)
        for reading in [reading for chunk in chunks for reading in decoder.feed(chunk)]:
            assert (reading.fault is None) == (reading.value is not None)
            assert (reading.unit is None) == (reading.grams is None)
            assert reading.fault or reading.unit or reading.stable is False
            assert 0 < len(reading.raw) <= 256


@pytest.mark.parametrize("name", [name for name in NAMES if name != "yaohua_eq_forward"])
@given(
    chunks=st.lists(st.binary(max_size=12) | st.sampled_from([frame_of(vector) for vector in VECTORS]), max_size=8),
    size=st.integers(1, 7),
)
def test_how_a_line_falls_into_reads_changes_nothing(name: str, chunks: list[bytes], size: int) -> None:
    data = b"".join(chunks)
    for checksum in (True, False):
        cut = protocol_named(name).decoder(checksum=checksum)
        pieces = [reading for at in range(0, len(data), size) for reading in cut.feed(data[at : at + size])]
        assert pieces == protocol_named(name).decoder(checksum=checksum).feed(data)


def simulated(name: str) -> list[Callable[[Indication], bytes]]:
    """What a simulated scale of this protocol sends for an indication, in each of its dialects."""
    module = import_module(f"drivers.simulated.scales.{name}")
    return [module.frame, *(partial(module.frame, dialect=dialect) for dialect in getattr(module, "DIALECTS", ()))]


@pytest.mark.parametrize("name", NAMES)
@given(units=st.integers(min_value=-9_999, max_value=9_999), stable=st.booleans(), tare=st.sampled_from([0, 500]))
def test_what_a_simulated_scale_shows_is_what_is_read(name: str, units: int, stable: bool, tare: int) -> None:
    if name in UNSIGNED:
        units = abs(units)
    stable = stable or name in STILL
    value = Decimal(units).scaleb(-3)
    shown = Indication(value, Decimal(tare).scaleb(-3), "kg", stable, over=False, zeroed=True)
    for frame in simulated(name):
        readings = protocol_named(name).decoder(unit="g" if name == "dahua_s" else "kg").feed(frame(shown))
        assert len(readings) <= 1
        for reading in readings:
            if reading.fault:
                assert (name, reading.fault) in {("toledo8217", "motion"), ("toledo8217", "under-zero")}
                assert units < 0 or not stable
                continue
            assert reading.grams in ({units, units + tare} if name in BOTH else {units})
            assert reading.stable in (None, stable)
            assert name == "dahua_s" or reading.decimals == 3
