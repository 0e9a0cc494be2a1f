"""Toledo continuous output with checksum (MT Wildcat technical manual p.37-41, tables 6-8 to 6-11).

Dialects: `plain` without checksum; `liden`, the Chinese clones' status bytes (Liden LUW2001 p.16). Some makes also obey
T, Z and C in this mode (Kern FTC p.42).
"""

from drivers.simulated.framing import LINE
from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = True
DIALECTS = ("plain", "liden")
COMMAND = LINE
STEPS = {1: 1, 2: 2, 5: 3}
"""Code of the display's increment; 10 and more are told by the digits alone."""


def frame(shown: Indication, dialect: str = "") -> bytes:
    """Three status bytes, weight and tare in six digits each, CR, and the two's complement of all in seven bits."""
    clone = dialect == "liden"
    swa = (0x40 if clone else 0x20) | STEPS.get(shown.step, 1) << 3 | (shown.decimals + 2)
    swb = 0x20 | shown.net | shown.negative << 1 | shown.over << 2 | (not shown.stable) << 3
    swb |= (clone or shown.unit != "lb") << 4 | (not shown.zeroed) << 6
    swc = 0x20 | (shown.unit == "lb" if clone else shown.unit == "g")
    weight = "      " if shown.over else shown.digits(shown.weight, " ")
    sent = bytes([0x02, swa, swb, swc]) + f"{weight}{shown.digits(shown.tare, ' ')}\r".encode("ascii")
    return sent if dialect == "plain" else sent + bytes([-sum(sent) & 0x7F])


def obey(command: bytes, head: Indicator) -> bytes:
    """T, Z and C act and are not answered."""
    match command.strip():
        case b"T":
            head.tare()
        case b"Z":
            head.zero()
        case b"C":
            head.pan.clear_tare()
    return b""
