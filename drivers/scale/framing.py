"""What the frames of several protocols have in common: lines of text, a start byte, a check byte, the parity bit."""

import re
from functools import reduce
from operator import xor

LONGEST_LINE = 64
"""Bytes of the longest line of any protocol, ending included; what is longer is noise."""

_ENDING = re.compile(rb"\r?\n|\r(?!\Z)")
_SEVEN_BITS = bytes(byte & 0x7F for byte in range(256))


def next_line(data: bytes) -> tuple[int, bytes]:
    """Bytes done with, and the first line of `data` with its ending (CR LF, LF or CR); b"" while none is whole.

    A CR that came last waits for what follows: its LF belongs to the same line. Of a longer line the end is given.
    """
    ending = _ENDING.search(data)
    if not ending:
        return max(0, len(data) - LONGEST_LINE), b""
    return ending.end(), data[max(0, ending.end() - LONGEST_LINE) : ending.end()]


def noise_before(data: bytes, start: bytes) -> int:
    """How many bytes stand before the first `start` byte; all of them if there is none."""
    found = data.find(start)
    return len(data) if found < 0 else found


def xor_of(data: bytes) -> int:
    """The check byte of most makes: all bytes of `data` under exclusive or."""
    return reduce(xor, data, 0)


def seven_bits(data: bytes) -> bytes:
    """`data` without its eighth bits: they are the parity, or a stop bit, of a 7-bit sender read as 8N1."""
    return data.translate(_SEVEN_BITS)


def one_parity(frame: bytes) -> bool:
    """Whether the eighth bits of `frame` are what one line setting makes: all clear, all set, all even or all odd."""
    return len({byte >> 7 for byte in frame}) == 1 or len({byte.bit_count() & 1 for byte in frame}) == 1
