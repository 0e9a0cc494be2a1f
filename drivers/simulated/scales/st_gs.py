"""The comma family: status, mode, figure, unit in one line (A&D AD-4403 p.8-9) and what other makes do to it.

Dialects: `dini` (DGT4X p.52), `tiger` (TI-02 p.21), `salter` (S122 p.54), `gram` (Gram K2, Kern GAB), `tscale` (QHW),
`generic` (Chinese indicators, with a tare line before each weight). Commands RW, MZ, MT and CT are those of A&D's
platform models and their copies.
"""

from drivers.simulated.framing import LINE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = True
COMMAND = LINE

_LINES = {
    "": "{status},{mode},{sign}{text:0>7}{unit:>2}",
    "dini": "01{status},{mode},{signed:>10},{unit:>2}",
    "tiger": "{status},{mode},{signed:>8},{unit:>2}",
    "salter": "{status},{mode},{sign}{text:>7}{unit:>2}",
    "gram": "{status},{mode}{signed:>8}{unit:>2}",
    "tscale": "{status},{mode},{signed:>8} {unit}",
    "generic": "{status},{mode},{sign}{text:>8}{unit:>4}",
}
DIALECTS = tuple(_LINES)[1:]


def frame(shown: Indication, dialect: str = "") -> bytes:
    """One line; blanks instead of digits out of range."""
    status = "OL" if shown.over else "ST" if shown.stable else "US"
    if shown.below and dialect == "dini":
        status = "UL"
    unit = shown.symbol.upper() if dialect == "gram" else shown.symbol
    mode = "NT" if shown.net else "GS"
    text = "" if shown.over else shown.text
    blank = " " if shown.over else "0"
    form = _LINES[dialect].replace(":0>", f":{blank}>")
    signed = shown.minus.strip() + text
    line = form.format(status=status, mode=mode, sign=shown.sign, text=text, signed=signed, unit=unit) + "\r\n"
    if dialect == "generic" and shown.net:
        line = f"{status},TR,+{shown.tare:>8f}{unit:>4}\r\n" + line
    return line.encode("ascii")


def obey(command: bytes, head: Indicator) -> bytes:
    """Read, zero, tare, clear tare; acts are not answered."""
    match command.strip():
        case b"RW":
            return head.frame()
        case b"MZ":
            head.zero()
        case b"MT":
            head.tare()
        case b"CT":
            head.pan.clear_tare()
    return b""
