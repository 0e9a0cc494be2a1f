"""Pinnacle 顶尖 OS2CX: CAS's frame with a byte of flags, by itself; or passive, on ENQ and DC1 (manual p.15-16, 20).

Dialect `literal` includes SOH and STX in the check, as the manual can be read. Commands in angle brackets, each with a
tabulator behind it: TK tare, ZK zero, AL passive, PB active, DB a configuration mode in which no weight comes.
"""

import re

from drivers.simulated.framing import xor_of
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator
from drivers.simulated.scales import cas_dc1

STREAMS = True
DIALECTS = ("literal",)
COMMAND = re.compile(rb"<[A-Z]{2}>\t|[^<]|<(?=.{4})", re.DOTALL)


def frame(shown: Indication, dialect: str = "") -> bytes:
    """Status F and zeros when out of range or never zeroed. Flags: bit 4 zero, 5 tare, 6 out of range."""
    bad = shown.over or not shown.zeroed
    status = b"F" if bad else b"S" if shown.stable else b"U"
    figure = f"{0:06.{shown.decimals}f}" if bad else shown.text.rjust(6, "0")
    inner = cas_dc1.body(status, " " if bad else shown.minus, figure, shown.symbol)
    check = xor_of(b"\x01\x02" + inner if dialect == "literal" else inner)
    flags = shown.at_zero << 4 | shown.net << 5 | bad << 6
    return b"\x01\x02" + inner + bytes([check, 0x03, 0x04, flags])


def obey(command: bytes, head: Indicator) -> bytes:
    """Tare, zero, the three modes; the handshake while passive."""
    match command:
        case b"<TK>\t":
            head.tare()
        case b"<ZK>\t":
            head.zero()
        case b"<AL>\t":
            head.stream = None
        case b"<PB>\t":
            head.stream = head.firmware.frame
        case b"<DB>\t":
            head.stream = None
            head.mode = "DigitOpBox"
        case _ if head.stream is None and head.mode != "DigitOpBox":
            return cas_dc1.obey(command, head)[:15]
    return b""
