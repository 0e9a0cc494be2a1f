"""The comma family `ST,GS,+00013.5kg`: A&D AD-44xx, CAS "AND 18", Dini Argeo, Tiger, T-Scale, Kern, Chinese copies.

    [address] status , [mode] [,lamps] , [sign] spaces digits[.digits] [,] spaces unit CR LF

`status` ST stable, US moving, anything else no weight. `mode` GS or G gross, NT or N net; lines that show a tare are
passed over. Manuals: A&D AD-4403 8-9; CAS CI-600D p.75; Dini Argeo DGT4X p.52; Tiger TI-02 p.21; Salter S122 p.54;
Excell AM p.12; Kern KFN-TM p.49. The lamp byte of CAS has bit 7 set.
"""

import re

from drivers.port import LineSettings
from drivers.scale.reading import Mode, Options, Reading, fault, plain_decimal, unit_named, weight

SETTINGS = LineSettings()
POLL = None
LONGEST = 64

_ENDING = re.compile(rb"\r?\n|\r")
_STATUS = re.compile(rb"(ST|US|OL|UL|QT|TL|VL|RZ|EC),", re.IGNORECASE)
_TARE = re.compile(rb"(?:TR|TN|TW|PT|T ?)(?=[, ])", re.IGNORECASE)
_WEIGHT = re.compile(
    rb"(?:(?P<mode>GS|NT|[GN] ?)(?:,|(?=[ +-]))(?:[^,][\x80-\xff],)?)?"
    rb"(?P<sign> *[+-]?) *(?P<digits>[0-9]+\.?[0-9]*) *,? *(?P<unit>[A-Za-z][A-Za-z.]*) *",
    re.IGNORECASE,
)


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one line off the front of `data`: bytes done with, and the reading in them."""
    ending = _ENDING.search(data)
    if not ending:
        return max(0, len(data) - LONGEST), None
    if ending[0] == b"\r" and ending.end() == len(data):
        return 0, None
    line = data[: ending.end()]
    statuses = list(_STATUS.finditer(line))
    return len(line), _reading(line[statuses[-1].start() :]) if statuses else None


def _reading(raw: bytes) -> Reading | None:
    status, content = raw[:2].upper(), raw[3:].rstrip(b"\r\n")
    if _TARE.match(content):
        return None
    if status == b"OL":
        return fault("under-zero" if b"-" in content else "overload", raw)
    if status == b"UL":
        return fault("under-zero", raw)
    if status not in (b"ST", b"US"):
        return fault("no-weight", raw)
    match = _WEIGHT.fullmatch(content)
    value = plain_decimal(match["digits"]) if match else None
    if not match or value is None:
        return fault("unreadable", raw)
    unit = unit_named(match["unit"].decode("ascii"))
    if unit is None:
        return fault("not-a-mass", raw)
    signed = -value if b"-" in match["sign"] else value
    return weight(signed, unit, raw, stable=status == b"ST", mode=_mode(match["mode"]))


def _mode(text: bytes | None) -> Mode:
    return "displayed" if text is None else "net" if text[:1] in b"Nn" else "gross"
