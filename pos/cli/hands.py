"""What a person can do to a simulated device, typed one act a line: `place 12500 ramp 2`, `unplug`, `scan 6901`.

A line is read whole before anything of it is done; what no act fits is refused with the acts that there are.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import NoReturn

from drivers.port import LineSettings
from drivers.simulated.cable import PtyCable, TcpCable
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.scale import SimulatedScale, flip, truncate
from drivers.simulated.scanner import SimulatedScanner

SECONDS = r"([0-9]{1,5}(?:\.[0-9]{1,3})?)"
USUAL_RAMP = 0.5
"""Seconds in which a load is put on where none are said."""


class NoSuchAct(ValueError):
    """The line is no act of this device."""


class Quit(Exception):
    """The person has had enough."""


@dataclass(frozen=True, slots=True)
class Act:
    """A line's pattern, and what it does with what the pattern found; a text that comes back is to be shown."""

    pattern: str
    do: Callable[[re.Match[str]], object]


def read(acts: Sequence[Act], line: str) -> Callable[[], object]:
    """What a line wants done. Raises `NoSuchAct`; an empty line, and one that begins with `#`, want nothing."""
    words = " ".join(line.split())
    if not words or words.startswith("#"):
        return lambda: None
    for act in acts:
        if found := re.fullmatch(act.pattern, words, re.ASCII):
            return lambda: act.do(found)
    raise NoSuchAct(line.strip())


def of_scale(pan: SimulatedScale, cable: PtyCable | TcpCable) -> list[Act]:
    """What can be done to a scale."""

    def place(found: re.Match[str]) -> None:
        pan.place(int(found[1]), float(found[2] or USUAL_RAMP))

    def rate(found: re.Match[str]) -> None:
        pan.settings = LineSettings(int(found[1]))

    return [
        Act(rf"place (-?[0-9]{{1,8}})(?: ramp {SECONDS})?", place),
        Act(rf"remove(?: ramp {SECONDS})?", lambda found: pan.remove(float(found[1] or USUAL_RAMP))),
        Act("shake (on|off)", lambda found: pan.shake(found[1] == "on")),
        Act("tare", lambda _: pan.press_tare()),
        Act("zero", lambda _: pan.press_zero()),
        Act("off", lambda _: pan.power_off()),
        Act("on", lambda _: pan.power_on()),
        Act("garbage ([0-9]{1,6})", lambda found: pan.noise(int(found[1]))),
        Act("flip ([0-9]{1,4})", lambda found: pan.spoil(flip(int(found[1])))),
        Act("truncate ([0-9]{1,3})", lambda found: pan.spoil(truncate(int(found[1])))),
        Act(rf"silence {SECONDS}", lambda found: pan.silence(float(found[1]))),
        Act("baud ([1-9][0-9]{2,5})", rate),
        Act("sent", lambda _: pan.received.hex(" ") or "-"),
        *_common(cable),
    ]


def of_scanner(gun: SimulatedScanner, cable: PtyCable | TcpCable) -> list[Act]:
    """What can be done to a scanner; a burst is several codes without a pause."""
    return [
        Act(r"scan (\S.*)", lambda found: gun.scan(found[1])),
        Act(r"burst (\S.*)", lambda found: gun.scan(*found[1].split())),
        Act(r"repeat ([0-9]{1,3}) (\S.*)", lambda found: gun.scan(*[found[2]] * int(found[1]))),
        Act(r"cut (\S.*)", lambda found: gun.cut_short(found[1])),
        Act("hex ((?:[0-9a-fA-F]{2} ?)+)", lambda found: gun.send(bytes.fromhex(found[1]))),
        *_common(cable),
    ]


def of_printer(printer: SimulatedPrinter, cable: PtyCable | TcpCable) -> list[Act]:
    """What can be done to a printer."""
    return [
        Act("tear", lambda _: printer.take_paper() or "-"),
        Act("paper-out(?: ([0-9]{1,4}))?", lambda found: printer.paper_out(int(found[1] or 0))),
        Act("paper-low", lambda _: printer.paper_low()),
        Act("refill", lambda _: printer.refill()),
        Act("cover (open|closed)", lambda found: _cover(printer, found[1] == "open")),
        Act("deaf (on|off)", lambda found: printer.stop_reading(found[1] == "on")),
        *_common(cable),
    ]


def _cover(printer: SimulatedPrinter, is_open: bool) -> None:
    if is_open:
        printer.open_cover()
    else:
        printer.close_cover()


def _common(cable: PtyCable | TcpCable) -> list[Act]:
    """What can be done to any device on a cable, and to the program."""

    def wait(found: re.Match[str]) -> None:
        if found[1]:
            time.sleep(float(found[1]))
        else:
            Event().wait()

    return [
        Act("unplug", lambda _: cable.unplug()),
        Act(r"plug(?: (\S+))?", lambda found: cable.plug(found[1])),
        Act(rf"wait(?: {SECONDS})?", wait),
        Act("show", lambda _: None),
        Act("quit", _quit),
    ]


def _quit(_: re.Match[str]) -> NoReturn:
    raise Quit
