"""What may be sent to a silent scale to find out what it is: questions that every other make ignores or refuses.

Nothing here switches a scale off, sets its zero or tare, or changes its settings. The order matters: a question that
another family would take for the start of its own comes after that family's. That a question could be written proves
nothing; only a valid answer does.
"""

from dataclasses import dataclass, replace

from drivers.port import LineSettings

LINE = b"\r\n"
"""Ends what a line-oriented scale took for the beginning of a command."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One question. `identifies`: the protocols whose answer it may bring, which must then answer their own poll.

    after: always sent when the answer's time is over, whatever came, even if the search is broken off.
    reply: the exact answer, where it carries no weight.
    answers: the rest of a handshake, as in `drivers.port.Poll`.
    prints: a receipt printer could take it for a command.
    """

    request: bytes
    identifies: tuple[str, ...]
    after: bytes = b""
    reply: bytes = b""
    answers: tuple[tuple[bytes, bytes], ...] = ()
    prints: bool = False


PROBES = (
    # ENQ, then DC1 after ACK: CAS, Gram, Pinnacle OS2 passive
    Probe(b"\x05", ("cas_dc1",), after=LINE, answers=((b"\x06", b"\x11"),)),
    # Toledo 8217 answers the letter, NCI the line; CAS "W" types send until they get CR
    Probe(b"W", ("toledo8217", "nci"), after=b"\r"),
    # 8217 echoes every byte after E until it gets F
    Probe(b"Ehello", ("toledo8217",), after=b"F" + LINE, reply=b"\x02E\rhello"),
    Probe(b"SI" + LINE, ("mtsics", "and_std")),
    Probe(b"Q" + LINE, ("and_std",)),
    Probe(b"\nW\r", ("sma",)),
    # Yaohua command mode, handshake with address 1
    Probe(b"\x02AA00\x03", ("yaohua_cmd",), after=LINE, reply=b"\x02AA00\x03"),
    # Dibal: price 00000 and its check digits
    Probe(b"98000001" + LINE, ("dibal_98",)),
    Probe(b"s", ("kern_re_cr",)),
    Probe(b"\x1bP", ("sbi",), prints=True),
)
"""All of them, in the order in which they are sent."""

EVEN_7, ODD_7 = LineSettings(bytesize=7, parity="E"), LineSettings(bytesize=7, parity="O")

ROUNDS = (
    LineSettings(),
    EVEN_7,
    LineSettings(baudrate=2400, bytesize=7, parity="E"),
    LineSettings(baudrate=4800),
    LineSettings(baudrate=2400),
    ODD_7,
    LineSettings(baudrate=19200),
    LineSettings(baudrate=1200, bytesize=7, parity="O"),
    LineSettings(dtr=False, rts=False),
)
"""Line settings to ask at, the usual ones first; the last for adapters whose control lines disturb the scale."""


def rounds_at(baudrate: int) -> tuple[LineSettings, ...]:
    """The settings to ask at where the scale's menu shows its baud rate."""
    return tuple(
        replace(each, baudrate=baudrate) for each in (LineSettings(), EVEN_7, ODD_7, LineSettings(dtr=False, rts=False))
    )
