"""Yaohua 耀华 XK3190 in command mode, output format `tF` = 1: the host asks an address, the indicator answers.

    STX address command x x ETX                       a request, and the answer to the handshake A
    STX address command sign d6 decimals x x ETX      an answer

Addresses A to Z are 1 to 26; commands: A handshake, B gross, C tare, D net, E unit price, F amount. The XOR of
everything between STX and itself is sent as two hexadecimal capitals. Gross is asked for: it alone tells whether the
pan is empty, so a tare taken on the indicator is not taken off here. Neither unit nor stability is sent.

The A22 has letters of its own: R reads, 0 sets zero, T tares; it adds 30h to every nibble of the check, so that A to F
are `:` to `?`. Its address is written with R behind it. Manuals: XK3190-A23p p.23-26; A22 appendix I.
"""

import re
from decimal import Decimal

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import noise_before, xor_of
from drivers.scale.reading import Mode, Options, Reading, fault, weight

SETTINGS = LineSettings()
# without a stability mark, stillness is judged from the figures: a few a second could all catch the same swing
POLL = Poll(b"\x02AB03\x03", 0.1)
SHORT, LONG = 6, 14

_ADDRESS = re.compile("([A-Z])(R?)")
_REQUEST = re.compile(rb"\x02[A-Z][A-Za-z0].{2}\x03", re.DOTALL)
_ANSWER = re.compile(rb"\x02[A-Z]([A-FRr])([+-])([0-9]{6})([0-4])(.{2})\x03", re.DOTALL)
_MODES: dict[bytes, Mode] = {b"B": "gross", b"D": "net", b"R": "displayed", b"r": "displayed"}


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if noise := noise_before(data, b"\x02"):
        return noise, None
    if _REQUEST.match(data):
        return SHORT, None
    if len(data) < LONG:
        return 0, None
    frame = data[:LONG]
    match = _ANSWER.fullmatch(frame)
    if not match or match[5] not in _checks(xor_of(frame[1:11])):
        return 1, None
    if options.address and frame[1:2] != options.address[:1].encode("ascii"):
        return LONG, None
    value = Decimal(f"{match[2].decode()}{match[3].decode()}").scaleb(-int(match[4]))
    if match[1] in _MODES:
        return LONG, weight(value, options.unit or "kg", frame, mode=_MODES[match[1]])
    return LONG, fault("no-weight", frame, tare=value if match[1] == b"C" else None)


def at(address: str) -> tuple[Poll, Commands]:
    """What the indicator at `address` (A to Z, an A22's with R behind it) is asked and told. Raises `ValueError`."""
    if not (found := _ADDRESS.fullmatch(address)):
        raise ValueError(f"no address of an indicator: {address}")
    letter, is_a22 = found[1].encode("ascii"), bool(found[2])

    def request(command: bytes) -> bytes:
        return b"\x02" + letter + command + _checks(xor_of(letter + command))[is_a22] + b"\x03"

    poll = Poll(request(b"R" if is_a22 else b"B"), POLL.interval)
    return poll, Commands(zero=request(b"0"), tare=request(b"T")) if is_a22 else Commands()


def _checks(check: int) -> tuple[bytes, bytes]:
    """Both ways of writing the check byte."""
    return f"{check:02X}".encode("ascii"), bytes([0x30 + (check >> 4), 0x30 + (check & 0x0F)])
