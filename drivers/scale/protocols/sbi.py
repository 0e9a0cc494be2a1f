"""Sartorius and Minebea SBI: the host sends ESC `P`, the scale answers a line of 16 or, with an identifier, 22 bytes.

    [id6] sign space w8 space unit3 CR LF

The unit is blank while the weight is not stable. `id6`: N net, G or G# gross, T a tare and no weight, Stat a status.
Status: H or High above, L or Low below range, C adjusting, ERR nnn. Brackets round a digit mark it as not verified:
such a figure is refused. Bit 7 is masked: it is the parity of a sender read as 8N1.
Manuals: Sartorius Combics p.105; Entris II p.3; Cubis p.71.
"""

import re

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import next_line, seven_bits
from drivers.scale.reading import Fault, Mode, Options, Reading, fault, signed_decimal, unit_named, weight

SETTINGS = LineSettings(bytesize=7, parity="O")
POLL = Poll(b"\x1bP", 0.25)
COMMANDS = Commands(zero=b"\x1bV", tare=b"\x1bU")

BODY, WITH_ID = 14, 20
"""Bytes in front of the ending."""

_FIGURE = re.compile(rb"([ +-] [ 0-9.\[\]]{8,10}) ([ -~]{3})")
_WORDS = re.compile(rb" *([A-Za-z][A-Za-z. ]*?) *[0-9]* *")
_SAID: dict[bytes, Fault] = {
    b"h": "overload", b"high": "overload", b"l": "under-zero", b"low": "under-zero",
    b"err": "device-error", b"error": "device-error",
}  # fmt: skip
_MODES: dict[bytes, Mode] = {b"": "displayed", b"G": "gross", b"G#": "gross", b"N": "net"}


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(seven_bits(data))
    plain = line.rstrip(b"\r\n")
    length = len(plain.translate(None, b"[]"))
    if {len(plain), length}.isdisjoint((BODY, WITH_ID)):
        return used, None
    start = WITH_ID - BODY if length >= WITH_ID - 2 else 0
    return used, _reading(plain[:start].strip(b" "), plain[start:], data[used - len(line) : used], options.unit)


def _reading(identifier: bytes, body: bytes, raw: bytes, confirmed: str | None) -> Reading | None:
    figure, words = _FIGURE.fullmatch(body), _WORDS.fullmatch(body)
    if identifier == b"Stat" or (words and not identifier):
        return fault(_SAID.get(words[1].lower() if words else b"", "no-weight"), raw)
    if not figure:
        return None
    if b"[" in body or b"]" in body:
        return fault("resolution", raw)
    value, unit = signed_decimal(figure[1]), unit_named(figure[2])
    if value is None:
        return fault("unreadable", raw)
    if figure[2].strip(b" ") and unit is None:
        return fault("not-a-mass", raw)
    if identifier not in _MODES:
        return fault("no-weight", raw, tare=value if identifier.startswith(b"T") else None)
    stable = unit is not None
    return weight(value, unit or confirmed, raw, stable=stable, mode=_MODES[identifier])
