"""What simulated scales send, against the bytes that the manuals print (and sums worked out from their rules)."""

from decimal import Decimal

import pytest

from drivers.errors import UnknownProtocol
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import load, names


def shows(
    weight: str,
    *,
    unit: str = "kg",
    tare: str = "0",
    stable: bool = True,
    over: bool = False,
    zeroed: bool = True,
    step: int = 1,
) -> Indication:
    value = Decimal(weight)
    return Indication(value, Decimal(tare).quantize(value), unit, stable, over, zeroed, step)


FRAMES = [
    ("mtsics", "", shows("100.00", unit="g"), b"S S     100.00 g\r\n"),
    ("mtsics", "", shows("4.985", stable=False), b"S D      4.985 kg\r\n"),
    ("mtsics", "echo", shows("4.985", stable=False), b"SI D      4.985 kg\r\n"),
    ("mtsics", "", shows("-0.125"), b"S S     -0.125 kg\r\n"),
    ("mtsics", "", shows("200.000", over=True), b"S +\r\n"),
    ("mtsics", "", shows("-200.000", over=True), b"S -\r\n"),
    ("toledo8217", "", shows("1.250"), b"\x0201.250\r"),
    ("toledo8217", "", shows("1.245", tare="0.5"), b"\x0201.245N\r"),
    ("toledo8217", "", shows("12.34", unit="lb"), b"\x02012.34\r"),
    ("toledo8217", "", shows("1.250", stable=False), b"\x02?A\r"),
    ("toledo8217", "", shows("70.000", over=True), b"\x02?B\r"),
    ("toledo8217", "", shows("-0.020"), b"\x02?D\r"),
    ("toledo8217", "third", shows("1.250", stable=False), b"\x02?\x01\r"),
    ("toledo8217", "ps60", shows("1.250", stable=False), b"\x02?a\r"),
    ("toledo_continuous", "", shows("1.250", step=5), b"\x02=0   1250     0\r\x0c"),
    ("toledo_continuous", "plain", shows("1.250", step=5), b"\x02=0   1250     0\r"),
    ("toledo_continuous", "", shows("1.255", step=5, stable=False), b"\x02=8   1255     0\r\x7f"),
    ("toledo_continuous", "", shows("-0.500", tare="0.5", step=5), b"\x02=3    500   500\rw"),
    ("toledo_continuous", "", shows("20.00"), b"\x02,0   2000     0\r#"),
    ("toledo_continuous", "", shows("200.000", step=5, over=True), b"\x02=4            0\rP"),
    ("toledo_continuous", "", shows("0.000", step=5, zeroed=False), b"\x02=p      0     0\r\x04"),
    ("toledo_continuous", "liden", shows("1.250", step=5), b"\x02]0   1250     0\rl"),
    ("yaohua_stx", "", shows("20.00"), b"\x02+00200021B\x03"),
    ("yaohua_stx", "", shows("12.345"), b"\x02+012345319\x03"),
    ("yaohua_stx", "", shows("-1.00"), b"\x02-00010021E\x03"),
    ("yaohua_stx", "", shows("0.000"), b"\x02+000000318\x03"),
    ("yaohua_stx", "", shows("15.0"), b"\x02+00015011E\x03"),
    ("yaohua_stx", "", shows("200.000", over=True), b""),
    ("yaohua_eq_reversed", "", shows("3.000"), b"=000.3000"),
    ("yaohua_eq_reversed", "", shows("-1.00"), b"=00.1000-"),
    ("yaohua_eq_reversed", "", shows("1.250"), b"=052.1000"),
    ("yaohua_eq_reversed", "", shows("123.45"), b"=54.32100"),
    ("yaohua_eq_forward", "", shows("3.000"), b"=0003.000"),
    ("yaohua_eq_forward", "", shows("-1.00"), b"=-0001.00"),
    ("yaohua_eq_forward", "", shows("123.45"), b"=00123.45"),
    ("yaohua_eq_forward", "priced", shows("1.250"), b"=0001.250;0002.50"),
    ("yaohua_a12e", "", shows("4.139"), b"WG004.139kg3D\r\n"),
    ("yaohua_a12e", "", shows("12.500", tare="1"), b"WN012.500kg3D\r\n"),
    ("yaohua_a12e", "", shows("-1.250", tare="2"), b"WN-01.250kg20\r\n"),
    ("yaohua_a12e", "", shows("200.000", over=True), b"         OL23\r\n"),
    ("yaohua_a12e", "", shows("-0.500", over=True), b"         LO23\r\n"),
    ("ww_wn", "", shows("15.000"), b"ww00015.000kg\r\n"),
    ("ww_wn", "", shows("15.000", tare="1"), b"wn00015.000kg\r\n"),
    ("ww_wn", "", shows("-15.000"), b"ww-0015.000kg\r\n"),
    ("yaohua_cmd", "", shows("12.500"), b"\x02AB+01250031D\x03"),
    ("and_std", "", shows("1234.5", unit="g"), b"ST,+001234.5  g\r\n"),
    ("and_std", "", shows("-12.346", unit="lb", stable=False), b"US,-0012.346 lb\r\n"),
    ("and_std", "", shows("9.0", unit="g", over=True), b"OL,+999999.9  g\r\n"),
    ("and_std", "", shows("-9.000", unit="lb", over=True), b"OL,-9999.999 lb\r\n"),
    ("st_gs", "", shows("13.5"), b"ST,GS,+00013.5kg\r\n"),
    ("st_gs", "", shows("1.255", stable=False), b"US,GS,+001.255kg\r\n"),
    ("st_gs", "", shows("99.0", over=True), b"OL,GS,+       kg\r\n"),
    ("st_gs", "dini", shows("0.0"), b"01ST,GS,       0.0,kg\r\n"),
    ("st_gs", "dini", shows("-9.0", over=True), b"01UL,GS,         -,kg\r\n"),
    ("st_gs", "tiger", shows("12.340"), b"ST,GS,  12.340,kg\r\n"),
    ("st_gs", "salter", shows("0.876", tare="1"), b"ST,NT,+  0.876kg\r\n"),
    ("st_gs", "gram", shows("1.000"), b"ST,GS   1.000KG\r\n"),
    ("st_gs", "tscale", shows("245.6", unit="g"), b"ST,GS,   245.6 g\r\n"),
    ("st_gs", "generic", shows("123.456", unit="g"), b"ST,GS,+ 123.456   g\r\n"),
    ("st_gs", "generic", shows("1.000", tare="0.5"), b"ST,TR,+   0.500  kg\r\nST,NT,+   1.000  kg\r\n"),
    ("cas22", "", shows("13.50"), b"ST,GS,1\xc4,00013.50 kg\r\n"),
    ("cas22", "", shows("-0.25", tare="1", stable=False), b"US,NT,1\x82,-0000.25 kg\r\n"),
    ("cas_dc1", "", shows("1.250"), b"\x01\x02S 01.250kgg\x03\x04"),
    ("cas_dc1", "", shows("1.255", stable=False), b"\x01\x02U 01.255kgd\x03\x04"),
    ("cas_dc1", "", shows("-0.120"), b"\x01\x02S-00.120kgo\x03\x04"),
    ("cas_dc1", "", shows("70.000", over=True), b"\x01\x02SFFFFFFFkg\x19\x03\x04"),
    ("cas_dc1", "gram", shows("70.000", over=True), b"\x01\x02F 00.000kgt\x03\x04"),
    ("cas_dc1", "gram", shows("2.50", unit="jin"), b"\x01\x02S 002.50SJs\x03\x04"),
    ("os2_active", "", shows("1.250"), b"\x01\x02S 01.250kgg\x03\x04\x00"),
    ("os2_active", "literal", shows("1.250"), b"\x01\x02S 01.250kgd\x03\x04\x00"),
    ("os2_active", "", shows("0.000"), b"\x01\x02S 00.000kga\x03\x04\x10"),
    ("os2_active", "", shows("0.500", tare="1"), b"\x01\x02S 00.500kgd\x03\x04\x20"),
    ("os2_active", "", shows("70.000", over=True), b"\x01\x02F 00.000kgt\x03\x04\x40"),
    ("dibal_98", "", shows("0.316"), b"9900031600000004\r\n"),
    ("dibal_98", "", shows("1.250"), b"9900125000000006\r\n"),
    ("samsung_esp", "", shows("0.000"), b"00.000\r"),
    ("samsung_esp", "", shows("-0.020"), b"-00.020\r"),
    ("nci", "diva", shows("1.25"), b"\n001.25KG\r\n00\r\x03"),
    ("nci", "", shows("1.250", stable=False), b"\n  1.250kg\r\n10\r\x03"),
    ("nci", "", shows("0.500", tare="1"), b"\n  0.500kg\r\n0p4\r\x03"),
    ("nci", "diva", shows("99.00", over=True), b"\n02\r\x03"),
    ("nci", "diva", shows("-99.00", over=True), b"\n01\r\x03"),
    ("nci", "", shows("99.00", over=True), b"\n^^^^^^kg\r\n02\r\x03"),
    ("nci", "", shows("0.000", zeroed=False), b"\n------kg\r\n0p8\r\x03"),
    ("sma", "", shows("2.370"), b"\n 1G       2.370kg_\r"),
    ("sma", "", shows("0.000", tare="1"), b"\nZ1N       0.000kg_\r"),
    ("sma", "", shows("97.630", tare="1", over=True), b"\nO1N      97.630kg_\r"),
    ("sma", "", shows("1.255", stable=False), b"\n 1GM      1.255kg_\r"),
    ("sma", "", shows("1.000", zeroed=False), b"\nE1G  ----------kg_\r"),
    ("ohaus", "", shows("192.21", unit="g"), b"     192.21 g\r\n"),
    ("ohaus", "", shows("0.01", unit="g", stable=False), b"       0.01 g ?\r\n"),
    ("ohaus", "defender", shows("-0.500", tare="1"), b"-   0.500 kg   NET\r\n"),
    ("ohaus", "defender", shows("12.500", stable=False), b"   12.500 kg ? G\r\n"),
    ("kern_re_cr", "", shows("1.234"), b"       1.234 kg \r\n"),
    ("kern_re_cr", "", shows("-0.250"), b" -     0.250 kg \r\n"),
    ("kern_re_cr", "", shows("1.240", stable=False), b"       1.240    \r\n"),
    ("kern_re_cr", "", shows("99.000", over=True), b"           Error\r\n"),
    ("sbi", "short", shows("1255.7", unit="g"), b"+   1255.7 g  \r\n"),
    ("sbi", "short", shows("1255.7", unit="g", stable=False), b"+   1255.7    \r\n"),
    ("sbi", "", shows("123.56", unit="g", tare="1"), b"N     +   123.56 g  \r\n"),
    ("sbi", "", shows("99.000", over=True), b"Stat        H       \r\n"),
    ("sbi", "", shows("-99.000", over=True), b"Stat        L       \r\n"),
    ("adam_cpw", "", shows("2.00"), b"G +   2.00 kg\r\n"),
    ("adam_cpw", "asng", shows("1.75"), b"ASNG/W+ 1.75 kg\r\n"),
    ("adam_cpw", "asng", shows("1.75", stable=False), b"AUNG/W+ 1.75 kg\r\n"),
    ("dialog06", "", shows("1.250"), b"\x0202\x1b3\x1b01250\x1b000000\x1b000000\x03"),
    ("ff_bcd", "", shows("1.250"), b"\xff\x44\x50\x12\x00"),
    ("ff_bcd", "", shows("12.345", stable=False), b"\xff\x04\x45\x23\x01"),
    ("ff_bcd", "", shows("-1.00"), b"\xff\x63\x00\x01\x00"),
    ("ff_bcd", "", shows("99.000", over=True), b"\xff\x84\x00\x00\x00"),
    ("dahua_s", "", shows("0.021"), b"s0021 0000\r"),
    ("dahua_s", "", shows("12.345"), b""),
    ("custom", "", shows("1.250"), b"+0001.250 kg\r\n"),
    ("custom", r"W{minus}{turned}{unit}\x03", shows("-1.250"), b"W-052.1000kg\x03"),
]


def label(case: tuple[str, str, Indication, bytes]) -> str:
    return f"{case[0]}:{case[3].hex()}"


@pytest.mark.parametrize(("protocol", "dialect", "shown", "frame"), FRAMES, ids=map(label, FRAMES))
def test_a_frame(protocol: str, dialect: str, shown: Indication, frame: bytes) -> None:
    assert load(protocol, dialect).frame(shown) == frame


def test_every_protocol_is_here() -> None:
    assert {case[0] for case in FRAMES} == set(names())


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(UnknownProtocol):
        load("telepathy")
    with pytest.raises(ValueError, match="plain, liden"):
        load("toledo_continuous", "klingon")
    with pytest.raises(ValueError, match="no such place"):
        load("custom", "{colour}").frame(shows("1.250"))
