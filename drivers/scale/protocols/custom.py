"""Any line that its user can describe: tokens, length and slices (`drivers.scale.line`); a broadcast scale.

For the many copies whose manuals nobody has. A frame that does not hold what was described in each of its slices is no
weight; without a slice for the status there is no stability, and the weighing judges it from time.
"""

from decimal import Decimal

from drivers.port import LineSettings
from drivers.scale.line import LONGEST, LineProfile, Slice, Status
from drivers.scale.reading import Options, Reading, fault, plain_decimal, signed_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = None
DESCRIBED = True

PLUS = (b"", b"+", b"0")
"""What the slice of the sign may hold besides `minus`, blanks aside."""


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one frame off the front of `data`: bytes done with, and the reading in them."""
    line = options.line
    assert line, "a described protocol has its description"
    start, end = _bytes(line.start), _bytes(line.end)
    if noise := _noise_before(data, start):
        return noise, None
    if line.length and start:
        frame = data[: line.length]
        if len(frame) < line.length:
            return 0, None
        reading = _reading(line, frame, options.unit) if frame.endswith(end) else None
        following = frame.find(start, 1)
        if reading is None or (reading.fault == "unreadable" and following > 0):
            return max(1, following), None
        return line.length, reading
    behind = data.find(end, len(start), LONGEST + len(end)) + len(end)
    if behind < len(end):
        return max(0, len(data) - LONGEST), None
    # before a whole frame may stand the beginning of one that was cut off
    frame = data[data.rfind(start, 0, behind - len(end)) if start else 0 : behind]
    if len(frame) != (line.length or len(frame)):
        return behind, None
    return behind, _reading(line, frame, options.unit)


def _bytes(token: str) -> bytes:
    return token.encode("latin-1")


def _noise_before(data: bytes, start: bytes) -> int:
    """Bytes that stand before the first start token, and cannot be the beginning of one."""
    found = data.find(start)
    return found if found >= 0 else max(0, len(data) - len(start) + 1)


def _reading(line: LineProfile, frame: bytes, confirmed: str | None) -> Reading:
    if len(frame) - len(line.end) < max(behind for _, behind in line.slices()):
        return fault("unreadable", frame)
    said = _said(line, frame)
    if said in ("overload", "under-zero", "no-weight"):
        return fault(said, frame)
    value = _value(line, frame)
    if value is None:
        return fault("unreadable", frame)
    if line.decimals is not None and value.as_tuple().exponent != -line.decimals:
        return fault("resolution", frame)
    written = _held(frame, line.unit)
    unit = unit_named(written) if written else confirmed
    if written and unit is None:
        return fault("not-a-mass", frame)
    return weight(value, unit, frame, stable=None if said is None else said == "stable")


def _held(frame: bytes, place: Slice | None) -> bytes:
    """What stands in a slice, without blanks."""
    return frame[slice(*place)].strip(b" ") if place else b""


def _said(line: LineProfile, frame: bytes) -> Status | None:
    """What the status says; None for a line without one."""
    if line.status is None:
        return None
    held = _held(frame, line.status)
    for meaning, token in line.meanings().items():
        if held == _bytes(token).strip(b" "):
            return meaning
    return "no-weight"


def _value(line: LineProfile, frame: bytes) -> Decimal | None:
    """The signed weight, its point placed; None if a slice does not hold what it should."""
    text = frame[slice(*line.weight)]
    text = text[::-1] if line.backwards else text
    value = plain_decimal(text.strip(b" ")) if line.sign else signed_decimal(text)
    if value is None:
        return None
    if line.decimals is not None and b"." not in text:
        value = value.scaleb(-line.decimals)
    sign = _held(frame, line.sign)
    if line.sign and sign == _bytes(line.minus).strip(b" "):
        return -value
    return value if sign in PLUS else None
