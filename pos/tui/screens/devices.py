"""设备: how each device is and what to do about it, and the receipts of which nobody knows whether they came out."""

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from drivers.scale.weighing import Weighing
from drivers.scanner.codes import Code
from pos.core.entries import Signatures
from pos.core.scales import Standing
from pos.counter import journal, paper, reverse, scales
from pos.counter.journal import Doubt
from pos.printing.state import explain
from pos.tui.accepting import accept
from pos.tui.base import CounterScreen, Tone
from pos.tui.device_words import Subject, Teller, subjects, understood
from pos.tui.scale_jobs import ask_scale
from pos.tui.widgets.ticket import Row, Ticket

_TICK = 0.5
"""Seconds between looks at what the devices send."""


class DevicesScreen(CounterScreen):
    """A line for each device, then a line for each receipt in doubt; one of them all is chosen."""

    NAME = "devices"
    CSS_PATH = "devices.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.teller: Teller
        self.subjects: list[Subject] = []
        self.doubts: list[Doubt] = []
        self.chosen = 0

    def body(self) -> ComposeResult:
        """Devices, then the doubtful receipts."""
        yield Static(id="devices", markup=False)
        yield Static(id="doubt-heading", markup=False)
        yield Ticket(id="doubts")

    def on_mount(self) -> None:
        """Keep the lines live."""
        station = self.till.station
        self.teller = Teller(station, self.words, self.till.device_log)
        self.subjects = subjects(station)
        self.set_interval(_TICK, self._show_devices)

    def on_screen_resume(self) -> None:
        """Ask everything anew."""
        station = self.till.station
        self.teller.weighings = {name: scale.state() for name, scale in station.devices.scales.items()}
        self._show_devices()
        self.ask(lambda: journal.doubts(station.desk), self._show_doubts)
        self.ask(lambda: scales.standings(station.desk), self._show_standings)

    def weighed(self, name: str, weighing: Weighing) -> None:
        """The figure is live here too."""
        self.teller.weighings[name] = weighing
        self._show_devices()

    def paper_changed(self) -> None:
        """Receipts came out, or did not."""
        self.on_screen_resume()

    def scanned(self, code: Code) -> None:
        """Any scan is welcome here: it shows that the scanner works, and does nothing else."""
        self.say(self.words("devices.understood", what=understood(self.words, code)), Tone.GOOD)
        self._show_devices()

    def on_key(self, event: Key) -> None:
        """Arrows choose a device or a receipt."""
        if event.key in ("up", "down"):
            event.stop()
            self._choose(self.chosen + (1 if event.key == "down" else -1))

    def action_enter(self) -> None:
        """Enter: the chosen device's own page, or the chosen receipt."""
        place = self.chosen - len(self.subjects)
        if place < 0:
            self.till.show_device(self.subjects[self.chosen])
        else:
            desk, doubt = self.till.station.desk, self.doubts[place]
            self.ask(
                lambda: journal.paper(desk, doubt.seq), lambda filed: self.till.show_paper(filed.paper, filed.copies)
            )

    def action_scale(self) -> None:
        """F4: check, zero or tare a scale; the chosen one, if one is."""
        chosen = self.subjects[self.chosen] if self.chosen < len(self.subjects) else None
        several = len(self.till.station.desk.scales) > 1 and self.chosen == 0
        name = chosen.name if chosen and chosen.kind == "scale" and not several else None
        ask_scale(self, self.on_screen_resume, name)

    def action_acceptance(self) -> None:
        """F7: check every device, one after the other, and print what was found."""
        accept(self)

    def action_printed(self) -> None:
        """F5: the chosen receipt is on paper."""
        if (doubt := self._doubt) is not None:
            desk = self.till.station.desk
            self.commit(lambda by: paper.came_out(desk, by, doubt.job), lambda _: self._settled("devices.settled"))

    def action_print_again(self) -> None:
        """F6: it is not; print a copy, marked as one."""
        if (doubt := self._doubt) is None:
            return
        desk = self.till.station.desk

        def again(by: Signatures) -> None:
            reverse.reprint(desk, by, doubt.seq)
            paper.came_out(desk, by, doubt.job)

        self.commit(again, lambda _: self._settled("devices.queued"))

    @property
    def _doubt(self) -> Doubt | None:
        """The chosen receipt in doubt; the oldest while a device is chosen."""
        if not self.doubts:
            self.say(self.words("devices.no-doubt"), Tone.WAIT)
            return None
        return self.doubts[max(0, self.chosen - len(self.subjects))]

    def _settled(self, text: str) -> None:
        self.say(self.words(text), Tone.GOOD)
        self.on_screen_resume()

    def _choose(self, place: int) -> None:
        self.chosen = max(0, min(place, len(self.subjects) + len(self.doubts) - 1))
        self._show_devices()
        self._show_doubts(self.doubts)

    def _show_standings(self, standings: dict[str, Standing]) -> None:
        self.teller.standings = standings
        self._show_devices()

    def _show_devices(self) -> None:
        self.teller.paper = self.till.paper
        width = self.app.size.width - 4
        lines: list[Content] = []
        for place, subject in enumerate(self.subjects):
            line = self.teller.line(subject, width, margin=2)
            chosen = place == self.chosen
            lines.append(Content.assemble(("> ", "bold") if chosen else "  ", line.stylize("bold") if chosen else line))
            lines += [Content.assemble("    ", (f"! {text}", "$waiting")) for text in self.teller.warnings(subject)]
        self.query_one("#devices", Static).update(Content("\n").join(lines))

    def _show_doubts(self, doubts: list[Doubt]) -> None:
        self.doubts = doubts
        self.chosen = max(0, min(self.chosen, len(self.subjects) + len(doubts) - 1))
        heading = self.words("devices.doubts", papers=len(doubts)) if doubts else self.words("devices.no-doubt")
        self.query_one("#doubt-heading", Static).update(heading)
        rows = tuple(Row(f"{doubt.number}  {explain(doubt.cause, self.words)}", "") for doubt in doubts)
        place = self.chosen - len(self.subjects)
        self.query_one("#doubts", Ticket).show(rows, place if place >= 0 else None)
