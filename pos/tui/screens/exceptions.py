"""异常报告: of which days, then the sheet."""

from collections.abc import Sequence
from datetime import timedelta

from pos.core.local_time import local_date
from pos.counter import exceptions
from pos.tui import parts
from pos.tui.form import FormScreen, Values
from pos.tui.parts import Part

USUAL = timedelta(days=30)


class ExceptionsScreen(FormScreen):
    """The first and the last day; a month to today when nothing else is said."""

    TOPIC = "exceptions"

    def parts(self) -> Sequence[Part[object]]:
        """The two days."""
        station = self.till.station
        today = local_date(station.desk.clock.wall(), station.store.identity.utc_offset_minutes)
        return (
            parts.day("first-day", initial=(today - USUAL).isoformat()),
            parts.day("last-day", initial=today.isoformat()),
        )

    def finished(self, values: Values) -> None:
        """`+`: show the report."""
        desk, by = self.till.station.desk, self.till.by
        first, last = values["first-day"], values["last-day"]
        self.ask(lambda: exceptions.report(desk, by, first, last), self.till.show_paper)
