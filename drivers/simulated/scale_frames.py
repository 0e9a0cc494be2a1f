"""What scales put on the wire, one function per protocol, written from the manuals.

Each takes what the scale indicates and returns the frame it sends, or b"" where that make says nothing in that case.
"""

from dataclasses import dataclass
from decimal import Decimal

GRAMS_IN = {"kg": Decimal(1000), "g": Decimal(1), "lb": Decimal("453.59237"), "jin": Decimal(500)}


@dataclass(frozen=True, slots=True)
class Indication:
    """What the scale shows: weight and tare in `unit` with its decimals; `over`: above or below its range."""

    weight: Decimal
    tare: Decimal
    unit: str
    stable: bool
    over: bool
    zeroed: bool

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return -int(self.weight.as_tuple().exponent)

    @property
    def sign(self) -> str:
        """`+` or `-`."""
        return "-" if self.weight < 0 else "+"

    def digits(self, value: Decimal, fill: str) -> str:
        """Six digits of the magnitude without the point, filled on the left."""
        return f"{int(abs(value).scaleb(self.decimals)):{fill}>6}"


def yaohua_stx(shown: Indication) -> bytes:
    """XK3190-A9, `tF` = 0: STX, sign, six digits, number of decimals, XOR in two hex capitals, ETX. Overload: mute."""
    if shown.over:
        return b""
    body = f"{shown.sign}{shown.digits(shown.weight, '0')}{shown.decimals}".encode("ascii")
    check = 0
    for byte in body:
        check ^= byte
    return b"\x02" + body + f"{check:02X}".encode("ascii") + b"\x03"


def st_gs(shown: Indication) -> bytes:
    """AD-4403 line: header, mode, sign with seven characters, unit; blanks instead of digits on overload."""
    mode = "NT" if shown.tare else "GS"
    if shown.over:
        return f"OL,{mode},{shown.sign}       {shown.unit}\r\n".encode("ascii")
    header = "ST" if shown.stable else "US"
    figure = f"{abs(shown.weight):f}".rjust(7, "0")
    return f"{header},{mode},{shown.sign}{figure}{shown.unit:>2}\r\n".encode("ascii")


def toledo8217(shown: Indication) -> bytes:
    """The answer to `W` of a Diva: a weight when still and not negative, else its status byte with bit 6 set."""
    negative = shown.weight < 0
    if shown.stable and not negative and not shown.over:
        width = 6 if shown.decimals == 3 else 5
        net = "N" if shown.tare else ""
        return f"\x02{f'{shown.weight:f}'.rjust(width, '0')}{net}\r".encode("ascii")
    status = 0x40 | (not shown.stable) | (shown.over and not negative) << 1 | negative << 2 | bool(shown.tare) << 5
    return b"\x02?" + bytes([status]) + b"\r"


def os2_active(shown: Indication) -> bytes:
    """OS2CX active frame: SOH STX, status, sign, six characters, unit, XOR, ETX EOT, flags."""
    bad = shown.over or not shown.zeroed
    status = b"F" if bad else b"S" if shown.stable else b"U"
    figure = f"{Decimal(0) if bad else abs(shown.weight):.{shown.decimals}f}".rjust(6, "0")
    sign = "-" if shown.weight < 0 and not bad else " "
    body = status + f"{sign}{figure}{shown.unit:<2}".encode("ascii")
    check = 0
    for byte in body:
        check ^= byte
    flags = (shown.weight == 0) << 4 | bool(shown.tare) << 5 | bad << 6
    return b"\x01\x02" + body + bytes([check, 0x03, 0x04, flags])


def toledo_continuous(shown: Indication) -> bytes:
    """Wildcat continuous frame with checksum: three status bytes, weight and tare in six digits each, CR."""
    swa = 0x20 | 0x08 | (shown.decimals + 2)
    swb = 0x20 | bool(shown.tare) | (shown.weight < 0) << 1 | shown.over << 2
    swb |= (not shown.stable) << 3 | (shown.unit != "lb") << 4 | (not shown.zeroed) << 6
    weight = "      " if shown.over else shown.digits(shown.weight, " ")
    frame = bytes([0x02, swa, swb, 0x20]) + f"{weight}{shown.digits(shown.tare, ' ')}\r".encode("ascii")
    return frame + bytes([-sum(frame) & 0x7F])
