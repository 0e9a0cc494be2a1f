"""`pos devices acceptance`: the counter's devices checked one after the other with the person in front of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Event as Signal
from typing import TYPE_CHECKING, Annotated

import typer

from pos.cli.common import Home, home_of, refusing

if TYPE_CHECKING:
    from catalog.units import Grams
    from drivers.events import Event, Scanned
    from pos.counter.acceptance import Finding
    from pos.i18n import Words
    from pos.station import Station
    from pos.tui.acceptance import Answer, Plan, Question

SCANNING = 60.0
"""Seconds that a person may take to scan something."""
PRINTING = 300
"""Looks at whether the sheet has come out."""

_LOOK = 0.1
"""Seconds between two of them."""


def acceptance(
    keeper: Annotated[str, typer.Option(prompt="店员号 · Keeper's number")],
    pin: Annotated[str, typer.Option(prompt="店员密码 · Keeper's PIN", hide_input=True)],
    home: Home = None,
) -> None:
    """设备验收：秤、打印机、扫码枪、摄像头、时钟、磁盘，打出验收单 · Check every device and print what was found."""
    from pos.core.entries import Signatures
    from pos.counter import acceptance, people
    from pos.printing.preview import preview
    from pos.tui import apart
    from pos.tui.acceptance import Acceptance

    scans: Queue[Scanned] = Queue()
    folder = home_of(home)
    with refusing(), apart.stderr(folder), _station(folder, scans) as station:
        people.sign_in(station.desk, keeper, pin)
        station.start_printing(lambda _: None)
        by = Signatures(keeper)
        found = _through(Acceptance(station, station.words, by).plan(), station, scans)
        sheet = acceptance.file(station.desk, by, found)
        typer.echo("\n".join(preview(sheet, station.words, 48)))
        typer.echo(station.words("acceptance.filed", number=sheet.number))
        if station.printing is not None:
            station.printing.wake()
            _await_paper(station, int(sheet.number.rpartition("-")[2]))
    raise typer.Exit(1 if any(each.right is False for each in found) else 0)


@contextmanager
def _station(folder: Path, scans: "Queue[Scanned]") -> "Iterator[Station]":
    """The counter, open for this command alone; what a scanner reads goes into `scans`."""
    from drivers.events import Scanned
    from pos.station import open_station

    def hear(event: "Event") -> None:
        if isinstance(event, Scanned):
            scans.put(event)

    station = open_station(folder, hear)
    try:
        yield station
    finally:
        station.close()


def _await_paper(station: "Station", seq: int) -> None:
    """Until the paper of entry `seq` is out, or the printer has said why not."""
    from pos.storage import jobs
    from pos.storage.jobs import JobState

    pause = Signal()
    for _ in range(PRINTING):
        with station.store.read() as connection:
            states = {job.state for job in jobs.of_entry(connection, seq)}
        if states.isdisjoint({JobState.QUEUED, JobState.SENDING}):
            return
        pause.wait(_LOOK)


def _through(plan: "Plan", station: "Station", scans: "Queue[Scanned]") -> "tuple[Finding, ...]":
    """Ask everything; what was found."""
    from pos.tui.acceptance import advance

    asked = advance(plan)
    while not isinstance(asked, tuple):
        asked = advance(plan, _answer(asked, station, scans))
    return asked


def _answer(asked: "Question", station: "Station", scans: "Queue[Scanned]") -> "Answer":
    from pos.tui.acceptance import LOOK, Heavy, Say, Scan, Sure, Wait

    match asked:
        case Sure(text=text):
            return typer.confirm(text)
        case Heavy(text=text):
            return _mass(text, station.words)
        case Scan(text=text):
            return _scan(text, station, scans)
        case Say(text=text):
            typer.echo(text)
        case Wait():
            Signal().wait(LOOK)
    return None


def _mass(text: str, words: "Words") -> "Grams | None":
    """A mass in kilograms, asked again until it is one; None where there is no weight at hand."""
    from pos.tui.load import parse_kilograms

    while typed := typer.prompt(text, default="", show_default=False).strip():
        if (grams := parse_kilograms(typed)) is not None:
            return grams
        typer.echo(words("weigh.not-kilograms"))
    return None


def _scan(text: str, station: "Station", scans: "Queue[Scanned]") -> str | None:
    """What is scanned: by a scanner of the settings, else by one that types here."""
    from drivers.scanner.codes import Code, classify

    config = station.config
    if not config.scanners:
        typed = typer.prompt(f"{text} ({station.words('acceptance.no-scanner')})", default="", show_default=False)
        code = classify(typed, aim=config.aim(""))
        return code.text if isinstance(code, Code) else typed or None
    while not scans.empty():
        scans.get()
    typer.echo(text)
    try:
        scan = scans.get(timeout=SCANNING)
    except Empty:
        return None
    code = classify(scan.text, aim=config.aim(scan.device))
    return code.text if isinstance(code, Code) else scan.text
