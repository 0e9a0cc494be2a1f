"""SMA SCP-0499 levels 1 and 2: the host sends LF `W` CR, the scale answers twenty bytes.

    LF s r n m f w10 u3 CR        LF ? CR for an unknown command

`s`: space, Z centre of zero, O over, U under capacity, E or I zero error, T tare error. `r`: range. `n`: G gross, N
net, T tare; in lower case the tenfold resolution, which is for service. `m`: M in motion. `u3`: unit, filled with `_`.
In an error the weight is ten dashes, or a figure that does not count. Document: SMA SCP-0499.
"""

import re

from drivers.port import Commands, LineSettings, Poll
from drivers.scale.framing import noise_before
from drivers.scale.reading import Fault, Mode, Options, Reading, fault, signed_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = Poll(b"\nW\r", 0.25)
COMMANDS = Commands(zero=b"\nZ\r", tare=b"\nT\r", clear=b"\nC\r")
LENGTH, REFUSAL = 20, 3

_FRAME = re.compile(rb"\n([ ZOUEIT])[1-9]([GNTgnt])([ M])[ -~]([ -~]{10})([ -~]{3})\r")
_FAULTS: dict[bytes, Fault] = {
    b"O": "overload", b"U": "under-zero", b"E": "not-zeroed", b"I": "not-zeroed", b"T": "no-weight",
}  # fmt: skip
_MODES: dict[bytes, Mode] = {b"G": "gross", b"N": "net"}


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    if noise := noise_before(data, b"\n"):
        return noise, None
    if data[1:REFUSAL] in (b"?\r", b"!\r"):
        return REFUSAL, fault("no-weight", data[:REFUSAL])
    frame = data[:LENGTH]
    following = frame.find(b"\n", 1)
    if following > 0:
        return following, None
    if len(frame) < LENGTH:
        return 0, None
    match = _FRAME.fullmatch(frame)
    return (LENGTH, _reading(match, frame)) if match else (1, None)


def _reading(match: re.Match[bytes], raw: bytes) -> Reading:
    status, kind, motion, figure, unit = match.groups()
    if status in _FAULTS:
        return fault(_FAULTS[status], raw)
    if kind.islower():
        return fault("resolution", raw)
    if not figure.strip(b" -"):
        return fault("no-weight", raw)
    value = signed_decimal(figure)
    if value is None:
        return fault("unreadable", raw)
    named = unit_named(unit.rstrip(b"_"))
    if named is None:
        return fault("not-a-mass", raw)
    if kind == b"T":
        return fault("no-weight", raw, tare=value)
    return weight(value, named, raw, stable=motion == b" ", mode=_MODES[kind], zero=status == b"Z")
