"""Simulated devices by themselves, for training and for trying a set-up out: `pos simulate scale | scanner | printer`.

Each listens on a cable (this machine only, unless a host is said), tells what to write into `station.toml`, and does
what is typed, a line at a time, or written in a script.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from drivers.simulated.cable import PtyCable, TcpCable
    from drivers.simulated.printer import SimulatedPrinter
    from drivers.simulated.scale import SimulatedScale
    from pos.cli.hands import Act
    from pos.i18n import Words

simulate = typer.Typer(
    no_args_is_help=True, help="模拟秤、扫码枪、打印机，供培训和试用 · Simulated devices for training"
)

Listen = Annotated[
    str, typer.Option("--listen", help="tcp:端口、tcp:主机:端口、pty:链接 · tcp:PORT, tcp:HOST:PORT or pty:LINK")
]
Script = Annotated[
    Path | None,
    typer.Option("--script", help="先照此文件做 · Do first what this file says", exists=True, dir_okay=False),
]
Language = Annotated[Literal["zh_CN", "en"], typer.Option("--language", help="zh_CN | en")]

_LOOK = 0.2
"""Seconds between two looks for a finished paper."""
_MOST_DECIMALS = 3
_CUSTOM = r"""    [scales.line]
    length = 14
    end = "\r\n"
    sign = [0, 1]
    weight = [1, 9]
    unit = [10, 12]
"""
"""What the simulated scale's usual `custom` line looks like."""


@simulate.command()
def scale(
    protocol: Annotated[str, typer.Option("--protocol", help="协议 · Protocol, as in station.toml")],
    listen: Listen = "tcp:0",
    unit: Annotated[str, typer.Option("--unit", help="kg | g | t | lb | oz | 斤 jin | 两 liang")] = "kg",
    division: Annotated[int, typer.Option("--division", help="分度值，克 · Division, grams", min=1, max=100_000)] = 5,
    largest: Annotated[int, typer.Option("--max", help="最大秤量，克 · Max, grams", min=1, max=100_000_000)] = 150_000,
    baud: Annotated[int, typer.Option("--baud", help="波特率 · Baud rate", min=300, max=921_600)] = 9600,
    bits: Annotated[Literal[7, 8], typer.Option("--bits", help="数据位 · Data bits")] = 8,
    parity: Annotated[Literal["N", "E", "O"], typer.Option("--parity", help="校验 · Parity")] = "N",
    interval: Annotated[
        int, typer.Option("--interval", help="毫秒一帧 · Milliseconds a frame", min=10, max=5000)
    ] = 100,
    dialect: Annotated[str, typer.Option("--dialect", help="厂家变体 · A make's variant")] = "",
    stream: Annotated[
        bool | None, typer.Option("--stream/--silent", help="是否自动发 · Whether it sends by itself")
    ] = None,
    script: Script = None,
    language: Language = "zh_CN",
) -> None:
    """模拟一台秤：放货、去皮、抖动、拔线、断电 · A scale to put things on, shake, unplug and switch off."""
    from drivers.errors import UnknownProtocol
    from drivers.port import LineSettings
    from drivers.scale.reading import unit_named
    from drivers.simulated.indicator import load, names
    from drivers.simulated.scale import SimulatedScale
    from pos.cli import hands

    settings, unit = LineSettings(baud, bits, parity), unit_named(unit) or unit
    with _stage(listen, language) as (cable, words):
        try:
            pan = SimulatedScale(
                cable, protocol, unit=unit, decimals=_decimals(unit, division), division=division, maximum=largest,
                interval=interval / 1000, dialect=dialect, streams=stream, settings=settings,
            )  # fmt: skip
        except UnknownProtocol:
            _end(words("simulate.no-protocol", protocol=protocol, known=", ".join(names())))
        except (ValueError, KeyError) as wrong:
            _end(words("simulate.no-setting", detail=wrong))
        facts: dict[str, str | int] = {
            "name": "SIM-1",
            "url": cable.url,
            "protocol": protocol,
            "unit": load(protocol).unit or unit,
        }
        facts |= {"minimum_g": 20 * division, "maximum_g": largest, "division_g": division}
        if "://" not in cable.url:
            facts |= {"baudrate": baud, "bytesize": 8, "parity": "N"}
        if protocol == "yaohua_cmd" and dialect:
            facts["address"] = dialect
        _plug_in(words, "scales", facts, _CUSTOM if protocol == "custom" and not dialect else "")
        with pan:
            _play(hands.of_scale(pan, cable), lambda: _display(pan, words), script, words("simulate.help-scale"), words)


@simulate.command()
def scanner(
    listen: Listen = "tcp:0",
    prefix: Annotated[str, typer.Option("--prefix", help="前缀，如 ]C0 · Sent first, such as ]C0")] = "",
    suffix: Annotated[
        Literal["crlf", "cr", "lf", "tab", "none"], typer.Option("--suffix", help="后缀 · Sent last")
    ] = "crlf",
    script: Script = None,
    language: Language = "zh_CN",
) -> None:
    """模拟一把串口扫码枪 · A scanner on a serial port."""
    from drivers.simulated.scanner import SimulatedScanner
    from pos.cli import hands

    ends = {"crlf": b"\r\n", "cr": b"\r", "lf": b"\n", "tab": b"\t", "none": b""}
    with _stage(listen, language) as (cable, words):
        gun = SimulatedScanner(cable, prefix.encode(), ends[suffix])
        _plug_in(words, "scanners", {"name": "SIM-2", "url": cable.url})
        _play(hands.of_scanner(gun, cable), lambda: "", script, words("simulate.help-scanner"), words)


@simulate.command()
def printer(
    listen: Listen = "tcp:9100",
    columns: Annotated[Literal[32, 48], typer.Option("--columns", help="32 | 48")] = 32,
    charset: Annotated[Literal["gbk", "gb2312", "gb18030"], typer.Option("--charset", help="字库 · Its ROM")] = "gbk",
    mute: Annotated[bool, typer.Option("--mute", help="从不回答 · Never answers")] = False,
    noisy: Annotated[bool, typer.Option("--noisy", help="自动回状态 · Sends its status unasked")] = False,
    late: Annotated[int, typer.Option("--late", help="晚回答的毫秒数 · Answers late by ms", min=0, max=60_000)] = 0,
    paper_out: Annotated[bool, typer.Option("--paper-out", help="开始就没有纸 · Begins without paper")] = False,
    script: Script = None,
    language: Language = "zh_CN",
) -> None:
    """模拟一台小票打印机，打出的纸以文字显示 · A receipt printer that shows its paper as text."""
    from drivers.simulated.printer import PrinterKind, SimulatedPrinter
    from pos.cli import hands

    kind = PrinterKind(columns=columns, charset=charset, mute=mute, noisy=noisy, late=late / 1000)
    with _stage(listen, language) as (cable, words):
        device = SimulatedPrinter(cable, kind)
        if paper_out:
            device.paper_out()
        url = cable.url if "://" in cable.url else f"serial://{cable.url}?baud=115200"
        _plug_in(words, "printer", {"url": url, "columns": columns, "charset": charset})
        with device, _papers(device):
            _play(hands.of_printer(device, cable), lambda: "", script, words("simulate.help-printer"), words)


@contextmanager
def _stage(listen: str, language: str) -> "Iterator[tuple[PtyCable | TcpCable, Words]]":
    """The cable, until the end; Ctrl-C and the end of what is typed are both a quiet end."""
    from drivers.simulated import cable
    from pos import i18n
    from pos.cli.hands import Quit

    words = i18n.load(language)
    try:
        made = cable.listen(listen)
    except ValueError:
        _end(words("simulate.no-cable", where=listen))
    except OSError as error:
        _end(words("simulate.cable-taken", where=listen, detail=error.strerror))
    with made:
        try:
            yield made, words
        except (Quit, KeyboardInterrupt):
            return


def _end(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(1)


def _decimals(unit: str, division: int) -> int:
    """Digits after the point that a display with this division has."""
    from drivers.simulated.indication import GRAMS_IN

    step = (Decimal(division) / GRAMS_IN[unit]).normalize() if unit in GRAMS_IN else Decimal(1)
    return max(0, min(_MOST_DECIMALS, -int(step.as_tuple().exponent)))


def _plug_in(words: "Words", section: str, facts: dict[str, str | int], line: str = "") -> None:
    """Say what to write into the till's settings."""
    heading = f"[{section}]" if section == "printer" else f"[[{section}]]"
    typer.echo(words("simulate.plugged-in", url=facts["url"]))
    for text in (heading, *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items())):
        typer.echo(f"    {text}")
    typer.echo(line, nl=bool(line))


def _display(pan: "SimulatedScale", words: "Words") -> str:
    """The scale's display in one line."""
    if not pan.awake:
        return words("simulate.dark")
    shown = pan.indication()
    figure = "-" * 6 if shown.over else f"{shown.weight:f}"
    if shown.over:
        state = words("simulate.under") if shown.negative else words("simulate.over")
    elif not shown.zeroed:
        state = words("simulate.not-zeroed")
    else:
        state = words("simulate.still") if shown.stable else words("simulate.moving")
    net = words("simulate.net", tare=f"{shown.tare:f}") if shown.net else ""
    return f"[{figure:>9} {shown.unit}] {state} {net}".rstrip()


@contextmanager
def _papers(device: "SimulatedPrinter") -> Iterator[None]:
    """Show each paper when it is finished."""
    over = Event()

    def show() -> None:
        while not over.wait(_LOOK):
            while device.texts:
                typer.echo(f"{device.take_paper()}\n{'-' * 8}")

    watcher = Thread(target=show, name="papers", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _play(acts: "Sequence[Act]", shown: Callable[[], str], script: Path | None, guide: str, words: "Words") -> None:
    """Do what the script says, which is read whole first, and then what is typed."""
    from pos.cli.hands import NoSuchAct, read

    if script:
        lines = script.read_text(encoding="utf-8").splitlines()
        try:
            plan = [(line, read(acts, line)) for line in lines]
        except NoSuchAct as wrong:
            _end(words("simulate.no-act", line=wrong))
        for line, do in plan:
            typer.echo(f"> {line}")
            _do(do, shown, words)
    by_hand = sys.stdin.isatty()
    typer.echo(guide if by_hand else shown(), nl=bool(by_hand or shown()))
    while (typed := _typed(shown() if by_hand else None)) is not None:
        if typed.strip() == "help":
            typer.echo(guide)
            continue
        try:
            _do(read(acts, typed), (lambda: "") if by_hand else shown, words)
        except NoSuchAct as wrong:
            typer.echo(words("simulate.no-act", line=wrong), err=True)


def _typed(prompt: str | None) -> str | None:
    """The next line, None after the last; a person is prompted with what the device shows."""
    if prompt is None:
        return sys.stdin.readline() or None
    try:
        return input(f"{prompt}> ")
    except EOFError:
        return None


def _do(do: Callable[[], object], shown: Callable[[], str], words: "Words") -> None:
    """Do one act, and say what came of it."""
    try:
        said = do()
    except OSError as error:
        typer.echo(words("simulate.cable-taken", where=error.filename or "", detail=error.strerror), err=True)
        return
    if isinstance(said, str):
        typer.echo(said)
    if said is False:
        typer.echo(words("simulate.disobeyed"), err=True)
    if display := shown():
        typer.echo(display)
