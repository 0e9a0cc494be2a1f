"""Mettler-Toledo MT-SICS levels 0 and 1, also Kern KCP: command and answer in lines (MT-SICS 11780711; AT p.87).

Dialect `echo` answers `SI` under its own name and `ZI` with A, as some emulators do.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from drivers.simulated.framing import LINE
from drivers.simulated.indication import GRAMS_IN, Indication
from drivers.simulated.indicator import Indicator

STREAMS = False
DIALECTS = ("echo",)
COMMAND = LINE
BANNER = b'I4 A "0123456789"\r\n'
PATIENCE = 5.0
"""Seconds that `S`, `Z` and `T` wait for stability."""

_TARE = re.compile(rb"TA ([0-9.]+) ([a-z]+)")
_ABOUT = {
    b"I0": b'I0 B 0 "@"\r\nI0 B 0 "S"\r\nI0 B 0 "SI"\r\nI0 B 0 "SIR"\r\nI0 B 0 "Z"\r\nI0 B 1 "T"\r\nI0 A 1 "TAC"\r\n',
    b"I1": b'I1 A "01" "2.30" "2.22" "" ""\r\n',
    b"I2": b'I2 A "Simulated 150.000 kg"\r\n',
    b"I3": b'I3 A "1.00 0.0.0.0"\r\n',
    b"I4": BANNER,
}


def frame(shown: Indication, dialect: str = "") -> bytes:
    """The answer to `SI`."""
    return _weight("SI" if dialect == "echo" else "S", shown)


def obey(command: bytes, head: Indicator) -> bytes:
    """One line."""
    word = command.strip(b"\r\n")
    if not word:
        return b""
    head.cancel()
    if word in _ABOUT:
        return _ABOUT[word]
    match word:
        case b"@":
            return BANNER
        case b"S":
            return head.when_still(lambda: _weight("S", head.shown()), PATIENCE, lambda: b"S I\r\n")
        case b"SI":
            return head.frame()
        case b"SIR":
            head.stream = head.firmware.frame
        case b"SR":
            head.stream = _on_change()
        case b"Z" | b"T":
            name = word.decode("ascii")
            return head.when_still(lambda: _act(name, head), PATIENCE, lambda: f"{name} I\r\n".encode("ascii"))
        case b"ZI" | b"TI":
            return _act(word.decode("ascii"), head)
        case b"TAC":
            head.pan.clear_tare()
            return b"TAC A\r\n"
        case _:
            return _tare(word, head)
    return b""


def _weight(name: str, shown: Indication) -> bytes:
    if shown.over:
        return f"{name} {shown.sign}\r\n".encode("ascii")
    status = "S" if shown.stable else "D"
    return f"{name} {status} {_figure(shown.weight, shown.symbol)}\r\n".encode("ascii")


def _figure(value: Decimal, unit: str) -> str:
    return f"{value:>10f} {unit}"


def _on_change() -> Callable[[Indication], bytes]:
    """`SR`: a stable weight, and the next one when it has changed."""
    last: list[Decimal] = []

    def changed(shown: Indication) -> bytes:
        if not shown.stable or last == [shown.weight]:
            return b""
        last[:] = [shown.weight]
        return _weight("S", shown)

    return changed


def _act(name: str, head: Indicator) -> bytes:
    """Zero or tare, now."""
    before = head.shown()
    done = head.zero() if name.startswith("Z") else head.tare()
    if not done:
        return f"{name} {before.sign if before.stable else 'I'}\r\n".encode("ascii")
    shown = head.shown()
    if name.startswith("T"):
        return f"{name} S {_figure(shown.tare, shown.symbol)}\r\n".encode("ascii")
    settled = "A" if name == "Z" or head.dialect == "echo" else "S"
    return f"{name} {settled}\r\n".encode("ascii")


def _tare(word: bytes, head: Indicator) -> bytes:
    """`TA`: what the tare is, or a known one."""
    if found := _TARE.fullmatch(word):
        factor = GRAMS_IN.get(found[2].decode("ascii"))
        if factor is None or found[1].count(b".") > 1:
            return b"EL\r\n"
        if not head.pan.preset_tare(int(Decimal(found[1].decode("ascii")) * factor)):
            return b"TA I\r\n"
    elif word != b"TA":
        return b"ES\r\n"
    shown = head.shown()
    return f"TA A {_figure(shown.tare, shown.symbol)}\r\n".encode("ascii")
