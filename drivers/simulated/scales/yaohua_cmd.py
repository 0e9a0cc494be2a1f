"""Yaohua XK3190 in command mode (`tF` = 1) at address A: STX, address, letter, XOR, ETX (A23p p.24)."""

import re
from decimal import Decimal

from drivers.simulated.framing import in_hex, xor_of
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
COMMAND = re.compile(rb"[^\x02]*\x02([A-Z0a-z]{2})([0-9A-F]{2})\x03|[^\x02]+|\x02(?=.{5})", re.DOTALL)
ADDRESS = b"A"


def frame(shown: Indication) -> bytes:
    """The answer to B, the gross weight; mute on overload."""
    return b"" if shown.over else _reply(b"B", shown.weight + shown.tare, shown)


def obey(command: bytes, head: Indicator) -> bytes:
    """Handshake A, gross B, tare C, net D; wrong address, letter or checksum stay without an answer."""
    if not (found := COMMAND.match(command)) or not found[1]:
        return b""
    if found[1][:1] != ADDRESS or in_hex(xor_of(found[1])) != found[2]:
        return b""
    shown, letter = head.shown(), found[1][1:]
    match letter:
        case b"A":
            return b"\x02" + found[1] + found[2] + b"\x03"
        case b"B":
            return head.frame()
        case b"C":
            return _reply(letter, shown.tare, shown)
        case b"D" if not shown.over:
            return _reply(letter, shown.weight, shown)
    return b""


def _reply(letter: bytes, value: Decimal, shown: Indication) -> bytes:
    body = ADDRESS + letter + f"{'-' if value < 0 else '+'}{shown.digits(value)}{shown.decimals}".encode("ascii")
    return b"\x02" + body + in_hex(xor_of(body)) + b"\x03"
