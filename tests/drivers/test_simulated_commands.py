"""What simulated scales answer, as the manuals say; time is an argument, so nothing here waits."""

from collections.abc import Callable

import pytest

from drivers.simulated.indicator import Indicator, load, names
from drivers.simulated.pan import Pan

STILL_IN = 1.0
"""Seconds until a load that was put on stands still."""


class Bench:
    """A scale without a line: what is sent, and what comes back, at a time."""

    def __init__(self, protocol: str, dialect: str = "", streams: bool | None = None) -> None:
        self.pan = Pan(maximum=60_000)
        self.head = Indicator(load(protocol, dialect, streams), self.pan, 0.1, dialect)
        self.now = 100.0

    def put(self, grams: int, still: bool = True) -> None:
        self.pan.place(grams, STILL_IN, self.now)
        if still:
            self.now += STILL_IN

    def ask(self, data: bytes) -> bytes:
        """What is answered at once."""
        return b"".join(self.head.receive(data, self.now) + self.head.due(self.now))

    def later(self, seconds: float) -> bytes:
        """What is said by itself in so many seconds, looked at ten times a second."""
        said = b""
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            said += b"".join(self.head.due(self.now))
        return said


EXCHANGES = [
    ("mtsics", "SI⏎", "S S      1.250 kg⏎"),
    ("mtsics", "S⏎", "S S      1.250 kg⏎"),
    ("mtsics", "si⏎", "ES⏎"),
    ("mtsics", "XYZ⏎", "ES⏎"),
    ("mtsics", "⏎", ""),
    ("mtsics", "@⏎", 'I4 A "0123456789"⏎'),
    ("mtsics", "T⏎SI⏎TAC⏎SI⏎", "T S      1.250 kg⏎S S      0.000 kg⏎TAC A⏎S S      1.250 kg⏎"),
    ("mtsics", "TA 0.250 kg⏎SI⏎TA⏎", "TA A      0.250 kg⏎S S      1.000 kg⏎TA A      0.250 kg⏎"),
    ("mtsics", "TA 0.250 st⏎", "EL⏎"),
    ("mtsics", "TA 0.2.5 kg⏎", "EL⏎"),
    ("mtsics", "TA 100.000 kg⏎", "TA I⏎"),
    ("mtsics", "Z⏎SI⏎", "Z A⏎S S      0.000 kg⏎"),
    ("mtsics", "ZI⏎", "ZI S⏎"),
    ("toledo8217", "W", "\x0201.250\r"),
    ("toledo8217", "H", "\x0201.2500\r"),
    ("toledo8217", "EhelloWF", "\x02E\rhelloW"),
    ("toledo8217", "B", "\x02@\r"),
    ("toledo8217", "ZW", "\x02?P\r\x0200.000\r"),
    ("toledo8217", "T00250\rW", "\x02?`\r\x0201.000N\r"),
    ("toledo8217", "x", ""),
    ("yaohua_cmd", "\x02AA00\x03", "\x02AA00\x03"),
    ("yaohua_cmd", "\x02AB03\x03", "\x02AB+00125031D\x03"),
    ("yaohua_cmd", "\x02AC02\x03", "\x02AC+00000031A\x03"),
    ("yaohua_cmd", "\x02AB04\x03", ""),
    ("yaohua_cmd", "\x02BB00\x03", ""),
    ("yaohua_cmd", "\x02\x02AB03\x03", "\x02AB+00125031D\x03"),
    ("and_std", "Q⏎", "ST,+0001.250 kg⏎"),
    ("and_std", "SI⏎", "ST,+0001.250 kg⏎"),
    ("and_std", "?ID⏎", "LAB-0123⏎"),
    ("and_std", "HELLO⏎", "EC,E1⏎"),
    ("st_gs", "RW⏎", "ST,GS,+001.250kg⏎"),
    ("st_gs", "MT⏎RW⏎CT⏎RW⏎", "ST,NT,+000.000kg⏎ST,GS,+001.250kg⏎"),
    ("st_gs", "MZ⏎RW⏎", "ST,GS,+000.000kg⏎"),
    ("toledo_continuous", "T⏎", ""),
    ("cas_dc1", "\x05", "\x06"),
    ("cas_dc1", "\x05\x11", "\x06\x01\x02S 01.250kgg\x03\x04"),
    ("cas_dc1", "\x11", ""),
    ("cas_dc1", "\x05W\x11", "\x06"),
    ("os2_active", "<TK>\t", ""),
    ("os2_active", "<AL>\t\x05\x11", "\x06\x01\x02S 01.250kgg\x03\x04"),
    ("os2_active", "<TK>\t<AL>\t\x05\x11", "\x06\x01\x02S 00.000kga\x03\x04"),
    ("os2_active", "<<AL>\t\x05", "\x06"),
    ("os2_active", "<DB>\t\x05\x11", ""),
    ("dibal_98", "98000001⏎", "9900125000000006⏎"),
    ("dibal_98", "98010000⏎", "9900125000012500⏎"),
    ("dibal_98", "98000002⏎", ""),
    ("dibal_98", "hello⏎", ""),
    ("samsung_esp", "$", "01.250\r"),
    ("samsung_esp", "W", ""),
    ("nci", "W\r", "\n  1.250kg\r\n00\r\x03"),
    ("nci", "H\r", "\n 1.2500kg\r\n00\r\x03"),
    ("nci", "S\r", "\n00\r\x03"),
    ("nci", "Z\r", "\n20\r\x03"),
    ("nci", "T\rW\r", "\n2p4\r\x03\n  0.000kg\r\n2p4\r\x03"),
    ("nci", "hello\r", "\n?\r\x03"),
    ("sma", "\nW\r", "\n 1G       1.250kg_\r"),
    ("sma", "\nH\r", "\n 1g      1.2500kg_\r"),
    ("sma", "\nT\r\nM\r\nC\r", "\nZ1N       0.000kg_\r\n 1T       1.250kg_\r\n 1G       1.250kg_\r"),
    ("sma", "\nT0.250\r", "\n 1N       1.000kg_\r"),
    ("sma", "\nTmuch\r", "\nT1N  ----------kg_\r"),
    ("sma", "\nTNaN\r", "\nT1N  ----------kg_\r"),
    ("sma", "\nZ\r", "\nZ1G       0.000kg_\r"),
    ("sma", "\nA\r", "\nSMA:2/1.0\r"),
    ("sma", "\n!\r", "\n?\r"),
    ("ohaus", "IP\r", "      1.250 kg⏎"),
    ("ohaus", "P⏎", "      1.250 kg⏎"),
    ("ohaus", "SP⏎", "      1.250 kg⏎"),
    ("ohaus", "T⏎P⏎", "      0.000 kg⏎"),
    ("ohaus", "HELLO⏎", "ES⏎"),
    ("ohaus", "PSI⏎IP⏎", "ES⏎"),
    ("ohaus", "\x1bRIP⏎", "ES⏎"),
    ("kern_re_cr", "w", "       1.250 kg ⏎"),
    ("kern_re_cr", "s", "       1.250 kg ⏎"),
    ("kern_re_cr", "tw", "       0.000 kg ⏎"),
    ("kern_re_cr", "W", ""),
    ("sbi", "\x1bP", "G     +    1.250 kg ⏎"),
    ("sbi", "\x1bU\x1bP⏎", "N     +    0.000 kg ⏎"),
    ("sbi", "\x1bV\x1bP", "G     +    0.000 kg ⏎"),
    ("sbi", "\x1bx1_", "SIM150⏎"),
    ("sbi", "P", ""),
    ("adam_cpw", "G⏎", "G +  1.250 kg⏎"),
    ("adam_cpw", "N", "N +  1.250 kg⏎"),
    ("adam_cpw", "T⏎", "T +  0.000 kg⏎"),
    ("adam_cpw", "ZNT", "N +  0.000 kg⏎T +  0.000 kg⏎"),
    ("dialog06", "\x04\x0201\x1b000250\x1b\x03", "\x06"),
    ("dialog06", "\x04\x0201\x1b000250\x1b\x03\x04\x05", "\x06\x0202\x1b3\x1b01250\x1b000250\x1b000312\x03"),
    ("dialog06", "\x04\x0201\x1b25\x1b\x03", "\x15"),
    ("dialog06", "\x04\x0201\x1b25\x1b\x03\x04\x0208\x03", "\x15\x0209\x1b10\x03"),
    ("dialog06", "\x04\x05", "\x15"),
]


def written(text: str) -> bytes:
    return text.replace("⏎", "\r\n").encode("latin-1")


@pytest.mark.parametrize(("protocol", "asked", "answer"), EXCHANGES)
@pytest.mark.parametrize("split", [False, True], ids=["whole", "bytes"])
def test_with_125_kg_on_the_pan(protocol: str, asked: str, answer: str, split: bool) -> None:
    bench = Bench(protocol, streams=False)
    bench.put(1_250)
    sent = written(asked)
    parts = [sent[at : at + 1] for at in range(len(sent))] if split else [sent]
    assert b"".join(bench.ask(part) for part in parts) == written(answer)


@pytest.mark.parametrize("protocol", names())
def test_no_bytes_break_a_scale(protocol: str) -> None:
    bench = Bench(protocol)
    for seed in range(256):
        bench.ask(bytes((seed * step + step) % 256 for step in range(97)))
        bench.now += 0.1
    bench.ask(b"\r\n" + b"x" * 5_000)


@pytest.mark.parametrize(
    ("protocol", "asked", "then"),
    [
        ("mtsics", b"S\r\n", b"S S      1.250 kg\r\n"),
        ("mtsics", b"Z\r\n", b"Z A\r\n"),
        ("and_std", b"S\r\n", b"ST,+0001.250 kg\r\n"),
        ("ohaus", b"SP\r", b"      1.250 kg\r\n"),
        ("kern_re_cr", b"s", b"       1.250 kg \r\n"),
        ("dibal_98", b"98000001\r\n", b"9900125000000006\r\n"),
    ],
)
def test_some_commands_wait_until_the_pan_is_still(protocol: str, asked: bytes, then: bytes) -> None:
    bench = Bench(protocol)
    bench.put(1_250, still=False)
    assert bench.ask(asked) == b""
    assert bench.later(0.5) == b""
    assert bench.later(1.0) == then


@pytest.mark.parametrize(
    ("protocol", "asked", "then"),
    [
        ("mtsics", b"S\r\n", b"S I\r\n"),
        ("mtsics", b"Z\r\n", b"Z I\r\n"),
        ("mtsics", b"T\r\n", b"T I\r\n"),
        ("and_std", b"T\r\n", b"\x06EC,E2\r\n"),
        ("dibal_98", b"98000001\r\n", b""),
    ],
)
def test_and_give_up(protocol: str, asked: bytes, then: bytes) -> None:
    bench = Bench(protocol)
    bench.pan.shake(True)
    said = bench.ask(asked) + bench.later(8)
    assert said == then
    bench.pan.shake(False)
    assert bench.later(1) == b""


def test_sics_says_that_it_cannot() -> None:
    bench = Bench("mtsics")
    bench.put(70_000)
    assert bench.ask(b"S\r\nT\r\nZ\r\n") == b"S +\r\nT +\r\nZ +\r\n"
    bench.put(-3_000)
    assert bench.ask(b"T\r\nZ\r\nZI\r\n") == b"T -\r\nZ -\r\nZI -\r\n"
    bench.put(1_000, still=False)
    assert bench.ask(b"TI\r\n") == b"TI I\r\n"


@pytest.mark.parametrize(
    ("protocol", "start", "stop", "frame"),
    [
        ("mtsics", b"SIR\r\n", b"SI\r\n", b"S S      1.250 kg\r\n"),
        ("and_std", b"SIR\r\n", b"C\r\n", b"ST,+0001.250 kg\r\n"),
        ("sma", b"\nR\r", b"\x1b", b"\n 1G       1.250kg_\r"),
        ("ohaus", b"CP\r", b"0P\r", b"      1.250 kg\r\n"),
        ("os2_active", b"<PB>\t", b"<AL>\t", b"\x01\x02S 01.250kgg\x03\x04\x00"),
    ],
)
def test_a_stream_begins_and_ends(protocol: str, start: bytes, stop: bytes, frame: bytes) -> None:
    bench = Bench(protocol, streams=False)
    bench.put(1_250)
    assert bench.later(1) == b""
    bench.ask(start)
    assert bench.later(1).count(frame) == 10
    bench.ask(stop)
    assert bench.later(1) == b""


def test_and_acknowledges_a_key_when_it_comes_and_when_it_is_done() -> None:
    bench = Bench("and_std")
    bench.put(1_250, still=False)
    assert bench.ask(b"Z\r\n") == b"\x06"
    assert bench.later(2) == b"\x06"
    assert bench.ask(b"Q\r\n") == b"ST,+0000.000 kg\r\n"
    assert Bench("and_std", "quiet").ask(b"Z\r\n") == b""


def test_cas_type_w_streams_until_cr() -> None:
    bench = Bench("cas_dc1", "w")
    bench.ask(b"W")
    assert bench.later(0.5).startswith(b"\x01\x02S 00.000kg")
    bench.ask(b"\r")
    assert bench.later(0.5) == b""


def test_sr_speaks_when_the_stable_weight_changes() -> None:
    bench = Bench("mtsics")
    assert bench.ask(b"SR\r\n") == b"S S      0.000 kg\r\n"
    assert bench.later(1) == b""
    bench.put(1_250, still=False)
    assert bench.later(2) == b"S S      1.250 kg\r\n"


def test_8217_tares_in_its_own_time_and_not_twice() -> None:
    bench = Bench("toledo8217")
    bench.put(1_250)
    assert bench.ask(b"T") == b""
    assert bench.later(0.2) == b"\x02?p\r"
    assert bench.ask(b"W") == b"\x0200.000N\r"
    bench.put(2_000)
    bench.ask(b"T")
    assert bench.later(0.2) == b"\x02?`\r"
    assert bench.ask(b"ZW") == b"\x02?`\r\x0200.750N\r", "nor is a tared scale zeroed"
    bench.ask(b"C")
    bench.later(0.2)
    assert bench.ask(b"W") == b"\x0202.000\r"


def test_8217_in_its_third_dialect_says_what_it_does_not_know() -> None:
    assert Bench("toledo8217", "third").ask(b"x") == b"\x02?P\r"


def test_dialog06_gives_a_load_once_and_says_why_not() -> None:
    bench = Bench("dialog06")
    price, ask, why = b"\x04\x0201\x1b000000\x1b\x03", b"\x04\x05", b"\x04\x0208\x03"

    def refused() -> bytes:
        assert bench.ask(price + ask) == b"\x06\x15"
        return bench.ask(why)

    assert refused() == b"\x0209\x1b30\x03"
    bench.put(1_250, still=False)
    assert refused() == b"\x0209\x1b20\x03"
    bench.later(2)
    assert bench.ask(price + ask).startswith(b"\x06\x0202\x1b3\x1b01250")
    assert refused() == b"\x0209\x1b21\x03"
    bench.put(70_000)
    assert refused() == b"\x0209\x1b32\x03"
    bench.put(-500)
    assert refused() == b"\x0209\x1b31\x03"


@pytest.mark.parametrize(
    ("protocol", "poison", "ask", "cure"),
    [
        ("nci", b"X\r", b"W\r", None),
        ("and_std", b"P\r\n", b"Q\r\n", b"P\r\n"),
        ("and_std", b"OFF\r\n", b"Q\r\n", b"ON\r\n"),
    ],
)
def test_some_letters_switch_a_scale_off(protocol: str, poison: bytes, ask: bytes, cure: bytes | None) -> None:
    bench = Bench(protocol)
    bench.ask(poison)
    assert bench.head.standby
    assert bench.ask(ask) == b""
    if cure:
        bench.ask(cure)
    else:
        bench.head.power_up(bench.now)
    assert bench.ask(ask)


def test_a_stream_stops_with_the_display() -> None:
    bench = Bench("and_std", streams=True)
    assert bench.later(0.5)
    bench.ask(b"P\r\n")
    assert bench.later(0.5) == b""


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (lambda pan: pan.place(60_045, 0, 0), "60.045"),
        (lambda pan: pan.place(60_046, 0, 0), "over"),
        (lambda pan: pan.place(-60_001, 0, 0), "over"),
        (lambda pan: pan.place(2_402, 0, 0), "2.400"),
        (lambda pan: pan.place(2_403, 0, 0), "2.405"),
        (lambda pan: (pan.place(2_400, 0, 0), pan.zero(0)), "0.000"),
        (lambda pan: (pan.place(2_401, 0, 0), pan.zero(0)), "2.400"),
        (lambda pan: (pan.place(-100, 0, 0), pan.tare(0)), "-0.100"),
        (lambda pan: (pan.place(1_000, 0, 0), pan.tare(0), pan.place(200, 0, 0)), "-0.800"),
        (lambda pan: (pan.place(9_000, 0, 0), pan.restart(0)), "not zeroed"),
        (lambda pan: (pan.place(9_000, 0, 0), pan.restart(0), pan.zero(0)), "0.000"),
        (lambda pan: (pan.place(13_000, 0, 0), pan.restart(0), pan.zero(0)), "not zeroed"),
    ],
)
def test_the_pan(change: Callable[[Pan], object], shown: str) -> None:
    pan = Pan(maximum=60_000)
    change(pan)
    seen = pan.indication(1.0)
    assert shown == ("over" if seen.over else f"{seen.weight}" if seen.zeroed else "not zeroed")


def test_a_load_is_put_on_in_motion_and_a_hand_keeps_it_there() -> None:
    pan = Pan()
    pan.place(1_000, 2.0, 10.0)
    assert [str(pan.indication(at).weight) for at in (10.0, 11.0, 12.0)] == ["0.000", "0.500", "1.000"]
    assert [pan.indication(at).stable for at in (10.0, 11.0, 12.0)] == [False, False, True]
    pan.shake(True)
    assert {str(pan.indication(20.0).weight) for _ in range(4)} == {"0.985", "1.015"}
    assert not pan.indication(20.0).stable


def test_no_scale_shows_a_unit_of_its_own() -> None:
    with pytest.raises(ValueError, match="stone"):
        Pan("stone")
