"""查户: a household without its card, by number or name; for a reason, which is written down."""

from collections.abc import Sequence

from pos.core.households import Household, LookupReason
from pos.counter import households
from pos.tui import household_jobs, parts
from pos.tui.base import Front
from pos.tui.form import FormScreen, Values
from pos.tui.list_screen import ListScreen
from pos.tui.parts import Part
from pos.tui.widgets.cells import left
from pos.tui.widgets.ticket import Row


class FindHousehold(FormScreen):
    """Number or name, and why."""

    TOPIC = "find-household"

    def parts(self) -> Sequence[Part[object]]:
        """What to look for, and why without the card."""
        reasons = [(reason.value, self.words(f"lookup.{reason}")) for reason in LookupReason]
        return (parts.text("who", most=16), parts.choice("why", reasons))

    def finished(self, values: Values) -> None:
        """Look; that somebody looked is an entry. The only one that fits is opened at once."""
        desk, who, why = self.till.station.desk, values["who"], LookupReason(values["why"])

        def show(found: Sequence[Household]) -> None:
            if len(found) == 1:
                _open(self, found[0], why)
            else:
                self.till.open_screen(lambda: FoundHouseholds(found, why))

        self.commit(lambda by: households.find(desk, by, who, why), show)


class FoundHouseholds(ListScreen[Household]):
    """Those that fit; Enter opens one, which is an entry too."""

    TOPIC = "found-households"

    def __init__(self, found: Sequence[Household], why: LookupReason) -> None:
        super().__init__()
        self.found = found
        self.why = why

    def read(self) -> Sequence[Household]:
        """As they were found."""
        return self.found

    def row(self, item: Household) -> Row:
        """Serial, masked name, group, state."""
        return Row(
            f"{item.short}  {left(item.masked, 10)}  {left(item.group, 20)}",
            self.words(f"household-state.{item.state}"),
        )

    def opened(self, item: Household) -> None:
        """Look at it, and choose what to do."""
        _open(self, item, self.why)


def _open(front: Front[None], found: Household, why: LookupReason) -> None:
    desk = front.till.station.desk
    front.commit(
        lambda by: households.look_at(desk, by, found.number, why),
        lambda household: household_jobs.ask(front, household),
    )
