"""捐赠榜: every gift between two days, and whether who gave it agreed to be named; `+` is the board."""

from collections.abc import Sequence
from datetime import date

from pos.counter import consents
from pos.printing.figures import plain
from pos.reports import donors
from pos.reports.donors import Gift
from pos.tui.base import Tone
from pos.tui.days_form import DaysForm
from pos.tui.list_screen import ListScreen
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class DonorsForm(DaysForm):
    """From which day to which."""

    TOPIC = "donors-days"

    def between(self, first: date, last: date) -> None:
        """The gifts."""
        self.till.open_screen(lambda: DonorsScreen(first, last))


class DonorsScreen(ListScreen[Gift]):
    """One line a gift; Enter records that the giver agreed, or takes it back."""

    NAME = "report-list"
    TOPIC = "donors"

    def __init__(self, first: date, last: date) -> None:
        super().__init__()
        self.days = first, last

    def read(self) -> Sequence[Gift]:
        """All of them, oldest first."""
        return donors.read(self.till.station.desk, *self.days)

    def row(self, item: Gift) -> Row:
        """Day, giver, answer, what was given."""
        named = self.words("donors.named" if item.agreed else "donors.unnamed")
        given = donors.described(item) or self.words("sheet.given-money")
        text = (
            f"{item.day.isoformat()}  {left(item.giver or self.words('sheet.anonymous'), 16)} {left(named, 8)} {given}"
        )
        return Row(text, plain(item.value))

    def opened(self, item: Gift) -> None:
        """Enter: the other answer."""
        desk, agreed = self.till.station.desk, not item.agreed
        if not item.giver:
            self.say(self.words("donors.nobody"), Tone.REFUSED)
        else:
            self.commit(lambda by: consents.gift(desk, by, item.seq, agreed=agreed), lambda _: self._recorded())

    def action_finish(self) -> None:
        """`+`: the board as a sheet."""
        desk, by, days = self.till.station.desk, self.till.by, self.days
        self.ask(lambda: donors.board(desk, by, *days), self.till.show_paper)

    def _recorded(self) -> None:
        self.read_anew()
        self.say(self.words("consent.recorded"), Tone.GOOD)
