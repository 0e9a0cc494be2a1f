"""The protocols that say most in text: what their manuals tell, written the other way round, and described lines."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.units import Grams
from drivers.scale.line import LineProfile
from drivers.scale.machine import WeighingMachine
from drivers.scale.protocol import load
from drivers.scale.reading import Reading, plain_decimal, signed_decimal
from drivers.scale.weighing import OutOfRange, ScaleProfile
from pos import config
from pos.i18n import load as words_in
from pos.tui.weight_words import why_not

VALUES = st.builds(
    lambda digits, decimals: Decimal(digits).scaleb(-decimals),
    st.integers(min_value=-99_999, max_value=99_999),
    st.integers(min_value=0, max_value=4),
)
UNITS = st.sampled_from(["kg", "g", "lb", "oz", "t"])


def one(name: str, frame: bytes, **options: Any) -> Reading:
    (reading,) = load(name).decoder(**options).feed(frame)
    assert reading.raw == frame
    return reading


def same(reading: Reading, value: Decimal, unit: str | None) -> None:
    assert str(reading.value) == f"{value if value else abs(value):f}"
    assert (reading.unit, reading.fault) == (unit, None)


def figure(value: Decimal) -> str:
    return f"{abs(value):f}"


def minus(value: Decimal, plus: str = " ") -> str:
    return "-" if value < 0 else plus


@given(value=VALUES, unit=UNITS, moving=st.booleans(), net=st.booleans())
def test_nci(value: Decimal, unit: str, moving: bool, net: bool) -> None:
    status = bytes([0x30 | moving, 0x70, 0x30 | net << 2])
    reading = one("nci", f"\n{minus(value)}{figure(value):>7}{unit}\r\n".encode() + status + b"\r\x03")
    same(reading, value, unit)
    assert (reading.stable, reading.mode) == (not moving, "net" if net else "gross")


@given(value=VALUES, unit=UNITS, moving=st.booleans(), net=st.booleans(), ahead=st.booleans())
def test_sma(value: Decimal, unit: str, moving: bool, net: bool, ahead: bool) -> None:
    written = f"{minus(value)}{figure(value):>9}" if ahead else f"{minus(value, '')}{figure(value)}".rjust(10)
    reading = one("sma", f"\n 1{'N' if net else 'G'}{'M' if moving else ' '} {written}{unit:_<3}\r".encode())
    same(reading, value, unit)
    assert (reading.stable, reading.mode, reading.zero) == (not moving, "net" if net else "gross", False)


@given(value=VALUES, unit=UNITS, moving=st.booleans(), width=st.sampled_from([11, 12]))
def test_ohaus_scout(value: Decimal, unit: str, moving: bool, width: int) -> None:
    written = f"{minus(value, '')}{figure(value)}".rjust(width)
    reading = one("ohaus", f"{written} {unit}{' ?' if moving else ''}\r\n".encode())
    same(reading, value, unit)
    assert (reading.stable, reading.mode) == (not moving, "displayed")


@given(value=VALUES, unit=UNITS, moving=st.booleans(), legend=st.sampled_from(["", "G", "NET"]))
def test_ohaus_defender(value: Decimal, unit: str, moving: bool, legend: str) -> None:
    stability = "?" if moving else " "
    reading = one("ohaus", f"{minus(value)} {figure(value):>7} {unit} {stability} {legend:3}\r\n".encode())
    same(reading, value, unit)
    assert (reading.stable, reading.mode) == (not moving, {"": "displayed", "G": "gross", "NET": "net"}[legend])


@given(value=VALUES, unit=UNITS, moving=st.booleans())
def test_kern(value: Decimal, unit: str, moving: bool) -> None:
    frame = f" {minus(value)}{figure(value):>10} {'' if moving else unit:3}\r\n".encode()
    same(one("kern_re_cr", frame), value, None if moving else unit)
    same(one("kern_re_cr", frame, unit=unit), value, unit)
    assert one("kern_re_cr", frame).stable is not moving


@given(value=VALUES, unit=UNITS, moving=st.booleans(), identifier=st.sampled_from(["", "N     ", "G     "]))
def test_sbi(value: Decimal, unit: str, moving: bool, identifier: str) -> None:
    line = f"{identifier}{minus(value, '+')} {figure(value):>8} {'' if moving else unit:3}\r\n".encode()
    reading = one("sbi", line)
    same(reading, value, None if moving else unit)
    same(one("sbi", line, unit=unit), value, unit)
    assert reading.mode == {"": "displayed", "N": "net", "G": "gross"}[identifier.strip()]
    assert reading.stable is not moving


@given(value=VALUES, unit=UNITS, kind=st.sampled_from("GN"))
def test_adam(value: Decimal, unit: str, kind: str) -> None:
    mode = "net" if kind == "N" else "gross"
    asked = one("adam_cpw", f"{kind} {minus(value, '+')}{figure(value):>7} {unit}\r\n".encode())
    same(asked, value, unit)
    assert (asked.stable, asked.mode) == (None, mode)
    sent = one("adam_cpw", f"AUN{kind}/W{minus(value, '+')} {figure(value)} {unit}\r\n".encode())
    same(sent, value, unit)
    assert (sent.stable, sent.mode) == (False, mode)


@given(grams=st.integers(min_value=0, max_value=99_999), price=st.integers(min_value=0, max_value=999_999))
def test_dialog06(grams: int, price: int) -> None:
    reading = one("dialog06", f"\x0202\x1b3\x1b{grams:05}\x1b{price:06}\x1b{grams:06}\x03".encode())
    same(reading, Decimal(grams).scaleb(-3), "kg")
    assert reading.grams == grams


@given(value=st.integers(min_value=-999_999, max_value=999_999), decimals=st.integers(0, 5), stable=st.booleans())
def test_ff_bcd(value: int, decimals: int, stable: bool) -> None:
    status = (decimals + 1) | (value < 0) << 5 | stable << 6
    reading = one("ff_bcd", bytes([0xFF, status]) + bytes.fromhex(f"{abs(value):06}")[::-1])
    same(reading, Decimal(value).scaleb(-decimals), "kg")
    assert reading.stable is stable


@given(grams=st.integers(min_value=0, max_value=9999), other=st.integers(min_value=0, max_value=9999))
def test_dahua(grams: int, other: int) -> None:
    reading = one("dahua_s", f"s{grams:04} {other:04}\r".encode())
    assert reading.grams == grams
    assert (reading.unit, reading.stable) == ("g", None)


def test_a_price_is_sent_before_the_weighing_is_asked_for_and_a_refusal_is_asked_why() -> None:
    poll = load("dialog06").poll
    assert poll
    assert poll.request == b"\x04\x0201\x1b000000\x1b\x03"
    assert dict(poll.answers) == {b"\x06": b"\x04\x05", b"\x15": b"\x04\x0208\x03"}
    assert load("dialog06").decoder().feed(b"\x06") == load("dialog06").decoder().feed(b"\x15\x06") == []


def test_a_fault_of_the_scale_reaches_the_keeper_in_words() -> None:
    machine = WeighingMachine(ScaleProfile("S", "dialog06", "kg", Grams(100), Grams(15_000), Grams(5)))
    frames = {b"\x0209\x1b30\x03": "below-minimum", b"\x0209\x1b21\x03": "return-to-zero"}
    for at, (frame, code) in enumerate(frames.items()):
        machine.feed(one("dialog06", frame, unit="kg"), at / 10)
        assert machine.state(at / 10) == OutOfRange(code)
    machine.feed(one("nci", b"\n40\r\x03", unit="kg"), 0.4)
    assert machine.state(0.4) == OutOfRange("device-error")
    machine.feed(one("nci", b"\n  1.250lb\r\n00\r\x03", unit="kg"), 0.5)
    assert machine.state(0.5) == OutOfRange("unit-unconfirmed")
    for language in ("zh_CN", "en"):
        for code in (*frames.values(), "device-error", "unit-unconfirmed"):
            assert why_not(words_in(language), code)


@pytest.mark.parametrize("text", [b"-  0.5", b"  -0.5", b" - 0.5 ", b"-0.5"])
def test_a_minus_counts_wherever_it_stands_before_the_figure(text: bytes) -> None:
    assert signed_decimal(text) == Decimal("-0.5")


@pytest.mark.parametrize("text", [b"--1", b"+-1", b"1-", b"- ", b"", b"1 2", b"1e3", b"\xa01", "１".encode(), b"-.5"])
def test_what_has_two_signs_or_none_in_front_is_no_number(text: bytes) -> None:
    assert signed_decimal(text) is None
    assert plain_decimal(text) is None


class TestCustom:
    REVERSED = LineProfile(start="=", length=9, weight=(1, 8), sign=(8, 9), backwards=True)
    DIGITS = LineProfile(start="\x02", end="\x03", weight=(2, 8), sign=(1, 2), decimals=3)
    LINE = LineProfile(
        end="\r\n", length=16, status=(0, 2), weight=(3, 11), unit=(11, 14), stable="ST", moving="US", over="OL",
        under="UL",
    )  # fmt: skip

    def read(self, line: LineProfile, frame: bytes, unit: str | None = None) -> Reading:
        (reading,) = load("custom").decoder(unit, line=line).feed(frame)
        return reading

    def test_without_a_description_there_is_nothing_to_read(self) -> None:
        with pytest.raises(ValueError, match="protocol custom needs"):
            load("custom").decoder()
        with pytest.raises(ValueError, match="protocol st_gs takes no"):
            load("st_gs").decoder(line=self.LINE)

    @pytest.mark.parametrize(
        ("line", "frame", "value", "unit", "stable"),
        [
            (REVERSED, b"=000.3000", "3.000", "jin", None),
            (REVERSED, b"=00.1000-", "-1.00", "jin", None),
            (DIGITS, b"\x02+001250\x03", "1.250", "jin", None),
            (DIGITS, b"\x02-001250\x03", "-1.250", "jin", None),
            (DIGITS, b"\x02  01250\x03", "1.250", "jin", None),
            (LINE, b"ST    1.250jin\r\n", "1.250", "jin", True),
            (LINE, b"US -  1.25 jin\r\n", "-1.25", "jin", False),
            (LINE, b"ST    1.250\xbd\xef \r\n", "1.250", "jin", True),
            (LINE, "ST    1.250斤\r\n".encode(), "1.250", "jin", True),
            (LINE, b"ST    1.250   \r\n", "1.250", "jin", True),
        ],
    )
    def test_what_is_described_is_read(
        self, line: LineProfile, frame: bytes, value: str, unit: str, stable: bool | None
    ) -> None:
        for noise in (b"", b"\x00\xff\r", frame[3:]):
            decoder = load("custom").decoder("斤", line=line)
            readings = [reading for byte in noise + frame * 2 for reading in decoder.feed(bytes([byte]))]
            assert (str(readings[-1].value), readings[-1].unit, readings[-1].stable) == (value, unit, stable)
            assert readings[-1].raw == frame

    @pytest.mark.parametrize(
        ("line", "frame", "code"),
        [
            (LINE, b"OL    0.000jin\r\n", "overload"),
            (LINE, b"UL    0.000jin\r\n", "under-zero"),
            (LINE, b"XX    0.000jin\r\n", "no-weight"),
            (LINE, b"ST    0.000pcs\r\n", "not-a-mass"),
            (LINE, b"ST    0.000kg \r\n", "unit-unconfirmed"),
            (LINE, b"ST      1e3jin\r\n", "unreadable"),
            (LINE, b"ST     inf jin\r\n", "unreadable"),
            (DIGITS, b"\x02*001250\x03", "unreadable"),
            (DIGITS, b"\x02+0125\x03", "unreadable"),
            (DIGITS, b"\x02+001.25\x03", "resolution"),
            (REVERSED, b"=000.300x", "unreadable"),
        ],
    )
    def test_what_is_not_described_is_no_weight(self, line: LineProfile, frame: bytes, code: str) -> None:
        reading = self.read(line, frame, "jin")
        assert (reading.fault, reading.grams) == (code, None)

    def test_the_sign_of_some_makes_is_a_digit(self) -> None:
        line = LineProfile(start="=", length=9, weight=(1, 8), sign=(8, 9), backwards=True, minus="1")
        assert self.read(line, b"=00.10001").value == Decimal("-1.00")
        assert self.read(line, b"=00.10000").value == Decimal("1.00")

    def test_without_a_unit_the_figure_has_no_grams(self) -> None:
        reading = self.read(self.DIGITS, b"\x02+001250\x03")
        assert (str(reading.value), reading.unit, reading.grams) == ("1.250", None, None)

    def test_a_frame_cut_off_costs_itself_only(self) -> None:
        for line, frame in ((self.REVERSED, b"=000.3000"), (self.DIGITS, b"\x02+001250\x03")):
            for cut in range(1, len(frame)):
                readings = load("custom").decoder("kg", line=line).feed(frame[:cut] + frame)
                assert readings[-1].raw == frame
                assert {reading.value for reading in readings} <= {None, readings[-1].value}

    @pytest.mark.parametrize(
        ("changed", "flaw"),
        [
            ({"end": ""}, "two of start, end and length"),
            ({"length": None}, "two of start, end and length"),
            ({"weight": (3, 15)}, "each slice lies between 0 and 14"),
            ({"weight": (11, 3)}, "each slice lies between"),
            ({"weight": (3, 3)}, "each slice lies between"),
            ({"start": "ST,"}, "each slice lies between 3"),
            ({"sign": (3, 4)}, "slices do not overlap"),
            ({"status": None}, "a status needs its slice"),
            ({"stable": "", "moving": "", "over": "", "under": ""}, "a status needs its slice"),
            ({"moving": "ST"}, "differ"),
            ({"end": "斤"}, "one byte each"),
        ],
    )
    def test_a_description_that_contradicts_itself_is_refused(self, changed: dict[str, Any], flaw: str) -> None:
        with pytest.raises(ValueError, match=flaw):
            LineProfile(**(msgspec.structs.asdict(self.LINE) | changed))

    @given(
        value=VALUES.filter(lambda value: len(figure(value)) <= 7),
        backwards=st.booleans(),
        cut=st.integers(min_value=0, max_value=12),
    )
    def test_any_weight_comes_through(self, value: Decimal, backwards: bool, cut: int) -> None:
        text = figure(value).rjust(7, "0")
        line = LineProfile(start="<", end=">", length=11, sign=(1, 2), weight=(2, 10), backwards=backwards)
        frame = f"<{minus(value, '+')}{(text[::-1] if backwards else text):>8}>".encode()
        decoder = load("custom").decoder("kg", line=line)
        (reading,) = decoder.feed(frame[:cut]) + decoder.feed(frame[cut:])
        assert reading.value == value

    SECTION = """
        [[scales]]
        name = "FS-1"
        url = "/dev/ttyUSB0"
        protocol = "custom"
        minimum_g = 1000
        maximum_g = 150000
        division_g = 50
        [scales.line]
        start = "\\u0002"
        end = "\\u0003"
        weight = [2, 8]
        sign = [1, 2]
        decimals = 3
    """

    def test_it_is_described_in_the_settings(self, tmp_path: Path) -> None:
        (tmp_path / config.FILE).write_text(self.SECTION, encoding="utf-8")
        (scale,) = config.load(tmp_path).scales
        assert scale.line == self.DIGITS

    @pytest.mark.parametrize(
        ("said", "instead", "flaw"),
        [
            ('"custom"', '"st_gs"', "the protocol custom, and no other"),
            ("[scales.line]", "[scales.lines]", "unknown field"),
            ("weight = [2, 8]", "weight = [2, 80]", r"weight\[1\]"),
            ("sign = [1, 2]", "sign = [1, 3]", "slices do not overlap"),
            ("decimals = 3", "decimals = 9", "decimals"),
            ("decimals = 3", "decimal = 3", "unknown field"),
        ],
    )
    def test_settings_that_cannot_be_are_refused_with_their_place(
        self, tmp_path: Path, said: str, instead: str, flaw: str
    ) -> None:
        (tmp_path / config.FILE).write_text(self.SECTION.replace(said, instead), encoding="utf-8")
        with pytest.raises(config.ConfigError, match=flaw) as refused:
            config.load(tmp_path)
        assert "$.scales[0]" in refused.value.detail

    @pytest.mark.parametrize("line", [REVERSED, DIGITS, LINE])
    @given(chunks=st.lists(st.binary(max_size=30) | st.sampled_from([b"=", b"\x02", b"\r\n", b"ST"]), max_size=12))
    def test_no_bytes_break_it(self, line: LineProfile, chunks: list[bytes]) -> None:
        decoder = load("custom").decoder("kg", line=line)
        for reading in [reading for chunk in chunks for reading in decoder.feed(chunk)]:
            assert (reading.fault is None) == (reading.grams is not None)
            assert 0 < len(reading.raw) <= 64
