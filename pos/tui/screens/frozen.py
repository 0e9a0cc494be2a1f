"""封存: what an auditor froze; `+` freezes something, Enter lets a clerk release it."""

from collections.abc import Sequence

from pos.core.freezing import FreezeReason
from pos.counter import freezing
from pos.counter.freezing import Frozen
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class FrozenScreen(ListScreen[Frozen]):
    """One line a good or material."""

    NAME = "frozen"
    TOPIC = "frozen"

    def read(self) -> Sequence[Frozen]:
        """What is frozen now."""
        return freezing.listed(self.till.station.desk)

    def row(self, item: Frozen) -> Row:
        """Its name, why, when and by whom."""
        why = self.words(f"freeze.{item.reason}")
        return Row(f"{left(item.name, 24)} {left(why, 20)}", f"{item.time} {item.by}")

    def opened(self, item: Frozen) -> None:
        """Enter: release it; a second person is asked."""
        desk = self.till.station.desk
        text = self.words("frozen.ask-release", item=item.name)
        self.till.confirm(
            text, lambda: self.commit(lambda by: freezing.release(desk, by, item.commodity), lambda _: self._released())
        )

    def _released(self) -> None:
        self.items = ()
        self.read_anew()
        self.say(self.words("frozen.released"), Tone.GOOD)

    def action_add(self) -> None:
        """`+`: freeze something."""
        desk = self.till.station.desk
        self.ask(lambda: freezing.candidates(desk), lambda found: self.till.open_screen(lambda: FreezeScreen(found)))


class FreezeScreen(FormScreen):
    """A good by its code or barcode, or a material by its code, and why."""

    TOPIC = "freeze"

    def __init__(self, candidates: dict[str, tuple[str, str]]) -> None:
        super().__init__()
        self.candidates = candidates

    def parts(self) -> Sequence[Part[object]]:
        """What, and why."""
        reasons = [(each.value, self.words(f"freeze.{each}")) for each in FreezeReason]
        return (
            parts.found("item", lambda typed: self.candidates.get(typed.lower()), lambda found: found[1]),
            parts.choice("freeze-reason", reasons),
        )

    def finished(self, values: Values) -> None:
        """`+`: freeze it."""
        desk, commodity, reason = self.till.station.desk, values["item"][0], FreezeReason(values["freeze-reason"])
        self.commit(lambda by: freezing.freeze(desk, by, commodity, reason), lambda _: self.dismiss())
