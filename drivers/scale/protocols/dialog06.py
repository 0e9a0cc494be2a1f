"""Dialog 06 and 02 of counter scales (Mettler, Bizerba, Dibal, Epelsa, Ohaus Aviator): records between STX and ETX.

    EOT STX 01 ESC price6 ESC ETX                             host: a unit price; the scale says ACK or NAK
    EOT ENQ                                                   host: the weighing
    STX 02 ESC unit ESC w5 ESC price6 ESC amount6 ETX         scale: unit 3 is kilograms, the weight is in grams
    EOT STX 08 ETX                                            host, after NAK: why not
    STX 09 ESC status2 ETX                                    scale: its status

The price asked for is zero; what the scale works out is not used. The scale gives the weight of a still load once, then
status 21 (no motion since) until it moves, and 30 (below its minimum) for an empty pan. Bit 7 is masked: it is the
parity of a sender read as 8N1. A scale that wants a login after power-up and every fifty weighings cannot be used; its
answer is no weight.
Manuals: MT Diva p.54-55; Ohaus Aviator 7000 p.40; Dibal DPOS400 p.52.
"""

import re
from decimal import Decimal

from drivers.port import LineSettings, Poll
from drivers.scale.framing import noise_before, seven_bits
from drivers.scale.reading import Fault, Options, Reading, fault, weight

SETTINGS = LineSettings(bytesize=7, parity="O")
POLL = Poll(b"\x04\x0201\x1b000000\x1b\x03", 0.5, ((b"\x06", b"\x04\x05"), (b"\x15", b"\x04\x0208\x03")))
ONE_SHOT = True
LONGEST = 64

_RECORD = re.compile(rb"\x02([0-9]{2})((?:\x1b[ -~]*)*)\x03")
_WEIGHING = re.compile(rb"\x1b(.)\x1b([0-9]{5})\x1b[0-9]{6}\x1b[0-9]{6}")
_FAULTS: dict[bytes, Fault] = {
    b"20": "motion", b"21": "return-to-zero", b"22": "motion",
    b"30": "below-minimum", b"31": "under-zero", b"32": "overload",
}  # fmt: skip


def scan(data: bytes, options: Options) -> tuple[int, Reading | None]:
    """Split one record off the front of `data`: bytes done with, and the reading in them."""
    plain = seven_bits(data)
    if noise := noise_before(plain, b"\x02"):
        return noise, None
    end = plain.find(b"\x03", 0, LONGEST) + 1
    following = plain.find(b"\x02", 1, end or LONGEST)
    if following > 0:
        return following, None
    if not end:
        return (1, None) if len(plain) >= LONGEST else (0, None)
    match = _RECORD.fullmatch(plain, 0, end)
    return (end, _reading(match[1], match[2], data[:end])) if match else (1, None)


def _reading(record: bytes, fields: bytes, raw: bytes) -> Reading:
    if record != b"02":
        return fault(_FAULTS.get(fields[1:], "no-weight") if record == b"09" else "no-weight", raw)
    match = _WEIGHING.fullmatch(fields)
    if not match:
        return fault("unreadable", raw)
    if match[1] != b"3":
        return fault("not-a-mass", raw)
    return weight(Decimal(match[2].decode()).scaleb(-3), "kg", raw, stable=True)
