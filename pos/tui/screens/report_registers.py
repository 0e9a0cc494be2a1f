"""台账: which book, of which days; it comes up as paper shows it."""

from collections.abc import Sequence
from typing import Any

from pos.reports import registers
from pos.reports.registers import Register
from pos.tui import parts
from pos.tui.days_form import DaysForm
from pos.tui.form import Values
from pos.tui.parts import Part


class RegisterForm(DaysForm):
    """The book, and two days."""

    TOPIC = "registers"

    def parts(self) -> Sequence[Part[Any]]:
        """Book and days."""
        offered = [(which.value, self.words(f"sheet.{which}")) for which in Register]
        return (parts.choice("register", offered), *super().parts())

    def finished(self, values: Values) -> None:
        """`+`: show it."""
        desk, by = self.till.station.desk, self.till.by
        which, first, last = Register(values["register"]), values["first-day"], values["last-day"]
        self.ask(lambda: registers.register(desk, by, which, first, last), self.till.show_paper)
