"""The form of a report: from which day to which, this month when nothing else is said."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pos.tui import parts
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part


class DaysForm(FormScreen):
    """Two days, both included. A subclass names its `TOPIC` and shows the report in `between`."""

    def between(self, first: date, last: date) -> None:
        """`+`: show it."""
        raise NotImplementedError

    def parts(self) -> Sequence[Part[Any]]:
        """The first and the last day."""
        today = self.till.station.desk.today()
        return (
            parts.day("first-day", initial=today.replace(day=1).isoformat()),
            parts.day("last-day", initial=today.isoformat()),
        )

    def finished(self, values: Values) -> None:
        """`+`: show it."""
        self.between(values["first-day"], values["last-day"])
