"""A device in words: one line for the list, and what it said lately, with what to do about a fault."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from drivers.events import DeviceDown, DeviceUp, Scanned, Weighed
from drivers.printer.layout import wrap
from drivers.reader import Heard
from drivers.scale.weighing import Moving, OutOfRange, Settled, Status, Weighing
from drivers.scanner.codes import Code
from pos.core.local_time import local_time
from pos.core.scales import Standing
from pos.i18n import Words
from pos.printing.state import PaperState, explain
from pos.station import Station
from pos.tui.concerns import concerns
from pos.tui.device_log import KEYBOARD, PRINTER, SHOWN, DeviceLog, Entry, What, newest
from pos.tui.weight_words import code_of, decimals, kilograms, why_not
from pos.tui.widgets.cells import left

UP, WAIT, DOWN, NONE = "●", "!", "×", "○"
"""The sign in front of a state; its words say the same."""

_STYLES = {UP: "$settled", WAIT: "$waiting", DOWN: "$refusing", NONE: "$muted"}
_HEAD, _STATE, _AGE = 13, 16, 9
"""Cells of name, state and age."""
_RAW = 24
"""Most bytes of a raw line."""
_SETTLED = {Status.ZERO: "scale.zero", Status.UNDERWEIGHT: "scale.light", Status.STABLE: "scale.settled"}


@dataclass(frozen=True, slots=True)
class Subject:
    """A device of the screen: kind (`scale`, `printer`, `scanner`, `camera`), and its own name or one of the log's."""

    kind: str
    name: str

    def called(self, words: Words) -> str:
        """What a person calls it."""
        return f"{words(f'status.{self.kind}')} {'' if self.name.startswith('#') else self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Told:
    """How a device is: sign and words; how long ago it said so, and what else there is to say where there is room."""

    sign: str
    text: str
    ago: str = ""
    more: str = ""


def subjects(station: Station) -> list[Subject]:
    """Everything that may be plugged in, in the order of the screen."""
    known = [Subject(each.kind, each.name) for each in station.devices.statuses()]
    scanners = [each for each in known if each.kind == "scanner"] or [Subject("scanner", KEYBOARD)]
    cameras = [each for each in known if each.kind == "camera"] or [Subject("camera", "#camera")]
    return [*(each for each in known if each.kind == "scale"), Subject("printer", PRINTER), *scanners, *cameras]


def clock_time(station: Station, wall: int) -> str:
    """`06:41:58` at the store's offset."""
    return local_time(wall, station.store.identity.utc_offset_minutes)[11:19]


class Teller:
    """Says how the devices of a station are; `weighings` and `paper` are what they said last."""

    def __init__(self, station: Station, words: Words, log: DeviceLog) -> None:
        self.station, self.words, self.log = station, words, log
        self.weighings: dict[str, Weighing] = {}
        self.paper: PaperState | None = None
        self.standings: dict[str, Standing] = {}

    def told(self, subject: Subject) -> Told:
        """How this device is now."""
        if subject.kind == "printer":
            return self._printer()
        if subject.name.startswith("#"):
            return self._unnamed(subject)
        status = next(each for each in self.station.devices.statuses() if each.name == subject.name)
        if status.cause:
            return Told(DOWN, f"{self._silence(subject)}{self.words(f'fault.{status.cause}')}")
        if not status.up:
            return Told(NONE, self.words("devices.starting"))
        if subject.kind == "scale" and subject.name in self.weighings:
            return self._scale(subject)
        if subject.kind in ("scanner", "camera"):
            return self._scanner(subject.name)
        return Told(UP, self.words("devices.up"))

    def warnings(self, subject: Subject) -> list[str]:
        """What the keeper should know about it beside how it is now."""
        standing, camera = self.standings.get(subject.name), self.station.devices.camera
        if standing is not None:
            return concerns(self.words, standing)
        lacks = subject.kind == "camera" and camera is not None and camera.lacks_zbar
        return [self.words("camera.zbar-missing")] if lacks else []

    def line(self, subject: Subject, width: int, margin: int = 0) -> Content:
        """One line of `width` cells, which cuts the raw bytes; what to do is said whole, and goes on below itself.

        `margin`: cells in front of the line.
        """
        told = self.told(subject)
        head = padded(subject.called(self.words), _HEAD - 1) + " "
        text = told.text
        if told.more and told.sign != DOWN:
            text = f"{padded(text, _STATE)} {padded(told.ago, _AGE)} {told.more}"
            text = left(text, max(cell_len(told.text), min(cell_len(text), width - cell_len(head) - 2)))
        else:
            text = f"\n{' ' * (margin + cell_len(head) + 2)}".join(wrap(text, width - cell_len(head) - 2))
        return Content.assemble(head, (f"{told.sign} ", _STYLES[told.sign]), text)

    def entry(self, entry: Entry) -> str:
        """One line of a device's log."""
        sign, text = self.said(entry.what)
        return f"{clock_time(self.station, entry.wall)}  {sign} {text}"

    def said(self, what: What) -> tuple[str, str]:
        """A sign, and what a device said, in words."""
        match what:
            case DeviceUp():
                return UP, self.words("devices.up")
            case DeviceDown(code=code):
                return DOWN, self.words(f"fault.{code}")
            case Scanned(text=text):
                return UP, self.words("devices.scanned", text=text[:SHOWN])
            case Weighed(weighing=weighing):
                return self._weighing(weighing)
            case PaperState():
                return self._paper(what)

    def raw(self, subject: Subject) -> Heard | None:
        """The bytes that came last, as they came."""
        return self.station.devices.heard(subject.name)

    def _scale(self, subject: Subject) -> Told:
        sign, text = self._weighing(self.weighings[subject.name])
        heard, standing = self.raw(subject), self.standings.get(subject.name)
        until = standing.scale.verified_until if standing else None
        more = (self.words("devices.verified", date=until) if until else "", printable(heard.raw) if heard else "")
        return Told(sign, text, self._ago(heard) if heard else "", "  ".join(filter(None, more)))

    def _weighing(self, weighing: Weighing) -> tuple[str, str]:
        match weighing:
            case Settled(status=status):
                figure = self.words("unit.kg", figure=kilograms(weighing.grams, decimals(weighing)))
                light = status is Status.UNDERWEIGHT
                return WAIT if light else UP, f"{figure} {self.words(_SETTLED[status])}"
            case Moving() | OutOfRange(code="below-minimum"):
                return NONE, why_not(self.words, code_of(weighing))
            case _:
                return DOWN, why_not(self.words, code_of(weighing))

    def _scanner(self, name: str) -> Told:
        found = newest(self.log.of(name), Scanned)
        if found is None or not isinstance(found.what, Scanned):
            return Told(UP, self.words("devices.up"))
        text = found.what.text[:SHOWN]
        return Told(UP, self.words("devices.last-at", time=clock_time(self.station, found.wall), text=text))

    def _unnamed(self, subject: Subject) -> Told:
        if subject.kind == "camera":
            return Told(NONE, self.words("camera.none"))
        told = self._scanner(KEYBOARD)
        return told if self.log.of(KEYBOARD) else Told(NONE, self.words("devices.typing-scanner"))

    def _printer(self) -> Told:
        if self.station.config.printer is None:
            return Told(NONE, self.words("done.no-printer"))
        return Told(*self._paper(self.paper or PaperState()))

    def _paper(self, state: PaperState) -> tuple[str, str]:
        parts = [explain(state.cause, self.words)] if state.cause else []
        if state.paper_low:
            parts.append(self.words("home.paper-low"))
        if state.waiting:
            parts.append(self.words("home.waiting", papers=state.waiting))
        if state.doubtful:
            parts.append(self.words("devices.doubtful", papers=state.doubtful))
        return DOWN if state.cause else WAIT if parts else UP, " ".join(parts) or self.words("devices.up")

    def _silence(self, subject: Subject) -> str:
        heard = self.raw(subject)
        return self.words("devices.silent-for", seconds=int(heard.age)) + " " if heard else ""

    def _ago(self, heard: Heard) -> str:
        tenths = int(heard.age * 10)
        return self.words("devices.ago", seconds=f"{tenths // 10}.{tenths % 10}")


def padded(text: str, cells: int) -> str:
    """`text` filled to `cells`; a longer one is kept whole."""
    return text + " " * (cells - cell_len(text))


def printable(raw: bytes) -> str:
    """Bytes as a line of ASCII, at most `_RAW` of them; what cannot be shown as itself is a point."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in raw[:_RAW])


def understood(words: Words, code: Code) -> str:
    """What a scan was taken for, and the number in it."""
    measure = "" if code.measure is None else f" {code.measure}"
    return f"{words(f'code.{code.kind}')} {code.text[:SHOWN]}{measure}"


def settings(station: Station, subject: Subject) -> Iterator[str]:
    """How this device is set in `station.toml`: what differs from the usual."""
    from msgspec import structs

    config = station.config
    named = {each.name: each for each in config.scales} | {each.name: each for each in config.scanners}
    section = {"printer": config.printer, "camera": config.camera}.get(subject.kind, named.get(subject.name))
    if section is None:
        return
    for field in structs.fields(section):
        value = getattr(section, field.name)
        if value != field.default and field.name != "line":
            yield f"{field.encode_name}={value}"
