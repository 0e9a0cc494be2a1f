"""The set-up conversation about one scale: find out what it speaks, have a known load confirmed, write it down."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from drivers.port import LineSettings
from drivers.ports import adapters
from drivers.scale.candidates import Candidate, confirmed, distinct, questions
from drivers.scale.detect import BAUDRATES, Found, Silent, Unclear, hear, listening, probing, run, weighing
from drivers.scale.probes import ROUNDS, rounds_at
from drivers.scale.protocol import load
from drivers.scale.reading import GRAMS, plain_decimal, unit_named
from pos.cli.devices import dump, port_name, said
from pos.config import StationConfig, put_scale
from pos.i18n import Words

_TRIES = 5
"""Known loads that may be tried until the figures agree."""
_SAMPLE = 64
"""Bytes shown of what nobody understands."""

_MASS = re.compile(r"\s*([0-9.]+)\s*([^0-9.\s]+)\s*")
_NAME = re.compile(r"[A-Za-z0-9-]{1,12}")

T = TypeVar("T")


def choose(words: Words) -> str:
    """The URL of the port that a person picks. Ends the command where there is none."""
    present = {str(number): adapter for number, adapter in enumerate(adapters(), start=1)}
    if not present:
        _end(words("port.none"))
    for number, adapter in present.items():
        typer.echo(f"{number:>2}  {port_name(words, adapter)}  {adapter.device}")
    return _ask(words, "detect.which-port", present.get).url


def _end(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)


def _ask(words: Words, msgid: str, understand: Callable[[str], T | None], default: str | None = None) -> T:
    """What a person answers, asked again until it can be understood."""
    while (answer := understand(typer.prompt(words(msgid), default=default).strip())) is None:
        typer.echo(words("detect.again"))
    return answer


def _figure(text: str) -> Decimal | None:
    value = plain_decimal(text.removeprefix("-").encode())
    return -value if value is not None and text.startswith("-") else value


def _grams(text: str) -> int | None:
    """Whole grams, of a mass with its unit; None for anything else."""
    match = _MASS.fullmatch(text)
    value, unit = (plain_decimal(match[1].encode()), unit_named(match[2])) if match else (None, None)
    if value is None or unit is None:
        return None
    grams = value * GRAMS[unit]
    return int(grams) if grams > 0 and grams == int(grams) else None


@dataclass(frozen=True, slots=True)
class Wizard:
    """One conversation about the scale at `url`; the store's folder and settings as they are so far."""

    words: Words
    folder: Path
    config: StationConfig
    url: str

    def run(self, baudrate: int | None) -> None:
        """From the first byte to the section in `station.toml`; `baudrate` where the scale's menu shows it.

        Raises a `PortError` and `ConfigError`; ends the command where the scale cannot be made out.
        """
        self._say("detect.begin")
        found, talks = self._search(baudrate)
        scale = self._confirmed(found, talks)
        if scale.unit and GRAMS[scale.unit] % 1:
            self._say("detect.fraction", unit=scale.unit)
        section = self._plate()
        name = self._name()
        self.folder.mkdir(parents=True, exist_ok=True)
        put_scale(self.folder, {"name": name, "url": self._lasting_url()} | _spoken(scale, talks) | section)
        self._say("detect.stored", name=name)

    def _say(self, msgid: str, **fields: object) -> None:
        typer.echo(self.words(msgid, **fields))

    def _search(self, baudrate: int | None) -> tuple[tuple[Candidate, ...], bool]:
        """Listen, and ask where nothing is heard and the person agrees; what it may be, and if it talks by itself."""
        rates: tuple[int, ...] = (baudrate,) if baudrate else BAUDRATES
        rounds = rounds_at(baudrate) if baudrate else ROUNDS
        if "://" in self.url and not baudrate:
            # the line behind a network address has its rate set elsewhere
            rates, rounds = rates[:1], rounds[:1]
        outcome = run(self.url, listening(rates), self._progress("detect.listening"))
        talks = not isinstance(outcome, Silent)
        if not talks:
            self._say("detect.silent")
            if not typer.confirm(self.words("detect.may-ask"), default=True):
                raise typer.Exit(1)
            printer = not typer.confirm(self.words("detect.no-printer"), default=False)
            outcome = run(self.url, probing(printer=printer, rounds=rounds), self._progress("detect.asking"))
        match outcome:
            case Found(candidates=found):
                return found, talks
            case Unclear(sample=sample):
                typer.echo("\n".join(dump(sample[:_SAMPLE])))
                _end(self.words("detect.unclear"))
            case Silent():
                _end(self.words("detect.nothing"))

    def _progress(self, msgid: str) -> Callable[[LineSettings], None]:
        def tell(settings: LineSettings) -> None:
            self._say(msgid, line=_line(settings))

        return tell

    def _confirmed(self, found: Sequence[Candidate], talks: bool) -> Candidate:
        """The one that reads what the display shows. Ends the command where none does."""
        for each in found:
            self._say("detect.found", protocol=each.protocol, line=_line(each.settings))
        for question in questions(found):
            self._say(f"detect.asks.{question}")
        for _ in range(_TRIES):
            self._say("detect.known-load")
            shown = _ask(self.words, "detect.shown", _figure)
            unit = _ask(self.words, "detect.unit", unit_named, "kg")
            heard = [(each, hear(self.url, weighing(each, talks=talks))) for each in found]
            fitting = [fits for each, data in heard for fits in confirmed([each], data, shown, unit)]
            still = distinct(fitting)
            if shown and len(still) == 1:
                return still[0]
            if fitting:
                self._say("detect.another-load" if shown else "detect.not-empty")
                continue
            for each, data in heard:
                readings = each.readings_in(data)
                self._say("detect.differs", protocol=each.protocol, reading=said(readings[-1]) if readings else "-")
        _end(self.words("detect.given-up"))

    def _plate(self) -> dict[str, object]:
        """Max, Min, e and the class, as they stand on the plate."""
        while True:
            maximum, minimum, division = (
                _ask(self.words, f"detect.plate.{each}", _grams) for each in ("maximum", "minimum", "division")
            )
            if division <= minimum < maximum:
                break
            self._say("detect.plate-wrong")
        classes = {"1": "floor", "2": "counter"}
        scale_class = _ask(self.words, "detect.class", classes.get, "1")
        return {
            "scale_class": scale_class,
            "minimum_g": minimum,
            "maximum_g": maximum,
            "division_g": division,
        }

    def _name(self) -> str:
        """A new name, or one that the person wants replaced."""
        taken = {scale.name for scale in self.config.scales}
        while True:
            match = _ask(self.words, "detect.name", _NAME.fullmatch)
            if match[0] not in taken or typer.confirm(self.words("detect.replace", name=match[0]), default=False):
                return match[0]

    def _lasting_url(self) -> str:
        """How settings name the port: the adapter itself, where it is one."""
        for adapter in adapters():
            if self.url in (adapter.device, adapter.path):
                return adapter.url
        return self.url


def _line(settings: LineSettings) -> str:
    """The settings as manuals write them: `9600 8N1`."""
    quiet = "" if settings.dtr else " DTR/RTS 0"
    return f"{settings.baudrate} {settings.bytesize}{settings.parity}{settings.stopbits}{quiet}"


def _spoken(scale: Candidate, talks: bool) -> dict[str, object]:
    """What was found out, as settings have it: None where the protocol's usual setting holds."""
    protocol = load(scale.protocol)
    usual, found, poll = protocol.settings, scale.settings, False if talks and protocol.poll else None
    keys = ("baudrate", "bytesize", "parity", "stopbits", "dtr", "rts")
    line = {key: None if getattr(found, key) == getattr(usual, key) else getattr(found, key) for key in keys}
    told = {"unit": scale.unit, "checksum": scale.checksum, "poll": poll, "dummy_zeros": scale.dummy_zeros}
    return {"protocol": scale.protocol} | told | line
