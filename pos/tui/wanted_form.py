"""The form in which a wish is noted: from the list of them, and from an open redemption."""

from collections.abc import Sequence
from typing import Any

from pos.counter import wanted
from pos.tui import parts
from pos.tui.base import Tone
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class WantedForm(FormScreen):
    """One wish, in the household's own words."""

    TOPIC = "wanted-form"

    def parts(self) -> Sequence[Part[Any]]:
        """What they asked for."""
        return (parts.text("wanted", most=40),)

    def finished(self, values: Values) -> None:
        """Write it."""
        desk = self.till.station.desk
        self.commit(lambda by: wanted.note(desk, by, values["wanted"]), lambda _: self._noted())

    def _noted(self) -> None:
        till = self.till
        self.dismiss()
        if till.front is not None:
            till.front.say(self.words("wanted.noted"), Tone.GOOD)
