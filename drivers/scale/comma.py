"""The comma family: one tolerant grammar for the lines `ST,GS,+00013.5kg` of many makes.

    [address] status , [mode] [,] [id lamps ,] [sign] spaces digits[.digits] [,] spaces unit [extra] [CR] LF

`status`: ST stable, US moving, OL over (with a minus: under) range, UL under range, QT a count; anything else no
weight. `mode`: GS or G gross, NT or N net; lines that show a tare or a total (TR, T, PT, TN, TW) are passed over.
`lamps` (CAS CI-600D p.75) has bit 7 set: bit 6 stable, 4 hold, 0 zero; a held figure is not a live one.
Manuals: A&D AD-4403 8-9 and EK-L p.28; CAS CI-600D p.75; Dini Argeo DGT4X p.52; Tiger TI-02 p.21; Salter S122 p.54;
Excell AM p.12; Gram ZFOC p.42; Kern KFN-TM p.49.
"""

import re
from dataclasses import replace

from drivers.scale.framing import next_line
from drivers.scale.reading import Mode, Options, Reading, fault, signed_decimal, unit_named, weight

BARE_FIELD = 8
"""Characters from the sign to the last digit in lines that have no comma behind the mode."""

_STATUS = re.compile(rb"(?:ST|US|OL|UL|QT|TL|VL|RZ|EC),", re.IGNORECASE)
_OTHER = re.compile(rb"[^A-Z]*((?!GS|NT|T[RNW]|PT)[A-Z]{2},(?:(?:GS|NT|[GN] ?),|[+-]).*)", re.IGNORECASE | re.DOTALL)
"""Any other status, in front of a mode or a sign."""
_TARE = re.compile(rb"(?:TR|TN|TW|PT|T ?)(?=[, +\-0-9])", re.IGNORECASE)
_WEIGHT = re.compile(
    rb"(?:(?P<mode>GS|NT|[GN] ?)(?:(?P<comma>,)(?:[^,](?P<lamps>[\x80-\xff]),)?|(?=[ +\-0-9])))?"
    rb"(?P<field> *[+-]? *[0-9]+\.?[0-9]*) *,? *"
    rb"(?P<unit>[^\x00-\x20,.+\-0-9][^\x00-\x20,+\-0-9]*)?(?:[ ,](?P<extra>[^0-9]*))?",
    re.IGNORECASE,
)


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    used, line = next_line(data)
    statuses = list(_STATUS.finditer(line))
    if statuses:
        return used, _reading(line[statuses[-1].start() :])
    other = _OTHER.fullmatch(line)
    return used, fault("no-weight", other[1]) if other else None


def _reading(raw: bytes) -> Reading | None:
    status, content = raw[:2].upper(), raw[3:].rstrip(b"\r\n")
    if _TARE.match(content):
        return None
    if status == b"OL":
        minuses = content.count(b"-")  # more than one: dashes instead of digits
        return fault("out-of-range" if minuses > 1 else "under-zero" if minuses else "overload", raw)
    if status == b"UL":
        return fault("under-zero", raw)
    if status not in (b"ST", b"US"):
        return fault("not-a-mass" if status == b"QT" else "no-weight", raw)
    match = _WEIGHT.fullmatch(content)
    value = signed_decimal(match["field"]) if match else None
    if not match or value is None or _is_split_comma(match) or _is_split_figure(match):
        return fault("unreadable", raw)
    unit = unit_named(match["unit"] or b"")
    if unit is None:
        return fault("not-a-mass", raw)
    reading = weight(value, unit, raw, stable=status == b"ST", mode=_mode(match["mode"]))
    return _lit(reading, match["lamps"][0]) if match["lamps"] else reading


def _is_split_comma(match: re.Match[bytes]) -> bool:
    """Whether the sign was the comma behind the mode before a bit turned (2C, 2D): the field is one byte too long."""
    bare = match["mode"] is not None and match["comma"] is None
    return bare and match["field"][:1] in (b"+", b"-") and len(match["field"]) > BARE_FIELD


def _is_split_figure(match: re.Match[bytes]) -> bool:
    """Whether the unit was the last digit before a bit turned (34, 74): the unit itself still stands behind it."""
    return unit_named(match["extra"] or b"") is not None


def _lit(reading: Reading, lamps: int) -> Reading:
    return replace(reading, stable=reading.stable and lamps & 0x50 == 0x40, zero=bool(lamps & 0x01))


def _mode(text: bytes | None) -> Mode:
    return "displayed" if text is None else "net" if text[:1] in b"Nn" else "gross"
