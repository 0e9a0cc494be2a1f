"""What is plugged in, seen from the command line: `pos devices list`, `watch` and `detect`."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Signal
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.common import Home, home_of, refusing

if TYPE_CHECKING:
    from drivers.events import Event
    from drivers.port import LineSettings
    from drivers.ports import Adapter
    from drivers.scale.line import LineProfile
    from drivers.scale.protocol import Decoder, Protocol
    from drivers.scale.reading import DummyZeros, Reading
    from pos.config import StationConfig
    from pos.i18n import Words

devices = typer.Typer(no_args_is_help=True, help="秤和各种设备 · Scales and other devices")

Baudrate = Annotated[int | None, typer.Option("--baudrate", help="波特率 · Baud rate", min=300, max=921_600)]

_TICK = 0.1
"""Seconds between two looks at the clock."""
_ROW = 16
"""Bytes on a line."""
_HELD = 1000
"""Most lines that wait for the screen; a line that sends faster than the screen can show loses its older ones."""


@devices.command("list")
def list_ports(home: Home = None) -> None:
    """列出串口：插在哪里、是什么、谁在用 · List serial ports: where, what, and whose; none is opened."""
    from drivers.ports import adapters

    with speaking(home_of(home)) as (config, words):
        present = adapters()
        owners = _owners(config, words, present)
        if not present:
            typer.echo(words("port.none"))
        for number, adapter in enumerate(present, start=1):
            typer.echo(f"{number:>2}  {port_name(words, adapter)}  {' '.join(owners.pop(adapter.path, []))}".rstrip())
            typer.echo(f"    {adapter.device}  {adapter.url if adapter.identity else ''}".rstrip())
        for elsewhere, names in owners.items():
            typer.echo(f"{' '.join(names)}: {elsewhere}")


@devices.command()
def watch(
    port: Annotated[str, typer.Argument(help="设备名或串口 · A device of station.toml, or a port")],
    home: Home = None,
    protocol: Annotated[str | None, typer.Option("--protocol", help="秤的协议 · The scale's protocol")] = None,
    baudrate: Baudrate = None,
    seconds: Annotated[int | None, typer.Option("--seconds", help="看多少秒 · Stop after so long", min=1)] = None,
) -> None:
    """实时看设备发来的字节和读数，Ctrl+C 结束 · Bytes and readings as they come, until Ctrl-C."""
    from drivers.reader import Reader
    from pos.clock import Clock

    with speaking(home_of(home)) as (config, words):
        line = _line(config, port, protocol, baudrate)
        decoder = line.decoder()
        held: deque[str] = deque(maxlen=_HELD)
        row = b""

        def hear(data: bytes) -> bool:
            nonlocal row
            row += data
            readings = decoder.feed(data) if decoder else []
            whole = len(row) if readings or not data else len(row) - len(row) % _ROW
            held.extend(dump(row[:whole]))
            held.extend(f"    = {said(reading)}" for reading in readings)
            row = row[whole:]
            return bool(data)

        def report(event: "Event") -> None:
            held.append(_event(words, event))

        poll = line.protocol.asks(line.poll) if line.protocol else None
        reader = Reader(port, line.url, line.settings, hear, report, poll=poll)
        clock, pause = Clock(), Signal()
        began = clock.mono()
        reader.start()
        try:
            while seconds is None or clock.mono() - began < seconds * 1000:
                while held:
                    typer.echo(held.popleft())
                pause.wait(_TICK)
        except KeyboardInterrupt:
            typer.echo()
        finally:
            reader.stop()


@devices.command()
def detect(
    port: Annotated[
        str | None, typer.Argument(help="串口；不写就从列表里选 · The port; else chosen from a list")
    ] = None,
    home: Home = None,
    baudrate: Baudrate = None,
) -> None:
    """认秤：先听后问，放已知重量确认，存入 station.toml · Find out what a scale speaks, confirm it, store it."""
    from pos.cli.detect import Wizard, choose

    folder = home_of(home)
    with speaking(folder) as (config, words):
        Wizard(words, folder, config, port or choose(words)).run(baudrate)


@contextmanager
def speaking(folder: Path) -> "Iterator[tuple[StationConfig, Words]]":
    """The settings in `folder` and their language; what a driver says no to is said in it, and ends with 1."""
    from drivers.errors import DriverError
    from pos import config, i18n
    from pos.config import ConfigError
    from pos.core.refusals import SettingsWrong

    with refusing():
        try:
            settings = config.load(folder)
            words = i18n.load(settings.language)
            yield settings, words
        except ConfigError as error:
            raise SettingsWrong(file=error.path.name, detail=error.detail) from error
        except DriverError as error:
            typer.echo(words(f"fault.{error.code}"), err=True)
            raise typer.Exit(1) from error


def port_name(words: "Words", adapter: "Adapter") -> str:
    """What a person would call the port."""
    if adapter.identity is None:
        return words("port.built-in", device=adapter.device)
    if adapter.identity.location:
        return words("port.usb", chip=adapter.chip, socket=adapter.identity.location)
    return words("port.usb-somewhere", chip=adapter.chip)


def dump(data: bytes) -> Iterator[str]:
    """Bytes as lines of hexadecimal and ASCII."""
    for start in range(0, len(data), _ROW):
        row = data[start : start + _ROW]
        text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{row.hex(' ').upper():<{3 * _ROW}} {text}"


def said(reading: "Reading") -> str:
    """A reading in one line, in the scale's own terms."""
    if reading.fault:
        return reading.fault
    moves = {True: "stable", False: "moving", None: ""}[reading.stable]
    tare = "" if reading.tare is None else f"tare {reading.tare:f}"
    noise = f"(+{reading.discarded})" if reading.discarded else ""
    return " ".join(filter(None, (f"{reading.value:f}", reading.unit, reading.mode, moves, tare, noise)))


def _event(words: "Words", event: "Event") -> str:
    from drivers.events import DeviceDown

    return words(f"fault.{event.code}") if isinstance(event, DeviceDown) else words("port.open")


def _owners(config: "StationConfig", words: "Words", present: "Sequence[Adapter]") -> dict[str, list[str]]:
    """Names of the devices set up, by the path of their port; by what is wrong with it where it is not there."""
    from drivers.errors import DriverError
    from drivers.ports import locate

    paths = {adapter.device: adapter.path for adapter in present} | {adapter.path: adapter.path for adapter in present}
    owners: dict[str, list[str]] = {}
    named = {scale.name: scale.url for scale in config.scales} | {each.name: each.url for each in config.scanners}
    for name, url in named.items():
        try:
            where = locate(url)
        except DriverError as error:
            where = words(f"fault.{error.code}")
        owners.setdefault(paths.get(where, where), []).append(name)
    return owners


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to listen to; without a protocol its bytes only."""

    url: str
    settings: "LineSettings"
    protocol: "Protocol | None" = None
    unit: str | None = None
    checksum: bool | None = None
    described: "LineProfile | None" = None
    poll: bool | None = None
    dummy_zeros: "DummyZeros | None" = None

    def decoder(self) -> "Decoder | None":
        """What understands it. Raises `SettingsWrong` for a protocol without what it needs to be told."""
        from pos.config import FILE
        from pos.core.refusals import SettingsWrong

        if self.protocol is None:
            return None
        try:
            return self.protocol.decoder(self.unit, self.checksum, self.described, self.poll, self.dummy_zeros)
        except ValueError as error:
            raise SettingsWrong(file=FILE, detail=str(error)) from error


def _line(config: "StationConfig", port: str, named: str | None, baudrate: int | None) -> _Line:
    """The line of a device set up, or of a port with what the command says of it. Raises `UnknownProtocol`."""
    from dataclasses import replace

    from drivers.port import LineSettings
    from drivers.scale.protocol import load
    from pos.devices import line_settings

    line = _Line(port, LineSettings())
    for scale in config.scales:
        if scale.name == port:
            speaks = load(scale.protocol).at(scale.address)
            told = (scale.unit, scale.checksum, scale.line, scale.poll, scale.dummy_zeros)
            line = _Line(scale.url, line_settings(scale), speaks, *told)
    for scanner in config.scanners:
        if scanner.name == port:
            line = _Line(scanner.url, LineSettings(baudrate=scanner.baudrate))
    if named:
        speaks = load(named)
        line = _Line(line.url, speaks.settings, speaks)
    return replace(line, settings=replace(line.settings, baudrate=baudrate)) if baudrate else line
