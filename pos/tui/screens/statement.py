"""对账单: which month; it comes up as paper shows it, and is printed from there."""

import re
from collections.abc import Sequence
from datetime import date

from pos.core.households import Household
from pos.counter import statements
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part, Wrong

_MONTH = re.compile(r"([0-9]{4})-?(0[1-9]|1[0-2])")


class StatementScreen(FormScreen):
    """A month of one household, this one when nothing else is typed."""

    TOPIC = "statement"

    def __init__(self, household: Household) -> None:
        super().__init__()
        self.household = household

    def parts(self) -> Sequence[Part[date]]:
        """The month."""
        desk = self.till.station.desk
        today = desk.today()
        return (Part("month", _month, today.isoformat()[:7], most=7),)

    def comes_to(self, values: Values) -> str:
        """Whose."""
        household = self.household
        return self.words("household.who", short=household.short, name=household.masked, group=household.group)

    def finished(self, values: Values) -> None:
        """Show it."""
        desk, by, number = self.till.station.desk, self.till.by, self.household.number
        self.ask(lambda: statements.statement(desk, by, number, values["month"]), self.till.show_paper)


def _month(typed: str) -> date | Wrong:
    found = _MONTH.fullmatch(typed)
    return date(int(found[1]), int(found[2]), 1) if found and found[1] > "0000" else Wrong("form.not-a-month")
