"""Frames of Mettler-Toledo, Yaohua, A&D, CAS, Pinnacle, Dibal and Samsung scales as the manuals give or define them."""

CRLF = b"\r\n"
BARE_MINUS = b"ST,NT-  0.500KG\r\n"
"""A minus in the place of other makes' comma, which it becomes by one turned bit: nothing in the line tells."""


def check_of(data: bytes) -> int:
    check = 0
    for byte in data:
        check ^= byte
    return check


def hexed(data: bytes) -> bytes:
    return f"{check_of(data):02X}".encode("ascii")


def cas(body: bytes, flags: bytes = b"") -> bytes:
    return b"\x01\x02" + body + bytes([check_of(body)]) + b"\x03\x04" + flags


def yaohua(body: bytes) -> bytes:
    return b"\x02" + body + hexed(body) + b"\x03"


def a12e(body: bytes) -> bytes:
    return body + hexed(body) + CRLF


def dibal(digits: bytes) -> bytes:
    return digits + bytes([check_of(digits)]) + CRLF


def even(data: bytes) -> bytes:
    return bytes(byte | (byte.bit_count() % 2) << 7 for byte in data)


WEIGHTS: list[tuple[str, bytes, str, str, bool | None, str]] = [
    ("mtsics", b"S S     100.00 g\r\n", "100.00", "g", True, "displayed"),
    ("mtsics", b"S S     12.500 kg\r\n", "12.500", "kg", True, "displayed"),
    ("mtsics", b"S D      4.985 kg\r\n", "4.985", "kg", False, "displayed"),
    ("mtsics", b"SI D      4.985 kg\r\n", "4.985", "kg", False, "displayed"),
    ("mtsics", b"SI S      4.985 kg\r\n", "4.985", "kg", True, "displayed"),
    ("mtsics", b"S S     -0.125 kg\r\n", "-0.125", "kg", True, "displayed"),
    ("mtsics", b"S S       1250 g \r\n", "1250", "g", True, "displayed"),
    ("mtsics", b"S S      2.755 LB\r\n", "2.755", "lb", True, "displayed"),
    ("toledo8217", b"\x0201.250\r", "1.250", "kg", True, "gross"),
    ("toledo8217", b"\x0201.245N\r", "1.245", "kg", True, "net"),
    ("toledo8217", b"\x0212.34\r", "12.34", "lb", True, "gross"),
    ("toledo8217", b"\x02012.34N\r", "12.34", "lb", True, "net"),
    ("toledo8217", even(b"\x0201.250\r"), "1.250", "kg", True, "gross"),
    ("toledo8217", bytes(byte | 0x80 for byte in b"\x0201.250\r"), "1.250", "kg", True, "gross"),
    ("toledo_continuous", b"\x02=0   1250     0\r\x0c", "1.250", "kg", True, "gross"),
    ("toledo_continuous", b"\x02=8   1255     0\r\x7f", "1.255", "kg", False, "gross"),
    ("toledo_continuous", b"\x02=3    500   500\rw", "-0.500", "kg", True, "net"),
    ("toledo_continuous", b"\x02,0   2000000000\rS", "20.00", "kg", True, "gross"),
    ("toledo_continuous", even(b"\x02=0   1250     0\r\x0c"), "1.250", "kg", True, "gross"),
    ("yaohua_stx", b"\x02+00200021B\x03", "20.00", "kg", None, "displayed"),
    ("yaohua_stx", b"\x02-00010021E\x03", "-1.00", "kg", None, "displayed"),
    ("yaohua_stx", yaohua(b"+0000150"), "15", "kg", None, "displayed"),
    ("yaohua_stx", yaohua(b"+0000154"), "0.0015", "kg", None, "displayed"),
    ("yaohua_eq_reversed", b"=000.3000", "3.000", "kg", None, "displayed"),
    ("yaohua_eq_reversed", b"=00.1000-", "-1.00", "kg", None, "displayed"),
    ("yaohua_eq_reversed", b"=052.1000", "1.250", "kg", None, "displayed"),
    ("yaohua_eq_reversed", b"=54.32100", "123.45", "kg", None, "displayed"),
    ("yaohua_eq_forward", b"=0003.000", "3.000", "kg", None, "displayed"),
    ("yaohua_eq_forward", b"=-0001.00", "-1.00", "kg", None, "displayed"),
    ("yaohua_eq_forward", b"=00123.45", "123.45", "kg", None, "displayed"),
    ("yaohua_eq_forward", b"=0001.250;0002.50", "1.250", "kg", None, "displayed"),
    ("yaohua_eq_forward", b"=0001.250lb;0002.50;0003.13", "1.250", "lb", None, "displayed"),
    ("yaohua_eq_forward", b"=-001.250kg 0002.50 0003.13", "-1.250", "kg", None, "displayed"),
    ("yaohua_a12e", b"WG004.139kg3D\r\n", "4.139", "kg", None, "gross"),
    ("yaohua_a12e", b"WN-01.250kg20\r\n", "-1.250", "kg", None, "net"),
    ("yaohua_a12e", a12e(b"WG000125 kg"), "125", "kg", None, "gross"),
    ("ww_wn", b"ww00015.000kg\r\n", "15.000", "kg", None, "gross"),
    ("ww_wn", b"wn00015.000kg\r\n", "15.000", "kg", None, "net"),
    ("ww_wn", b"ww-0015.000kg\r\n", "-15.000", "kg", None, "gross"),
    ("ww_wn", b"wn+1250g\r\n", "1250", "g", None, "net"),
    ("ww_wn", b"ww001.5lb\r\n", "1.5", "lb", None, "gross"),
    ("yaohua_cmd", b"\x02AB+01250031D\x03", "12.500", "kg", None, "gross"),
    ("yaohua_cmd", b"\x02AD-00005031E\x03", "-0.050", "kg", None, "net"),
    ("yaohua_cmd", yaohua(b"ZB+0000150"), "15", "kg", None, "gross"),
    ("yaohua_cmd", b"\x02AB+0125003" + b"1=" + b"\x03", "12.500", "kg", None, "gross"),
    ("and_std", b"ST,+001234.5  g\r\n", "1234.5", "g", True, "displayed"),
    ("and_std", b"ST,+001.2346 kg\r\n", "1.2346", "kg", True, "displayed"),
    ("and_std", b"US,-0012.346 lb\r\n", "-12.346", "lb", False, "displayed"),
    ("and_std", b"\x06ST,+001234.5  g\r\n", "1234.5", "g", True, "displayed"),
    ("st_gs", b"ST,G ,+00013.5kg\r\n", "13.5", "kg", True, "gross"),
    ("st_gs", b"ST,N ,+00013.5 g\r\n", "13.5", "g", True, "net"),
    ("st_gs", b"02US,NT,    -0.5,kg\n", "-0.5", "kg", False, "net"),
    ("st_gs", b"St,Gs,   1.000 KG  \r\n", "1.000", "kg", True, "gross"),
    ("st_gs", BARE_MINUS, "-0.500", "kg", True, "net"),
    ("st_gs", b"ST,GS1234.500KG\r\n", "1234.500", "kg", True, "gross"),
    ("st_gs", b"ST,GS,+0013.50 oz\r\n", "13.50", "oz", True, "gross"),
    ("st_gs", b"ST,GS,+00013.5 t,A\r\n", "13.5", "t", True, "gross"),
    ("cas22", b"ST,GS,1\xc4,00013.50 kg\r\n", "13.50", "kg", True, "gross"),
    ("cas22", b"US,NT,1\x82,-0000.25 kg\r\n", "-0.25", "kg", False, "net"),
    ("cas22", b"ST,GS,1\xd4,00013.50 kg\r\n", "13.50", "kg", False, "gross"),
    ("cas22", b"ST,GS,1\x84,00013.50 kg\r\n", "13.50", "kg", False, "gross"),
    ("cas_dc1", cas(b"S 01.250kg"), "1.250", "kg", True, "displayed"),
    ("cas_dc1", cas(b"U 01.255kg"), "1.255", "kg", False, "displayed"),
    ("cas_dc1", cas(b"S-00.120kg"), "-0.120", "kg", True, "displayed"),
    ("cas_dc1", cas(b"S  1.250KG"), "1.250", "kg", True, "displayed"),
    ("cas_dc1", cas(b"S 001250G "), "1250", "g", True, "displayed"),
    ("cas_dc1", cas(b"S 02.500SJ"), "2.500", "jin", True, "displayed"),
    ("cas_dc1", b"\x06" + cas(b"S 01.250kg"), "1.250", "kg", True, "displayed"),
    ("os2_active", cas(b"S 00.500kg", b"\x20"), "0.500", "kg", True, "net"),
    ("os2_active", cas(b"U-00.500kg", b"\x00"), "-0.500", "kg", False, "gross"),
    ("dibal_98", b"9900031600000004\r\n", "0.316", "kg", True, "displayed"),
    ("dibal_98", dibal(b"990008700000000"), "0.870", "kg", True, "displayed"),
    ("dibal_98", b"99000870000000015\r\n", "0.870", "kg", True, "displayed"),
    ("samsung_esp", b"00.000\r", "0.000", "kg", None, "displayed"),
    ("samsung_esp", b"01.250\r", "1.250", "kg", None, "displayed"),
    ("samsung_esp", b"-00.020\r", "-0.020", "kg", None, "displayed"),
]

FAULTS: list[tuple[str, bytes, str]] = [
    ("mtsics", b"S I\r\n", "no-weight"),
    ("mtsics", b"S +\r\n", "overload"),
    ("mtsics", b"SI -\r\n", "under-zero"),
    ("mtsics", b"ES\r\n", "no-weight"),
    ("mtsics", b"ET\r\n", "no-weight"),
    ("mtsics", b"EL\r\n", "no-weight"),
    ("mtsics", b"Z I\r\n", "no-weight"),
    ("mtsics", b"ZI +\r\n", "no-weight"),
    ("mtsics", b"T -\r\n", "no-weight"),
    ("mtsics", b"T S      0.500 kg\r\n", "no-weight"),
    ("mtsics", b"TA A      0.500 kg\r\n", "no-weight"),
    ("mtsics", b"S S         12 PCS\r\n", "not-a-mass"),
    ("mtsics", b"S S      12.50 %\r\n", "not-a-mass"),
    ("mtsics", b"S S     12.50 kg\r\n", "unreadable"),
    ("mtsics", b"S S    -  0.50 kg\r\n", "unreadable"),
    ("mtsics", b"SI ?    -0.500 kg\r\n", "unreadable"),
    ("toledo8217", b"\x02?A\r", "motion"),
    ("toledo8217", b"\x02?B\r", "overload"),
    ("toledo8217", b"\x02?D\r", "under-zero"),
    ("toledo8217", b"\x02?\x01\r", "motion"),
    ("toledo8217", b"\x02?\x02\r", "overload"),
    ("toledo8217", b"\x02?\x04\r", "under-zero"),
    ("toledo8217", b"\x02?`\r", "no-weight"),
    ("toledo8217", b"\x02?P\r", "no-weight"),
    ("toledo8217", even(b"\x02?a\r"), "motion"),
    ("toledo8217", b"\x0201.2505\r", "resolution"),
    ("toledo_continuous", b"\x02=4            0\rP", "out-of-range"),
    ("toledo_continuous", b"\x02=p      0     0\r\x04", "not-zeroed"),
    ("toledo_continuous", b"\x021     200      \r", "resolution"),
    ("toledo_continuous", b"\x02=0             \r", "unreadable"),
    ("yaohua_eq_reversed", b"=00.10001", "unreadable"),
    ("yaohua_eq_reversed", b"=0.0.1000", "unreadable"),
    ("yaohua_eq_forward", b"=00012.50pc;0002.50", "not-a-mass"),
    ("yaohua_eq_forward", b"=10001.00", "unreadable"),
    ("yaohua_eq_forward", b"=00.01.00", "unreadable"),
    ("yaohua_a12e", b"         LO23\r\n", "under-zero"),
    ("yaohua_a12e", b"         OL23\r\n", "overload"),
    ("yaohua_a12e", a12e(b"WG000012 pc"), "not-a-mass"),
    ("yaohua_a12e", a12e(b"WG0-1.250kg"), "unreadable"),
    ("yaohua_a12e", a12e(b"WG001e250kg"), "unreadable"),
    ("ww_wn", b"ww00015pc\r\n", "not-a-mass"),
    ("ww_wn", b"ww  -15.000kg\r\n", "unreadable"),
    ("ww_wn", b"ww--15.000kg\r\n", "unreadable"),
    ("ww_wn", b"ww1e3kg\r\n", "unreadable"),
    ("yaohua_cmd", b"\x02AC+00050031F\x03", "no-weight"),
    ("yaohua_cmd", yaohua(b"AE+0002502"), "no-weight"),
    ("yaohua_cmd", yaohua(b"AF+0002502"), "no-weight"),
    ("and_std", b"OL,+999999.9  g\r\n", "overload"),
    ("and_std", b"OL,-9999.999 lb\r\n", "under-zero"),
    ("and_std", b"QT,+00012345 PC\r\n", "not-a-mass"),
    ("and_std", b"ST,+0012.345  %\r\n", "not-a-mass"),
    ("and_std", b"EC,E1\r\n", "no-weight"),
    ("and_std", b"ST,-  -01.234  g\r\n", "unreadable"),
    ("and_std", b"US,+00012.3t kg\r\n", "unreadable"),
    ("st_gs", b"OL,GS,+        kg\r\n", "overload"),
    ("st_gs", b"OL,GS,-        kg\r\n", "under-zero"),
    ("st_gs", b"UL,GS,         kg\r\n", "under-zero"),
    ("st_gs", b"RZ,GS,+00013.5kg\r\n", "no-weight"),
    ("st_gs", b"TL,GS,+00013.5kg\r\n", "no-weight"),
    ("st_gs", b"VL,GS,+00013.5kg\r\n", "no-weight"),
    ("st_gs", b"ST,GS,+00013.5Catty\r\n", "not-a-mass"),
    ("st_gs", b"ST,GS,+00013.5hkg\r\n", "not-a-mass"),
    ("st_gs", b"ST,GS,+00013.5TJ\r\n", "not-a-mass"),
    ("st_gs", b"ST,GS,+00013.5\r\n", "not-a-mass"),
    ("st_gs", b"ST,GS,+        kg\r\n", "unreadable"),
    ("st_gs", b"ST,GS,+0001-3.5kg\r\n", "unreadable"),
    ("cas22", b"OL,GS,1\xc4,         kg\r\n", "overload"),
    ("cas22", b"ST,GS,1D,00013.50 kg\r\n", "unreadable"),
    ("cas_dc1", cas(b"SFFFFFFFkg"), "overload"),
    ("cas_dc1", cas(b"F 00.000kg"), "out-of-range"),
    ("cas_dc1", cas(b"S 02.500TL"), "not-a-mass"),
    ("cas_dc1", cas(b"S 1e.000kg"), "unreadable"),
    ("cas_dc1", b"\x15", "no-weight"),
    ("os2_active", cas(b"S 00.000kg", b"\x40"), "out-of-range"),
    ("os2_active", cas(b"SFFFFFFFkg", b"\x00"), "overload"),
    ("dibal_98", b"9900031600000005\r\n", "unreadable"),
    ("dibal_98", dibal(b"991003160000000"), "no-weight"),
    ("dibal_98", dibal(b"990-03160000000"), "unreadable"),
    ("samsung_esp", b"\r00.020\r", "unreadable"),
    ("samsung_esp", b"1.2.3\r", "unreadable"),
    ("samsung_esp", b"0000000001250\r", "unreadable"),
]

NOTHING: list[tuple[str, bytes]] = [
    ("mtsics", b"Z A\r\nZI S\r\nTAC A\r\n"),
    ("mtsics", b'I4 A "0123456789"\r\nI0 B 0 "@"\r\n'),
    ("mtsics", b"S       -     8.5 g  \r\n"),
    ("toledo8217", b"\x02E\rhello"),
    ("toledo8217", b"@"),
    ("yaohua_cmd", b"\x02AA00\x03\x02AB03\x03\x02AC02\x03\x02AD05\x03\x02BB00\x03"),
    ("yaohua_cmd", b"\x02A071\x03\x02AT15\x03\x02AR13\x03"),
    ("and_std", b"\x06\x06\x15"),
    ("st_gs", b"ST,TR,+00000.5kg\r\nST,T ,+00000.5kg\r\nST,PT,+00000.5kg\r\n"),
    ("st_gs", b"ST,TW,+00000.5kg\r\nST,TN,     3\r\nST,TR   0.500KG\r\n"),
    ("cas_dc1", b"\x05\x06\x11"),
    ("os2_active", b"<TK>\t<ZK>\t<AL>\t<PB>\t<DB>\t"),
    ("dibal_98", b"98000001\r\n"),
    ("samsung_esp", b"$"),
    ("samsung_esp", b"+00.020\r1e3\r\xef\xbc\x91\r" + BARE_MINUS),
]

FIRST = {row[0]: row[1] for row in reversed(WEIGHTS)}
"""A frame of each protocol."""
