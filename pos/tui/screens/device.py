"""设备页: one device with its test, how it is set, what it sends now, and what it said lately."""

from dataclasses import dataclass
from functools import partial

from rich.text import Text
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widgets import Static

from drivers.scale.weighing import Weighing
from drivers.scanner.codes import Code
from pos.core.local_time import local_time
from pos.core.scales import Standing
from pos.counter import journal, printer, scales
from pos.counter.printer import Waiting
from pos.printing import self_test
from pos.printing.state import explain
from pos.tui.base import CounterScreen, Tone
from pos.tui.device_words import Subject, Teller, settings, understood
from pos.tui.scale_jobs import ask_scale
from pos.tui.widgets.ticket import Row, Ticket

_TICK = 0.5
"""Seconds between looks at what the device sends."""
_RAW = 24
"""Most bytes shown as they came."""


@dataclass
class Printed(Message, bubble=False):
    """The test page is on paper, or `cause` says why nobody knows that it is."""

    cause: str


class DeviceScreen(CounterScreen):
    """One device."""

    NAME = "device"
    CSS_PATH = "device.tcss"

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject
        self.teller: Teller
        self.place = 0
        self.confirmed: int | None = None
        """When (wall clock ms) the printer last said that a paper is out."""

    def body(self) -> ComposeResult:
        """How it is now, what it sends, how it is set; below what it said."""
        yield Static(id="state", markup=False)
        yield Static(id="facts", markup=False)
        yield Static(id="heading", markup=False)
        yield Ticket(id="lines")

    def on_mount(self) -> None:
        """Keep it live."""
        self.teller = Teller(self.till.station, self.words, self.till.device_log)
        self.set_interval(_TICK, self._show)
        if self.subject.kind == "scanner":
            self.say(self.words("device.scan-anything"))

    def on_screen_resume(self) -> None:
        """Ask everything anew."""
        station = self.till.station
        self.teller.weighings = {name: scale.state() for name, scale in station.devices.scales.items()}
        self._show()
        if self.subject.kind == "scale":
            self.ask(lambda: scales.standings(station.desk), self._show_standings)
        if self.subject.kind == "printer":
            self.ask(lambda: printer.last_confirmed(station.desk), self._show_confirmed)

    def weighed(self, name: str, weighing: Weighing) -> None:
        """The figure is live here too."""
        self.teller.weighings[name] = weighing
        self._show()

    def paper_changed(self) -> None:
        """Receipts came out, or did not."""
        self.on_screen_resume()

    def scanned(self, code: Code) -> None:
        """Any scan: what it was taken for."""
        self.say(self.words("devices.understood", what=understood(self.words, code)), Tone.GOOD)
        self._show()

    def refuse_scan(self, text: str) -> None:
        """A scan that is no code: what came, and what is wrong with it."""
        super().refuse_scan(self.words("device.not-understood", text=self.till.last_scan, why=text))
        self._show()

    def on_printed(self, message: Printed) -> None:
        """Say what became of the test page."""
        if message.cause:
            self.say(explain(message.cause, self.words), Tone.REFUSED)
        else:
            self.say(self.words("device.page-printed"), Tone.GOOD)

    def on_key(self, event: Key) -> None:
        """Arrows and page keys go through the log."""
        height = max(1, self.query_one("#lines").size.height - 1)
        steps = {"up": -1, "down": 1, "pageup": -height, "pagedown": height}
        if event.key in steps:
            event.stop()
            self.place += steps[event.key]
            self._show()

    def action_enter(self) -> None:
        """Enter: try it."""
        match self.subject.kind:
            case "scale":
                ask_scale(self, self.on_screen_resume, self.subject.name)
            case "printer":
                self._ask_printer()
            case "camera":
                self.till.show_camera()
            case _:
                self.say(self.words("device.scan-anything"))

    def action_devices(self) -> None:
        """F10: back to all of them."""
        self.dismiss()

    def _ask_printer(self) -> None:
        if self.till.station.printing is None:
            self.say(self.words("done.no-printer"), Tone.REFUSED)
            return
        jobs = ("page", "drawer", "waiting")
        choices = [(job, self.words(f"device-try.{job}")) for job in jobs]
        self.till.choose(self.words("device.try-printer"), choices, self._try_printer)

    def _try_printer(self, job: str) -> None:
        station = self.till.station
        match job:
            case "page" if station.printing is not None:
                self.say(self.words("acceptance.printing"), Tone.WAIT)
                page = partial(self_test.page, words=self.words)
                station.printing.print_page(page, lambda cause: self.post_message(Printed(cause)))
            case "drawer":
                self.commit(
                    lambda by: printer.try_drawer(station.desk, by),
                    lambda _: self.say(self.words("device.drawer-opens"), Tone.GOOD),
                )
            case _:
                self.ask(
                    lambda: (printer.waiting(station.desk), len(journal.doubts(station.desk))),
                    lambda found: self._say_waiting(*found),
                )

    def _say_waiting(self, waiting: list[Waiting], doubts: int) -> None:
        first = (
            f"{waiting[0].number} {explain(waiting[0].cause, self.words) if waiting[0].cause else ''}"
            if waiting
            else ""
        )
        text = self.words("device.waiting", papers=len(waiting), first=first.strip(), doubts=doubts)
        self.say(text, Tone.WAIT if waiting or doubts else Tone.GOOD)

    def _show_standings(self, standings: dict[str, Standing]) -> None:
        self.teller.standings = standings
        self._show()

    def _show_confirmed(self, confirmed: int | None) -> None:
        self.confirmed = confirmed
        self._show()

    def _show(self) -> None:
        self.teller.paper = self.till.paper
        width = self.app.size.width - 2
        warnings = [Content.assemble((f"! {text}", "$waiting")) for text in self.teller.warnings(self.subject)]
        state = Content("\n").join([self.teller.line(self.subject, width), *warnings])
        self.query_one("#state", Static).update(state)
        self.query_one("#facts", Static).update(
            "\n".join(filter(None, (self._fault(), self._out(), self._raw(), self._settings())))
        )
        entries = self.till.device_log.of(self.subject.name)
        self.place = max(0, min(self.place, len(entries) - 1))
        self.query_one("#heading", Static).update(self.words("device.log", entries=len(entries)))
        rows = tuple(Row(self.teller.entry(entry), "") for entry in entries)
        self.query_one("#lines", Ticket).show(rows, self.place if rows else None)

    def _fault(self) -> str:
        fault = self.till.device_log.last_fault(self.subject.name)
        return self.words("device.last-fault", said=self.teller.entry(fault)) if fault else ""

    def _out(self) -> str:
        if self.confirmed is None:
            return ""
        offset = self.till.station.store.identity.utc_offset_minutes
        return self.words("device.last-paper", time=local_time(self.confirmed, offset))

    def _raw(self) -> str:
        heard = self.teller.raw(self.subject)
        if heard is None:
            return ""
        return self.words("device.raw", bytes=heard.raw[-_RAW:].hex(" ").upper())

    def _settings(self) -> str:
        return Text("  ").join(map(Text, settings(self.till.station, self.subject))).plain
