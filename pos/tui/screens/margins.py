"""收进卖出结存: bought, sold, left and earned between two days, as a sheet."""

from datetime import date

from pos.counter import margins
from pos.tui.days_form import DaysForm


class MarginsScreen(DaysForm):
    """From which day to which."""

    TOPIC = "margins"

    def between(self, first: date, last: date) -> None:
        """The sheet."""
        desk, by = self.till.station.desk, self.till.by
        self.ask(lambda: margins.sheet(desk, by, first, last, margins.read(desk, first, last)), self.till.show_paper)
