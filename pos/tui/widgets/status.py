"""The status line: the store's pulse, the same on every screen."""

from dataclasses import dataclass
from enum import StrEnum

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from pos.tui.widgets.cells import left


class Lamp(StrEnum):
    """How a device is; the value is also its style class and never the only sign."""

    UP = "up"
    WAIT = "wait"
    DOWN = "down"
    NONE = "none"


_SIGNS = {Lamp.UP: "●", Lamp.WAIT: "!", Lamp.DOWN: "×", Lamp.NONE: "○"}
_STYLES = {Lamp.UP: "$settled", Lamp.WAIT: "$waiting", Lamp.DOWN: "$refusing", Lamp.NONE: "$muted"}


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the line shows: the store, who serves, each device by its word, and the time."""

    store: str = ""
    keeper: str = ""
    devices: tuple[tuple[str, Lamp], ...] = ()
    clock: str = ""


class StatusLine(Static):
    """One line: the store on the left, everything that may change on the right."""

    def show(self, pulse: Pulse) -> None:
        """Show this state of the store."""
        parts: list[Content | str | tuple[str, str]] = [pulse.keeper, "  "] if pulse.keeper else []
        for word, lamp in pulse.devices:
            parts += [word, (_SIGNS[lamp], _STYLES[lamp]), "  "]
        right = Content.assemble(*parts, (pulse.clock, "bold"))
        room = self.app.size.width - 2 - cell_len(right.plain)
        # Cut rather than left out: a store to practise in begins with its mark.
        store = pulse.store if cell_len(pulse.store) < room else left(pulse.store, room - 1)
        gap = max(room - cell_len(store), 0)
        self.update(Content.assemble((store, "bold"), " " * gap, right))
