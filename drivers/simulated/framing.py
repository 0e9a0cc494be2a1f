"""What several makes do alike on the wire: check bytes, and where a command ends."""

import re
from functools import reduce
from operator import xor

ENQ, ACK, NAK, DC1 = b"\x05", b"\x06", b"\x15", b"\x11"

LINE = re.compile(rb"[^\r\n]*[\r\n]+")
"""A command that CR, LF or both end."""
BYTE = re.compile(rb".", re.DOTALL)
"""Commands of one byte."""


def xor_of(data: bytes) -> int:
    """All bytes, exclusive or."""
    return reduce(xor, data, 0)


def in_hex(check: int) -> bytes:
    """A check byte as two capital hexadecimal digits, high nibble first."""
    return f"{check:02X}".encode("ascii")
