"""Yaohua XK3190 in command mode (`tF` = 1): STX, address, letter, XOR, ETX (A23p p.24).

Dialects: its address, A where none is said; `AR` to `ZR`, the A22 with letters of its own (A22 appendix I).
"""

import re
from decimal import Decimal
from string import ascii_uppercase

from drivers.simulated.framing import in_hex, xor_of
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
COMMAND = re.compile(rb"[^\x02]*\x02([A-Z0a-z]{2})([0-9:-?A-F]{2})\x03|[^\x02]+|\x02(?=.{5})", re.DOTALL)
DIALECTS = (*ascii_uppercase, *(f"{letter}R" for letter in ascii_uppercase))


def frame(shown: Indication, dialect: str = "A") -> bytes:
    """The answer to B, the gross weight, or to an A22's R; mute on overload."""
    return b"" if shown.over else _reply(b"R" if dialect[1:] else b"B", shown.weight + shown.tare, shown, dialect)


def obey(command: bytes, head: Indicator) -> bytes:
    """Handshake A, gross B, tare C, net D; wrong address, letter or checksum stay without an answer."""
    dialect = head.dialect or "A"
    if not (found := COMMAND.match(command)) or not found[1]:
        return b""
    if found[1][:1] != dialect[:1].encode("ascii") or _check(found[1], dialect) != found[2]:
        return b""
    return _obey_a22(found[1][1:], head) if dialect[1:] else _obey(found[1][1:], head, found[0], dialect)


def _obey(letter: bytes, head: Indicator, command: bytes, dialect: str) -> bytes:
    shown = head.shown()
    match letter:
        case b"A":
            return command[-6:]
        case b"B":
            return head.frame()
        case b"C":
            return _reply(letter, shown.tare, shown, dialect)
        case b"D" if not shown.over:
            return _reply(letter, shown.weight, shown, dialect)
    return b""


def _obey_a22(letter: bytes, head: Indicator) -> bytes:
    match letter:
        case b"R" | b"r":
            return head.frame()
        case b"0":
            head.zero()
        case b"T":
            head.tare()
    return b""


def _reply(letter: bytes, value: Decimal, shown: Indication, dialect: str) -> bytes:
    figure = f"{'-' if value < 0 else '+'}{shown.digits(value)}{shown.decimals}"
    body = dialect[:1].encode("ascii") + letter + figure.encode("ascii")
    return b"\x02" + body + _check(body, dialect) + b"\x03"


def _check(body: bytes, dialect: str) -> bytes:
    check = xor_of(body)
    return bytes([0x30 + (check >> 4), 0x30 + (check & 0x0F)]) if dialect[1:] else in_hex(check)
