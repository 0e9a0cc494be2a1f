"""设备: how each device is, what to do about it, and the receipts of which nobody knows whether they came out."""

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from drivers.scale.weighing import Weighing
from pos.core.entries import Signatures
from pos.counter import journal, paper, reverse
from pos.counter.journal import Doubt
from pos.devices import DeviceStatus
from pos.printing.state import explain
from pos.tui.base import CounterScreen, Tone
from pos.tui.widgets.cells import left
from pos.tui.widgets.scale_line import scale_line
from pos.tui.widgets.ticket import Row, Ticket

_WORD = 10
"""Cells of a device's word."""


class DevicesScreen(CounterScreen):
    """A line for each device, then a line for each receipt in doubt."""

    NAME = "devices"
    CSS_PATH = "devices.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.weighings: dict[str, Weighing] = {}
        self.doubts: list[Doubt] = []
        self.chosen = 0

    def body(self) -> ComposeResult:
        """Devices, then the doubtful receipts."""
        yield Static(id="devices", markup=False)
        yield Static(id="doubt-heading", markup=False)
        yield Ticket(id="doubts")

    def on_screen_resume(self) -> None:
        """Ask everything anew."""
        station = self.till.station
        self.weighings = {name: scale.state() for name, scale in station.devices.scales.items()}
        self._show_devices()
        self.ask(lambda: journal.doubts(station.desk), self._show_doubts)

    def weighed(self, name: str, weighing: Weighing) -> None:
        """The figure is live here too."""
        self.weighings[name] = weighing
        self._show_devices()

    def paper_changed(self) -> None:
        """Receipts came out, or did not."""
        self.on_screen_resume()

    def on_key(self, event: Key) -> None:
        """Arrows choose a receipt."""
        if event.key in ("up", "down"):
            event.stop()
            step = 1 if event.key == "down" else -1
            self.chosen = max(0, min(self.chosen + step, len(self.doubts) - 1))
            self._show_doubts(self.doubts)

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
        if not self.doubts:
            self.say(self.words("devices.no-doubt"), Tone.WAIT)
            return None
        return self.doubts[self.chosen]

    def _settled(self, text: str) -> None:
        self.say(self.words(text), Tone.GOOD)
        self.on_screen_resume()

    def _show_devices(self) -> None:
        devices = self.till.station.devices.statuses()
        lines = [self._device(device) for device in devices]
        lines.append(self._line(self.words("status.printer"), *self._printer()))
        if not any(device.kind == "scanner" for device in devices):
            heard = self.till.last_scan
            text = self.words("devices.last-scan", text=heard) if heard else self.words("devices.typing-scanner")
            lines.append(self._line(self.words("status.scanner"), "●" if heard else "○", text))
        self.query_one("#devices", Static).update(Content("\n").join(lines))

    def _device(self, device: DeviceStatus) -> Content:
        if device.kind == "scale" and device.up and device.name in self.weighings:
            return Content.assemble(
                left(self.words("status.scale"), _WORD),
                scale_line(self.words, device.name, self.weighings[device.name]),
            )
        word = self.words("status.scale" if device.kind == "scale" else "status.scanner")
        name = left(device.name, 6)
        if device.up:
            return self._line(word, "●", f"{name}  {self.words('devices.up')}")
        cause = self.words(f"fault.{device.cause}") if device.cause else self.words("devices.starting")
        return self._line(word, "×" if device.cause else "○", f"{name}  {cause}")

    def _printer(self) -> tuple[str, str]:
        state = self.till.paper
        if self.till.station.config.printer is None:
            return "○", self.words("done.no-printer")
        if state is None or not (state.cause or state.waiting or state.paper_low):
            return "●", self.words("devices.up")
        text = explain(state.cause, self.words) if state.cause else ""
        if state.paper_low:
            text += self.words("home.paper-low")
        if state.waiting:
            text += f" {self.words('home.waiting', papers=state.waiting)}"
        return "×" if state.cause else "!", text.strip()

    def _line(self, word: str, sign: str, text: str) -> Content:
        style = {"●": "$settled", "×": "$refusing", "!": "$waiting"}.get(sign, "$muted")
        return Content.assemble(left(word, _WORD), (f"{sign} ", style), text)

    def _show_doubts(self, doubts: list[Doubt]) -> None:
        self.doubts = doubts
        self.chosen = max(0, min(self.chosen, len(doubts) - 1))
        heading = self.words("devices.doubts", papers=len(doubts)) if doubts else self.words("devices.no-doubt")
        self.query_one("#doubt-heading", Static).update(heading)
        rows = tuple(Row(f"{doubt.number}  {explain(doubt.cause, self.words)}", "") for doubt in doubts)
        self.query_one("#doubts", Ticket).show(rows, self.chosen if rows else None)
