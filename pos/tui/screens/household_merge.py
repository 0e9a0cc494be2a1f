"""并户: all points of this household go to another one, which it is from now on; by two people."""

from collections.abc import Sequence

from pos.core.households import Household
from pos.counter import households
from pos.tui import parts
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class HouseholdMerge(FormScreen):
    """Into which household."""

    TOPIC = "household-merge"

    def __init__(self, household: Household) -> None:
        super().__init__()
        self.household = household

    def parts(self) -> Sequence[Part[str]]:
        """The other household's number."""
        return (parts.text("into", most=16),)

    def comes_to(self, values: Values) -> str:
        """Whose points."""
        return self.words("card-desk.who", short=self.household.short, name=self.household.masked)

    def finished(self, values: Values) -> None:
        """Say what will be, then write it."""
        desk = self.till.station.desk
        self.ask(lambda: households.named(desk, values["into"]), self._confirm)

    def _confirm(self, into: Household) -> None:
        desk, mine = self.till.station.desk, self.household
        text = self.words(
            "household-merge.ask", short=mine.short, name=mine.masked, into=into.short, into_name=into.masked
        )

        def write() -> None:
            self.commit(lambda by: households.merge(desk, by, mine.number, into.number), self.till.show_paper)

        self.till.confirm(text, write)
