"""Ohaus Scout lines, on command (RS232 manual p.EN-3); dialect `defender` with polarity and legend (manual p.EN-35).

Only the absence of `?` says that a weight is stable. PSI turns the scale over to MT-SICS, and ESC R to its factory
settings: after either it no longer answers these commands.
"""

import re

from drivers.simulated.indication import Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("defender",)
COMMAND = re.compile(rb"\x1bR|[^\r\n\x1b]*[\r\n]+|\x1b[^R]")
PATIENCE = 5.0

SYNTAX = b"ES\r\n"


def frame(shown: Indication, dialect: str = "") -> bytes:
    """One line; mute out of range."""
    if shown.over:
        return b""
    moving = " " if shown.stable else "?"
    if dialect == "defender":
        legend = "NET" if shown.net else "G"
        return f"{shown.minus} {shown.text:>7} {shown.symbol} {moving} {legend}\r\n".encode("ascii")
    return f"{shown.minus.strip() + shown.text:>11} {shown.symbol} {moving}".rstrip().encode("ascii") + b"\r\n"


def obey(command: bytes, head: Indicator) -> bytes:
    """One line."""
    word = command.strip(b"\r\n")
    if not word:
        return b""
    if head.mode:
        return SYNTAX
    match word:
        case b"P" | b"IP":
            return head.frame()
        case b"SP":
            return head.when_still(head.frame, PATIENCE, lambda: b"")
        case b"CP":
            head.stream = head.firmware.frame
        case b"0P":
            head.stream = None
        case b"T":
            head.tare()
        case b"Z":
            head.zero()
        case b"V":
            return b"SIM 1.00\r\n"
        case b"PSI" | b"\x1bR":
            head.cancel()
            head.mode = "other"
        case _:
            return SYNTAX
    return b""
