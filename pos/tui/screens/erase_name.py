"""忘记姓名: a donor, carrier or payee who wants to be forgotten; what was given stays in the books without a name."""

from collections.abc import Sequence
from typing import Any

from pos.core.households import NameUnknown
from pos.counter import erasure
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class EraseName(FormScreen):
    """Whose name; it is erased as it is written, and a second person agrees."""

    TOPIC = "erase-name"

    def parts(self) -> Sequence[Part[Any]]:
        """The whole name."""
        return (parts.text("whole-name", most=30),)

    def finished(self, values: Values) -> None:
        """Say how often it stands there, then erase it."""
        desk, name = self.till.station.desk, values["whole-name"]
        self.ask(lambda: erasure.known(desk, name), lambda rows: self._confirm(name, rows))

    def _confirm(self, name: str, rows: int) -> None:
        desk = self.till.station.desk
        if not rows:
            self.refuse(NameUnknown())
            return

        def write() -> None:
            self.commit(lambda by: erasure.erase_name(desk, by, name), self._erased)

        self.till.confirm(self.words("erase-name.ask", name=name, rows=rows), write)

    def _erased(self, rows: int) -> None:
        self.say(self.words("erase-name.done", rows=rows), Tone.GOOD)
